import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  areCrossovers,
  type Crossovers,
  crossoversOf,
  type FastKernels,
  measureCrossovers,
  servedBetween,
} from '../../main/kernel/crossovers.ts';
import { bitLength, type Kernel, KernelRefusal, type LaneField } from '../../main/kernel/field.ts';
import { Kernels } from '../../main/kernel/kernels.ts';

/** Steps of a kernel: so many bits each, at a cost that a function of the end says. */
const stepsOf = (first: number, width: number, cost: (bits: number) => number) =>
  Array.from({ length: Math.ceil((3300 - first) / width) }, (_, k) => {
    const bits = first + k * width;
    return { bits, seconds: cost(bits) };
  });
const quadratic = (bits: number): number => bits ** 2;

/** A kernel that computes nothing: steps of so many bits, the first of which ends at `first`. */
function paperKernel(
  name: 'fft' | 'schoolbook',
  width: number,
  first: number,
  takes: (bits: number, squarings: number) => void,
): Kernel {
  const end = (bits: number): number => first + width * Math.ceil((bits - first) / width);
  return {
    name,
    minimumBits: 2,
    maximumBits: 10_000,
    spareBits: (bits) => end(bits) - bits,
    open: ([modulus]) => {
      const bits = end(bitLength(modulus));
      takes(bits, 1);
      const field = {
        write() {},
        read() {},
        squareChain: (_: number, __: Uint8Array, ___: number, n: number) => takes(bits, n),
      };
      return field as unknown as LaneField;
    },
  };
}

function measured(kernels: FastKernels, clock: () => number): Crossovers {
  const steps = measureCrossovers(kernels, clock);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

describe('the crossovers of two kernels', () => {
  it('are at the first size of a step, where the other one is faster', () => {
    // 2380² is the cost of the FFT everywhere: from the schoolbook step that ends above it, it wins by 2 %.
    expect(
      crossoversOf(
        stepsOf(2000, 100, () => 2380 ** 2),
        stepsOf(1940, 50, quadratic),
      ),
    ).toEqual([2391]);
  });

  it('are several where the steps of one are wide', () => {
    const wide = [
      { bits: 2300, seconds: 2200 ** 2 },
      { bits: 2800, seconds: 2600 ** 2 },
      { bits: 3300, seconds: 2900 ** 2 },
    ];
    const crossovers = crossoversOf(wide, stepsOf(1940, 50, quadratic));
    expect(crossovers).toEqual([2191, 2301, 2591, 2801, 2891]);
    expect(servedBetween(2190, crossovers)).toEqual({ kernel: 'schoolbook', from: 0, to: 2191 });
    expect(servedBetween(2191, crossovers)).toEqual({ kernel: 'fft', from: 2191, to: 2301 });
    expect(servedBetween(2590, crossovers)).toEqual({ kernel: 'schoolbook', from: 2301, to: 2591 });
    expect(servedBetween(2891, crossovers)).toEqual({ kernel: 'fft', from: 2891, to: Number.POSITIVE_INFINITY });
  });

  it('leave no size to a kernel that is more than the threshold slower, whatever the costs', () => {
    const cost = fc.integer({ min: 50, max: 150 });
    fc.assert(
      fc.property(
        fc.array(cost, { minLength: 30, maxLength: 30 }),
        fc.array(cost, { minLength: 30, maxLength: 30 }),
        (one, other) => {
          const fft = one.map((seconds, k) => ({ bits: 1950 + 47 * k, seconds }));
          const schoolbook = other.map((seconds, k) => ({ bits: 1940 + 51 * k, seconds }));
          const crossovers = crossoversOf(fft, schoolbook);
          expect(areCrossovers(crossovers)).toBe(true);
          const at = (steps: typeof fft, bits: number) => steps.find((step) => step.bits >= bits)?.seconds as number;
          for (let bits = 1000; bits <= 3000; bits++) {
            const costs = { fft: at(fft, bits), schoolbook: at(schoolbook, bits) };
            const least = Math.min(costs.fft, costs.schoolbook);
            expect(costs[servedBetween(bits, crossovers).kernel] * 0.98).toBeLessThanOrEqual(least);
          }
        },
      ),
    );
  });

  it('are refused where they cannot have been measured', () => {
    for (const good of [[1000], [2450], [2000, 2100, 2600]]) expect(areCrossovers(good)).toBe(true);
    for (const bad of [[], [2000, 2100], [999], [2450.5], [2500, 2500], [2600, 2500], [1e6], [Number.NaN]]) {
      expect(areCrossovers(bad)).toBe(false);
    }
  });

  it('are where costs that are known cross', () => {
    let now = 0;
    // Steps of 100 bits that end at 2380, 2480, …, and of 50 bits that end at 2391, 2441, …, set-up included.
    const fft = paperKernel('fft', 100, 80, (_, count) => {
      now += 2380 ** 2 * count;
    });
    const schoolbook = paperKernel('schoolbook', 50, 41, (bits, count) => {
      now += bits ** 2 * count;
    });
    const kernels = { get: (name: 'fft' | 'schoolbook') => (name === 'fft' ? fft : schoolbook) };
    // The FFT wins by 2 % from the step that ends at 2441 on.
    expect(measured(kernels, () => now)).toEqual([2392]);
  });

  it('leave all to the kernel that is there, where the other refuses', () => {
    let now = 0;
    const takes = (_: number, count: number) => {
      now += count;
    };
    const refuses = () => {
      throw new KernelRefusal('no');
    };
    const only = (works: 'fft' | 'schoolbook') => ({
      get: (name: 'fft' | 'schoolbook') => paperKernel(name, 100, 80, name === works ? takes : refuses),
    });
    expect(measured(only('fft'), () => now)).toEqual([1000]);
    expect(measured(only('schoolbook'), () => now)).toEqual([3001]);
  });

  it('are measured by a clock that is given, a piece at a time', () => {
    const kernels = new Kernels();
    if (!kernels.capabilities.fusedMultiplyAdd) return;
    let now = 0;
    const steps = measureCrossovers(kernels, () => now++ / 1000);
    let yields = 0;
    for (let step = steps.next(); ; step = steps.next(), yields++) {
      if (!step.done) continue;
      expect(areCrossovers(step.value)).toBe(true);
      break;
    }
    expect(yields).toBeGreaterThan(30);
  });
});

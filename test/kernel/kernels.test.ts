import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Capabilities } from '../../main/kernel/capabilities.ts';
import { USUAL_CROSSOVERS } from '../../main/kernel/crossovers.ts';
import { chooseTransform } from '../../main/kernel/fft/transform.ts';
import { bitLength, KERNEL_NAMES, KernelRefusal } from '../../main/kernel/field.ts';
import { Kernels, pickKernel } from '../../main/kernel/kernels.ts';
import { LanePower, powerRegisters } from '../../main/kernel/power.ts';
import { oddOf, powerModulo } from '../support/big-integers.ts';

const ALL: Capabilities = { simd: true, relaxedSimd: true, fusedMultiplyAdd: true };
const UNFUSED: Capabilities = { ...ALL, fusedMultiplyAdd: false };
const STRICT: Capabilities = { simd: true, relaxedSimd: false, fusedMultiplyAdd: false };
const SCALAR: Capabilities = { simd: false, relaxedSimd: false, fusedMultiplyAdd: false };

const size = fc.oneof(fc.integer({ min: 65, max: 600 }), fc.integer({ min: 65, max: 4000 }));

/** base^exponent modulo n by the kernels, in both lanes. */
function power(kernels: Kernels, n: bigint, base: bigint, exponent: bigint): readonly bigint[] {
  const task = { base, exponent };
  const one = new LanePower(kernels.open([n, n], powerRegisters(bitLength(exponent))), [task, task]);
  one.advance(Number.POSITIVE_INFINITY);
  return one.residues();
}

describe('the kernel of a size', () => {
  test('is schoolbook below, FFT above, where the CPU has it all', () => {
    const [crossover] = USUAL_CROSSOVERS as [number];
    expect(pickKernel(crossover - 1, ALL).kernel).toBe('schoolbook');
    expect(pickKernel(crossover, ALL).kernel).toBe('fft');
  });

  test('is the one that was measured as the fastest on this computer, and that is said', () => {
    const measured = [2000, 2100, 2600];
    const kernels = new Kernels({ capabilities: ALL, measured });
    expect([1999, 2000, 2099, 2100, 2599, 2600].map((bits) => kernels.choose(bits).kernel)).toEqual([
      'schoolbook',
      'fft',
      'fft',
      'schoolbook',
      'schoolbook',
      'fft',
    ]);
    expect([100, 2050, 2200, 9999].map((bits) => kernels.choose(bits).why)).toEqual([
      'fastest below 2000 bits, as measured on this computer',
      'fastest from 2000 to 2099 bits, as measured on this computer',
      'fastest from 2100 to 2599 bits, as measured on this computer',
      'fastest from 2600 bits, as measured on this computer',
    ]);
    expect(new Kernels({ capabilities: UNFUSED, measured }).choose(2200).kernel).toBe('fft');
    expect(new Kernels({ capabilities: ALL, measured, wanted: 'bigint' }).choose(2200).kernel).toBe('bigint');
  });

  test('needs nothing that the CPU lacks, and says why', () => {
    fc.assert(
      fc.property(fc.integer({ min: 65, max: 400_000 }), (bits) => {
        for (const can of [UNFUSED, STRICT]) expect(pickKernel(bits, can).kernel).toBe(bits < 400 ? 'bigint' : 'fft');
        expect(pickKernel(bits, SCALAR).kernel).toBe('bigint');
        for (const can of [ALL, UNFUSED, STRICT, SCALAR]) expect(pickKernel(bits, can).why).toMatch(/\w+ \w+ \w+/);
      }),
    );
  });

  test.each([
    ['all', ALL],
    ['no fused multiply-add', UNFUSED],
    ['no relaxed SIMD', STRICT],
    ['no SIMD', SCALAR],
  ])('computes right powers with %s', (_, capabilities) => {
    const kernels = new Kernels({ capabilities });
    const cases = size.chain((bits) =>
      fc.tuple(oddOf(bits), fc.bigInt({ min: 2n, max: 1n << 80n }), fc.bigInt(1n, 1n << 60n)),
    );
    fc.assert(
      fc.property(cases, ([n, base, exponent]) => {
        const right = powerModulo(base, exponent, n);
        expect(power(kernels, n, base, exponent)).toEqual([right, right]);
        expect(kernels.serving(n)).toBe(pickKernel(bitLength(n), capabilities).kernel);
      }),
      { numRuns: 40 },
    );
  });
});

describe('what the engine is given to compile', () => {
  afterEach(() => vi.unstubAllGlobals());

  /** relaxed_madd and relaxed_nmadd of two doubles: 0xfd, then 0x107 or 0x108 in LEB128. */
  const isRelaxed = (bytes: Buffer) =>
    bytes.includes(Buffer.from([0xfd, 0x87, 0x02])) || bytes.includes(Buffer.from([0xfd, 0x88, 0x02]));

  test.each([
    ['with', ALL, true],
    ['without', STRICT, false],
  ])('is %s relaxed instructions, as the CPU has them', (_, capabilities, relaxed) => {
    const seen: Buffer[] = [];
    const { Module, Instance, Memory } = WebAssembly;
    class Watched {
      constructor(bytes: Uint8Array<ArrayBuffer>) {
        seen.push(Buffer.from(bytes));
        // biome-ignore lint/correctness/noConstructorReturn: it stands in for a constructor of the engine
        return new Module(bytes) as unknown as Watched;
      }
    }
    vi.stubGlobal('WebAssembly', { Module: Watched, Instance, Memory });
    const kernels = new Kernels({ capabilities });
    const n = (1n << 2600n) + 1173n;
    expect(power(kernels, n, 3n, 1n << 40n)[0]).toBe(powerModulo(3n, 1n << 40n, n));
    expect(kernels.serving(n)).toBe('fft');
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.some(isRelaxed)).toBe(relaxed);
  });
});

/**
 * 2^4096 − 1 shares 2^gcd(4096, k) + 1 with every R = 2^k + 1 whose k has fewer than twelve factors of two: with all
 * that are tried for its size.
 */
const REFUSED = (1n << 4096n) - 1n;

describe('a modulus that the FFT kernel refuses at every transform', () => {
  const n = REFUSED;

  test('is of a size that it would serve, and is refused indeed', () => {
    expect(chooseTransform(bitLength(n))).toBeDefined();
    const kernels = new Kernels({ wanted: 'fft' });
    expect(kernels.choose(bitLength(n)).kernel).toBe('fft');
    expect(() => kernels.open([n, n], 1)).toThrow(KernelRefusal);
    expect(() => new Kernels().open([n, n], 1, 'fft')).toThrow(KernelRefusal);
  });

  test.each([
    ['schoolbook', ALL],
    ['bigint', STRICT],
  ])('is served by %s instead, and rightly', (kernel, capabilities) => {
    const kernels = new Kernels({ capabilities });
    expect(kernels.choose(bitLength(n)).kernel).toBe('fft');
    expect(kernels.serving(n)).toBe(kernel);
    expect(power(kernels, n, 3n, 12345n)[1]).toBe(powerModulo(3n, 12345n, n));
  });

  test('does not spoil a pair or those that are announced with it', () => {
    const kernels = new Kernels({ capabilities: ALL });
    const other = n + 2n;
    kernels.expect([n, other]);
    const field = kernels.open([n, other], 1);
    field.write(0, [7n, 7n]);
    field.squareChain(0, new Uint8Array(10), 0, 10);
    expect(field.read(0)).toEqual([powerModulo(7n, 1024n, n), powerModulo(7n, 1024n, other)]);
  });
});

describe('another implementation', () => {
  test('is never one of those named, and serves the number; with none left there is none', () => {
    fc.assert(
      fc.property(
        size.chain(oddOf),
        fc.subarray([...KERNEL_NAMES]),
        fc.constantFrom(ALL, STRICT, SCALAR),
        (n, not, can) => {
          const kernels = new Kernels({ capabilities: can });
          const other = kernels.servingOther(n, not);
          if (other === undefined) {
            const sound = can.fusedMultiplyAdd ? KERNEL_NAMES : can.simd ? ['fft', 'bigint'] : ['bigint'];
            expect(not).toEqual(expect.arrayContaining([...sound]));
          } else {
            expect(not).not.toContain(other);
            expect(kernels.open([n, n], 1, other).kernel).toBe(other);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test('of the refused modulus and of one past the schoolbook kernel is BigInt', () => {
    const kernels = new Kernels({ capabilities: ALL });
    expect(kernels.servingOther(REFUSED, ['schoolbook'])).toBe('bigint');
    const large = (1n << 40_000n) + 1n;
    expect(kernels.servingOther(large, ['fft'])).toBe('bigint');
    expect(kernels.servingOther(large, ['fft', 'bigint'])).toBeUndefined();
  });
});

describe('a kernel that was asked for', () => {
  test('serves every size, even where another is faster', () => {
    for (const wanted of KERNEL_NAMES) {
      const kernels = new Kernels({ capabilities: ALL, wanted });
      for (const n of [(1n << 300n) + 7n, (1n << 3000n) + 7n]) {
        expect(kernels.serving(n)).toBe(wanted);
        expect(power(kernels, n, 5n, 999n)[0]).toBe(powerModulo(5n, 999n, n));
      }
    }
  });

  test('is refused where it would be wrong', () => {
    const n = (1n << 300n) + 7n;
    expect(() => new Kernels({ capabilities: STRICT, wanted: 'schoolbook' }).open([n, n], 1)).toThrow(KernelRefusal);
    expect(() => new Kernels({ capabilities: SCALAR, wanted: 'fft' }).open([n, n], 1)).toThrow(KernelRefusal);
  });

  test('no kernel takes even moduli', () => {
    expect(() => new Kernels({ capabilities: ALL }).open([1n << 300n, 1n << 300n], 1)).toThrow(KernelRefusal);
  });
});

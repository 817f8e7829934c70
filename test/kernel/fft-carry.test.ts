import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CONSTANTS, layoutFor, writeTables } from '../../main/kernel/fft/layout.ts';
import { fftModule } from '../../main/kernel/fft/module.ts';
import { transformOf } from '../../main/kernel/fft/transform.ts';
import { placesOfWords, readWords } from '../../main/kernel/fft/words.ts';
import { toTheEnd } from '../../main/kernel/steps.ts';

interface Carries {
  readonly memory: WebAssembly.Memory;
  negacyclicCarry(x: number): void;
  cyclicCarry(x: number, factor: number): void;
}

/** A module's carry passes on coefficients set by hand, given unscaled as integers. */
function bench(n: number, wordBits: number, wide = true) {
  const transform = transformOf(n, wordBits);
  const layout = layoutFor(transform);
  const wasm = new WebAssembly.Instance(toTheEnd(fftModule(layout, { fusion: 'fused', wide })))
    .exports as unknown as Carries;
  writeTables(layout, wasm.memory);
  const doubles = new Float64Array(wasm.memory.buffer);
  const address = layout.registers;
  const place = placesOfWords(n);
  return {
    wasm,
    address,
    read: (lane: 0 | 1) => readWords(doubles, address, lane, transform),
    words: () => doubles.subarray(address / 8, address / 8 + 2 * n),
    set(lane: 0 | 1, coefficients: readonly number[]): void {
      coefficients.forEach((value, j) => {
        doubles[address / 8 + lane + place(j)] = (value * n) / 2;
      });
    },
    take(place: 'largestError' | 'largestCoefficient'): [number, number] {
      const at = CONSTANTS[place] / 8;
      const largest = (lane: number): number =>
        Math.max(doubles[at + lane] as number, doubles[at + 2 + lane] as number);
      return [largest(0), largest(1)];
    },
  };
}

const numberOf = (coefficients: readonly number[], wordBits: number): bigint =>
  coefficients.reduceRight((sum, value) => (sum << BigInt(wordBits)) + BigInt(value), 0n);

describe('a carry pass', () => {
  const coefficientsOf = (n: number, bits: number): fc.Arbitrary<number[]> =>
    fc.array(fc.integer({ min: -(2 ** bits), max: 2 ** bits }), { minLength: n, maxLength: n });

  test.each([
    [32, 5, 13, true],
    [40, 7, 17, false],
    [32, 21, 46, false],
    [96, 22, 50, true],
  ])('makes balanced words of %i coefficients, the same number in its ring', (n, wordBits, size, wide) => {
    const one = bench(n, wordBits, wide);
    const top = 1n << BigInt(n * wordBits);
    fc.assert(
      fc.property(coefficientsOf(n, size), coefficientsOf(n, size), (first, second) => {
        one.set(0, first);
        one.set(1, second);
        one.wasm.negacyclicCarry(one.address);
        expect((one.read(0) - numberOf(first, wordBits)) % (top + 1n)).toBe(0n);
        expect((one.read(1) - numberOf(second, wordBits)) % (top + 1n)).toBe(0n);
        expect(one.words().every((word) => Math.abs(word) <= 2 ** (wordBits - 1) + 1)).toBe(true);
        one.set(0, first);
        one.set(1, second);
        one.wasm.cyclicCarry(one.address, CONSTANTS.factors + 64);
        expect((one.read(0) - numberOf(first, wordBits)) % (top - 1n)).toBe(0n);
        expect((one.read(1) - 2n * numberOf(second, wordBits)) % (top - 1n)).toBe(0n);
        expect(one.words().every((word) => Math.abs(word) <= 2 ** (wordBits - 1) + 1)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  test.each(['negacyclicCarry', 'cyclicCarry'] as const)('keeps the largest distance from an integer (%s)', (pass) => {
    const one = bench(64, 21);
    const coefficients = Array.from({ length: 64 }, (_, j) => j * 1000 + (j === 37 ? 0.375 : j === 5 ? -0.25 : 0));
    one.set(0, coefficients);
    one.set(
      1,
      [...coefficients].reverse().map((value) => Math.floor(value) - (value > 60_000 ? 0.125 : 0)),
    );
    one.wasm[pass](one.address, CONSTANTS.factors);
    expect(one.take('largestError')).toEqual([0.375, 0.125]);
  });

  test.each(['negacyclicCarry', 'cyclicCarry'] as const)(
    'keeps the largest coefficient where numbers exist that reach 2^51 (%s)',
    (pass) => {
      const one = bench(4096, 21);
      const coefficients = Array.from({ length: 4096 }, (_, j) => (j === 3000 ? -(2 ** 51) - 2 ** 40 : j));
      one.set(0, coefficients);
      one.set(1, new Array<number>(4096).fill(7));
      one.wasm[pass](one.address, CONSTANTS.factors);
      expect(one.take('largestError')).toEqual([0, 0]);
      // Of the words of one turn of the loop the sum of squares is kept.
      const [first, second] = one.take('largestCoefficient');
      expect(Math.sqrt(first)).toBeGreaterThanOrEqual(2 ** 51 + 2 ** 40);
      expect(Math.sqrt(first)).toBeLessThan(2 ** 51 + 2 ** 41);
      expect(second).toBe(4 * 7 ** 2);
    },
  );
});

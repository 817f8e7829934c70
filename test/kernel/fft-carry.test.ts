import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CONSTANTS, carriesFit, layoutFor, writeTables } from '../../main/kernel/fft/layout.ts';
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
    transform,
    wasm,
    address,
    read: (lane: 0 | 1) => readWords(doubles, address, lane, transform),
    words: () => doubles.subarray(address / 8, address / 8 + 2 * n),
    set(lane: 0 | 1, coefficients: readonly number[]): void {
      coefficients.forEach((value, j) => {
        doubles[address / 8 + lane + place(j)] = (value * n) / 2;
      });
    },
    /** What is kept for each lane, and nothing any more. */
    take(place: 'largestError' | 'carries'): [number, number] {
      const at = CONSTANTS[place] / 8;
      const largest = (lane: number): number =>
        Math.max(doubles[at + lane] as number, doubles[at + 2 + lane] as number);
      const both: [number, number] = [largest(0), largest(1)];
      doubles.fill(0, at, at + 4);
      return both;
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
    'is right or says that coefficients pass 2^51, where numbers exist that reach it (%s)',
    (pass) => {
      const one = bench(4096, 21);
      const { transform } = one;
      const believed = (): [boolean, boolean] => {
        const [carries, errors] = [one.take('carries'), one.take('largestError')];
        return [0, 1].map(
          (lane) => carriesFit(carries[lane] as number, transform) && (errors[lane] as number) <= 0.3,
        ) as [boolean, boolean];
      };
      const top = (1n << BigInt(4096 * 21)) + (pass === 'cyclicCarry' ? -1n : 1n);
      const around = fc
        .tuple(fc.integer({ min: 0, max: 52 }), fc.bigInt({ min: -3n, max: 3n }), fc.boolean(), fc.boolean())
        .map(([power, difference, negative, below]) => {
          const size = (below ? 2n ** 51n - 2n ** BigInt(power) : 2n ** 51n + 2n ** BigInt(power)) + difference;
          return Number(negative ? -size : size);
        });
      fc.assert(
        fc.property(around, fc.nat(4095), fc.constantFrom(7, -(2 ** 47), 2 ** 50), (large, place, rest) => {
          const coefficients = Array.from({ length: 4096 }, (_, j) => (j === place ? large : rest));
          const others = new Array<number>(4096).fill(7);
          one.set(0, coefficients);
          one.set(1, others);
          one.wasm[pass](one.address, CONSTANTS.factors);
          const [first, second] = believed();
          expect(second).toBe(true);
          if (first) expect((one.read(0) - numberOf(coefficients, 21)) % top).toBe(0n);
          if (Math.abs(large) >= 2 ** 51 + 2 ** 34) expect(first).toBe(false);
          if (Math.abs(large) <= 2 ** 51 - 2 ** 34) expect(first).toBe(true);
        }),
        { numRuns: 150 },
      );
    },
  );
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inverseModulo, negatedInverses } from '../../main/kernel/fft/inverse.ts';
import { fftKernel } from '../../main/kernel/fft/kernel.ts';
import { rootOfUnity } from '../../main/kernel/fft/roots.ts';
import {
  chooseTransform,
  isProven,
  MAXIMUM_BITS,
  SLACK_BITS,
  type Transform,
  transformOf,
  transformsFor,
} from '../../main/kernel/fft/transform.ts';
import { readWords, writeWords } from '../../main/kernel/fft/words.ts';
import { KernelRefusal, type Lanes } from '../../main/kernel/field.ts';
import { toTheEnd } from '../../main/kernel/steps.ts';

const digitsToBits = (digits: number): number => Math.ceil(digits * Math.log2(10));
const anyBig = (bits: number): fc.Arbitrary<bigint> => fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n });

describe('the choice of a transform', () => {
  test.each([
    [500, 80, 21],
    [1000, 160, 21],
    [2000, 320, 21],
    [3000, 512, 20],
    [5000, 768, 22],
    [10000, 1536, 22],
    [25000, 4096, 21],
    [50000, 8192, 21],
    [100000, 16384, 21],
  ])('for %i digits is %i words of %i bits', (digits, n, wordBits) => {
    expect(chooseTransform(digitsToBits(digits))).toMatchObject({ n, wordBits });
  });

  test('holds the modulus with its slack, and ends in proven words, at every size', () => {
    const sizes = fc.oneof(fc.integer({ min: 64, max: 8000 }), fc.integer({ min: 64, max: MAXIMUM_BITS }));
    fc.assert(
      fc.property(sizes, (bits) => {
        const all = [...transformsFor(bits)];
        for (const { n, wordBits } of all) expect(n * wordBits).toBeGreaterThanOrEqual(bits + SLACK_BITS);
        expect(all.some(isProven)).toBe(true);
        // A retry takes the best transform of smaller words: one by one they come to a proven one.
        let [transform] = all;
        while (transform !== undefined && !isProven(transform)) {
          [transform] = transformsFor(bits, transform.wordBits - 1);
        }
        expect(transform).toBeDefined();
      }),
    );
    expect([...transformsFor(MAXIMUM_BITS)].some(isProven)).toBe(true);
    expect(chooseTransform(4 * MAXIMUM_BITS)).toBeUndefined();
  });

  test('knows its shapes', () => {
    expect(() => transformOf(112, 20)).toThrow(RangeError);
    expect(() => transformOf(24, 20)).toThrow(RangeError);
    expect(() => transformOf(36, 20)).toThrow(RangeError);
    expect(() => transformOf(160, 25)).toThrow(RangeError);
    expect(transformOf(160, 21).odd).toBe(5);
  });
});

describe('balanced words', () => {
  const shape = fc.constantFrom([32, 5], [32, 24], [40, 22], [48, 8], [160, 21], [96, 23]);

  test('carry any integer there and back, each lane apart', () => {
    fc.assert(
      fc.property(
        shape.chain(([n = 0, wordBits = 0]) =>
          fc.tuple(
            fc.constant(transformOf(n, wordBits)),
            anyBig(n * wordBits - 1),
            anyBig(n * wordBits - 1),
            fc.boolean(),
          ),
        ),
        ([transform, v, w, negative]) => {
          const doubles = new Float64Array(2 * transform.n + 8);
          const first = negative ? -v : v;
          writeWords(doubles, 64, 0, transform, first);
          writeWords(doubles, 64, 1, transform, w);
          expect(readWords(doubles, 64, 0, transform)).toBe(first);
          expect(readWords(doubles, 64, 1, transform)).toBe(w);
          const half = 2 ** (transform.wordBits - 1);
          expect(doubles.every((word) => Number.isInteger(word) && Math.abs(word) <= half)).toBe(true);
        },
      ),
    );
  });
});

describe('inverses', () => {
  test('are inverses, or null where a factor is shared', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 1500 }).chain((bits) => fc.tuple(anyBig(bits), anyBig(bits + 7))),
        ([v, m]) => {
          const modulus = m + 2n;
          const inverse = inverseModulo(v, modulus);
          if (inverse !== null) {
            expect((v * inverse) % modulus).toBe(1n);
            expect(inverse >= 0n && inverse < modulus).toBe(true);
          } else {
            let [a, b] = [modulus, v % modulus];
            while (b !== 0n) [a, b] = [b, a % b];
            expect(a).not.toBe(1n);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test('of long numbers, worked out from their leading halves, are inverses too', () => {
    const half = fc.integer({ min: 4000, max: 40_000 });
    fc.assert(
      fc.property(
        half.chain((bits) => fc.tuple(anyBig(bits), anyBig(bits), fc.nat(bits), fc.boolean())),
        ([v, m, shift, shares]) => {
          // Quotients of all sizes: also a value much shorter than its modulus, and a long run of zeros.
          const factor = shares ? 3n : 1n;
          const modulus = ((m << BigInt(shift)) + 2n * v + 1n) * factor;
          const value = ((v >> BigInt(shift % 977)) | 1n) * factor;
          const inverse = inverseModulo(value, modulus);
          if (inverse !== null) expect((value * inverse) % modulus).toBe(1n % modulus);
          else {
            let [a, b] = [modulus, value % modulus];
            while (b !== 0n) [a, b] = [b, a % b];
            expect(a).not.toBe(1n);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test.each([
    ['100,000 digits', 332_193, 1],
    ['the largest numbers', MAXIMUM_BITS, 1],
    ['ten numbers of 10,000 digits', 33_220, 10],
  ])('of %s can be left for a while again and again: at least once for 400 bits', (_, bits, count) => {
    const { n, wordBits } = chooseTransform(bits) as Transform;
    const values = Array.from({ length: count }, (_, k) => 7n ** BigInt(Math.floor((bits - k) / Math.log2(7))));
    const steps = negatedInverses(values, n * wordBits);
    let yields = 0;
    while (!steps.next().done) yields++;
    expect(yields).toBeGreaterThan(bits / 400);
  });

  test('of many values at once are the negated inverses of each, whatever shares a factor', () => {
    const k = 480;
    const ring = (1n << BigInt(k)) + 1n;
    fc.assert(
      fc.property(fc.array(fc.tuple(anyBig(470), fc.boolean()), { maxLength: 12 }), (drawn) => {
        // 2^32 + 1 divides 2^480 + 1, and so does its factor 641.
        const values = drawn.map(([v, shares]) => (shares ? (v | 1n) * 641n : v | 1n) % ring);
        const found = toTheEnd(negatedInverses(values, k));
        values.forEach((value, index) => {
          const inverse = found[index] as bigint | null;
          if (inverse === null) expect(inverseModulo(value, ring)).toBeNull();
          else expect((value * inverse) % ring).toBe(ring - 1n);
        });
      }),
      { numRuns: 60 },
    );
  });
});

describe('roots of unity', () => {
  test('lie on the unit circle to the last place, at exact multiples of an eighth exactly', () => {
    expect(rootOfUnity(0, 8)).toEqual([1, 0]);
    expect(rootOfUnity(2, 8)[1]).toBe(1);
    expect(rootOfUnity(-1, 8)).toEqual([Math.SQRT1_2, -Math.SQRT1_2].map((v) => expect.closeTo(v, 15)));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 30 }), (turn) => {
        const [c, s] = rootOfUnity(turn, 2 ** 30);
        expect(c * c + s * s).toBeCloseTo(1, 15);
        const angle = (2 * Math.PI * turn) / 2 ** 30;
        expect(Math.abs(c - Math.cos(angle)) + Math.abs(s - Math.sin(angle))).toBeLessThan(4e-15);
      }),
    );
  });
});

describe('opening a field', () => {
  const prime = (1n << 521n) - 1n;

  test('refuses with a sentence what it cannot serve', () => {
    const kernel = fftKernel('fused');
    const refused = (moduli: Lanes<bigint>): void => {
      expect(() => kernel.open(moduli, 1)).toThrow(KernelRefusal);
    };
    refused([prime - 1n, prime]);
    refused([1n, prime]);
    refused([15n, 15n]);
    refused([(1n << BigInt(MAXIMUM_BITS)) + 1n, prime]);
  });

  test('takes another transform for a modulus that shares a factor with R', () => {
    const transform = transformOf(160, 21);
    // 2^32 + 1 = 641 · 6700417 divides 2^3360 + 1.
    const modulus = 641n * ((1n << 3300n) + 1n);
    const kernel = fftKernel('fused', { firstTransform: transform });
    const field = kernel.open([modulus, modulus], 1);
    expect(field.transform).not.toEqual(transform);
    field.write(0, [modulus - 2n, 1n << 1700n]);
    field.squareChain(0, Uint8Array.from([1]), 0, 1);
    expect(field.read(0)).toEqual([8n, (1n << 3400n) % modulus]);
  });

  test('refuses a modulus that shares a factor with every R that it tries', () => {
    // 2^(2^k) + 1 divides 2^m + 1 where m is an odd multiple of 2^k: these cover small shapes.
    let modulus = 1n;
    for (let k = 2; k <= 9; k++) modulus *= (1n << BigInt(2 ** k)) + 1n;
    expect(() => fftKernel('fused').open([modulus, modulus], 1)).toThrow(/shares a factor/);
  });

  test('gives the same results with and without expecting the moduli', () => {
    const moduli: Lanes<bigint> = [(1n << 1279n) - 1n, 641n * ((1n << 1269n) + 3n)];
    const results = [false, true].map((expecting) => {
      const kernel = fftKernel('fused');
      if (expecting) toTheEnd(kernel.expecting([prime, ...moduli, 4n, 1n]));
      const field = kernel.open(moduli, 1);
      field.write(0, [3n, 5n]);
      field.squareChain(0, Uint8Array.from([0, 1, 2, 3]), 0, 4);
      return field.read(0);
    });
    expect(results[1]).toEqual(results[0]);
  });

  test('opens expected moduli of unlike size as a pair in one transform', () => {
    // 3354 bits fill 160 words of 21 bits to the last; one bit more takes 22.
    const moduli: Lanes<bigint> = [(1n << 3354n) - 3n, (1n << 3355n) - 5n];
    const kernel = fftKernel('fused');
    toTheEnd(kernel.expecting(moduli));
    for (const pair of [moduli, [moduli[0], moduli[0]]] as const) {
      const field = kernel.open(pair, 1);
      field.write(0, [1n << 1677n, 1n << 1678n]);
      field.squareChain(0, Uint8Array.from([3]), 0, 1);
      expect(field.read(0)).toEqual([(1n << 3355n) % pair[0], (1n << 3357n) % pair[1]]);
    }
  });

  test('knows its registers', () => {
    const field = fftKernel('fused').open([prime, prime], 2);
    expect(() => field.write(2, [0n, 0n])).toThrow(RangeError);
    expect(() => field.multiply(0, 1, -1)).toThrow(RangeError);
    expect(() => field.squareChain(0, new Uint8Array(3), 1, 3)).toThrow(RangeError);
  });
});

import { describe, expect, it } from 'vitest';
import { type ErrorRange, parseError } from '../../../main/contract/error.ts';
import {
  averageCaseLog2,
  averageCaseLog2ForDigits,
  roundsFor,
  worstCaseLog2,
} from '../../../main/search/primality/bounds.ts';
import { isPrimeBelow64Bits } from '../../../main/search/primality/small.ts';

describe('error bounds', () => {
  it('are Rabin’s 4^-t in the worst case, and its inverse', () => {
    expect(worstCaseLog2(20)).toBe(-40);
    expect([roundsFor(-80), roundsFor(-40), roundsFor(-128), roundsFor(-79.73), roundsFor(-81)]).toEqual([
      40, 20, 64, 40, 41,
    ]);
    for (let rounds = 1; rounds < 70; rounds++) expect(roundsFor(worstCaseLog2(rounds))).toBe(rounds);
  });

  // FIPS 186-5, table B.1: the fewest rounds for a prime of so many bits and an error of 2^-x.
  it.each([
    [140, -100, 32],
    [140, -112, 38],
    [170, -100, 27],
    [170, -128, 41],
    [200, -100, 22],
    [200, -144, 44],
    [1024, -100, 4],
    [1024, -112, 5],
    [1536, -100, 3],
    [1536, -128, 4],
    [2048, -100, 2],
    [2048, -144, 4],
  ])('give the rounds of FIPS 186-5 for %i bits and 2^%i: %i', (bits, errorLog2, rounds) => {
    expect(averageCaseLog2(bits, rounds)).toBeLessThanOrEqual(errorLog2);
    expect(averageCaseLog2(bits, rounds - 1)).toBeGreaterThan(errorLog2);
  });

  it.each([
    [1024, [-42.8834, -72.7733, -109.8052]],
    [3322, [-91.0463, -143.186, -210.2603]],
    [33219, [-334.3634, -491.5435, -704.6299]],
  ])('agree at %i bits with figures computed elsewhere (Python, the same formula)', (bits, expected) => {
    for (const [index, rounds] of [1, 2, 4].entries()) {
      expect(averageCaseLog2(bits, rounds)).toBeCloseTo(expected[index] as number, 3);
    }
  });

  it('never exceed 4^-t, nor the bound of Damgård, Landrock and Pomerance for one round', () => {
    for (const bits of [2, 20, 63, 64, 100, 1000, 332_193]) {
      for (const rounds of [1, 2, 20, 64]) {
        expect(averageCaseLog2(bits, rounds)).toBeLessThanOrEqual(worstCaseLog2(rounds));
        expect(averageCaseLog2(bits, rounds)).toBeLessThanOrEqual(2 * Math.log2(bits) + 4 - 2 * Math.sqrt(bits));
      }
    }
  });

  it('hold in an experiment: of odd 10- and 12-bit numbers that pass one round, the share of composites is below the bound', () => {
    for (const bits of [10, 12]) {
      let composites = 0;
      let primes = 0;
      for (let n = 2 ** (bits - 1) + 1; n < 2 ** bits; n += 2) {
        if (isPrimeBelow64Bits(BigInt(n))) primes++;
        else composites += strongLiars(n) / (n - 1);
      }
      expect(Math.log2(composites / (composites + primes))).toBeLessThanOrEqual(averageCaseLog2(bits, 1));
    }
  });

  it('for d digits are those of the shortest of them, and at most 1.3 bits worse', () => {
    for (const digits of [20, 21, 25, 50, 100, 300, 301, 302, 303, 304, 1000, 3000, 10_000, 100_000]) {
      const fewestBits = (10n ** BigInt(digits - 1)).toString(2).length;
      for (const rounds of [20, 40]) {
        const correction = averageCaseLog2ForDigits(digits, rounds) - averageCaseLog2(fewestBits, rounds);
        expect(correction).toBeGreaterThan(0);
        expect(correction).toBeLessThan(1.3);
      }
    }
    expect(averageCaseLog2ForDigits(19, 1)).toBe(Number.NEGATIVE_INFINITY);
  });

  it('correct by the primes of the binades that d-digit numbers touch: published counts at 20 digits', () => {
    // π(2^63), π(2^67) (OEIS A007053) and π(10^19), π(10^20) (OEIS A006880): 20-digit numbers have 64 to 67 bits.
    const binades = 3_249_254_387_052_557_215n - 216_289_611_853_439_384n;
    const digits = 2_220_819_602_560_918_840n - 234_057_667_276_344_607n;
    const exact = Math.log2(Number(binades) / Number(digits));
    const correction = averageCaseLog2ForDigits(20, 40) - averageCaseLog2(64, 40);
    expect(correction).toBeGreaterThan(exact);
    expect(correction).toBeLessThan(exact + 0.01);
  });

  it('refuse what is no size and no number of rounds', () => {
    for (const rounds of [0, -1, 1.5, Number.NaN]) expect(() => worstCaseLog2(rounds)).toThrow(RangeError);
    expect(() => averageCaseLog2(1, 1)).toThrow(RangeError);
    expect(() => averageCaseLog2ForDigits(1, 1)).toThrow(RangeError);
    expect(() => roundsFor(0)).toThrow(RangeError);
  });
});

describe('a stated error', () => {
  const ANY: ErrorRange = { largestLog2: 0, smallestLog2: Number.NEGATIVE_INFINITY };
  const log2 = (text: string, range: ErrorRange = ANY) => {
    const parsed = parseError(text, range);
    return parsed.ok ? parsed.errorLog2 : parsed.problem;
  };

  it('is read as people write it', () => {
    expect(log2('2^-80')).toBe(-80);
    expect(log2(' 2**-40 ')).toBe(-40);
    expect(log2('2^(-128)')).toBe(-128);
    expect(log2('1e-24')).toBeCloseTo(-79.7263, 4);
    expect(log2('10^-24')).toBeCloseTo(-79.7263, 4);
    expect(log2('0.0001')).toBeCloseTo(-13.2877, 4);
    expect(log2('.00025e-5')).toBeCloseTo(Math.log2(2.5e-9), 10);
    expect(log2('1e-400')).toBeCloseTo(-400 * Math.log2(10), 6);
  });

  it('lies between 2^-40 and 2^-128 for a search, or one sentence says so', () => {
    for (const text of ['2^-40', '2^-128', '1e-13', '1e-38']) expect(parseError(text).ok).toBe(true);
    expect(log2('2^-39', undefined)).toBe(-39);
    for (const text of ['2^-39', '0.0001', '1']) {
      const parsed = parseError(text);
      expect(parsed.ok ? '' : parsed.problem).toMatch(/too large: it must be from 2\^-40 to 2\^-128\.$/);
    }
    for (const text of ['2^-129', '1e-400']) {
      const parsed = parseError(text);
      expect(parsed.ok ? '' : parsed.problem).toMatch(/too small: .*hardware.*\.$/);
    }
  });

  it('is refused with a sentence when it is no probability', () => {
    for (const text of ['', '.', '0', '0.0', '-1', 'abc', '2^80', '1e', '3^-4', '2^-', 'NaN', 'Infinity']) {
      const parsed = parseError(text);
      expect(parsed.ok ? text : parsed.problem).toMatch(/is not a probability: write it as 2\^-80 or 1e-24/);
    }
  });
});

/** How many of 1 … n − 1 are bases to which n, below 2^26, passes a strong test: all of them are tried. */
function strongLiars(n: number): number {
  let d = n - 1;
  let s = 0;
  while (d % 2 === 0) {
    d /= 2;
    s++;
  }
  let liars = 0;
  for (let base = 1; base < n; base++) {
    let x = 1;
    for (let bit = 31 - Math.clz32(d); bit >= 0; bit--) {
      x = (x * x) % n;
      if (((d >> bit) & 1) === 1) x = (x * base) % n;
    }
    let passes = x === 1 || x === n - 1;
    for (let r = 1; r < s && !passes; r++) {
      x = (x * x) % n;
      passes = x === n - 1;
    }
    if (passes) liars++;
  }
  return liars;
}

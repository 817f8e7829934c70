import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  expectedTestsPerPrime,
  guessSecondsPerSievePrime,
  guessSecondsPerTest,
  meanLogarithm,
  oddNumbersPerPrime,
} from '../../main/search/estimate.ts';
import { expectedSurvivors } from '../../main/search/sieve/depth.ts';

/** π(10^d) for d = 9 … 18 (OEIS A006880). */
const PRIMES_BELOW = [
  50_847_534, 455_052_511, 4_118_054_813, 37_607_912_018, 346_065_536_839, 3_204_941_750_802, 29_844_570_422_669,
  279_238_341_033_925, 2_623_557_157_654_233, 24_739_954_287_740_860,
];

describe('how many numbers a prime takes', () => {
  test('is near what the published counts of primes say, and nearer the larger they are', () => {
    let last = 0.01;
    for (let k = 1; k < PRIMES_BELOW.length; k++) {
      const digits = 9 + k;
      const primes = (PRIMES_BELOW[k] as number) - (PRIMES_BELOW[k - 1] as number);
      const counted = (4.5 * 10 ** (digits - 1)) / primes;
      const error = Math.abs(oddNumbersPerPrime(digits) / counted - 1);
      expect(error).toBeLessThan(last);
      last = error;
    }
  });

  test('comes from the mean of the logarithm, which a sum over the range gives too', () => {
    for (const digits of [1, 2, 5]) {
      let sum = 0;
      const steps = 200_000;
      for (let k = 0; k < steps; k++) sum += Math.log(10 ** (digits - 1) * (1 + (9 * (k + 0.5)) / steps));
      expect(meanLogarithm(digits)).toBeCloseTo(sum / steps, 6);
    }
  });
});

describe('what a sieve leaves', () => {
  test('is the product over its primes, by Mertens’ theorem', () => {
    const depth = 200_000;
    const composite = new Uint8Array(depth);
    let product = 1;
    for (let p = 3; p < depth; p += 2) {
      if (composite[p] === 1) continue;
      product *= 1 - 1 / p;
      for (let multiple = p * p; multiple < depth; multiple += p) composite[multiple] = 1;
    }
    expect(Math.abs(expectedSurvivors(1, depth) / product - 1)).toBeLessThan(0.001);
  });

  test('takes about 80 tests a prime at 1,000 digits and 10^7, and 70 at 10^8; never less than one', () => {
    expect(expectedTestsPerPrime(1000, expectedSurvivors(1, 1e7))).toBeCloseTo(80, -0.5);
    expect(expectedTestsPerPrime(1000, expectedSurvivors(1, 1e8))).toBeCloseTo(70, -0.5);
    expect(expectedTestsPerPrime(10, expectedSurvivors(1, 1e9))).toBeGreaterThanOrEqual(1);
    expect(expectedTestsPerPrime(10, 1e-9)).toBe(1);
  });
});

test('what is guessed before anything is measured is positive, and grows with the digits', () => {
  const digits = fc.integer({ min: 10, max: 100_000 });
  fc.assert(
    fc.property(digits, digits, (a, b) => {
      for (const guess of [guessSecondsPerTest, guessSecondsPerSievePrime]) {
        expect(guess(a)).toBeGreaterThan(0);
        expect(guess(Math.max(a, b))).toBeGreaterThanOrEqual(guess(Math.min(a, b)));
      }
    }),
  );
});

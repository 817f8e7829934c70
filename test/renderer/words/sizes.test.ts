/** The slider's sizes, and what a prime of a size between two that were asked for costs. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LARGEST_DIGITS, SMALLEST_DIGITS } from '../../../main/contract/search-spec.ts';
import { cpuSecondsPerPrime, SIZES, stepOf } from '../../../renderer/words/sizes.ts';

const digits = fc.integer({ min: SMALLEST_DIGITS, max: LARGEST_DIGITS });

test('the slider goes from the smallest to the largest size, and every step is its own', () => {
  expect([SIZES[0], SIZES.at(-1)]).toEqual([SMALLEST_DIGITS, LARGEST_DIGITS]);
  expect(SIZES.map(stepOf)).toEqual(SIZES.map((_, step) => step));
});

test('a size is never more than a step away from where the slider shows it', () => {
  fc.assert(
    fc.property(digits, (size) => {
      const step = stepOf(size);
      expect(size).toBeGreaterThanOrEqual(SIZES[Math.max(0, step - 1)]!);
      expect(size).toBeLessThanOrEqual(SIZES[Math.min(SIZES.length - 1, step + 1)]!);
    }),
  );
});

test('costs that grow as a power of the size are found again between the sizes asked for', () => {
  const cost = (size: number) => 3e-9 * size ** 3.4;
  const estimates = SIZES.map((size) => ({ digits: size, cpuSecondsPerPrime: cost(size), measured: true }));
  fc.assert(
    fc.property(digits, (size) => {
      expect(cpuSecondsPerPrime(size, estimates)! / cost(size)).toBeCloseTo(1, 9);
    }),
  );
});

test('outside of what was asked for nothing is said', () => {
  const estimates = [{ digits: 100, cpuSecondsPerPrime: 1, measured: true }];
  expect([99, 100, 101].map((size) => cpuSecondsPerPrime(size, estimates))).toEqual([null, 1, null]);
});

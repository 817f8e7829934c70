/**
 * A whole search where finding one prime takes an hour: derived from rates. Ours: the tests that a prime takes after the
 * sieve, times the time of a test, and sieve and confirmation (growth.ts). GMP's: `mpz_nextprime` of version 6.2 divides by the
 * primes below 1,000 (mpz/nextprime.c: as many as half the bits, of at most 167), then tests every candidate that is left by
 * a power of 2 and what passes by a strong Lucas test and a round, together four powers more. At 1,000 digits the same
 * derivation can be held against the measured search, and is.
 */

import { benchSize, type SizeCost } from '../../main/search/bench.ts';
import { oddNumbersPerPrime } from '../../main/search/estimate.ts';
import type { BaseTwoRow } from './base-two.ts';
import { type GrowthPoint, pointOf } from './growth.ts';

const LARGEST_DIVISOR = 1000;
const AFTER_THE_LAST = 4;

export interface DerivedSearch {
  readonly digits: number;
  readonly ours: GrowthPoint;
  readonly theirTests: number;
  readonly theirSeconds: number;
  readonly ratio: number;
  readonly goal: number | null;
}

/** Odd numbers that have no odd prime factor below the limit, as a share. */
export function shareWithoutFactorBelow(limit: number): number {
  const composite = new Uint8Array(limit);
  let share = 1;
  for (let p = 3; p < limit; p += 2) {
    if (composite[p]) continue;
    share *= 1 - 1 / p;
    for (let q = p * p; q < limit; q += 2 * p) composite[q] = 1;
  }
  return share;
}

/** @param row GMP's time of a test at this size, measured beside ours */
export function derivedSearch(row: BaseTwoRow): DerivedSearch {
  const { digits } = row;
  const steps = benchSize(digits, undefined, () => process.cpuUsage().user / 1e6);
  let cost: SizeCost | undefined;
  while (cost === undefined) {
    const step = steps.next();
    if (step.done) cost = step.value;
  }
  // The test's time is the one of the pairs.
  const ours = pointOf(digits, { ...cost, baseTwoTest: row.ours.median / 1000 });
  const theirTests = oddNumbersPerPrime(digits) * shareWithoutFactorBelow(LARGEST_DIVISOR);
  const theirSeconds = (theirTests + AFTER_THE_LAST) * (row.theirs.median / 1000);
  return {
    digits,
    ours,
    theirTests,
    theirSeconds,
    ratio: theirSeconds / ours.seconds,
    goal: digits === 10_000 ? 8 : null,
  };
}

/**
 * What a prime of a size costs on this computer. Measured is what searches here have spent and what finds their tests bring
 * on average: so luck does not count, and the sieve, the rounds and all else does. Other sizes follow from that
 * (`search/cost.ts`).
 */

import type { Estimate } from '../../contract/library.ts';
import { type MeasuredCost, secondsPerPrime } from '../../search/cost.ts';
import { type Activity, hourOf } from '../run/activity.ts';
import type { Store } from '../store/store.ts';

/** CPU seconds that say enough: what was before may have been another computer, or another version. */
const ENOUGH_SECONDS = 3600;
/** Less says nothing: the start of a search is mostly the sieve and the engine warming up. */
const LEAST_SECONDS = 1;
const LEAST_TESTS = 16;

/** @param store null: nothing was ever measured here @param now ISO 8601 */
export function estimatesOf(store: Store | null, digits: readonly number[], now: string): Estimate[] {
  const measured = store === null ? [] : measuredCosts(store, now);
  return digits.map((size) => ({
    digits: size,
    cpuSecondsPerPrime: secondsPerPrime(size, measured),
    measured: measured.length > 0,
  }));
}

function measuredCosts(store: Store, now: string): MeasuredCost[] {
  const hour = hourOf(now) ?? 0;
  const sizes = store.pages.groups({ digitsAtLeast: null, digitsAtMost: null }).map(({ digits }) => digits);
  return sizes.flatMap((digits) => measuredCost(digits, store.activity.latest(digits, hour + 1)) ?? []);
}

/** @param activity the latest first; null: too little was done */
export function measuredCost(digits: number, activity: Iterable<Activity>): MeasuredCost | null {
  let [cpuSeconds, tested, expected] = [0, 0, 0];
  for (const hour of activity) {
    cpuSeconds += hour.cpuSeconds;
    tested += hour.tested;
    expected += hour.expected;
    if (cpuSeconds >= ENOUGH_SECONDS) break;
  }
  if (cpuSeconds < LEAST_SECONDS || tested < LEAST_TESTS || expected === 0) return null;
  return { digits, secondsPerPrime: cpuSeconds / expected };
}

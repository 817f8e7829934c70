/** Sizes of primes as a slider has them, evenly spaced by ratio, and what a prime of any size costs between those asked for. */

import type { Estimate } from '../../main/contract/library.ts';

const STEPS = [10, 12, 15, 20, 25, 30, 40, 50, 60, 80];

/** 10, 12, 15 … 80,000, 100,000 digits. */
export const SIZES: readonly number[] = [
  ...[1, 10, 100, 1000].flatMap((unit) => STEPS.map((step) => step * unit)),
  100_000,
];

/** The step of the slider that is nearest to a size, by ratio. */
export function stepOf(digits: number): number {
  let nearest = 0;
  const distance = (step: number): number => Math.abs(Math.log((SIZES[step] as number) / digits));
  for (let step = 1; step < SIZES.length; step++) if (distance(step) < distance(nearest)) nearest = step;
  return nearest;
}

/** CPU seconds for a prime of a size, between the estimates of sizes around it; null where there are none. */
export function cpuSecondsPerPrime(digits: number, estimates: readonly Estimate[]): number | null {
  const sorted = [...estimates].sort((a, b) => a.digits - b.digits);
  const above = sorted.findIndex((estimate) => estimate.digits >= digits);
  const high = sorted[above];
  if (high === undefined) return null;
  if (high.digits === digits) return high.cpuSecondsPerPrime;
  const low = sorted[above - 1];
  if (low === undefined) return null;
  // Costs grow as powers of the size: straight lines between logarithms.
  const share = Math.log(digits / low.digits) / Math.log(high.digits / low.digits);
  return low.cpuSecondsPerPrime ** (1 - share) * high.cpuSecondsPerPrime ** share;
}

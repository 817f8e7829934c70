/**
 * How deep to sieve. By Mertens' theorem a random large number has no prime factor below P with probability
 * e^−γ/ln P, so a block of c odd numbers keeps S(P) = 2c·e^−γ/ln P survivors. Sieving pays as long as one
 * more prime takes less time than the tests that it saves; docs/sieve.md derives the depth from that.
 */

import { DEPTH_LIMIT } from './sieve.ts';

/** e^−γ, of Mertens' third theorem. */
const MERTENS = 0.5614594835668851;
/** The depth is at least this: below it the sieve takes no time to speak of. */
export const SHALLOWEST = 2 ** 16;

export interface SieveCost {
  /** CPU seconds to test one survivor. */
  readonly secondsPerTest: number;
  /** CPU seconds of one more sieving prime: finding it, its residue, its strike. */
  readonly secondsPerPrime: number;
  /** Odd numbers in a block. */
  readonly count: number;
}

/** Survivors to expect of `count` odd random numbers, far larger than the square of the depth. */
export function expectedSurvivors(count: number, depth: number): number {
  return depth <= 3 ? count : Math.min(count, (2 * count * MERTENS) / Math.log(depth));
}

/**
 * The depth P where one more prime costs as much as it saves: P·ln P = 2c·e^−γ·secondsPerTest/secondsPerPrime,
 * within 2^16..2^31. The total time is flat there: a wrong cost by a factor of two loses under one per cent.
 * @throws RangeError for costs that are not positive
 */
export function bestDepth(cost: SieveCost): number {
  const { secondsPerTest, secondsPerPrime, count } = cost;
  if (!(secondsPerTest > 0 && secondsPerPrime > 0 && count > 0)) {
    throw new RangeError(`expected positive costs, got ${secondsPerTest}, ${secondsPerPrime} and ${count} numbers`);
  }
  const product = (2 * count * MERTENS * secondsPerTest) / secondsPerPrime;
  if (product <= SHALLOWEST * Math.log(SHALLOWEST)) return SHALLOWEST;
  if (product >= DEPTH_LIMIT * Math.log(DEPTH_LIMIT)) return DEPTH_LIMIT;
  let depth = product / Math.log(product);
  // A fixed point iteration: each step divides the error by about ln P.
  for (let step = 0; step < 20; step++) depth = product / Math.log(depth);
  return Math.round(depth);
}

/** The depth from which every survivor is prime: above the root of the last number; infinite above 2^31. */
export function completeDepth(start: bigint, count: number): number {
  const last = start + 2n * BigInt(Math.max(count - 1, 0));
  if (last >= BigInt(DEPTH_LIMIT) ** 2n) return Number.POSITIVE_INFINITY;
  let root = BigInt(Math.floor(Math.sqrt(Number(last))));
  while (root * root > last) root--;
  while ((root + 1n) * (root + 1n) <= last) root++;
  return Number(root) + 1;
}

/** About how many primes there are from `from` to below `to`: the integral of 1/ln x. */
export function primesBetween(from: number, to: number): number {
  const low = Math.log(Math.max(from, 2));
  const high = Math.log(Math.max(to, 2));
  if (high <= low) return 0;
  // ∫ e^u/u du by Simpson's rule; 2^9 steps are exact to a thousandth over any range here.
  const steps = 512;
  const width = (high - low) / steps;
  let sum = 0;
  for (let k = 0; k <= steps; k++) {
    const u = low + k * width;
    const weight = k === 0 || k === steps ? 1 : k % 2 === 1 ? 4 : 2;
    sum += (weight * Math.exp(u)) / u;
  }
  return (sum * width) / 3;
}

/**
 * Seconds per sieving prime, from the CPU seconds that a sieve from `from` to `to` took. The cost grows
 * slowly with the primes (they get rarer): time a range whose end is within a factor of 100 of the depth.
 */
export function measuredSecondsPerPrime(
  range: { readonly from: number; readonly to: number },
  seconds: number,
): number {
  return seconds / Math.max(primesBetween(range.from, range.to), 1);
}

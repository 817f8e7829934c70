/**
 * The wait for the next prime. Primes come at random (a Poisson process), so the wait is exponentially distributed: it has
 * a mean, no memory, and no promise. Its quantile q is -ln(1 - q) times the mean.
 */

import { rough, roughDuration } from './numbers.ts';

/** The wait within which the next prime comes with probability `chance`. */
export function quantile(meanSeconds: number, chance: number): number {
  return -Math.log1p(-chance) * meanSeconds;
}

/** Below this many seconds a rate says more than a wait. */
const OFTEN = 5;

/** "Half of the time within 3 h, nine in ten within 10 h": where primes come in a trickle. */
export function waitingSentence(meanSeconds: number): string {
  if (meanSeconds < OFTEN) return `About ${perTime(meanSeconds)}.`;
  return `Half of the time within ${roughDuration(quantile(meanSeconds, 0.5))}, nine in ten within ${roughDuration(quantile(meanSeconds, 0.9))}.`;
}

export const NO_MEMORY = 'Waiting does not shorten it: primes come at random, and the search has no memory.';

/** Whether they come so often that nobody waits. */
export function isOften(meanSeconds: number): boolean {
  return meanSeconds < OFTEN;
}

function perTime(meanSeconds: number): string {
  if (meanSeconds < 0.5) return `${rough(1 / meanSeconds)} primes a second`;
  return `${rough(60 / meanSeconds)} primes a minute`;
}

/** The ends of the ten stretches of time in each of which the next prime comes equally often, as shares of the ninth. */
export const TENTHS: readonly number[] = Array.from(
  { length: 9 },
  (_, i) => Math.log1p(-(i + 1) / 10) / Math.log1p(-0.9),
);

/** Seconds on the clock for one prime. @param share of each core's time, 0 to 1 */
export function secondsPerPrime(cpuSecondsPerPrime: number, cores: number, share: number): number {
  return cpuSecondsPerPrime / (cores * share);
}

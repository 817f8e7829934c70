/**
 * What a prime of a size costs altogether, in CPU seconds of one core on average: sieve, screens, confirmation. A guess for
 * a core of 2023, whose shape over the sizes is better than its height: docs/performance.md has where the time goes. What
 * was measured at some sizes lifts it, there and between them.
 */

import { blockCount } from './blocks.ts';
import {
  expectedTestsPerPrime,
  guessSecondsPerSievePrime,
  guessSecondsPerTest,
  oddNumbersPerPrime,
} from './estimate.ts';
import { bestDepth, completeDepth, expectedSurvivors, primesBetween } from './sieve/depth.ts';

/** Rounds to 2^-80. */
const ROUNDS = 40;
/** A round, with a base of many digits, costs as much as this many screens, and Lucas and the check so many. */
const SCREENS_A_ROUND = 1.45;
const SCREENS_AFTER_ROUNDS = 7;

/** How many screens cost as much as the confirmation of a prime does. */
export const screensOfConfirmation = (rounds: number): number => SCREENS_A_ROUND * rounds + SCREENS_AFTER_ROUNDS;

export function guessSecondsPerPrime(digits: number): number {
  const secondsPerTest = guessSecondsPerTest(digits);
  const secondsPerPrime = guessSecondsPerSievePrime(digits);
  const count = blockCount(digits);
  const certain = digits < 20;
  const best = bestDepth({ secondsPerTest, secondsPerPrime, count });
  const depth = certain ? Math.min(best, completeDepth(10n ** BigInt(digits), 1)) : best;
  const screens = expectedTestsPerPrime(digits, expectedSurvivors(count, depth) / count);
  const confirmation = certain ? 0 : screensOfConfirmation(ROUNDS);
  const sieve = (primesBetween(2, depth) * secondsPerPrime * oddNumbersPerPrime(digits)) / count;
  return sieve + (screens + confirmation) * secondsPerTest;
}

export interface MeasuredCost {
  readonly digits: number;
  readonly secondsPerPrime: number;
}

/**
 * What a prime costs where that was measured at some sizes: at these as measured; between two the guess, lifted by both as
 * a straight line does on paper with two logarithmic scales; beyond them lifted by the nearest.
 * @param measured a size once; none: the guess
 */
export function secondsPerPrime(digits: number, measured: readonly MeasuredCost[]): number {
  const lifts = [...measured]
    .sort((a, b) => a.digits - b.digits)
    .map((one) => ({
      at: Math.log(one.digits),
      lift: Math.log(one.secondsPerPrime / guessSecondsPerPrime(one.digits)),
    }));
  const at = Math.log(digits);
  const above = lifts.find((one) => one.at >= at) ?? lifts.at(-1);
  const below = lifts.findLast((one) => one.at <= at) ?? lifts[0];
  if (above === undefined || below === undefined) return guessSecondsPerPrime(digits);
  const share = above.at === below.at ? 0 : (at - below.at) / (above.at - below.at);
  return guessSecondsPerPrime(digits) * Math.exp(below.lift + share * (above.lift - below.lift));
}

/**
 * Tests again a number that somebody says is prime: strong tests to base 2 and to a base drawn now, side by side in the
 * two lanes, and the strong Lucas test; below 2^64 a test that is certain. No composite is known that passes base 2 and
 * Lucas (Baillie, Pomerance, Selfridge, Wagstaff), and nobody who made the number can have known the other base, which a
 * composite passes with probability 1/4 at most. These are the first two rounds and the Lucas test of a confirmation with
 * two rounds; its check by another kernel is left out, which takes minutes at 100,000 digits.
 */

import type { Kernels } from '../../search/kernel-names.ts';
import { Confirmation } from '../../search/primality/confirmation.ts';
import { isPrimeBelow64Bits } from '../../search/primality/small.ts';

/** A base in [2, n − 2] that nobody can foresee; another one for each call. */
export type FreshBase = (n: bigint) => bigint;

const BELOW_64_BITS = 1n << 64n;

/**
 * @param n odd
 * @param squarings of a slice, perhaps another number each time; yields the share that is done between slices
 * @returns whether it passes
 */
export function* recheck(
  kernels: Kernels,
  n: bigint,
  fresh: FreshBase,
  squarings: number | (() => number),
): Generator<number, boolean> {
  if (n < BELOW_64_BITS) return isPrimeBelow64Bits(n);
  const drawn = fresh(n);
  // The third base is of the check that is not made, unless the first tests disagree and all is done in another kernel.
  const base = (round: number) => (round === 0 ? 2n : round === 1 ? drawn : fresh(n));
  const confirmation = new Confirmation(kernels, { n, rounds: 2, base });
  while (!confirmation.done && confirmation.stage !== 'check') {
    confirmation.advance(typeof squarings === 'number' ? squarings : squarings());
    yield confirmation.fraction;
  }
  return confirmation.stage === 'check' || confirmation.result().verdict === 'probable prime';
}

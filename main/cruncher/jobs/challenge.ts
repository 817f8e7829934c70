/**
 * A challenge to factoring wizards, as Bennet Yee offered one in 1988: the product of two found primes, which nobody but
 * their finder can take apart when they are large. The primes are of one size, or of two that are near each other, and drawn
 * at random, so that each asking gives another.
 */

import type { Challenge } from '../../contract/library.ts';
import { Damage } from '../store/faults.ts';
import type { SizeGroup } from '../store/prime-pages.ts';
import type { NumberedPrime } from '../store/prime-rows.ts';
import type { Store } from '../store/store.ts';

/** A whole number from 0 to below a limit. */
export type Draw = (below: number) => number;

/** The smaller prime has at least this share of the larger one's digits: a small factor is no challenge. */
const NEAREST_SIZES = 0.8;
/** How far from the digits that were asked for a product may be. */
const ABOUT = 0.05;
/** Pairs drawn in the hope of exactly the digits that were asked for; very large ones take their time to multiply. */
const drawings = (digits: number): number => (digits > 20_000 ? 3 : 20);

interface Pair {
  readonly sizes: readonly [SizeGroup, SizeGroup];
  /** How far it is from what was asked. */
  readonly distance: number;
}

/**
 * @param digits null: of the size that was found last
 * @returns null: there are no two primes of such sizes
 */
export function challengeFrom(store: Store, digits: number | null, draw: Draw): Challenge | null {
  const groups = store.pages.groups({ digitsAtLeast: null, digitsAtMost: null }).filter(({ shown }) => shown > 0);
  const wanted = digits ?? 2 * latestDigits(store);
  const pair = nearestPair(groups, wanted);
  if (pair === null || pair.distance > Math.max(2, ABOUT * wanted)) return null;
  let best: Challenge | null = null;
  for (let k = 0; k < drawings(wanted) && best?.digits !== wanted; k++) {
    const primes = drawTwo(store, pair.sizes, draw);
    if (primes === null) continue;
    const composite = (BigInt(primes[0].prime.decimal) * BigInt(primes[1].prime.decimal)).toString();
    const challenge: Challenge = {
      digits: composite.length,
      composite,
      factors: [primes[0].number, primes[1].number],
    };
    if (best === null || Math.abs(challenge.digits - wanted) < Math.abs(best.digits - wanted)) best = challenge;
  }
  return best;
}

/** Of the prime that was found last and can be read; 0: there is none. */
function latestDigits(store: Store): number {
  const { rows } = store.page({ ...ANY_PRIME, order: 'found', descending: true, offset: 0, limit: 10 });
  return rows[0]?.prime.digits ?? 0;
}

const ANY_PRIME = { digitsAtLeast: null, digitsAtMost: null, typed: '', removed: false } as const;

/** Sizes whose digits add up to about as many; of those that are as near the two that are most alike. */
export function nearestPair(groups: readonly SizeGroup[], wanted: number): Pair | null {
  let best: Pair | null = null;
  for (const large of groups) {
    for (const small of groups) {
      if (small.digits > large.digits || small.digits < NEAREST_SIZES * large.digits) continue;
      if (small === large && large.shown < 2) continue;
      const distance = Math.abs(large.digits + small.digits - wanted) + (large.digits - small.digits) / wanted;
      if (best === null || distance < best.distance) best = { sizes: [small, large], distance };
    }
  }
  return best;
}

/** Two that are not the same number; null when chance or damage does not give any. */
function drawTwo(
  store: Store,
  [small, large]: Pair['sizes'],
  draw: Draw,
): readonly [NumberedPrime, NumberedPrime] | null {
  const [first, second] = [drawOne(store, small, draw), drawOne(store, large, draw)];
  if (first === null || second === null || first.prime.decimal === second.prime.decimal) return null;
  return [first, second];
}

function drawOne(store: Store, { searches, shown }: SizeGroup, draw: Draw): NumberedPrime | null {
  const [number] = store.pages.byNumber(searches, draw(shown), 1);
  try {
    return number === undefined ? null : store.prime(number);
  } catch (error) {
    if (error instanceof Damage) return null;
    throw error;
  }
}

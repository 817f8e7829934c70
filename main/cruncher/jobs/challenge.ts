/**
 * A challenge to factoring wizards, as Bennet Yee offered one in 1988: the product of two found primes, which nobody but
 * their finder can take apart when they are large. The primes are of one size, or of two that are near each other, and drawn
 * at random, so that each asking gives another; and they lie far apart if any do: with neighbours Fermat's method of 1643
 * would do. FIPS 186-5, A.1.3, wants the same of the primes of a key: |p − q| > 2^(bits − 100).
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
  for (let k = 0; k < drawings(wanted) && !(best?.digits === wanted && best.neighbours !== true); k++) {
    const primes = drawTwo(store, pair.sizes, draw);
    if (primes === null) continue;
    const challenge = challengeOf(...primes);
    if (best === null || isBetter(challenge, best, wanted)) best = challenge;
  }
  return best;
}

function challengeOf(p: NumberedPrime, q: NumberedPrime): Challenge {
  const composite = (BigInt(p.prime.decimal) * BigInt(q.prime.decimal)).toString();
  return { digits: composite.length, composite, factors: [p.number, q.number], neighbours: areNeighbours(p, q) };
}

function isBetter(one: Challenge, other: Challenge, wanted: number): boolean {
  if (one.neighbours !== other.neighbours) return other.neighbours === true;
  return Math.abs(one.digits - wanted) < Math.abs(other.digits - wanted);
}

function areNeighbours({ prime: p }: NumberedPrime, { prime: q }: NumberedPrime): boolean {
  const difference = BigInt(p.decimal) - BigInt(q.decimal);
  const size = difference < 0n ? -difference : difference;
  // Small ones are soon factored anyhow; half the bits is as far as Fermat's method gets in a few steps.
  const near = Math.max(p.bits >> 1, p.bits - 100);
  return size < 1n << BigInt(near);
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

/** Two that are not the same number, and no neighbours if that can be; null when chance or damage does not give any. */
function drawTwo(
  store: Store,
  [small, large]: Pair['sizes'],
  draw: Draw,
): readonly [NumberedPrime, NumberedPrime] | null {
  const first = drawOne(store, small, draw(small.shown));
  if (first === null) return null;
  // Those at the ends were found in the first and in the last blocks.
  const others = [draw(large.shown), 0, large.shown - 1]
    .map((place) => drawOne(store, large, place))
    .filter((other) => other !== null && other.prime.decimal !== first.prime.decimal) as NumberedPrime[];
  const second = others.find((other) => !areNeighbours(first, other)) ?? others[0];
  return second === undefined ? null : [first, second];
}

function drawOne(store: Store, { searches }: SizeGroup, place: number): NumberedPrime | null {
  const [number] = store.pages.byNumber(searches, place, 1);
  try {
    return number === undefined ? null : store.prime(number);
  } catch (error) {
    if (error instanceof Damage) return null;
    throw error;
  }
}

/**
 * Blocks: a search is a sequence of intervals of odd numbers, block b starting where the seed says. Every
 * prime of a block is taken, so every prime of the right size is equally likely to be found. (The usual "next
 * prime after a random number" prefers primes after long gaps: Brandt and Damgård, Crypto '92.)
 *
 * Why each odd d-digit number is equally likely to be in block b. Number them 0 … M − 1 and let c be the
 * block's size. The start s is uniform over −(c − 1) … M − 1, M + c − 1 places, and the block is what lies of
 * s … s + c − 1 inside 0 … M − 1. Number i is in it for s = i − c + 1 … i: always c places, all of them
 * allowed. So its chance is c / (M + c − 1), whatever i. No block is empty. See docs/blocks.md.
 */

import { prfInteger } from './prf.ts';

/** Odd numbers start, start + 2, …, start + 2·(count − 1). */
export interface BlockInterval {
  readonly start: bigint;
  readonly count: number;
}

export interface BlockSize {
  /** Decimal digits of the numbers searched, 2 or more. */
  readonly digits: number;
  /** Odd numbers in an unclipped block. */
  readonly count: number;
}

export const MINIMUM_DIGITS = 10;
export const MAXIMUM_DIGITS = 100_000;

/**
 * The odd numbers in a block of a search for `digits` digits: 2^(9 + length of `digits` in bits), from 2^15 to
 * 2^20. That makes 400 to 900 primes a block from 64 to 2,047 digits, enough to share the cost of setting the
 * sieve up; from 1,024 digits on it stays at 2^20, a sieve of 128 KiB, which fits in a core's second-level cache.
 * Part of the definition of a search: it never depends on the machine and never changes.
 * @throws RangeError unless 10 ≤ digits ≤ 100,000
 */
export function blockCount(digits: number): number {
  if (!Number.isInteger(digits) || digits < MINIMUM_DIGITS || digits > MAXIMUM_DIGITS) {
    throw new RangeError(`expected ${MINIMUM_DIGITS} to ${MAXIMUM_DIGITS} digits, got ${digits}`);
  }
  const length = 32 - Math.clz32(digits);
  return 2 ** Math.min(20, Math.max(15, 9 + length));
}

/**
 * Block `block` of the search.
 * @param seed 32 bytes
 * @param block 0, 1, 2, …
 * @returns odd numbers inside [10^(d−1), 10^d), at least one, at most `size.count`
 */
export function blockInterval(size: BlockSize, seed: Uint8Array, block: number): BlockInterval {
  const { digits, count } = size;
  if (!Number.isSafeInteger(digits) || digits < 2) throw new RangeError(`expected 2 digits or more, got ${digits}`);
  if (!Number.isSafeInteger(count) || count < 1) throw new RangeError(`expected a block of 1 or more, got ${count}`);
  if (!Number.isSafeInteger(block) || block < 0) throw new RangeError(`expected a block number, got ${block}`);
  const first = 10n ** BigInt(digits - 1) + 1n;
  const total = 45n * 10n ** BigInt(digits - 2);
  const overhang = BigInt(count - 1);
  const from = prfInteger(seed, 'block', BigInt(block), total + overhang) - overhang;
  const low = from < 0n ? 0n : from;
  const end = from + BigInt(count);
  const high = end > total ? total : end;
  return { start: first + 2n * low, count: Number(high - low) };
}

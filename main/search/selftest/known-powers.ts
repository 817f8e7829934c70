/**
 * Powers whose values are known: modulus, exponent and base follow from a fixed seed by the pseudo-random function, so
 * the table beside this file (known-answers.json) holds nothing but digests of the answers. They were worked out with
 * PARI/GP, on GMP's arithmetic (test/data/make-known-answers.ts).
 */

import { hash } from 'node:crypto';
import { prfInteger } from '../prf.ts';

/** Every size in bits has two moduli, one for each lane, and every modulus two powers: of 2, and of a large base. */
export type Which = 0 | 1;

export interface KnownPower {
  /** Odd, of exactly the size. */
  readonly modulus: bigint;
  readonly exponent: bigint;
  readonly base: bigint;
}

const SEED = new Uint8Array(32).fill(19);
const DIGEST_DIGITS = 32;

/** A power of the table: with base 2, or with a base as long as the modulus. */
export function knownPower(bits: number, exponentBits: number, which: Which, base: 'two' | 'large'): KnownPower {
  const index = BigInt(2 * bits + which);
  const draw = (label: string, bound: bigint) => prfInteger(SEED, `selftest ${label}`, index, bound);
  const ofLength = (label: string, length: number) => {
    const top = 1n << BigInt(length - 1);
    return top + draw(label, top);
  };
  const modulus = ofLength('modulus', bits) | 1n;
  const exponent = ofLength('exponent', exponentBits);
  return { modulus, exponent, base: base === 'two' ? 2n : 2n + draw('base', modulus - 3n) };
}

/** How an answer stands in the table: the first 128 bits of the SHA-256 of its hexadecimal digits, in small letters. */
export function answerDigest(residue: bigint): string {
  return hash('sha256', residue.toString(16), 'hex').slice(0, DIGEST_DIGITS);
}

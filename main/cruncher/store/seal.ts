/**
 * Seals: digests by which the store finds out that it no longer holds what was written. SHA-256, cut where a chance
 * hit (2^-64 for a damaged row) does not matter; a prime's own digest has 128 bits, since different primes of a search
 * are told apart by it.
 */

import { hash } from 'node:crypto';

const PRIME_BYTES = 16;
const ROW_BYTES = 8;

export function sha256(content: Uint8Array | string): Buffer {
  return hash('sha256', content, 'buffer');
}

/** What stands for a prime in the index: the first 16 bytes of the SHA-256 of its decimal digits. */
export const primeDigest = (decimal: string): Buffer => sha256(decimal).subarray(0, PRIME_BYTES);

/** Of the columns of a row: numbers, texts, and blobs in hexadecimal. */
export const rowSeal = (columns: readonly (string | number)[]): Buffer =>
  sha256(JSON.stringify(columns)).subarray(0, ROW_BYTES);

export const blobSeal = (content: Uint8Array): Buffer => sha256(content).subarray(0, ROW_BYTES);

/** @param stored as it came from the database: where a row is damaged it can be anything */
export const sameBytes = (bytes: Uint8Array, stored: unknown): boolean =>
  stored instanceof Uint8Array && Buffer.compare(bytes, stored) === 0;

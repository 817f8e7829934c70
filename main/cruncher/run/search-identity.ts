/** A search's name, and how it begins. */

import { createHash, randomBytes } from 'node:crypto';
import type { SearchState } from '../../contract/checkpoint.ts';
import type { SearchSpec } from '../../contract/search-spec.ts';
import { roundsFor } from '../../search/primality/bounds.ts';

/** The same digits, error and seed make the same search, on every machine. */
export function searchId({ scheme, digits, errorLog2, rounds, seed }: SearchSpec): string {
  const canonical = JSON.stringify([scheme, digits, errorLog2, rounds, seed]);
  return createHash('sha256').update(canonical).digest('hex').slice(0, 16);
}

export function makeSpec(
  digits: number,
  errorLog2: number,
  seed: string = randomBytes(32).toString('hex'),
): SearchSpec {
  return { scheme: 1, digits, errorLog2, rounds: roundsFor(errorLog2), seed };
}

export const SEARCH_START: SearchState = {
  position: { block: 0, index: 0 },
  next: { block: 0, index: 0 },
  units: [],
  counters: {
    tested: 0,
    found: 0,
    disagreements: 0,
    cpuSeconds: 0,
    wallSeconds: 0,
    cpuSecondsAtFind: 0,
    wallSecondsAtFind: 0,
  },
};

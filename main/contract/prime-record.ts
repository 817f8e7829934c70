/** A prime that was found, with everything that says how sure it is and what it cost. */

import * as v from 'valibot';

export const PrimeRecordSchema = v.object({
  /** Names the search: a digest of its spec. */
  searchId: v.string(),
  /** The block of the search, and the odd number of that block: prime = block start + 2·offset. */
  block: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  offset: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  digits: v.pipe(v.number(), v.integer(), v.minValue(1)),
  bits: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** All digits. */
  decimal: v.pipe(v.string(), v.regex(/^[1-9][0-9]*$/)),
  /** 'prime' below 2^64, where the test is deterministic. */
  verdict: v.picklist(['prime', 'probable prime']),
  /** Rabin rounds with bases drawn from the seed, and those bases in hexadecimal; none when deterministic. */
  rounds: v.pipe(v.number(), v.integer(), v.minValue(0)),
  bases: v.array(v.string()),
  /** The strong Lucas test; null when the test was deterministic. */
  lucas: v.nullable(v.literal('probable prime')),
  /** log2 of the worst-case error, 4^-rounds for any composite; null when the test was deterministic. */
  worstCaseLog2: v.nullable(v.number()),
  /** log2 of the error on average over candidates drawn as these were; null when deterministic. */
  averageCaseLog2: v.nullable(v.number()),
  /** Kernel of the rounds, kernel of the check. */
  kernels: v.array(v.string()),
  /** CPU time of all threads since the find before, in seconds. */
  cpuSeconds: v.number(),
  /** Time on the clock while the search ran since the find before, in seconds. */
  wallSeconds: v.number(),
  host: v.string(),
  version: v.string(),
  /** ISO 8601, UTC. */
  foundAt: v.string(),
});

/** A prime as it is kept: its bases follow from the seed and are worked out again when it is shown. */
export const StoredPrimeSchema = v.omit(PrimeRecordSchema, ['bases']);

export type StoredPrime = v.InferOutput<typeof StoredPrimeSchema>;
export type PrimeRecord = v.InferOutput<typeof PrimeRecordSchema>;

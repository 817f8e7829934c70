/** What a search is: which numbers it draws, and how sure a find has to be. */

import * as v from 'valibot';

export const SMALLEST_DIGITS = 10;
export const LARGEST_DIGITS = 100_000;
export const DEFAULT_DIGITS = 1000;

/** log2 of the stated error: 2^-40 is the setting of 1988, 2^-80 the default. */
export const DEFAULT_ERROR_LOG2 = -80;

/** A 256-bit seed in hexadecimal. */
export const SeedSchema = v.pipe(
  v.string(),
  v.regex(/^[0-9a-f]{64}$/, 'expected a seed of 64 hexadecimal digits (256 bits)'),
);

/** Decimal digits of a candidate. */
export const DigitsSchema = v.pipe(
  v.number(),
  v.integer('expected a whole number of digits'),
  v.minValue(SMALLEST_DIGITS, `expected at least ${SMALLEST_DIGITS} digits`),
  v.maxValue(LARGEST_DIGITS, `expected at most ${LARGEST_DIGITS} digits`),
);

export const SearchSpecSchema = v.strictObject({
  /** The definition of blocks and bases that the seed is read by; see docs/blocks.md. */
  scheme: v.literal(1),
  digits: DigitsSchema,
  /** A find's worst-case error is at most 2^errorLog2. */
  errorLog2: v.pipe(v.number(), v.maxValue(-40), v.minValue(-128)),
  /** Rabin rounds that reach it: 4^-rounds ≤ 2^errorLog2. */
  rounds: v.pipe(v.number(), v.integer(), v.minValue(20), v.maxValue(64)),
  seed: SeedSchema,
});

export type SearchSpec = v.InferOutput<typeof SearchSpecSchema>;

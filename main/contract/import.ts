/** Merging another data directory, or a checkpoint file, into this one. */

import * as v from 'valibot';

const Count = v.pipe(v.number(), v.integer(), v.minValue(0));
const Path = v.pipe(v.string(), v.minLength(1), v.maxLength(4096));

export const ImportJobSchema = v.strictObject({
  type: v.literal('import'),
  directory: Path,
  /** A data directory or a checkpoint file. */
  from: Path,
});

export const ImportReportSchema = v.object({
  /** What was there. */
  searches: Count,
  primes: Count,
  /** Searches that were new here, and those of ours that are further now. */
  adopted: Count,
  advanced: Count,
  /** Primes that were new here: all of them were tested again. */
  added: Count,
});

export type ImportJob = v.InferOutput<typeof ImportJobSchema>;
export type ImportReport = v.InferOutput<typeof ImportReportSchema>;

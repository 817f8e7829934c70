/** Merging another data directory, a checkpoint file, or the jobs of a pool, into this one. */

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

export const CollectJobSchema = v.strictObject({
  type: v.literal('collect'),
  directory: Path,
  /** Directories with the two files of a job each. */
  from: v.array(Path),
});

export const CollectReportSchema = v.object({
  /** Jobs that had something, and those that had nothing yet. */
  jobs: Count,
  empty: Count,
  /** What is wrong with the others, a sentence each: nothing was taken from them. */
  refused: v.array(v.string()),
  /** Finds that the jobs have, and how many of them were new here: these were tested again. */
  primes: Count,
  added: Count,
});

export type CollectJob = v.InferOutput<typeof CollectJobSchema>;
export type CollectReport = v.InferOutput<typeof CollectReportSchema>;
export type ImportJob = v.InferOutput<typeof ImportJobSchema>;
export type ImportReport = v.InferOutput<typeof ImportReportSchema>;

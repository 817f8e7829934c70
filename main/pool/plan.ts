/** What a pool searches for: `pool.json` in its folder, written once by `nice19 pool submit` and read by all that follows. */

import * as v from 'valibot';
import { LARGEST_DIGITS, SeedSchema } from '../contract/search-spec.ts';

export const PLAN_FILE = 'pool.json';
export const DESCRIPTION_FILE = 'nice19.submit';
export const LOG_FILE = 'pool.log';
export const PROGRAM_FILE = 'nice19.mjs';
/** What a job says, in its folder. */
export const SAYS_FILE = 'said';

/**
 * Below this a core finds a prime each 8 ms or faster, a job's finds grow by 70 MB an hour, and one computer is enough. It
 * also keeps the chance that any two blocks of a pool overlap below 2^-200 (docs/pool.md).
 */
export const SMALLEST_POOL_DIGITS = 100;
export const MOST_JOBS = 100_000;

export const PlanSchema = v.strictObject({
  format: v.literal('nice19-pool'),
  version: v.literal(1),
  /** Names the pool in HTCondor's queue. */
  id: v.pipe(v.string(), v.regex(/^[0-9a-f]{8}$/)),
  /** The seed that all jobs' seeds are derived from. */
  seed: SeedSchema,
  digits: v.pipe(v.number(), v.integer(), v.minValue(SMALLEST_POOL_DIGITS), v.maxValue(LARGEST_DIGITS)),
  errorLog2: v.pipe(v.number(), v.maxValue(-40), v.minValue(-128)),
  jobs: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_JOBS)),
  /** Primes of one job; null: the most that a job has. */
  count: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1))),
  /** CPU seconds between two checkpoints that are carried to the submit node. */
  every: v.pipe(v.number(), v.minValue(0.05), v.maxValue(86_400)),
  /** Node on the pool's computers; null: it is carried along. */
  node: v.nullable(v.string()),
  /** For people. */
  createdAt: v.string(),
  program: v.string(),
});

export type Plan = v.InferOutput<typeof PlanSchema>;

/** The folder of a job, from the pool's. */
export const jobFolder = (job: number | '$(job)'): string => `jobs/${job}`;

/**
 * What a job of a pool of computers carries from one to the next: two files in its working directory, the state and the
 * finds. docs/pool.md says why two, and what each survives.
 */

import * as v from 'valibot';
import { SearchStateSchema } from './checkpoint.ts';
import { SearchSpecSchema } from './search-spec.ts';

export const STATE_FILE = 'nice19.state';
export const FINDS_FILE = 'nice19.finds';

/** A job ends with so many primes at the latest: its finds are 50 MB then, and are read as a whole at each start. */
export const MOST_JOB_PRIMES = 250_000;

export const JOB_STATE_FORMAT = 'nice19-job-state';
export const JOB_STATE_VERSION = 1;

const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Seconds = v.pipe(v.number(), v.finite(), v.minValue(0));

/** The state: an envelope as of a checkpoint file (docs/checkpoint-format.md) around this. */
export const JobStateSchema = v.strictObject({
  writtenAt: v.pipe(v.string(), v.maxLength(40)),
  program: v.pipe(v.string(), v.maxLength(100)),
  host: v.pipe(v.string(), v.maxLength(255)),
  spec: SearchSpecSchema,
  state: SearchStateSchema,
  /** Candidates that ended the threads that tested them. */
  setAside: v.array(v.strictObject({ block: Count, offset: Count, why: v.string() })),
  /** The beginning of the finds' file that belongs to this state: whatever is behind it is found again. */
  finds: v.strictObject({
    count: Count,
    bytes: Count,
    sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'expected a SHA-256')),
  }),
});

/**
 * One line of the finds' file. Where a prime is says what it is, so its digits are left out: 200 bytes travel for a prime
 * of any size.
 */
export const FindLineSchema = v.strictObject({
  block: Count,
  offset: v.pipe(Count, v.maxValue(2 ** 24)),
  rounds: v.pipe(Count, v.maxValue(64)),
  kernels: v.pipe(v.array(v.pipe(v.string(), v.maxLength(20))), v.maxLength(4)),
  /** Of all threads and on the clock, since the find before. */
  cpuSeconds: Seconds,
  wallSeconds: Seconds,
  host: v.pipe(v.string(), v.maxLength(255)),
  version: v.pipe(v.string(), v.maxLength(100)),
  /** ISO 8601, UTC. */
  foundAt: v.pipe(v.string(), v.maxLength(40)),
});

export type JobState = v.InferOutput<typeof JobStateSchema>;
export type FindLine = v.InferOutput<typeof FindLineSchema>;

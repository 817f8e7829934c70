/** The self-test: what is asked, how it goes on, and what it found. */

import * as v from 'valibot';

const Seconds = v.pipe(v.number(), v.minValue(0));
const Count = v.pipe(v.number(), v.integer(), v.minValue(0));
const KernelSchema = v.picklist(['fft', 'schoolbook', 'bigint']);

export const SelfTestJobSchema = v.strictObject({
  type: v.literal('selftest'),
  /** Time on the clock; 0: until every thread has done the small sizes. */
  minutes: v.pipe(v.number(), v.minValue(0), v.maxValue(100_000)),
  /** Threads; null: one a core. */
  workers: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(256))),
});

/** A thread of the self-test: bound to a core of the computer, or left to the system. */
const PlaceSchema = v.object({ thread: Count, core: v.nullable(Count) });

/** Something that was computed wrong. */
export const FaultSchema = v.object({
  ...PlaceSchema.entries,
  /** null: the thread itself failed. */
  kernel: v.nullable(KernelSchema),
  bits: Count,
  /** A sentence without its full stop. */
  what: v.string(),
});

export const SelfTestProgressSchema = v.object({
  seconds: Seconds,
  ofSeconds: Seconds,
  tests: Count,
  errors: Count,
  threads: v.array(v.object({ ...PlaceSchema.entries, kernel: v.nullable(KernelSchema), bits: Count })),
});

export const SelfTestReportSchema = v.object({
  /** It ran for its time, and everything had its turn. */
  complete: v.boolean(),
  seconds: Seconds,
  tests: Count,
  errors: Count,
  kernels: v.array(
    v.object({
      kernel: KernelSchema,
      /** Why it was not tested; null when it was. */
      notRun: v.nullable(v.string()),
      tests: Count,
      errors: Count,
      /** Sizes of the numbers, in bits; 0 when there were none. */
      smallestBits: Count,
      largestBits: Count,
    }),
  ),
  threads: v.array(v.object({ ...PlaceSchema.entries, tests: Count, errors: Count })),
});

export type SelfTestJob = v.InferOutput<typeof SelfTestJobSchema>;
export type Fault = v.InferOutput<typeof FaultSchema>;
export type SelfTestProgress = v.InferOutput<typeof SelfTestProgressSchema>;
export type SelfTestReport = v.InferOutput<typeof SelfTestReportSchema>;

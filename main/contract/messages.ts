/**
 * What passes between a parent (the terminal, the desktop app) and the cruncher. The parent sends one job,
 * then commands; the cruncher sends events, the last of which is `refused`, `done` or an answer.
 */

import * as v from 'valibot';
import { CollectJobSchema, CollectReportSchema, ImportJobSchema, ImportReportSchema } from './import.ts';
import { AnswerSchema, PrimeNumberSchema, PrimeSummarySchema, QuestionSchema } from './library.ts';
import { PauseReasonSchema, WantedPauseSchema } from './pause.ts';
import { PrimeRecordSchema } from './prime-record.ts';
import { PriorityReportSchema } from './priority.ts';
import { DigitsSchema, SearchSpecSchema, SeedSchema } from './search-spec.ts';
import { FaultSchema, SelfTestJobSchema, SelfTestProgressSchema, SelfTestReportSchema } from './selftest.ts';

const KernelSchema = v.picklist(['fft', 'schoolbook', 'bigint']);
const Path = v.pipe(v.string(), v.minLength(1), v.maxLength(4096));
const ErrorLog2 = v.pipe(v.number(), v.maxValue(-40), v.minValue(-128));

/** CPU seconds between two checkpoints; the tests use fractions of a second. */
const CheckpointEvery = v.pipe(v.number(), v.minValue(0.05), v.maxValue(86_400));

export const SearchJobSchema = v.strictObject({
  type: v.literal('search'),
  directory: Path,
  /** What to search for; null: go on with the last search of the directory, or begin one with the defaults. */
  digits: v.nullable(DigitsSchema),
  errorLog2: v.nullable(ErrorLog2),
  seed: v.nullable(SeedSchema),
  /** A checkpoint file to go on from. */
  restart: v.nullable(Path),
  /** Ends when the search has this many primes in all. */
  count: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1))),
  /** Worker threads; null: one a core. */
  workers: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(256))),
  checkpointEvery: CheckpointEvery,
  /** Seconds without a word after which a worker thread is replaced; left out: two minutes. */
  watchdogTicks: v.optional(v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(86_400))),
  /** Only this kernel: for comparisons. */
  kernel: v.nullable(KernelSchema),
  /** Kept in the two files of a pool's job (job-files.ts), and not in a store. */
  inJobFiles: v.optional(v.literal(true)),
});

export const JobSchema = v.variant('type', [
  SearchJobSchema,
  v.strictObject({ type: v.literal('primes'), directory: Path }),
  v.strictObject({ type: v.literal('status'), directory: Path }),
  v.strictObject({
    type: v.literal('test'),
    /** A number or an expression. */
    number: v.pipe(v.string(), v.maxLength(4_000_000)),
    errorLog2: ErrorLog2,
    thorough: v.boolean(),
    kernel: v.nullable(KernelSchema),
  }),
  v.strictObject({ type: v.literal('export'), directory: Path, file: Path }),
  v.strictObject({ type: v.literal('show'), file: Path }),
  v.strictObject({
    type: v.literal('bench'),
    digits: v.pipe(v.array(DigitsSchema), v.minLength(1), v.maxLength(100)),
    kernel: v.nullable(KernelSchema),
  }),
  SelfTestJobSchema,
  ImportJobSchema,
  CollectJobSchema,
  /** Answers questions about the directory until it is told to stop, beside whoever searches there; it only reads. */
  v.strictObject({ type: v.literal('library'), directory: Path }),
]);

export const CommandSchema = v.variant('type', [
  v.strictObject({ type: v.literal('job'), job: JobSchema }),
  v.strictObject({ type: v.literal('pause'), reason: WantedPauseSchema }),
  v.strictObject({ type: v.literal('resume'), reason: WantedPauseSchema }),
  /**
   * How hard to work: worker threads that compute, of those there are, and the share of its time that each does, in
   * slices too short to hear. Before a search is there it is kept for it, as pauses are. A computer may have any number of
   * cores.
   */
  v.strictObject({
    type: v.literal('pace'),
    workers: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
    share: v.pipe(v.number(), v.minValue(0.1), v.maxValue(1)),
  }),
  /** To the library, or to a search: see library.ts. */
  v.strictObject({ type: v.literal('ask'), id: v.pipe(v.number(), v.safeInteger()), question: QuestionSchema }),
  /** Save and end. */
  v.strictObject({ type: v.literal('stop') }),
]);

const Seconds = v.pipe(v.number(), v.minValue(0));
const Count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** What the workers are doing, and how fast. */
export const ProgressSchema = v.object({
  searchId: v.string(),
  digits: Count,
  /** Candidates tested, by this search in all. */
  tested: Count,
  /** Since this start, and since the last change of pace. */
  testsPerSecond: v.nullable(Seconds),
  /** Mean waiting time for the next find; it does not shrink with waiting. */
  expectedSecondsToNext: v.nullable(Seconds),
  /** Primes that are saved. */
  found: Count,
  /** Primes found that wait to be saved; null while saving works. */
  unsaved: v.nullable(Count),
  /** Times that this computer's arithmetic or memory was found wrong during the search, and put right. */
  arithmeticErrors: Count,
  /** Candidates left out because they ended the threads that tested them. */
  setAside: Count,
  cpuSeconds: Seconds,
  /** Of every search of this directory. */
  cpuSecondsInAll: Seconds,
  paused: v.array(PauseReasonSchema),
  /** What it is told to keep to: worker threads that compute at once, and the share of its time that each does. */
  pace: v.optional(v.object({ workers: Count, share: v.number() })),
  /** One a worker: what it does, and the share of this test that is done. */
  workers: v.array(
    v.object({
      stage: v.string(),
      fraction: v.number(),
      block: Count,
      offset: v.nullable(Count),
      /** It stands still where it is, because fewer are to compute. */
      rests: v.optional(v.boolean()),
    }),
  ),
});

export const StatusSchema = v.object({
  directory: v.string(),
  /** Whether a cruncher works on the directory now, and which. */
  running: v.nullable(v.object({ pid: Count, since: v.string() })),
  search: v.nullable(
    v.object({
      searchId: v.string(),
      spec: SearchSpecSchema,
      found: Count,
      tested: Count,
      /** Times that this computer's arithmetic or memory was found wrong, and put right. */
      arithmeticErrors: Count,
      position: v.object({ block: Count, index: Count }),
      cpuSeconds: Seconds,
      wallSeconds: Seconds,
      /** Tests in progress that the next start goes on with. */
      inProgress: Count,
      savedAt: v.nullable(v.string()),
    }),
  ),
  searches: Count,
  primes: Count,
  cpuSecondsInAll: Seconds,
  /** What the system gave at the last start. */
  priority: v.nullable(PriorityReportSchema),
});

export const VerdictSchema = v.object({
  /** The number as given, and its size. */
  digits: Count,
  bits: Count,
  verdict: v.picklist(['composite', 'probable prime', 'prime']),
  rounds: Count,
  worstCaseLog2: v.nullable(v.number()),
  /** Always null: the number was chosen, not drawn. */
  averageCaseLog2: v.null(),
  /** A base that shows the number composite (a proper divisor is one), in decimal. */
  witness: v.nullable(v.string()),
  /** Whether the witness divides the number. */
  divisor: v.boolean(),
  lucas: v.nullable(v.picklist(['composite', 'probable prime'])),
  /** What OpenSSL says, with --thorough. */
  thorough: v.nullable(v.picklist(['composite', 'probable prime', 'not asked: too large for it'])),
  kernels: v.array(v.string()),
  cpuSeconds: Seconds,
});

export const BenchRowSchema = v.object({
  kernel: KernelSchema,
  digits: Count,
  bits: Count,
  /** One modular squaring of one candidate, in nanoseconds. */
  nsPerSquaring: v.number(),
  base2TestMs: v.number(),
  /** Set-up of one candidate, which the test includes. */
  setUpMs: v.number(),
  /** One prime of the sieve: residue and strike, in nanoseconds; and the depth that pays. */
  sieveNsPerPrime: v.number(),
  /** Of a prime's time, what the sieve takes, 0 to 1. */
  sieveShare: v.number(),
  sieveDepth: v.number(),
  testsPerPrime: v.number(),
  /** Sieve, screens, rounds to 2^-80, Lucas and check. */
  cpuSecondsPerPrime: v.number(),
});

export const EventSchema = v.variant('type', [
  /** The job cannot be done; one sentence that says what to do. Nothing was changed. */
  v.object({ type: v.literal('refused'), sentence: v.string() }),
  v.object({
    type: v.literal('started'),
    searchId: v.string(),
    spec: SearchSpecSchema,
    resumed: v.boolean(),
    found: Count,
    cpuSeconds: Seconds,
    workers: Count,
    kernel: v.object({ kernel: KernelSchema, why: v.string() }),
    priority: PriorityReportSchema,
    /** The prime that the directory got last, whichever search found it; null: there is none. */
    lastFind: v.optional(v.nullable(PrimeSummarySchema)),
  }),
  v.object({ type: v.literal('progress'), progress: ProgressSchema }),
  /** `number`: the one that the store gave it. */
  v.object({ type: v.literal('prime'), record: PrimeRecordSchema, number: v.optional(PrimeNumberSchema) }),
  v.object({
    type: v.literal('checkpoint'),
    reason: v.picklist(['timer', 'find', 'pause', 'stop', 'start']),
    at: v.string(),
    cpuSeconds: Seconds,
  }),
  v.object({ type: v.literal('warning'), sentence: v.string() }),
  v.object({
    type: v.literal('done'),
    reason: v.picklist(['count', 'stopped', 'already']),
    found: Count,
    foundNow: Count,
    cpuSeconds: Seconds,
  }),
  /** Answers come in pieces where they can be long; `last` ends them. */
  v.object({ type: v.literal('primes'), records: v.array(PrimeRecordSchema), last: v.boolean() }),
  v.object({ type: v.literal('status'), status: StatusSchema }),
  v.object({ type: v.literal('testing'), stage: v.string(), fraction: v.number() }),
  v.object({ type: v.literal('verdict'), verdict: VerdictSchema }),
  v.object({ type: v.literal('exported'), file: v.string(), bytes: Count, found: Count, inProgress: Count }),
  v.object({
    type: v.literal('shown'),
    writtenAt: v.string(),
    program: v.string(),
    host: v.string(),
    status: StatusSchema,
    tests: v.array(v.object({ block: Count, offset: Count, stage: v.string(), bit: Count })),
  }),
  v.object({ type: v.literal('benched'), row: BenchRowSchema, last: v.boolean() }),
  /** Primes tested again, of how many that are new here, and the share of the one in progress. */
  v.object({ type: v.literal('importing'), tested: Count, of: Count, fraction: v.number() }),
  v.object({ type: v.literal('imported'), report: ImportReportSchema }),
  v.object({ type: v.literal('collected'), report: CollectReportSchema }),
  v.object({ type: v.literal('selftesting'), progress: SelfTestProgressSchema }),
  v.object({ type: v.literal('fault'), fault: FaultSchema }),
  v.object({ type: v.literal('selftested'), report: SelfTestReportSchema }),
  v.object({ type: v.literal('answer'), id: Count, answer: AnswerSchema }),
  /** The question has no answer; one sentence that says why. */
  v.object({ type: v.literal('unanswered'), id: Count, sentence: v.string() }),
  /** The share of a recheck that is done. */
  v.object({ type: v.literal('rechecking'), id: Count, fraction: v.number() }),
]);

export type Job = v.InferOutput<typeof JobSchema>;
export type SearchJob = v.InferOutput<typeof SearchJobSchema>;
export type Command = v.InferOutput<typeof CommandSchema>;
export type CruncherEvent = v.InferOutput<typeof EventSchema>;
export type Progress = v.InferOutput<typeof ProgressSchema>;
export type Status = v.InferOutput<typeof StatusSchema>;
export type Verdict = v.InferOutput<typeof VerdictSchema>;
export type BenchRow = v.InferOutput<typeof BenchRowSchema>;

/**
 * What is asked of a data directory while somebody looks at it. Most questions go to the library, a cruncher that only
 * reads and runs while a window is open; `remove` and `restore` change the store and go to the one that searches.
 * Every question has a number, and is answered by `answer` or `unanswered` with the same one.
 */

import * as v from 'valibot';
import { PAUSE_REASONS } from './pause.ts';
import { PrimeRecordSchema } from './prime-record.ts';
import { DigitsSchema, LARGEST_DIGITS, SMALLEST_DIGITS } from './search-spec.ts';

const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Seconds = v.pipe(v.number(), v.finite(), v.minValue(0));

/** Primes are numbered in the order in which the store got them, from 1. */
export const PrimeNumberSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/** Digits of a prime that a row of the table shows at each end. */
export const ENDS = 12;

/** The ends of a prime's digits, as a row shows them. */
export function endsOf(decimal: string): { readonly first: string; readonly last: string } {
  if (decimal.length <= 2 * ENDS) return { first: decimal, last: '' };
  return { first: decimal.slice(0, ENDS), last: decimal.slice(-ENDS) };
}

/** A prime as a row of the table. */
export const PrimeSummarySchema = v.object({
  number: PrimeNumberSchema,
  digits: Count,
  /** The first and the last digits, ENDS of each at most; a shorter number has all its digits in `first`. */
  first: v.string(),
  last: v.string(),
  foundAt: v.string(),
  /** CPU seconds since the find before. */
  cpuSeconds: Seconds,
  verdict: v.picklist(['prime', 'probable prime']),
  /** log2 of the stated error, worst case; null: certain. */
  worstCaseLog2: v.nullable(v.number()),
  /** When a second implementation last said so too, ISO 8601; null: never. */
  verifiedAt: v.nullable(v.string()),
  removed: v.boolean(),
});
export type PrimeSummary = v.InferOutput<typeof PrimeSummarySchema>;

export const PRIME_ORDERS = ['found', 'digits', 'cpu'] as const;

/** A page of the table. */
export const PageQuerySchema = v.strictObject({
  order: v.picklist(PRIME_ORDERS),
  descending: v.boolean(),
  digitsAtLeast: v.nullable(DigitsSchema),
  digitsAtMost: v.nullable(DigitsSchema),
  /** Digits that the prime begins or ends with; empty: any. */
  typed: v.pipe(v.string(), v.regex(/^[0-9]{0,64}$/, 'expected up to 64 digits')),
  /** Those that were removed, and only those; otherwise they are left out. */
  removed: v.boolean(),
  offset: Count,
  limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(500)),
});
export type PageQuery = v.InferOutput<typeof PageQuerySchema>;

/** Every prime that was not removed, the last one first. */
export const NEWEST_FIRST = {
  order: 'found',
  descending: true,
  digitsAtLeast: null,
  digitsAtMost: null,
  typed: '',
  removed: false,
} as const satisfies Omit<PageQuery, 'offset' | 'limit'>;

export const PageSchema = v.object({
  /** Primes that match, in all. */
  total: Count,
  rows: v.array(PrimeSummarySchema),
});
export type Page = v.InferOutput<typeof PageSchema>;

export const ShownPrimeSchema = v.object({
  summary: PrimeSummarySchema,
  record: PrimeRecordSchema,
});
export type ShownPrime = v.InferOutput<typeof ShownPrimeSchema>;

export const HISTORY_RANGES = ['day', 'week', 'month', 'year', 'all'] as const;

/** What was done in one stretch of time: an hour for a day and a week, a day otherwise, a month where that is too many. */
export const HistoryPointSchema = v.object({
  /** Where the stretch begins, ISO 8601. */
  at: v.string(),
  /** Length of the stretch in seconds. */
  seconds: Seconds,
  found: Count,
  /** Finds that the tests done would bring on average. */
  expected: v.pipe(v.number(), v.minValue(0)),
  tested: Count,
  cpuSeconds: Seconds,
  /** Seconds on the clock that the search ran. */
  wallSeconds: Seconds,
  checkpoints: Count,
  /** Seconds on the clock that it was paused, by reason; a second with two reasons counts for both. */
  paused: v.partial(v.object(Object.fromEntries(PAUSE_REASONS.map((reason) => [reason, Seconds])))),
});
export type HistoryPoint = v.InferOutput<typeof HistoryPointSchema>;

export const HistorySchema = v.object({
  points: v.array(HistoryPointSchema),
  /** When the first search of the directory began; null: there is none. */
  since: v.nullable(v.string()),
});
export type History = v.InferOutput<typeof HistorySchema>;

/** What a prime of a size costs on this computer, from what was measured here so far. */
export const EstimateSchema = v.object({
  digits: Count,
  /** CPU seconds of one core, on average. */
  cpuSecondsPerPrime: Seconds,
  /** false: nothing was measured yet, it is a guess for an ordinary computer. */
  measured: v.boolean(),
});
export type Estimate = v.InferOutput<typeof EstimateSchema>;

export const ChallengeSchema = v.object({
  digits: Count,
  /** The product of two found primes, in decimal. */
  composite: v.string(),
  /** Numbers of the two primes: the factors are told on request, as the primes are. */
  factors: v.tuple([PrimeNumberSchema, PrimeNumberSchema]),
  /**
   * Primes of one block lie so near each other that Fermat's method takes their product apart at once: it is no challenge,
   * and made only where no other primes of the size are found yet.
   */
  neighbours: v.optional(v.boolean()),
});
export type Challenge = v.InferOutput<typeof ChallengeSchema>;

export const RecheckSchema = v.object({
  /** Whether it passed. */
  passed: v.boolean(),
  /** What was done and by which implementation, one sentence with its full stop. */
  sentence: v.string(),
  cpuSeconds: Seconds,
});
export type Recheck = v.InferOutput<typeof RecheckSchema>;

/** Digits of a challenge: of two primes together. */
export const SMALLEST_CHALLENGE = 2 * SMALLEST_DIGITS;
export const LARGEST_CHALLENGE = 2 * LARGEST_DIGITS;
export const ChallengeDigitsSchema = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(SMALLEST_CHALLENGE),
  v.maxValue(LARGEST_CHALLENGE),
);

export const QuestionSchema = v.variant('ask', [
  v.strictObject({ ask: v.literal('page'), query: PageQuerySchema }),
  v.strictObject({ ask: v.literal('prime'), number: PrimeNumberSchema }),
  v.strictObject({ ask: v.literal('history'), range: v.picklist(HISTORY_RANGES) }),
  v.strictObject({
    ask: v.literal('estimates'),
    digits: v.pipe(v.array(DigitsSchema), v.minLength(1), v.maxLength(200)),
  }),
  /** Two primes of about half as many digits; null: of the size that was found last. */
  v.strictObject({ ask: v.literal('challenge'), digits: v.nullable(ChallengeDigitsSchema) }),
  v.strictObject({ ask: v.literal('recheck'), number: PrimeNumberSchema }),
  v.strictObject({ ask: v.literal('remove'), number: PrimeNumberSchema }),
  v.strictObject({ ask: v.literal('restore'), number: PrimeNumberSchema }),
]);
export type Question = v.InferOutput<typeof QuestionSchema>;

export const AnswerSchema = v.variant('ask', [
  v.object({ ask: v.literal('page'), page: PageSchema }),
  /** null: there is no prime with this number. */
  v.object({ ask: v.literal('prime'), prime: v.nullable(ShownPrimeSchema) }),
  v.object({ ask: v.literal('history'), history: HistorySchema }),
  v.object({ ask: v.literal('estimates'), estimates: v.array(EstimateSchema) }),
  /** null: there are no two primes of that size. */
  v.object({ ask: v.literal('challenge'), challenge: v.nullable(ChallengeSchema) }),
  v.object({ ask: v.literal('recheck'), recheck: RecheckSchema }),
  v.object({ ask: v.literal('remove') }),
  v.object({ ask: v.literal('restore') }),
]);
export type Answer = v.InferOutput<typeof AnswerSchema>;
export type AnswerTo<Q extends Question['ask']> = Extract<Answer, { ask: Q }>;

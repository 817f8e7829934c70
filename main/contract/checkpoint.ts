/**
 * The state of a search as plain data: what the store keeps and what a portable checkpoint file carries.
 * Residues are integers in hexadecimal, never limbs, so that another kernel, architecture or version can go
 * on with a test in progress. docs/checkpoint-format.md specifies the file.
 */

import * as v from 'valibot';
import { StoredPrimeSchema } from './prime-record.ts';
import { SearchSpecSchema } from './search-spec.ts';

const Count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
const Index = v.pipe(Count, v.maxValue(2 ** 24));
/** Up to a little over 100,000 digits. */
const Hex = v.pipe(v.string(), v.maxLength(90_000), v.regex(/^[0-9a-f]+$/, 'expected hexadecimal digits'));

/** A power in progress: bits of the exponent taken, and the residue that they give. */
const PowerSchema = v.strictObject({ bit: Count, residue: Hex });
const PairSchema = v.strictTuple([PowerSchema, PowerSchema]);
const KernelsSchema = v.pipe(v.array(v.pipe(v.string(), v.maxLength(20))), v.maxLength(4));
const whose = { opinion: v.picklist([1, 2]), by: v.exactOptional(KernelsSchema) };

const ConfirmationSchema = v.variant('stage', [
  v.strictObject({ ...whose, stage: v.literal('rounds'), round: Count, powers: PairSchema }),
  v.strictObject({ ...whose, stage: v.literal('lucas'), lucas: v.strictObject({ bit: Count, v: Hex, vNext: Hex }) }),
  v.strictObject({ ...whose, stage: v.literal('check'), powers: PairSchema }),
]);

const ActiveTestSchema = v.variant('stage', [
  v.strictObject({
    stage: v.literal('screen'),
    indices: v.pipe(v.array(Index), v.minLength(1), v.maxLength(2)),
    powers: PairSchema,
  }),
  v.strictObject({ stage: v.literal('confirm'), index: Index, state: ConfirmationSchema }),
]);

const FindSchema = v.strictObject({
  index: Index,
  rounds: Count,
  kernels: KernelsSchema,
  disagreement: v.boolean(),
});

/** A stretch [from, to) of a block's odd numbers and how far it has come. */
export const UnitSchema = v.strictObject({
  block: Count,
  from: Index,
  to: Index,
  /** All of it is settled; its finds wait for the units before it. */
  done: v.boolean(),
  nextIndex: Index,
  passed: v.pipe(v.array(Index), v.maxLength(4096)),
  active: v.nullable(ActiveTestSchema),
  finds: v.pipe(v.array(FindSchema), v.maxLength(100_000)),
  tested: Count,
  disagreements: Count,
});

/** Where a search stands. Everything before the position is settled and stored. */
export const SearchStateSchema = v.strictObject({
  /** The first odd number that is not settled: block, and offset in it. */
  position: v.strictObject({ block: Count, index: Index }),
  /** Where the next unit begins. */
  next: v.strictObject({ block: Count, index: Index }),
  /** Units between the two, in order. */
  units: v.pipe(v.array(UnitSchema), v.maxLength(4096)),
  counters: v.strictObject({
    /** Screens done. */
    tested: Count,
    found: Count,
    disagreements: Count,
    /** CPU seconds of all threads, and seconds on the clock while it ran. */
    cpuSeconds: v.pipe(v.number(), v.finite(), v.minValue(0)),
    wallSeconds: v.pipe(v.number(), v.finite(), v.minValue(0)),
    /** The same two at the last find. */
    cpuSecondsAtFind: v.pipe(v.number(), v.finite(), v.minValue(0)),
    wallSecondsAtFind: v.pipe(v.number(), v.finite(), v.minValue(0)),
  }),
});

export type UnitData = v.InferOutput<typeof UnitSchema>;
export type SearchState = v.InferOutput<typeof SearchStateSchema>;

export const CHECKPOINT_FORMAT = 'nice19-checkpoint';
export const CHECKPOINT_VERSION = 1;

/** What the file's digest covers. */
export const CheckpointContentSchema = v.strictObject({
  writtenAt: v.pipe(v.string(), v.maxLength(40)),
  program: v.pipe(v.string(), v.maxLength(100)),
  host: v.pipe(v.string(), v.maxLength(255)),
  spec: SearchSpecSchema,
  state: SearchStateSchema,
  /** The finds of this search so far. */
  primes: v.array(StoredPrimeSchema),
});

export type CheckpointContent = v.InferOutput<typeof CheckpointContentSchema>;

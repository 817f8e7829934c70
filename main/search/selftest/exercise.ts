/**
 * One exercise of the self-test: a power or a confirmation whose outcome is known, on one kernel. It goes by slices, and
 * ends with what was wrong. An exercise does not go back and mend: a fault is what it looks for.
 */

import type { KernelName, Lanes } from '../../kernel/field.ts';
import type { Kernels } from '../../kernel/kernels.ts';
import { LanePower, powerRegisters } from '../../kernel/power.ts';
import { rabinBase } from '../prf.ts';
import { Confirmation } from '../primality/confirmation.ts';
import { answerDigest, knownPower, type Which } from './known-powers.ts';

export type Exercise = {
  readonly kernel: KernelName;
  /** Of the modulus. */
  readonly bits: number;
} & (
  | {
      readonly type: 'power';
      readonly exponentBits: number;
      readonly base: 'two' | 'large';
      /** Digests of the answers for the two moduli of the size. */
      readonly answers: Lanes<string>;
    }
  | { readonly type: 'confirmation'; readonly expression: string; readonly n: bigint; readonly prime: boolean }
);

/** Squarings of a slice; may be changed while the exercise runs. */
export interface ExercisePace {
  squarings: number;
}

const SEED = new Uint8Array(32).fill(19);
/** A number that is known to be prime needs no more: two lanes, then Lucas and the check. */
const ROUNDS = 2;

/**
 * Does an exercise; yields between slices.
 * @param kernels those of the exercise's kernel, made with `wanted` so that a confirmation uses it too
 * @param crossed whether the lanes change places
 * @returns what was wrong, as the second half of a sentence; null when all was right
 */
export function* doExercise(
  kernels: Kernels,
  exercise: Exercise,
  crossed: boolean,
  pace: ExercisePace,
): Generator<void, string | null> {
  try {
    return exercise.type === 'power'
      ? yield* powerFault(kernels, exercise, crossed, pace)
      : yield* confirmationFault(kernels, exercise, pace);
  } catch (error) {
    // Broken arithmetic may end anywhere: in a residue that is out of range, in a trap of the engine.
    return `it ended with "${error instanceof Error ? error.message : String(error)}"`;
  }
}

function* powerFault(
  kernels: Kernels,
  { kernel, bits, exponentBits, base, answers }: Extract<Exercise, { type: 'power' }>,
  crossed: boolean,
  pace: ExercisePace,
): Generator<void, string | null> {
  const order: Lanes<Which> = crossed ? [1, 0] : [0, 1];
  const task = (lane: 0 | 1) => knownPower(bits, exponentBits, order[lane], base);
  const tasks = [task(0), task(1)] as const;
  const field = kernels.open([tasks[0].modulus, tasks[1].modulus], powerRegisters(exponentBits), kernel);
  const power = new LanePower(field, tasks);
  while (!power.done) {
    power.advance(pace.squarings);
    yield;
  }
  const residues = power.residues();
  const wrong = ([0, 1] as const).filter((lane) => answerDigest(residues[lane]) !== answers[order[lane]]);
  if (wrong.length === 0) return null;
  return `a power of ${base === 'two' ? '2' : 'a large base'} came out wrong in ${wrong.length === 2 ? 'both lanes' : `lane ${wrong[0]}`}`;
}

function* confirmationFault(
  kernels: Kernels,
  { expression, n, prime }: Extract<Exercise, { type: 'confirmation' }>,
  pace: ExercisePace,
): Generator<void, string | null> {
  const base = (round: number) => rabinBase(SEED, n, round);
  const confirmation = new Confirmation(kernels, { n, rounds: ROUNDS, base, screened: prime });
  while (!confirmation.done) {
    confirmation.advance(pace.squarings);
    yield;
  }
  const result = confirmation.result();
  if ((result.verdict === 'probable prime') !== prime) return `${expression} was called ${result.verdict}`;
  if (result.disagreement) return `two kernels disagreed about ${expression}`;
  return confirmation.faults > 0 ? `the check of the arithmetic failed in a test of ${expression}` : null;
}

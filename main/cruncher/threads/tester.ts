/**
 * What a thread of the self-test does: one exercise after the other until it is told to end, with a look at its
 * messages between two slices.
 */

import { type KernelName, Kernels } from '../../search/kernel-names.ts';
import { doExercise, type Exercise } from '../../search/selftest/exercise.ts';
import { exercisesFor, isSmall, type Random, schedule } from '../../search/selftest/schedule.ts';

export type FromTester =
  /** It works now, bound to a core or not. */
  | { readonly type: 'ready'; readonly bound: boolean }
  | { readonly type: 'begun'; readonly kernel: KernelName; readonly bits: number }
  /** An exercise is done; `fault` is the second half of a sentence, or null when all was right. */
  | { readonly type: 'ended'; readonly kernel: KernelName; readonly bits: number; readonly fault: string | null }
  /** The small sizes have all had their turn. */
  | { readonly type: 'swept' };

export interface TesterHost {
  readonly tell: (message: FromTester) => void;
  /** Lets messages in. @returns false when it is time to end */
  readonly turn: () => Promise<boolean>;
  /** Milliseconds that only grow. */
  readonly now: () => number;
  readonly random: Random;
  /** Kernels that prefer the named one: asked for once, and again after a fault. */
  readonly kernels: (wanted: KernelName) => Kernels;
}

/** A slice should take about this long: short enough to stop soon, long enough to cost nothing. */
const SLICE_MS = 10;

export async function runTester({ tell, turn, now, random, kernels }: TesterHost): Promise<void> {
  const made = new Map<KernelName, Kernels>();
  const pace = { squarings: 32 };
  const exercises = exercisesFor(new Kernels());
  let small = exercises.filter(isSmall).length;
  const order = schedule(exercises, random);
  for (;;) {
    const exercise: Exercise = order.next().value;
    const { kernel, bits } = exercise;
    const own = made.get(kernel) ?? kernels(kernel);
    made.set(kernel, own);
    tell({ type: 'begun', kernel, bits });
    const steps = doExercise(own, exercise, random() < 0.5, pace);
    for (let before = now(), step = steps.next(); ; step = steps.next()) {
      const took = now() - before;
      if (took > 2 * SLICE_MS) pace.squarings = Math.max(1, pace.squarings >> 1);
      else if (took < SLICE_MS / 2) pace.squarings = Math.min(4096, pace.squarings << 1);
      if (!(await turn())) return;
      if (step.done) {
        // What was spoiled in a kernel's tables must not be counted again and again.
        if (step.value !== null) made.delete(kernel);
        tell({ type: 'ended', kernel, bits, fault: step.value });
        break;
      }
      before = now();
    }
    if (--small === 0) tell({ type: 'swept' });
  }
}

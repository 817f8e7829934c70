/**
 * Where the two fast kernels cross on this computer: measured once, in the first seconds of a search, while its workers
 * compute, and kept beside the store, in a file that says on which computer, engine and version that was. A file that is
 * damaged or of another one is as good as none: sizes are served as usual until it is measured anew.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { areCrossovers, type Crossovers, Kernels, measureCrossovers } from '../../search/kernel-names.ts';
import { writeDurably } from '../store/checkpoint-file.ts';
import { parseJson } from '../store/parse-json.ts';

export const CALIBRATION_FILE = 'kernels.json';

/** What the measurement depends on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** Of V8. */
  readonly engine: string;
  /** Whether it is asked to merge vectors. */
  readonly merges: boolean;
  /** Of the program. */
  readonly version: string;
}

const CalibrationSchema = v.strictObject({
  machine: v.strictObject({
    cpu: v.string(),
    cores: v.number(),
    engine: v.string(),
    merges: v.boolean(),
    version: v.string(),
  }),
  crossovers: v.pipe(
    v.array(v.number()),
    v.check((sizes) => areCrossovers(sizes)),
  ),
});

/** What was measured on this machine, or null. */
export function readCalibration(directory: string, machine: Machine): Crossovers | null {
  let text: string;
  try {
    text = readFileSync(join(directory, CALIBRATION_FILE), 'utf8');
  } catch {
    return null;
  }
  const read = v.safeParse(CalibrationSchema, parseJson(text));
  if (!read.success || !isSame(read.output.machine, machine)) return null;
  return read.output.crossovers;
}

const isSame = (one: Machine, other: Machine): boolean =>
  (Object.keys(one) as (keyof Machine)[]).every((key) => one[key] === other[key]);

export interface CalibrationPlan {
  readonly directory: string;
  readonly machine: Machine;
  /** Seconds that only grow. */
  readonly clock: () => number;
  /** Lets others have their turn between two tests, and waits while nothing shall be computed. @returns false: give it up */
  readonly turn: () => Promise<boolean>;
}

/**
 * Measures, and keeps the result.
 * @returns null when it was given up, or on a CPU where there is nothing to choose between
 * @throws Refusal when it cannot be written
 */
export async function calibrate({ directory, machine, clock, turn }: CalibrationPlan): Promise<Crossovers | null> {
  const kernels = new Kernels();
  if (!kernels.capabilities.simd || !kernels.capabilities.fusedMultiplyAdd) return null;
  const steps = measureCrossovers(kernels, clock);
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) {
      const crossovers = step.value;
      writeDurably(join(directory, CALIBRATION_FILE), Buffer.from(`${JSON.stringify({ machine, crossovers })}\n`));
      return crossovers;
    }
    if (!(await turn())) return null;
  }
}

/** Programs beside which it shall not run. Two looks, so that one that is started and ends at once changes nothing. */

import type { Pause } from '../../contract/pause.ts';
import { LATCH_OFF, type Latch, type LatchTimes, latch } from './latch.ts';

export interface ProgramsState {
  readonly latch: Latch;
  /** Those that ran when any of them was last seen. */
  readonly names: readonly string[];
}

export const PROGRAMS_FIRST: ProgramsState = { latch: LATCH_OFF, names: [] };
export const PROGRAMS_TIMES: LatchTimes = { beginsAfter: 9_000, endsAfter: 9_000, least: 0 };

export function lookAtPrograms(
  previous: ProgramsState,
  reading: readonly string[] | null,
  steady: number,
): ProgramsState {
  const names = reading ?? [];
  return {
    latch: latch(previous.latch, names.length > 0, steady, PROGRAMS_TIMES),
    names: names.length > 0 ? names : previous.names,
  };
}

export function programsPause({ latch: { on }, names }: ProgramsState): Pause | null {
  if (!on) return null;
  const [first, second] = names;
  const sentence =
    names.length === 1
      ? `${first} is running`
      : names.length === 2
        ? `${first} and ${second} are running`
        : `${first} and ${names.length - 1} other programs are running`;
  return { reason: 'program', sentence, until: null };
}

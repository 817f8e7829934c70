/** The system says that it is too hot. It rests for five minutes at least: what cooled because of the pause is no sign. */

import type { Pause } from '../../contract/pause.ts';
import { type Latch, type LatchTimes, latch } from './latch.ts';

export const HEAT_TIMES: LatchTimes = { beginsAfter: 0, endsAfter: 60_000, least: 300_000 };

export function lookAtHeat(previous: Latch, reading: boolean | null, steady: number): Latch {
  return latch(previous, reading === true, steady, HEAT_TIMES);
}

export function heatPause({ on }: Latch): Pause | null {
  return on ? { reason: 'heat', sentence: 'the computer is too hot', until: null } : null;
}

/** A program that fills the screen: a film, a game, a talk. Two looks, so that a window on its way is none. */

import type { Pause } from '../../contract/pause.ts';
import { type Latch, type LatchTimes, latch } from './latch.ts';

export const FULLSCREEN_TIMES: LatchTimes = { beginsAfter: 9_000, endsAfter: 9_000, least: 0 };

export function lookAtFullscreen(previous: Latch, reading: boolean | null, steady: number): Latch {
  return latch(previous, reading === true, steady, FULLSCREEN_TIMES);
}

export function fullscreenPause({ on }: Latch): Pause | null {
  return on ? { reason: 'fullscreen', sentence: 'a program fills the screen', until: null } : null;
}

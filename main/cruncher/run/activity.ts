/**
 * What a search did, by the hour of the day on which it did it: CPU time, tests, finds and what was to be expected, and how
 * long it was paused, and why. For charts: it is saved with the rest, but nothing depends on it. Amounts come from clocks
 * that never go back; only the hour is the system clock's, which may be set to anything.
 */

import type { PauseReason } from '../../contract/pause.ts';

export interface Activity {
  /** Hours since 1970, UTC. */
  readonly hour: number;
  readonly cpuSeconds: number;
  /** On the clock, while the search ran. */
  readonly wallSeconds: number;
  /** Candidates screened. */
  readonly tested: number;
  readonly found: number;
  /** Finds that so many tests bring on average. */
  readonly expected: number;
  /** Times that it was saved. */
  readonly checkpoints: number;
  /** Seconds on the clock, by reason; a second with two reasons counts for both. */
  readonly paused: Readonly<Partial<Record<PauseReason, number>>>;
}

export const HOUR_SECONDS = 3600;

/** The hour of a moment; null where the clock says nothing that is one. @param at ISO 8601 */
export function hourOf(at: string): number | null {
  const hour = Math.floor(Date.parse(at) / (1000 * HOUR_SECONDS));
  return hour >= 0 ? hour : null;
}

export function sumOf(a: Activity, b: Activity): Activity {
  const paused = { ...a.paused };
  for (const [reason, seconds] of Object.entries(b.paused) as [PauseReason, number][]) {
    paused[reason] = (paused[reason] ?? 0) + seconds;
  }
  return {
    hour: a.hour,
    cpuSeconds: a.cpuSeconds + b.cpuSeconds,
    wallSeconds: a.wallSeconds + b.wallSeconds,
    tested: a.tested + b.tested,
    found: a.found + b.found,
    expected: a.expected + b.expected,
    checkpoints: a.checkpoints + b.checkpoints,
    paused,
  };
}

export const nothingIn = (hour: number): Activity => ({
  hour,
  cpuSeconds: 0,
  wallSeconds: 0,
  tested: 0,
  found: 0,
  expected: 0,
  checkpoints: 0,
  paused: {},
});

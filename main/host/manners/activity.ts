/**
 * Somebody uses keyboard or mouse: at once when they do, until nobody has for so many minutes. What counts is the last use
 * that was seen, which only moves forward: however the readings jump, the computer counts as used at most once in that time.
 */

import type { Pause } from '../../contract/pause.ts';

export interface ActivityState {
  readonly active: boolean;
  /** The last use, and when it was last found to be long ago; milliseconds that only grow. */
  readonly lastUse: number;
  readonly leftAlone: number;
}

export const ACTIVITY_FIRST: ActivityState = {
  active: false,
  lastUse: Number.NEGATIVE_INFINITY,
  leftAlone: Number.NEGATIVE_INFINITY,
};

/** @param idleSeconds null: nobody knows, as while the screen is locked */
export function lookAtActivity(
  previous: ActivityState,
  idleSeconds: number | null,
  activeMinutes: number,
  steady: number,
): ActivityState {
  const use = idleSeconds === null ? Number.NEGATIVE_INFINITY : steady - idleSeconds * 1000;
  // A use before the time when it was found left alone contradicts what was seen then.
  const lastUse = use > previous.leftAlone ? Math.max(previous.lastUse, use) : previous.lastUse;
  const active = steady < activityEnd(lastUse, activeMinutes);
  return { active, lastUse, leftAlone: previous.active && !active ? steady : previous.leftAlone };
}

/** When the computer counts as left alone unless it is used again. */
export function activityEnd(lastUse: number, activeMinutes: number): number {
  return lastUse + activeMinutes * 60_000;
}

export function activityPause({ active }: ActivityState): Pause | null {
  return active ? { reason: 'user-active', sentence: 'somebody uses the computer', until: null } : null;
}

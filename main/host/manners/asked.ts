/** Pauses that the user asks for: until told otherwise, or for a time. */

import type { Snooze } from '../../contract/bridge.ts';
import type { Pause } from '../../contract/pause.ts';
import type { HostState } from '../settings/state.ts';

export type Asked = Pick<HostState, 'pausedByUser' | 'snooze'>;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** When tomorrow begins: before most people sit down, and never in the next hours. */
const MORNING_HOUR = 6;
const MORNING_IS_AWAY = 4 * HOUR;

/** The end of a pause that begins now, in milliseconds since 1970. */
export function snoozeEnd(how: Snooze, wall: number): number {
  switch (how) {
    case '15-minutes':
      return wall + 15 * MINUTE;
    case '1-hour':
      return wall + HOUR;
    case 'tomorrow': {
      const now = new Date(wall);
      for (let days = 0; ; days++) {
        const morning = new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, MORNING_HOUR).getTime();
        if (morning - wall >= MORNING_IS_AWAY) return morning;
      }
    }
  }
}

export function snoozeFrom(how: Snooze, wall: number): NonNullable<HostState['snooze']> {
  return { askedAt: new Date(wall).toISOString(), until: new Date(snoozeEnd(how, wall)).toISOString() };
}

/**
 * What was asked, as it holds now: a pause whose time has come is over, and one that was asked for in the future was asked
 * for before the clock was set back: it begins again, so that it does not last until the clock is there.
 */
export function askedNow({ pausedByUser, snooze }: Asked, wall: number): Asked {
  if (snooze === null) return { pausedByUser, snooze };
  const askedAt = Date.parse(snooze.askedAt);
  const until = Date.parse(snooze.until);
  if (until <= wall || until <= askedAt) return { pausedByUser, snooze: null };
  if (askedAt <= wall) return { pausedByUser, snooze };
  const again = { askedAt: new Date(wall).toISOString(), until: new Date(wall + until - askedAt).toISOString() };
  return { pausedByUser, snooze: again };
}

/** @param asked as it holds now */
export function askedPauses({ pausedByUser, snooze }: Asked): Pause[] {
  const pauses: Pause[] = [];
  if (pausedByUser) pauses.push({ reason: 'user', sentence: 'paused by you', until: null });
  if (snooze !== null) pauses.push({ reason: 'snooze', sentence: 'paused by you for a while', until: snooze.until });
  return pauses;
}

/**
 * The weekly schedule, by local time as the clock on the wall shows it, to the minute. Where a clock is set forward or back
 * its time counts: an hour that comes twice is in the schedule twice, one that is left out not at all.
 */

import type { Pause } from '../../contract/pause.ts';
import { type ScheduleEntry, WEEKDAYS } from '../../contract/settings.ts';

const MINUTE = 60_000;
const DAY_MINUTES = 24 * 60;
/** The schedule has come round, also over a change of the clock. */
const LOOK_AHEAD = 8 * DAY_MINUTES * MINUTE;

/** Whether it may search at this time. @param wall milliseconds since 1970 */
export function isInSchedule(schedule: readonly ScheduleEntry[], wall: number): boolean {
  if (schedule.length === 0) return true;
  const { minute, weekday } = localTime(wall);
  const today = WEEKDAYS[weekday] as ScheduleEntry['days'][number];
  const yesterday = WEEKDAYS[(weekday + 6) % 7] as ScheduleEntry['days'][number];
  return schedule.some(({ days, from, to }) => {
    if (from < to) return days.includes(today) && minute >= from && minute < to;
    // It goes on past midnight; one that ends when it begins lasts a day.
    return (days.includes(today) && minute >= from) || (days.includes(yesterday) && minute < to);
  });
}

/** The first minute after this one in which it is otherwise, in milliseconds since 1970; null: it stays so. */
export function nextScheduleChange(schedule: readonly ScheduleEntry[], wall: number): number | null {
  if (schedule.length === 0) return null;
  const now = isInSchedule(schedule, wall);
  const edges = new Set([0, ...schedule.flatMap(({ from, to }) => [from % DAY_MINUTES, to % DAY_MINUTES])]);
  let at = Math.floor(wall / MINUTE) * MINUTE;
  while (at < wall + LOOK_AHEAD) {
    at = nextEdge(edges, at);
    if (isInSchedule(schedule, at) !== now) return at;
  }
  return null;
}

/** The next time at which the clock on the wall shows one of the minutes; the next minute where the clock is set before. */
function nextEdge(edges: ReadonlySet<number>, at: number): number {
  const { minute } = localTime(at);
  let ahead = DAY_MINUTES;
  for (const edge of edges) {
    const minutes = (edge - minute + DAY_MINUTES) % DAY_MINUTES;
    if (minutes > 0 && minutes < ahead) ahead = minutes;
  }
  const edge = at + ahead * MINUTE;
  return offset(edge) === offset(at) ? edge : at + MINUTE;
}

const offset = (wall: number): number => new Date(wall).getTimezoneOffset();

function localTime(wall: number): { minute: number; weekday: number } {
  const date = new Date(wall);
  return { minute: 60 * date.getHours() + date.getMinutes(), weekday: (date.getDay() + 6) % 7 };
}

export function schedulePause(schedule: readonly ScheduleEntry[], wall: number): Pause | null {
  if (isInSchedule(schedule, wall)) return null;
  const until = nextScheduleChange(schedule, wall);
  return {
    reason: 'schedule',
    sentence: 'outside the hours of the weekly schedule',
    until: until === null ? null : new Date(until).toISOString(),
  };
}

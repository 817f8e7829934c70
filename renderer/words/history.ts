/** What the charts and tables of the history show, worked out of the points that the store gives. */

import type { HISTORY_RANGES, HistoryPoint } from '../../main/contract/library.ts';
import { PAUSE_REASONS, type PauseReason } from '../../main/contract/pause.ts';

export type Range = (typeof HISTORY_RANGES)[number];

export const RANGE_NAMES: Readonly<Record<Range, string>> = {
  day: 'Day',
  week: 'Week',
  month: 'Month',
  year: 'Year',
  all: 'All',
};

/** Sums so far. */
export function cumulative(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((value) => {
    sum += value;
    return sum;
  });
}

/** Tests a second while the search ran; null where it did not. */
export function testsPerSecond({ tested, wallSeconds }: HistoryPoint): number | null {
  return wallSeconds > 0 ? tested / wallSeconds : null;
}

/** Seconds paused by reason, the longest first; reasons that were none are left out. */
export function pausesByReason(points: readonly HistoryPoint[]): { reason: PauseReason; seconds: number }[] {
  return PAUSE_REASONS.map((reason) => ({
    reason,
    seconds: points.reduce((sum, { paused }) => sum + (paused[reason] ?? 0), 0),
  }))
    .filter(({ seconds }) => seconds > 0)
    .sort((a, b) => b.seconds - a.seconds);
}

const hours = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const hoursOfDays = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});
const weekdays = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric' });
const days = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const months = new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric' });
const dates = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

/** A moment at a chart's axis. @param seconds since 1970 */
export function axisTime(range: Range, seconds: number): string {
  const format = { day: hours, week: weekdays, month: days, year: months, all: months }[range];
  return format.format(new Date(1000 * seconds));
}

/** A stretch of time in a table, by its beginning. */
export function stretchName({ at, seconds }: Pick<HistoryPoint, 'at' | 'seconds'>): string {
  const date = new Date(at);
  if (seconds < 86_400) return hoursOfDays.format(date);
  return seconds < 27 * 86_400 ? dates.format(date) : months.format(date);
}

/** "an hour", "a day", "a month": what one bar stands for. */
export function stretchLength(points: readonly HistoryPoint[]): string {
  const seconds = points[0]?.seconds ?? 0;
  if (seconds < 86_400) return 'an hour';
  return seconds < 27 * 86_400 ? 'a day' : 'a month';
}

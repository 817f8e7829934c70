/**
 * What was done, in stretches of time for a chart: hours for a day and a week, days of the local calendar otherwise, months
 * where those are too many. From the first hour of which anything is known there are no gaps: a stretch in which nice19 was
 * not running is one in which nothing was done, and its point says so with zeros. Before it there are no points, and none
 * after now, whatever a clock once said.
 */

import type { HISTORY_RANGES, History, HistoryPoint } from '../../contract/library.ts';
import type { PauseReason } from '../../contract/pause.ts';
import { HOUR_SECONDS, hourOf } from '../run/activity.ts';
import type { Store } from '../store/store.ts';

const HOUR_MS = 1000 * HOUR_SECONDS;
const HOURS = { day: 24, week: 7 * 24 } as const;
const DAYS = { month: 31, year: 366 } as const;
/** Days of `all` that are shown as such. */
const MOST_DAYS = 400;
/** A century. */
const MOST_MONTHS = 1200;

export function historyOf(store: Store | null, range: Range, now: Date): History {
  if (store === null) return { points: [], since: null };
  const hour = hourOf(now.toISOString()) ?? 0;
  const first = store.activity.firstHour(hour + 1);
  const began = store.beganAt();
  const since = began !== null && Number.isFinite(Date.parse(began)) ? new Date(began).toISOString() : null;
  if (first === null) return { points: [], since };
  const borders = bordersOf(range, now, first * HOUR_MS);
  const points = borders.slice(0, -1).map((at, k) => emptyPoint(at, borders[k + 1] as number));
  const from = Math.ceil((borders[0] as number) / HOUR_MS);
  let place = 0;
  for (const activity of store.activity.between(from, hour + 1)) {
    while (activity.hour * HOUR_MS >= (borders[place + 1] as number)) place++;
    const point = points[place] as Writable;
    for (const amount of AMOUNTS) point[amount] += activity[amount];
    for (const [reason, seconds] of Object.entries(activity.paused) as [PauseReason, number][]) {
      point.paused[reason] = (point.paused[reason] ?? 0) + seconds;
    }
  }
  return { points, since };
}

type Range = (typeof HISTORY_RANGES)[number];
type Writable = { -readonly [K in keyof HistoryPoint]: HistoryPoint[K] };

const AMOUNTS = ['found', 'expected', 'tested', 'cpuSeconds', 'wallSeconds', 'checkpoints'] as const;

const emptyPoint = (at: number, end: number): HistoryPoint => ({
  at: new Date(at).toISOString(),
  seconds: (end - at) / 1000,
  found: 0,
  expected: 0,
  tested: 0,
  cpuSeconds: 0,
  wallSeconds: 0,
  checkpoints: 0,
  paused: {},
});

/**
 * Where stretches begin, and where the last one ends, in milliseconds since 1970.
 * @param first when the first activity was: stretches that end before are left out
 */
export function bordersOf(range: Range, now: Date, first: number): number[] {
  const borders = allBorders(range, now, first);
  const begin = borders.findIndex((_, k) => (borders[k + 1] ?? Number.POSITIVE_INFINITY) > first);
  return borders.slice(Math.min(begin, borders.length - 2));
}

function allBorders(range: Range, now: Date, first: number): number[] {
  if (range === 'day' || range === 'week') {
    const end = (Math.floor(now.getTime() / HOUR_MS) + 1) * HOUR_MS;
    return Array.from({ length: HOURS[range] + 1 }, (_, k) => end - (HOURS[range] - k) * HOUR_MS);
  }
  const [year, month, day] = [now.getFullYear(), now.getMonth(), now.getDate()];
  const days = (count: number) =>
    Array.from({ length: count + 1 }, (_, k) => new Date(year, month, day + 1 - count + k).getTime());
  if (range !== 'all') return days(DAYS[range]);
  const since = Math.ceil((now.getTime() - first) / (24 * HOUR_MS)) + 1;
  if (since <= MOST_DAYS) return days(since);
  const months = Math.min(MOST_MONTHS, Math.ceil(since / 28) + 1);
  return Array.from({ length: months + 1 }, (_, k) => new Date(year, month + 1 - months + k, 1).getTime());
}

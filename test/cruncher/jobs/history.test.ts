/** History for charts: stretches without gaps, of the local calendar where they are days, and sums that leave nothing out. */

import fc from 'fast-check';
import * as v from 'valibot';
import { afterEach, describe, expect, test } from 'vitest';
import { HISTORY_RANGES, HistorySchema } from '../../../main/contract/library.ts';
import { bordersOf, historyOf } from '../../../main/cruncher/jobs/history.ts';
import { type Activity, nothingIn } from '../../../main/cruncher/run/activity.ts';
import { SEARCH_START } from '../../../main/cruncher/run/search-identity.ts';
import { Store } from '../../../main/cruncher/store/store.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { id, saving, spec } from '../../support/vaults.ts';

const HOUR_MS = 3_600_000;
const ZONE = process.env['TZ'];

afterEach(() => {
  if (ZONE === undefined) delete process.env['TZ'];
  else process.env['TZ'] = ZONE;
});

const hourOf = (iso: string): number => Math.floor(Date.parse(iso) / HOUR_MS);

/** A store whose first search began on 2 January 2026, and that has these hours. */
function storeWith(hours: readonly Partial<Activity>[]): Store {
  const store = Store.open(temporaryDirectory());
  store.useSearch(id, spec, SEARCH_START, '2026-01-02T03:04:05.678Z');
  store.save({ ...saving(1), activity: hours.map((hour) => ({ ...nothingIn(0), ...hour })) });
  return store;
}

const NOW = new Date('2026-11-26T20:30:00.000Z');

test('without a store, or without anything done, there are no points', () => {
  expect(historyOf(null, 'all', NOW)).toEqual({ points: [], since: null });
  const store = storeWith([]);
  for (const range of HISTORY_RANGES) {
    expect(historyOf(store, range, NOW)).toEqual({ points: [], since: '2026-01-02T03:04:05.678Z' });
  }
  store.close();
});

test('a day has hours, from the first in which anything was done to this one; nothing done is a point of zeros', () => {
  const store = storeWith([
    { hour: hourOf('2026-11-26T15:00:00Z'), tested: 3, found: 1, expected: 0.5, cpuSeconds: 9, checkpoints: 2 },
    { hour: hourOf('2026-11-26T17:00:00Z'), wallSeconds: 60, paused: { user: 5, battery: 7 } },
    { hour: hourOf('2026-11-27T17:00:00Z'), tested: 1000 },
  ]);
  const { points } = historyOf(store, 'day', NOW);
  expect(points.map(({ at }) => at)).toEqual(
    ['15', '16', '17', '18', '19', '20'].map((hour) => `2026-11-26T${hour}:00:00.000Z`),
  );
  expect(new Set(points.map(({ seconds }) => seconds))).toEqual(new Set([3600]));
  expect(points[0]).toMatchObject({ tested: 3, found: 1, expected: 0.5, cpuSeconds: 9, checkpoints: 2, paused: {} });
  expect(points[1]).toMatchObject({ tested: 0, found: 0, expected: 0, cpuSeconds: 0, wallSeconds: 0, checkpoints: 0 });
  expect(points[2]).toMatchObject({ wallSeconds: 60, paused: { user: 5, battery: 7 } });
  store.close();
});

test('days are those of the local calendar, also where the clocks change', () => {
  process.env['TZ'] = 'Europe/Berlin';
  const store = storeWith([
    { hour: hourOf('2026-10-24T21:00:00Z'), tested: 1 },
    // The 25th, which has 25 hours.
    { hour: hourOf('2026-10-24T22:00:00Z'), tested: 10 },
    { hour: hourOf('2026-10-25T22:00:00Z'), tested: 100 },
    { hour: hourOf('2026-10-25T23:00:00Z'), tested: 1000 },
  ]);
  const { points } = historyOf(store, 'month', new Date('2026-10-27T08:00:00Z'));
  expect(points.map(({ at, seconds, tested }) => [at, seconds / 3600, tested])).toEqual([
    ['2026-10-23T22:00:00.000Z', 24, 1],
    ['2026-10-24T22:00:00.000Z', 25, 110],
    ['2026-10-25T23:00:00.000Z', 24, 1000],
    ['2026-10-26T23:00:00.000Z', 24, 0],
  ]);
  store.close();
});

describe('stretches', () => {
  const lengths = (range: (typeof HISTORY_RANGES)[number], first: string) => {
    const borders = bordersOf(range, NOW, Date.parse(first));
    return borders.slice(1).map((border, k) => (border - (borders[k] as number)) / HOUR_MS);
  };

  test.each([
    ['day', 24, 1],
    ['week', 168, 1],
    ['month', 31, 24],
    ['year', 366, 24],
  ] as const)('a %s has at most %i', (range, most, hours) => {
    process.env['TZ'] = 'UTC';
    expect(lengths(range, '2001-01-01')).toEqual(Array.from({ length: most }, () => hours));
  });

  test('all of it is days where they are few, months where they are many, and a century at most', () => {
    process.env['TZ'] = 'UTC';
    expect(new Set(lengths('all', '2026-01-01'))).toEqual(new Set([24]));
    expect(lengths('all', '2026-01-01').length).toBe(330);
    const years = lengths('all', '2024-01-15');
    expect(years.length).toBe(35);
    expect(years.slice(0, 3)).toEqual([31 * 24, 29 * 24, 31 * 24]);
    expect(lengths('all', '1970-01-01').length).toBe(56 * 12 + 11);
    expect(bordersOf('all', NOW, -8.64e15).length).toBe(1201);
  });
});

test('whatever was done up to now in the range is in it, once', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Apia'),
      fc.constantFrom(...HISTORY_RANGES),
      fc.uniqueArray(fc.oneof(fc.nat({ max: 60 }), fc.nat({ max: 20_000 }), fc.integer({ min: -50_000, max: -1 })), {
        maxLength: 30,
      }),
      (zone, range, ago) => {
        process.env['TZ'] = zone;
        const hour = hourOf(NOW.toISOString());
        const store = storeWith(ago.map((hours) => ({ hour: hour - hours, tested: 1 })));
        const history = v.parse(HistorySchema, historyOf(store, range, NOW));
        const { points } = history;
        const begin = Date.parse(points[0]?.at ?? NOW.toISOString());
        const within = ago.filter((hours) => hours >= 0 && (hour - hours) * HOUR_MS >= begin);
        expect(points.reduce((sum, { tested }) => sum + tested, 0)).toBe(within.length);
        for (const [k, { at, seconds }] of points.entries()) {
          const next = points[k + 1];
          if (next !== undefined) expect(Date.parse(at) + 1000 * seconds).toBe(Date.parse(next.at));
        }
        const past = ago.filter((hours) => hours >= 0);
        if (range === 'all' && past.length > 0) expect(within).toEqual(past);
        store.close();
      },
    ),
    { numRuns: 40 },
  );
});

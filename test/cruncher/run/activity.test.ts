/** The diary of a search: every second is in its hour, whatever the clock does, and all adds up to what was spent. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PauseReason } from '../../../main/contract/pause.ts';
import { type Activity, Diary, expectedUpTo } from '../../../main/cruncher/run/activity.ts';
import { searchId } from '../../../main/cruncher/run/search-identity.ts';
import type { Saving } from '../../../main/cruncher/run/search-store.ts';
import { blockCount } from '../../../main/search/blocks.ts';
import { oddNumbersPerPrime } from '../../../main/search/estimate.ts';
import { PaperRun, paperSpec } from '../../support/paper-run.ts';
import { PAPER_FAULT, PaperStore } from '../../support/paper-store.ts';

const HOUR = 3600;

/** A diary with clocks by hand. */
function paperDiary(at = '2026-05-06T07:00:00.000Z') {
  const counters = { cpuSeconds: 100, wallSeconds: 50, tested: 1000, found: 10 };
  const state = { wall: 7, date: Date.parse(at), expected: 40 };
  const pauses = new Set<PauseReason>();
  const diary = new Diary({
    counters,
    clock: {
      wallSeconds: () => state.wall,
      now: () => (Number.isNaN(state.date) ? '' : new Date(state.date).toISOString()),
    },
    pauses,
    expected: () => state.expected,
  });
  return {
    diary,
    counters,
    state,
    pauses,
    /** Time goes by, running unless there is a pause. */
    pass(seconds: number) {
      state.wall += seconds;
      state.date += 1000 * seconds;
      if (pauses.size === 0) counters.wallSeconds += seconds;
    },
  };
}

const at = (iso: string): number => Date.parse(iso) / 1000 / HOUR;

test('what was spent before is not in it; what is spent is in the hour, and a saving counts as one', () => {
  const { diary, counters, state, pass } = paperDiary();
  pass(60);
  counters.cpuSeconds += 55;
  counters.tested += 30;
  counters.found += 2;
  state.expected += 1.5;
  diary.charge();
  const hour: Activity = {
    hour: at('2026-05-06T07:00:00Z'),
    cpuSeconds: 55,
    wallSeconds: 60,
    tested: 30,
    found: 2,
    expected: 1.5,
    checkpoints: 1,
    paused: {},
  };
  // Asked twice, because the first saving failed.
  expect(diary.pending()).toEqual([hour]);
  expect(diary.pending()).toEqual([hour]);
  diary.saved();
  pass(1);
  diary.charge();
  expect(diary.pending()).toEqual([
    { ...hour, cpuSeconds: 0, wallSeconds: 1, tested: 0, found: 0, expected: 0, checkpoints: 1 },
  ]);
});

test('a pause over many hours is in each of them, by each of its reasons', () => {
  const { diary, pauses, pass } = paperDiary('2026-05-06T22:30:00.000Z');
  pauses.add('user');
  pass(HOUR);
  diary.charge();
  pauses.add('battery');
  pass(2.5 * HOUR);
  diary.charge();
  pauses.clear();
  pass(60);
  diary.charge();
  const byHour = diary.pending().map(({ hour, wallSeconds, paused }) => [hour, wallSeconds, paused]);
  const first = at('2026-05-06T22:00:00Z');
  expect(byHour.sort(([a], [b]) => Number(a) - Number(b))).toEqual([
    [first, 0, { user: 1800 }],
    [first + 1, 0, { user: 3600, battery: 1800 }],
    [first + 2, 0, { user: 3600, battery: 3600 }],
    [first + 3, 0, { user: 3600, battery: 3600 }],
    [first + 4, 60, {}],
  ]);
});

test('whatever the clock on the wall is set to, seconds add up, no hour has more than its own, and hours stay few', () => {
  const anyDate = fc.oneof(
    fc.constant(Number.NaN),
    fc.integer({ min: -8.64e15, max: 8.64e15 }),
    fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 0, 2) }),
  );
  const step = fc.record({
    set: fc.option(anyDate, { nil: null, freq: 4 }),
    seconds: fc.integer({ min: 0, max: 100_000 }),
    pause: fc.option(fc.constantFrom<PauseReason>('user', 'battery', 'schedule'), { nil: null }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { diary, state, pauses, pass } = paperDiary();
      let [ran, paused, sane] = [0, 0, true];
      for (const { set, seconds, pause } of steps) {
        diary.charge();
        pauses.clear();
        if (pause !== null) pauses.add(pause);
        if (set !== null) {
          state.date = set;
          sane = false;
        }
        if (!(Math.abs(state.date + 1000 * seconds) <= 8.64e15)) state.date = Number.NaN;
        pass(seconds);
        if (pause === null) ran += seconds;
        else paused += seconds;
        diary.charge();
      }
      const hours = diary.pending();
      const sum = (of: (one: Activity) => number) => hours.reduce((total, one) => total + of(one), 0);
      const pausedIn = ({ paused: reasons }: Activity) => Object.values(reasons).reduce((total, one) => total + one, 0);
      expect(hours.length).toBeLessThanOrEqual(1001);
      expect(new Set(hours.map(({ hour }) => hour)).size).toBe(hours.length);
      for (const { hour } of hours) expect(Number.isSafeInteger(hour) && hour >= 0).toBe(true);
      if (!sane) return;
      expect(sum(({ wallSeconds }) => wallSeconds)).toBeCloseTo(ran, 3);
      expect(sum(pausedIn)).toBeCloseTo(paused, 3);
      for (const one of hours) expect(one.wallSeconds + pausedIn(one)).toBeLessThanOrEqual(HOUR + 1e-6);
    }),
    { numRuns: 200 },
  );
});

test('finds are expected by the odd numbers that were searched, and no others', () => {
  expect(expectedUpTo(30, { block: 0, index: 0 })).toBe(0);
  expect(expectedUpTo(30, { block: 0, index: 1 })).toBeCloseTo(1 / oddNumbersPerPrime(30), 12);
  expect(expectedUpTo(30, { block: 2, index: 5 }) - expectedUpTo(30, { block: 1, index: 5 })).toBeCloseTo(
    blockCount(30) / oddNumbersPerPrime(30),
    6,
  );
});

/** A store on paper that remembers what was done. */
class RememberingStore extends PaperStore {
  readonly activity: Activity[] = [];
  override save(saving: Saving): void {
    super.save(saving);
    this.activity.push(...(saving.activity ?? []));
  }
}

test('a search saves all that it did: finds, tests, time and savings add up to its counters, pauses apart', async () => {
  const store = new RememberingStore();
  const spec = paperSpec(30, 11);
  const paper = new PaperRun({ store, spec, count: null, checkpointEvery: 1 }).start();
  await paper.until(() => paper.primes.length >= 5);
  const before = paper.time.wallSeconds();
  void paper.run.pause('user');
  const isPaused = (reason: PauseReason) => () =>
    paper.of('progress').at(-1)?.progress.paused.includes(reason) === true;
  await paper.until(isPaused('user'));
  const stopped = paper.time.wallSeconds() - before;
  paper.time.pass(500, 0);
  void paper.run.pause('schedule');
  await paper.until(isPaused('schedule'));
  const both = paper.time.wallSeconds() - before;
  paper.time.pass(200, 0);
  paper.run.resume('user');
  paper.time.pass(100, 0);
  paper.run.resume('schedule');
  await paper.until(() => paper.primes.length >= 12);
  void paper.run.stop();
  await paper.untilEnd();
  const { counters, position } = store.search(searchId(spec))?.state ?? paper.search.state;
  const sum = (of: (one: Activity) => number) => store.activity.reduce((total, one) => total + of(one), 0);
  expect(sum(({ found }) => found)).toBe(counters.found);
  expect(sum(({ tested }) => tested)).toBe(counters.tested);
  expect(sum(({ cpuSeconds }) => cpuSeconds)).toBeCloseTo(counters.cpuSeconds, 6);
  expect(sum(({ wallSeconds }) => wallSeconds)).toBeCloseTo(counters.wallSeconds, 6);
  expect(sum(({ checkpoints }) => checkpoints)).toBe(paper.of('checkpoint').length);
  expect(sum(({ expected }) => expected)).toBeCloseTo(expectedUpTo(30, position), 9);
  expect([stopped, both - stopped - 500].every((seconds) => seconds < 5)).toBe(true);
  // From the order on, while the workers come to a stop.
  expect(sum(({ paused: { user = 0 } }) => user)).toBeCloseTo(both + 200, 6);
  const schedule = sum(({ paused: reasons }) => reasons.schedule ?? 0);
  expect(schedule).toBeGreaterThanOrEqual(300);
  expect(schedule).toBeLessThan(305);
});

test('what could not be saved is saved when that works again, and counts once', async () => {
  const store = new RememberingStore();
  const spec = paperSpec(30, 11);
  const paper = new PaperRun({ store, spec, count: null, checkpointEvery: 0.5 }).start();
  await paper.until(() => paper.primes.length >= 2);
  store.fault = 'save';
  await paper.until(() => paper.of('progress').at(-1)?.progress.unsaved !== null);
  expect(paper.of('warning').map(({ sentence }) => sentence)).toEqual([PAPER_FAULT]);
  store.fault = null;
  void paper.run.stop();
  await paper.untilEnd();
  const { counters } = store.search(searchId(spec))?.state ?? paper.search.state;
  expect(store.activity.reduce((total, { found }) => total + found, 0)).toBe(counters.found);
  expect(store.activity.reduce((total, { tested }) => total + tested, 0)).toBe(counters.tested);
});

/** A search without threads and without time (test/support/paper-search.ts). The primes are OpenSSL's. */

import { expect, test } from 'vitest';
import { SEARCH_START, searchId } from '../../../main/cruncher/run/search-identity.ts';
import { somePrime } from '../../support/arbitrary-search.ts';
import { firstPrimes } from '../../support/first-primes.ts';
import { PaperRun, paperSpec } from '../../support/paper-run.ts';
import { PaperStore } from '../../support/paper-store.ts';

const spec = paperSpec(30, 1);
const id = searchId(spec);
const expected = firstPrimes(spec, 12);

const storeOf = (): PaperStore => new PaperStore();

test.each([1, 2, 3])(
  'the primes of a search come out in order with %i workers, and are in the store before they are told',
  async (workers) => {
    const store = storeOf();
    const stored: boolean[] = [];
    const paper = new PaperRun({
      store,
      spec,
      count: 12,
      workers,
      onEvent: (event) => {
        if (event.type === 'prime') stored.push(store.hasPrime(id, event.record.decimal));
      },
    }).start();
    expect(await paper.untilEnd()).toBe('count');
    expect(paper.primes).toEqual(expected);
    expect(stored).toEqual(expected.map(() => true));
    expect(store.primesOf(id).map(({ decimal }) => decimal)).toEqual(expected);
    expect(paper.run.totals).toMatchObject({ found: 12, foundNow: 12 });
  },
);

test('small numbers: every prime of the blocks, across their border, and none needs a round', async () => {
  const small = paperSpec(10, 5);
  const store = storeOf();
  const paper = new PaperRun({ store, spec: small, count: 3400 }).start();
  await paper.untilEnd();
  expect(paper.primes).toEqual(firstPrimes(small, 3400));
  const last = paper.of('prime').at(-1)?.record;
  expect(last).toMatchObject({ block: 1, verdict: 'prime', rounds: 0, bases: [], lucas: null, worstCaseLog2: null });
});

test('a count is of the whole search: a later start goes on to a larger one and ends at once at a smaller one', async () => {
  const store = storeOf();
  const first = new PaperRun({ store, spec, count: 5 }).start();
  await first.untilEnd();
  const second = new PaperRun({ store, spec, count: 9 }).start();
  await second.untilEnd();
  expect([...first.primes, ...second.primes]).toEqual(expected.slice(0, 9));
  expect(second.run.totals).toMatchObject({ found: 9, foundNow: 4 });
  const third = new PaperRun({ store, spec, count: 9 }).start();
  expect(await third.untilEnd()).toBe('count');
  expect(third.primes).toEqual([]);
});

test('the time since the find before is in every record; together they are the time of the search', async () => {
  const store = storeOf();
  for (const count of [4, 8]) await new PaperRun({ store, spec, count }).start().untilEnd();
  const { counters } = store.search(id)?.state ?? SEARCH_START;
  const sum = (key: 'cpuSeconds' | 'wallSeconds') => store.primesOf(id).reduce((total, prime) => total + prime[key], 0);
  expect(sum('cpuSeconds')).toBeCloseTo(counters.cpuSecondsAtFind, 9);
  expect(sum('wallSeconds')).toBeCloseTo(counters.wallSecondsAtFind, 9);
  expect(counters.cpuSeconds).toBeGreaterThanOrEqual(counters.cpuSecondsAtFind);
  expect(store.cpuSecondsInAll).toBeCloseTo(counters.cpuSeconds, 9);
});

test('a checkpoint is written every so many CPU seconds, and not for time without work', async () => {
  const large = paperSpec(300, 2);
  const paper = new PaperRun({ store: storeOf(), spec: large, count: null, checkpointEvery: 2 }).start();
  await paper.until(() => paper.time.cpuSeconds() > 7 + 9);
  const at = paper.of('checkpoint').flatMap(({ reason, cpuSeconds }) => (reason === 'timer' ? [cpuSeconds] : []));
  expect(at.length).toBeGreaterThanOrEqual(3);
  // The timer looks four times in that time.
  at.forEach((seconds, k) => {
    const since = seconds - (at[k - 1] ?? 0);
    expect(since).toBeGreaterThan(1.9);
    expect(since).toBeLessThan(2.6);
  });
  paper.time.pass(100, 0);
  await paper.step();
  expect(paper.of('checkpoint').filter(({ reason }) => reason === 'timer').length).toBe(at.length);
  paper.crash();
});

test('finds do not put off the checkpoint of the other workers’ tests', async () => {
  const paper = new PaperRun({ store: storeOf(), spec: paperSpec(12, 1), count: null, checkpointEvery: 1 }).start();
  await paper.until(() => paper.time.cpuSeconds() > 7 + 6);
  const checkpoints = paper.of('checkpoint');
  const longestFindless = Math.max(
    ...checkpoints.slice(1).map(({ cpuSeconds }, k) => cpuSeconds - (checkpoints[k]?.cpuSeconds ?? 0)),
  );
  // Without a find it would come anyway.
  expect(longestFindless).toBeLessThan(1);
  expect(checkpoints.filter(({ reason }) => reason === 'timer').length).toBeGreaterThanOrEqual(4);
  paper.crash();
});

test('a pause saves the tests in progress, and nothing goes on until it is over', async () => {
  const store = storeOf();
  const paper = new PaperRun({ store, spec: paperSpec(300, 3), count: null, checkpointEvery: 2 }).start();
  await paper.until(() => paper.time.cpuSeconds() > 8);
  const paused = paper.run.pause('user');
  await paper.until(() => paper.of('checkpoint').some(({ reason }) => reason === 'pause'));
  const saved = store.latestSearch()?.state;
  expect(saved?.units.filter(({ active }) => active !== null).length).toBeGreaterThan(0);
  await paper.until(() => paper.of('progress').at(-1)?.progress.paused.length === 1);
  await paused;
  const { cpuSeconds, wallSeconds } = saved?.counters ?? SEARCH_START.counters;
  expect(paper.time.timers).toBe(0);
  expect(paper.workers.every((worker) => worker.held)).toBe(true);
  paper.time.pass(500, 0);
  paper.run.resume('user');
  expect(paper.time.timers).toBe(1);
  const stopped = paper.run.stop();
  await paper.untilEnd();
  await stopped;
  const after = store.latestSearch()?.state.counters;
  expect(after?.cpuSeconds).toBeCloseTo(cpuSeconds, 6);
  // Stopping takes its moment; the pause took 500 s.
  expect(after?.wallSeconds).toBeLessThan(wallSeconds + 1);
});

test('a pause that is over before it was saved leaves the search running, with its timer', async () => {
  const paper = new PaperRun({ store: storeOf(), spec, count: null }).start();
  await paper.until(() => paper.primes.length >= 1);
  const paused = paper.run.pause('user');
  paper.run.resume('user');
  await paper.until(() => paper.of('checkpoint').some(({ reason }) => reason === 'pause'));
  expect(paper.time.timers).toBe(1);
  const before = paper.primes.length;
  await paper.until(() => paper.primes.length > before);
  await paused;
  void paper.run.stop();
  await paper.untilEnd();
  expect(paper.primes).toEqual(firstPrimes(spec, paper.primes.length));
});

test('a search that is paused before it begins waits', async () => {
  const paper = new PaperRun({ store: storeOf(), spec, count: 3 });
  await paper.run.pause('user');
  paper.start();
  for (let k = 0; k < 50; k++) await paper.step();
  expect(paper.primes).toEqual([]);
  expect(paper.time.cpuSeconds()).toBe(7);
  paper.run.resume('user');
  await paper.untilEnd();
  expect(paper.primes).toEqual(expected.slice(0, 3));
});

test('stopped while paused, it ends, and the next start goes on', async () => {
  const store = storeOf();
  const paper = new PaperRun({ store, spec, count: null }).start();
  await paper.until(() => paper.primes.length >= 1);
  void paper.run.pause('user');
  await paper.until(() => paper.of('checkpoint').some(({ reason }) => reason === 'pause'));
  void paper.run.stop();
  expect(await paper.untilEnd()).toBe('stopped');
  expect(paper.workers.every((worker) => worker.ended)).toBe(true);
  const count = paper.primes.length + 4;
  const next = new PaperRun({ store, spec, count }).start();
  await next.untilEnd();
  expect([...paper.primes, ...next.primes]).toEqual(firstPrimes(spec, count));
});

test('a lost worker’s unit is gone on with from its last snapshot', async () => {
  const store = storeOf();
  const paper = new PaperRun({ store, spec: paperSpec(300, 4), count: null, workers: 1, checkpointEvery: 1 }).start();
  const [worker] = paper.workers;
  const savedTest = () => store.latestSearch()?.state.units.find(({ active }) => active !== null);
  await paper.until(() => (savedTest()?.tested ?? 0) > 0);
  const saved = savedTest();
  worker?.lose();
  await paper.step();
  expect(paper.of('warning').map(({ sentence }) => sentence)).toEqual([
    'a worker thread ended with code 1; its work is begun again',
  ]);
  const job = worker?.jobs.at(-1);
  expect(job).toMatchObject({ type: 'unit', state: { nextIndex: saved?.nextIndex, tested: saved?.tested } });
  expect(job?.type === 'unit' && job.state?.active?.stage).toBe(saved?.active?.stage);
  paper.crash();
});

test('a state that kills its worker twice is given up: the unit begins anew, and nothing is missing', async () => {
  const store = storeOf();
  const first = new PaperRun({ store, spec, count: null, workers: 1 }).start();
  await first.until(() => first.primes.length >= 2 && (first.workers[0]?.unit?.tested ?? 0) > 0);
  void first.run.stop();
  await first.untilEnd();
  const count = first.primes.length + 5;
  const second = new PaperRun({ store, spec, count, workers: 1 }).start();
  const [worker] = second.workers;
  const unitJobs = () => worker?.jobs.filter(({ type }) => type === 'unit') ?? [];
  for (let losses = 0; losses < 2; losses++) {
    await second.until(() => unitJobs().length > losses && worker?.unit !== null);
    worker?.lose();
    await second.step();
  }
  await second.until(() => unitJobs().length > 2);
  const states = unitJobs().map((job) => (job.type === 'unit' ? job.state : null));
  expect(states[1]).toEqual(states[0]);
  expect(states[0]?.nextIndex).toBeGreaterThan(0);
  expect(states[2]).toMatchObject({ nextIndex: 0, active: null, finds: [] });
  await second.untilEnd();
  expect([...first.primes, ...second.primes]).toEqual(firstPrimes(spec, count));
});

test('a prime that the search has from an overlapping block is not counted and not told again', async () => {
  const store = storeOf();
  store.useSearch(id, spec, SEARCH_START, 'now');
  const finds = [somePrime(id, expected[2] as string, { block: 77 })];
  store.save({ id, state: SEARCH_START, finds, cpuSecondsInAll: 0, at: 'now' });
  const paper = new PaperRun({ store, spec, count: 5 }).start();
  await paper.untilEnd();
  expect(paper.primes).toEqual(expected.slice(0, 6).filter((_, k) => k !== 2));
});

test('what the store throws besides a fault of storage ends the search with it, and so its workers', async () => {
  const store = storeOf();
  const paper = new PaperRun({ store, spec, count: 5 }).start();
  await paper.until(() => paper.primes.length >= 1);
  store.save = () => {
    throw new TypeError('a mistake in the program');
  };
  await expect(paper.untilEnd()).rejects.toThrow('a mistake in the program');
  expect(paper.workers.every((worker) => worker.ended)).toBe(true);
  expect(paper.time.timers).toBe(0);
});

test('a rate is known long before a long test is done, and what an earlier process did of it does not count', async () => {
  const store = new PaperStore();
  const long = paperSpec(1000, 3);
  const first = new PaperRun({ store, spec: long, count: null, workers: 1 }).start();
  const latest = (paper: PaperRun) => paper.of('progress').at(-1)?.progress;
  // A slow computer: a second and more for every slice.
  const isAt = (paper: PaperRun, fraction: number) =>
    paper.until(() => {
      paper.time.pass(1, 0);
      return (latest(paper)?.workers[0]?.fraction ?? 0) > fraction;
    });
  await isAt(first, 0.6);
  // Two candidates side by side: 1.2 of a test and more, in the time that it took.
  const rate = latest(first)?.testsPerSecond ?? 0;
  expect(latest(first)?.tested).toBe(0);
  expect(rate).toBeGreaterThan(0);
  expect(latest(first)?.expectedSecondsToNext).toBeGreaterThan(0);
  void first.run.stop();
  await first.untilEnd();
  const second = new PaperRun({ store, spec: long, count: null, workers: 1 }).start();
  await isAt(second, 0.8);
  expect(latest(second)?.tested).toBe(0);
  expect(latest(second)?.testsPerSecond).toBeGreaterThan(0);
  // The first one sieved too. Counted from the beginning of the test it would be twice as much.
  expect(latest(second)?.testsPerSecond).toBeLessThan(1.2 * rate);
});

test('progress counts the tests under way, and claims no rate before there is one', async () => {
  const paper = new PaperRun({ store: storeOf(), spec, count: null }).start();
  paper.time.pass(1, 0);
  await paper.until(() => paper.of('progress').length >= 1);
  expect(paper.of('progress')[0]?.progress).toMatchObject({
    searchId: id,
    digits: 30,
    testsPerSecond: null,
    expectedSecondsToNext: null,
    paused: [],
  });
  await paper.until(() => paper.of('progress').length >= 4);
  const progress = paper.of('progress').at(-1)?.progress;
  expect(progress?.workers.length).toBe(2);
  expect(progress?.tested).toBeGreaterThan(0);
  expect(progress?.testsPerSecond).toBeGreaterThan(0);
  expect(progress?.expectedSecondsToNext).toBeGreaterThan(0);
  paper.crash();
});

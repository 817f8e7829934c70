/** Workers that do not answer: nobody waits for them, and after a while they are replaced. */

import { expect, test } from 'vitest';
import { firstPrimes } from '../../support/first-primes.ts';
import { PaperRun, paperSpec } from '../../support/paper-run.ts';
import { PaperStore } from '../../support/paper-store.ts';

const spec = paperSpec(30, 6);
const large = paperSpec(300, 6);
const GIVEN_UP = 'a worker thread did not answer for 5 seconds and was replaced; its work is begun again';

const warnings = (paper: PaperRun) => paper.of('warning').map(({ sentence }) => sentence);
const lastProgress = (paper: PaperRun) => paper.of('progress').at(-1)?.progress;
const timers = (paper: PaperRun) => paper.of('checkpoint').filter(({ reason }) => reason === 'timer').length;

/** The unit jobs that a worker was given. */
const unitJobs = (paper: PaperRun, worker: number) =>
  paper.workers[worker]?.jobs.flatMap((job) => (job.type === 'unit' ? [job] : [])) ?? [];

test('a worker that hangs holds up nobody, and is replaced; its test goes on from the last snapshot', async () => {
  const store = new PaperStore();
  const paper = new PaperRun({ store, spec: large, count: null, checkpointEvery: 0.5, watchdogTicks: 5 }).start();
  await paper.until(() => (paper.workers[0]?.unit?.tested ?? 0) > 0 && timers(paper) > 2);
  const jobs = unitJobs(paper, 0).length;
  const worker = paper.workers[0];
  if (worker === undefined) throw new Error('expected a worker');
  worker.hung = true;
  const since = paper.time.wallSeconds();
  const before = { timers: timers(paper), progress: paper.of('progress').length, other: lastProgress(paper)?.tested };
  let mostAsked = 0;
  await paper.until(() => {
    mostAsked = Math.max(mostAsked, worker.asked);
    return unitJobs(paper, 0).length > jobs;
  });
  expect(warnings(paper)).toEqual([GIVEN_UP]);
  const lasted = paper.time.wallSeconds() - since;
  expect(lasted).toBeGreaterThan(5);
  expect(lasted).toBeLessThan(7.5);
  // One question about its state, one about its progress.
  expect(mostAsked).toBe(2);
  expect(paper.of('progress').length - before.progress).toBeGreaterThanOrEqual(4);
  expect(lastProgress(paper)?.tested).toBeGreaterThan(before.other ?? 0);
  expect(timers(paper) - before.timers).toBeGreaterThanOrEqual(8);
  expect(unitJobs(paper, 0).at(-1)?.state).toMatchObject({
    tested: store.latestSearch()?.state.units[0]?.tested,
    nextIndex: store.latestSearch()?.state.units[0]?.nextIndex,
  });
  paper.crash();
});

test('hanging workers change nothing about the primes', async () => {
  const paper = new PaperRun({ store: new PaperStore(), spec, count: 10, workers: 2, watchdogTicks: 2 }).start();
  for (const worker of [0, 1, 0]) {
    const found = paper.primes.length;
    await paper.until(() => paper.primes.length > found && (paper.workers[worker]?.busy ?? false));
    Object.assign(paper.workers[worker] ?? {}, { hung: true });
  }
  await paper.untilEnd();
  expect(paper.primes).toEqual(firstPrimes(spec, 10));
  expect(warnings(paper).length).toBe(3);
});

test('a clock that jumps, and a computer that was suspended, are no reason to replace anybody', async () => {
  const paper = new PaperRun({ store: new PaperStore(), spec: large, count: null, watchdogTicks: 3 }).start();
  await paper.until(() => (paper.workers[1]?.unit?.tested ?? 0) > 0);
  for (let day = 0; day < 100; day++) {
    paper.time.pass(86_400, 0);
    for (let k = 0; k < 4; k++) await paper.step();
  }
  expect(warnings(paper)).toEqual([]);
  paper.crash();
});

test('a worker that is slow to answer is not replaced, and what it answers late is not lost', async () => {
  const store = new PaperStore();
  const paper = new PaperRun({ store, spec: large, count: null, checkpointEvery: 1, watchdogTicks: 60 }).start();
  await paper.until(() => (paper.workers[1]?.unit?.tested ?? 0) > 0);
  const saved = () => store.latestSearch()?.state.units.map(({ tested, active }) => [tested, active]);
  // The other one gets its turn every twenty seconds.
  for (let k = 0; k < 8; k++) {
    for (let slice = 0; slice < 2000; slice++) await paper.step(0);
    await paper.step(1);
    const slow = paper.workers[1]?.unit;
    const before = timers(paper);
    for (let slice = 0; timers(paper) < before + 2 && slice < 2000; slice++) await paper.step(0);
    expect(slow).not.toBeNull();
    expect(saved()?.some(([tested]) => tested === slow?.tested)).toBe(true);
  }
  expect(warnings(paper)).toEqual([]);
  paper.crash();
});

test('paused while a worker hangs: it is saved without it, and the worker is replaced and held', async () => {
  const store = new PaperStore();
  const paper = new PaperRun({ store, spec: large, count: null, watchdogTicks: 5 }).start();
  await paper.until(() => paper.workers.every((worker) => (worker.unit?.tested ?? 0) > 0));
  Object.assign(paper.workers[0] ?? {}, { hung: true });
  const since = paper.time.wallSeconds();
  void paper.run.pause('user');
  await paper.until(() => lastProgress(paper)?.paused.length === 1);
  expect(paper.of('checkpoint').at(-1)?.reason).toBe('pause');
  expect(paper.time.wallSeconds() - since).toBeLessThan(6);
  await paper.until(() => warnings(paper).length > 0 && paper.workers[0]?.hung === false);
  expect(warnings(paper)).toEqual([GIVEN_UP]);
  await paper.until(() => paper.time.timers === 0);
  const spent = paper.time.cpuSeconds();
  for (let k = 0; k < 50; k++) await paper.step();
  expect(paper.time.cpuSeconds()).toBe(spent);
  paper.run.resume('user');
  const tests = lastProgress(paper)?.tested ?? 0;
  await paper.until(() => (lastProgress(paper)?.tested ?? 0) > tests);
  paper.crash();
});

test('stopped while a worker hangs: it is saved within seconds, and the next start goes on', async () => {
  const store = new PaperStore();
  const paper = new PaperRun({ store, spec, count: null }).start();
  await paper.until(() => paper.primes.length >= 2 && (paper.workers[0]?.busy ?? false));
  Object.assign(paper.workers[0] ?? {}, { hung: true });
  const since = paper.time.wallSeconds();
  void paper.run.stop();
  expect(await paper.untilEnd()).toBe('stopped');
  expect(paper.time.wallSeconds() - since).toBeLessThan(6);
  expect(paper.time.timers).toBe(0);
  const count = paper.primes.length + 4;
  const next = new PaperRun({ store, spec, count }).start();
  await next.untilEnd();
  expect([...paper.primes, ...next.primes]).toEqual(firstPrimes(spec, count));
});

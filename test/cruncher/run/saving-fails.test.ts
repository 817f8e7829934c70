/** A search whose store says "not now": nothing that it finds meanwhile is lost, told too early, or told twice. */

import { expect, test } from 'vitest';
import { unsavedEnd } from '../../../main/cruncher/run/keeper.ts';
import { searchId } from '../../../main/cruncher/run/search-identity.ts';
import { StorageFault } from '../../../main/cruncher/store/storage-fault.ts';
import { firstPrimes } from '../../support/first-primes.ts';
import { PaperRun, paperSpec } from '../../support/paper-run.ts';
import { PAPER_FAULT, type PaperFault, PaperStore } from '../../support/paper-store.ts';

const spec = paperSpec(30, 1);
const id = searchId(spec);
const expected = firstPrimes(spec, 40);

const warnings = (paper: PaperRun) => paper.of('warning').map(({ sentence }) => sentence);
const lastProgress = (paper: PaperRun) => paper.of('progress').at(-1)?.progress;

/** A search that has found two primes when its store begins to fail, and two steps later has something to save. */
async function failing(fault: PaperFault, options: Partial<ConstructorParameters<typeof PaperRun>[0]> = {}) {
  const store = new PaperStore();
  const paper = new PaperRun({ store, spec, count: null, ...options }).start();
  await paper.until(() => paper.primes.length >= 2);
  const told = paper.primes.length;
  store.fault = fault;
  await paper.until(() => warnings(paper).length > 0);
  return { store, paper, told };
}

test.each<PaperFault>(['save', 'questions', 'late'])(
  'while it lasts (%s) the search works on and tells nothing; then everything comes out, in order and once',
  async (fault) => {
    const { store, paper, told } = await failing(fault);
    const tests = lastProgress(paper)?.tested ?? 0;
    await paper.until(() => (lastProgress(paper)?.tested ?? 0) > tests + 100 && paper.time.wallSeconds() > 8);
    expect(paper.primes.length).toBe(told);
    expect(warnings(paper)).toEqual([PAPER_FAULT]);
    const checkpoints = paper.of('checkpoint').length;
    const progress = lastProgress(paper);
    expect(progress).toMatchObject({ found: told, paused: [] });
    expect(progress?.unsaved).toBeGreaterThan(2);
    expect(paper.run.totals).toMatchObject({ found: told, foundNow: told });
    const waiting = paper.run.unsaved;
    store.fault = null;
    await paper.until(() => paper.primes.length >= told + waiting);
    expect(warnings(paper).length).toBe(2);
    const safe = /^saved again: (\d+) primes found meanwhile are safe$/.exec(warnings(paper)[1] ?? '')?.[1];
    expect(Number(safe)).toBeGreaterThanOrEqual(waiting);
    expect(paper.of('checkpoint').length).toBeGreaterThan(checkpoints);
    await paper.until(() => lastProgress(paper)?.unsaved === null);
    expect(paper.primes.length).toBeGreaterThan(told + 2);
    expect(paper.primes).toEqual(firstPrimes(spec, paper.primes.length));
    expect(store.primesOf(id).map(({ decimal }) => decimal)).toEqual(paper.primes);
    void paper.run.stop();
    await paper.untilEnd();
    expect(paper.time.timers).toBe(0);
  },
);

test('it is tried again after a second, then twice as long, up to a minute', async () => {
  const { store, paper } = await failing('save', { checkpointEvery: 86_400 });
  // Paused, so that nothing else asks for a saving; a pause tries once by itself.
  void paper.run.pause('user');
  await paper.until(() => lastProgress(paper)?.paused.length === 1);
  const times: number[] = [];
  let tries = store.tries;
  await paper.until(() => {
    if (store.tries > tries) times.push(paper.time.wallSeconds());
    tries = store.tries;
    return times.length > 8;
  });
  const gaps = times.slice(1).map((time, k) => Math.round(time - (times[k] as number)));
  expect(gaps.slice(-2)).toEqual([60, 60]);
  gaps.slice(1).forEach((gap, k) => {
    expect(gap).toBe(Math.min(60, 2 * (gaps[k] as number)));
  });
  expect(times[0]).toBeLessThan(10);
  expect(warnings(paper)).toEqual([PAPER_FAULT]);
  paper.crash();
});

test('every checkpoint that is due tries too', async () => {
  const { store, paper } = await failing('save', { checkpointEvery: 0.05 });
  const { tries } = store;
  const before = paper.time.cpuSeconds();
  await paper.until(() => paper.time.cpuSeconds() > before + 2);
  expect(store.tries - tries).toBeGreaterThan(10);
  paper.crash();
});

test('paused by hand while it lasts: nothing is done, and it is saved as soon as that works', async () => {
  const { store, paper, told } = await failing('save');
  void paper.run.pause('user');
  await paper.until(() => lastProgress(paper)?.paused[0] === 'user');
  const spent = paper.time.cpuSeconds();
  const waiting = paper.run.unsaved;
  store.fault = null;
  await paper.until(() => paper.primes.length >= told + waiting);
  for (let k = 0; k < 30; k++) await paper.step();
  expect(paper.time.cpuSeconds()).toBe(spent);
  expect(paper.workers.every(({ held }) => held)).toBe(true);
  paper.run.resume('user');
  await paper.until(() => paper.primes.length >= told + waiting + 3);
  expect(paper.primes).toEqual(firstPrimes(spec, paper.primes.length));
  paper.crash();
});

test('when memory should hold no more it pauses, says why, and goes on by itself', async () => {
  const small = paperSpec(12, 3);
  const store = new PaperStore();
  const paper = new PaperRun({ store, spec: small, count: null, workers: 1 }).start();
  await paper.until(() => paper.primes.length > 0);
  store.fault = 'save';
  await paper.until(() => lastProgress(paper)?.paused.length === 1);
  expect(lastProgress(paper)?.paused).toEqual(['cannot-save']);
  const spent = paper.time.cpuSeconds();
  for (let k = 0; k < 50; k++) await paper.step();
  expect(paper.time.cpuSeconds()).toBe(spent);
  // By hand as well: both reasons must go.
  void paper.run.pause('user');
  await paper.until(() => lastProgress(paper)?.paused.length === 2);
  store.fault = null;
  await paper.until(() => lastProgress(paper)?.paused.length === 1);
  expect(lastProgress(paper)?.paused).toEqual(['user']);
  expect(paper.time.cpuSeconds()).toBe(spent);
  const held = paper.primes.length;
  expect(held).toBeGreaterThan(20_000);
  paper.run.resume('user');
  await paper.until(() => paper.primes.length > held);
  expect(paper.primes.slice(0, 1000)).toEqual(firstPrimes(small, 1000));
  const numbers = store.primesOf(id).map(({ block, offset }) => block * 2 ** 30 + offset);
  expect(numbers.every((number, k) => k === 0 || number > (numbers[k - 1] as number))).toBe(true);
  paper.crash();
});

test('stopped while it lasts, the run ends with the fault, and the next start finds the same primes again', async () => {
  const { store, paper, told } = await failing('save');
  await paper.until(() => paper.run.unsaved > 0);
  const { unsaved } = paper.run;
  const { tries } = store;
  void paper.run.stop();
  await expect(paper.untilEnd()).rejects.toThrow(StorageFault);
  expect(store.tries).toBe(tries + 1);
  expect(paper.run.unsaved).toBe(unsaved);
  expect(paper.workers.every(({ ended }) => ended)).toBe(true);
  expect(paper.time.timers).toBe(0);
  expect(paper.primes.length).toBe(told);
  expect(unsavedEnd(new StorageFault(PAPER_FAULT), 3)).toBe(
    'The search has ended, but nothing can be saved: the disk is full: 3 primes found since the last saving will be found again by the next start, because the search is repeatable.',
  );
  expect(unsavedEnd(new StorageFault(PAPER_FAULT), 0)).toContain('the work since the last saving is done again');
  store.fault = null;
  const next = new PaperRun({ store, spec, count: told + 6 }).start();
  await next.untilEnd();
  expect([...paper.primes, ...next.primes]).toEqual(expected.slice(0, told + 6));
});

test('stopped while it lasts, but the last try works: what was found is told, and the run ends well', async () => {
  const { store, paper, told } = await failing('save');
  const { unsaved } = paper.run;
  store.fault = null;
  void paper.run.stop();
  expect(await paper.untilEnd()).toBe('stopped');
  expect(paper.primes.length).toBe(told + unsaved);
  expect(paper.primes).toEqual(expected.slice(0, told + unsaved));
  expect(paper.run.totals.found).toBe(told + unsaved);
});

test('the last prime that was asked for is found but not saved: the search waits without work, then ends', async () => {
  const { store, paper } = await failing('save', { count: 6 });
  await paper.until(() => lastProgress(paper)?.paused[0] === 'cannot-save');
  expect(paper.ended).toBeNull();
  const spent = paper.time.cpuSeconds();
  for (let k = 0; k < 100; k++) await paper.step();
  expect(paper.time.cpuSeconds()).toBe(spent);
  store.fault = null;
  expect(await paper.untilEnd()).toBe('count');
  expect(paper.primes).toEqual(expected.slice(0, 6));
});

test('all that was asked for is saved, only the end is not: it ends well and says so', async () => {
  const store = new PaperStore();
  const paper = new PaperRun({
    store,
    spec,
    count: 3,
    onEvent: (event) => {
      if (event.type === 'prime' && event.record.decimal === expected[2]) store.fault = 'save';
    },
  }).start();
  expect(await paper.untilEnd()).toBe('count');
  expect(warnings(paper)).toEqual([
    'nothing can be saved: the disk is full; every prime is saved, but not what was done since',
  ]);
  expect(store.primesOf(id).map(({ decimal }) => decimal)).toEqual(expected.slice(0, 3));
});

test('no checkpoint is told of that was not saved', async () => {
  const { store, paper } = await failing('save', { checkpointEvery: 0.1 });
  const told = () => paper.of('checkpoint').length;
  const before = { told: told(), savings: store.savings };
  expect(before.told).toBe(before.savings);
  await paper.until(() => store.tries > before.savings + 5);
  expect(told()).toBe(before.told);
  store.fault = null;
  await paper.until(() => told() > before.told + 2);
  expect(told()).toBe(store.savings);
  paper.crash();
});

/** Real threads. */

import { Worker as Thread } from 'node:worker_threads';
import { expect, onTestFinished, test, vi } from 'vitest';
import { ThreadWorker, WorkerLost } from '../../../main/cruncher/threads/pool.ts';
import type { WorkerJob, WorkerSettings } from '../../../main/cruncher/threads/worker-messages.ts';
import { blockCount, blockInterval } from '../../../main/search/blocks.ts';
import { Kernels } from '../../../main/search/kernel-names.ts';
import { sealOf } from '../../../main/search/seal.ts';
import { sieveBlock } from '../../../main/search/sieve/sieve.ts';
import { freshSurvivors, nextSurvivor } from '../../../main/search/sieve/survivors.ts';
import type { UnitState } from '../../../main/search/unit.ts';
import { firstPrimes } from '../../support/first-primes.ts';
import { paperSpec } from '../../support/paper-run.ts';

type UnitJob = Extract<WorkerJob, { type: 'unit' }>;

function settingsOf(digits: number): { settings: WorkerSettings; interval: { start: bigint; count: number } } {
  const spec = paperSpec(digits, 9);
  const seed = Buffer.from(spec.seed, 'hex');
  return {
    settings: { digits, seed, rounds: spec.rounds, kernel: null },
    interval: blockInterval({ digits, count: blockCount(digits) }, seed, 0),
  };
}

/** The first odd numbers of a block, a little sieved. */
function unitOf({ start }: { start: bigint }, count: number): UnitJob {
  const survivors = freshSurvivors(count);
  for (const _ of sieveBlock({ start, count, from: 3, to: 1000 }, survivors));
  const indices: number[] = [];
  for (let i = nextSurvivor(survivors, 0, count); i >= 0; i = nextSurvivor(survivors, i + 1, count)) indices.push(i);
  const list = Uint32Array.from(indices);
  return { type: 'unit', block: 0, start, indices: list, seal: sealOf(list), state: null, cautious: false };
}

function threadFor(settings: WorkerSettings, started: () => void = () => {}): ThreadWorker {
  const worker = new ThreadWorker(settings, started);
  onTestFinished(() => worker.end());
  return worker;
}

const decimals = (job: UnitJob, state: UnitState) =>
  state.finds.map(({ index }) => (job.start + 2n * BigInt(index)).toString()).sort();

/** A unit that takes far longer than any test. */
const endless = () => {
  const { settings, interval } = settingsOf(2000);
  return { settings, job: unitOf(interval, 20_000) };
};

/** Waits until the worker is in the middle of a test. */
async function underWay(worker: ThreadWorker): Promise<UnitState> {
  for (;;) {
    const snapshot = await worker.snapshot(true);
    if (snapshot?.state && snapshot.state.active !== null) return snapshot.state;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('a thread sieves and tests: the primes of a stretch are OpenSSL’s', async () => {
  const { settings, interval } = settingsOf(40);
  let started = 0;
  const worker = threadFor(settings, () => started++);
  const count = 2000;
  const task = { start: interval.start, count, from: 0, to: 5000 };
  const sieved = await worker.run({ type: 'sieve', block: 0, ...task, survivors: null, seal: null });
  if (sieved.type !== 'sieve') throw new Error('expected a bitmap');
  const expected = freshSurvivors(count);
  for (const _ of sieveBlock(task, expected));
  expect(sieved.survivors).toEqual(expected);
  const job = unitOf(interval, count);
  const result = await worker.run(job);
  if (result.type !== 'unit') throw new Error('expected a unit');
  const primes = decimals(job, result.state);
  expect(primes).toEqual(firstPrimes(paperSpec(40, 9), primes.length).sort());
  expect(primes.length).toBeGreaterThan(20);
  expect(result.seconds).toBeGreaterThan(0);
  expect(started).toBe(1);
});

test('held, it stands still in the middle of a test; then it goes on', async () => {
  const { settings, job } = endless();
  const worker = threadFor(settings);
  const lost = worker.run(job).catch((error: unknown) => error);
  await underWay(worker);
  worker.hold();
  // Messages are answered in order, so the first answer is from where it holds.
  const still = await worker.snapshot(true);
  for (let k = 0; k < 5; k++) expect(await worker.snapshot(true)).toEqual(still);
  worker.go();
  for (;;) {
    const later = await worker.snapshot(true);
    if (JSON.stringify(later?.progress) !== JSON.stringify(still?.progress)) break;
  }
  await worker.end();
  expect(await lost).toBeInstanceOf(WorkerLost);
});

test('held, it begins no job', async () => {
  const { settings, interval } = settingsOf(30);
  const worker = threadFor(settings);
  const job = unitOf(interval, 200);
  await worker.run(job);
  worker.hold();
  let ended = false;
  const result = worker.run(job).finally(() => {
    ended = true;
  });
  for (let k = 0; k < 10; k++) expect(await worker.snapshot(true)).toMatchObject({ progress: { stage: 'idle' } });
  expect(ended).toBe(false);
  worker.go();
  expect((await result).type).toBe('unit');
});

test('a thread that comes up while it should be held is held', async () => {
  const { settings, interval } = settingsOf(30);
  const worker = threadFor(settings);
  worker.hold();
  const result = worker.run(unitOf(interval, 200));
  await Promise.resolve();
  for (let k = 0; k < 10; k++) expect(await worker.snapshot(true)).toMatchObject({ progress: { stage: 'idle' } });
  worker.go();
  expect((await result).type).toBe('unit');
});

test('asked to end, it ends in the middle of a test, also while it is held', async () => {
  for (const hold of [false, true]) {
    const { settings, job } = endless();
    const worker = threadFor(settings);
    const lost = worker.run(job).catch((error: unknown) => error);
    await underWay(worker);
    if (hold) worker.hold();
    await worker.end();
    expect(await lost).toBeInstanceOf(WorkerLost);
    expect(await worker.snapshot(true)).toBeNull();
    await expect(worker.run(job)).rejects.toThrow('the worker was ended');
  }
});

test('another thread goes on with a test from a snapshot, and the primes are the same', async () => {
  const { settings, interval } = settingsOf(300);
  const job = unitOf(interval, 1000);
  const first = threadFor(settings);
  const lost = first.run(job).catch((error: unknown) => error);
  const state = await underWay(first);
  await first.end();
  await lost;
  const result = await threadFor(settings).run({ ...job, state });
  if (result.type !== 'unit') throw new Error('expected a unit');
  const primes = decimals(job, result.state);
  expect(primes).toEqual(firstPrimes(paperSpec(300, 9), primes.length).sort());
  expect(primes.length).toBeGreaterThan(0);
});

test.skipIf(!new Kernels().capabilities.fusedMultiplyAdd)(
  'where the kernels cross is as it is told, from the next unit on',
  async () => {
    const { settings, interval } = settingsOf(310);
    const job = unitOf(interval, 1000);
    const first = async (worker: ThreadWorker): Promise<string[]> => {
      const result = await worker.run(job);
      if (result.type !== 'unit') throw new Error('expected a unit');
      expect(result.state.finds.length).toBeGreaterThan(0);
      return [...new Set(result.state.finds.map(({ kernels }) => kernels[0] as string))];
    };
    expect(await first(threadFor({ ...settings, crossovers: [1000] }))).toEqual(['fft']);
    const worker = threadFor(settings);
    expect(await first(worker)).toEqual(['schoolbook']);
    worker.useCrossovers([1000]);
    expect(await first(worker)).toEqual(['fft']);
    // and so does the thread that takes its place
    await worker.run(deadly(0n)).catch(() => {});
    expect(await first(worker)).toEqual(['fft']);
  },
);

/** More primes than there are: the sieve throws. */
const deadly = (start: bigint): WorkerJob => {
  return { type: 'sieve', block: 0, start, count: 8, from: 0, to: 2 ** 40, survivors: null, seal: null };
};

test('a thread killed by an exception is lost with its job, and another takes its place', async () => {
  const { settings, interval } = settingsOf(40);
  let started = 0;
  const worker = threadFor(settings, () => started++);
  const job = unitOf(interval, 200);
  await expect(worker.run(deadly(interval.start))).rejects.toThrow(WorkerLost);
  await expect(worker.run(deadly(interval.start))).rejects.toThrow('sieving primes below');
  const result = await worker.run(job);
  expect(result.type === 'unit' && result.state.finds.length).toBeGreaterThan(0);
  expect(started).toBe(3);
});

test('a thread that lives through being given up is terminated once more at the end', async () => {
  const { settings, job } = endless();
  const worker = new ThreadWorker(settings, () => {}, { endPatienceMs: 50 });
  const lost = expect(worker.run(job)).rejects.toThrow(WorkerLost);
  await underWay(worker);
  vi.spyOn(Thread.prototype, 'terminate').mockImplementationOnce(() => Promise.resolve(0));
  worker.giveUp('it does not answer');
  await lost;
  await worker.end();
});

test('ending does not wait for a replacement that waits for its time', async () => {
  const { settings, interval } = settingsOf(40);
  const worker = threadFor(settings);
  await expect(worker.run(deadly(interval.start))).rejects.toThrow('sieving primes below');
  const waiting = worker.run(unitOf(interval, 200)).catch((error: unknown) => error);
  await worker.end();
  expect(String(await waiting)).toContain('the worker was ended');
});

test('told to keep to a share of the time, it takes no more, whatever else the machine does', async () => {
  const { settings, interval } = settingsOf(1000);
  const worker = threadFor(settings);
  worker.keepTo(0.25);
  const job = unitOf(interval, 300);
  await worker.run({ ...job, indices: job.indices.slice(0, 0), seal: sealOf(job.indices.slice(0, 0)) });
  const since = performance.now();
  const { seconds } = await worker.run(job);
  const wall = (performance.now() - since) / 1000;
  // Several turns, or it would say nothing; the last may have no rest behind it.
  expect(seconds).toBeGreaterThan(0.1);
  expect((seconds - 0.03) / wall).toBeLessThan(0.25 * 1.2);
});

test('while it rests it answers and holds at once, and it goes on where it was', async () => {
  const { settings, job } = endless();
  const worker = threadFor(settings);
  worker.keepTo(0.1);
  const lost = worker.run(job).catch((error: unknown) => error);
  // A turn of work changes what is answered; so many equal answers one after the other are from a rest.
  const progress = async () => JSON.stringify((await worker.snapshot(true))?.progress);
  for (let equal = 0, last = ''; equal < 20; ) {
    const now = await progress();
    equal = now === last && !now.includes('idle') ? equal + 1 : 0;
    last = now;
  }
  worker.hold();
  const held = await progress();
  expect(await progress()).toBe(held);
  worker.go();
  while ((await progress()) === held);
  await worker.end();
  expect(await lost).toBeInstanceOf(WorkerLost);
});

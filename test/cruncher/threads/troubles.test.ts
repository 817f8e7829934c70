/** Real threads that spin, wait for ever or run out of memory: lost like any other, and replaced. */

import { describe, expect, onTestFinished, test } from 'vitest';
import { Crew } from '../../../main/cruncher/run/crew.ts';
import { type ThreadOptions, ThreadWorker, WorkerLost } from '../../../main/cruncher/threads/pool.ts';
import type { WorkerJob } from '../../../main/cruncher/threads/worker-messages.ts';
import { blockCount, blockInterval } from '../../../main/search/blocks.ts';
import { sealOf } from '../../../main/search/seal.ts';
import { paperSpec } from '../../support/paper-run.ts';
import { PaperTime } from '../../support/paper-search.ts';
import { TROUBLES } from '../../support/troubles.ts';

/** Large enough for the kernels to want more memory than they begin with. */
const digits = 3000;
const spec = paperSpec(digits, 9);
const seed = Buffer.from(spec.seed, 'hex');
const { start } = blockInterval({ digits, count: blockCount(digits) }, seed, 0);
const file = new URL('../../support/troubled-worker.ts', import.meta.url);

function thread(options: ThreadOptions = {}): ThreadWorker {
  const settings = { digits, seed, rounds: spec.rounds, kernel: null };
  const worker = new ThreadWorker(settings, () => {}, { file, endPatienceMs: 100, ...options });
  onTestFinished(() => worker.end());
  return worker;
}

const sieving = (count: number): WorkerJob => {
  return { type: 'sieve', block: 0, start, count, from: 0, to: 100, survivors: null, seal: null };
};

const indices = Uint32Array.of(1, 2, 3);
const unit = { type: 'unit', block: 0, start, indices, seal: sealOf(indices), state: null } as const;

/** Gives it a sieving that brings trouble; resolves when that has begun. */
async function inTrouble(worker: ThreadWorker, count: number): Promise<{ loss: Promise<unknown> }> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const loss = lossOf(worker.run(sieving(count), () => resolve()));
  await promise;
  return { loss };
}

const lossOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'it came to an end',
    (error) => error,
  );

describe.each(['spin', 'spinInWebAssembly', 'wait'] as const)('a thread in trouble (%s)', (trouble) => {
  test('does not answer; given up, it is lost, and another takes its place', async () => {
    const worker = thread();
    const { loss } = await inTrouble(worker, TROUBLES[trouble]);
    const answer = worker.snapshot(true);
    worker.giveUp('it did not answer');
    expect(await answer).toBeNull();
    expect(await loss).toEqual(new WorkerLost('it did not answer'));
    expect(await worker.run({ ...unit, cautious: false })).toMatchObject({ type: 'unit', state: { tested: 3 } });
  });

  test('is made to end', async () => {
    const worker = thread();
    const { loss } = await inTrouble(worker, TROUBLES[trouble]);
    await worker.end();
    expect(await loss).toBeInstanceOf(WorkerLost);
    await expect(worker.run({ ...unit, cautious: false })).rejects.toThrow('the worker was ended');
  });
});

test('what a thread says after it was given up is not taken for the answer of the next', async () => {
  const worker = thread();
  const first = lossOf(worker.run({ ...unit, cautious: false }));
  // It is up; by the next answer it may have done the job, and said so.
  await worker.snapshot(false);
  const question = worker.snapshot(true);
  worker.giveUp('too slow');
  expect(await first).toBeInstanceOf(WorkerLost);
  expect(await question).toBeNull();
  const second = await worker.run({
    ...unit,
    indices: indices.slice(1),
    seal: sealOf(indices.slice(1)),
    cautious: false,
  });
  expect(second).toMatchObject({ type: 'unit', state: { tested: 2 } });
});

test('a thread that runs out of memory is lost alone', async () => {
  const worker = thread({ resourceLimits: { maxOldGenerationSizeMb: 64 } });
  const loss = await lossOf(worker.run(sieving(TROUBLES.fillMemory)));
  expect(loss).toBeInstanceOf(WorkerLost);
  expect(String(loss)).toContain('memory');
  expect(await worker.run({ ...unit, cautious: false })).toMatchObject({ type: 'unit' });
});

test('a worker given up while its thread comes up begins again', async () => {
  const worker = thread();
  const loss = lossOf(worker.run({ ...unit, cautious: false }));
  worker.giveUp('too slow');
  expect(await loss).toBeInstanceOf(WorkerLost);
  expect(await worker.run({ ...unit, cautious: false })).toMatchObject({ type: 'unit' });
});

test('a thread whose kernels get no memory is lost, and another takes its place', async () => {
  const worker = thread();
  await worker.run(sieving(TROUBLES.noMemoryForKernels));
  const loss = await lossOf(worker.run({ ...unit, cautious: false }));
  expect(loss).toBeInstanceOf(WorkerLost);
  expect(String(loss)).toContain('Cannot allocate Wasm memory');
  expect(await worker.run({ ...unit, cautious: false })).toMatchObject({ type: 'unit' });
});

test('a thread that cannot be started is a worker that was lost', async () => {
  const worker = thread({ file: new URL('https://example.org/') });
  const loss = await lossOf(worker.run({ ...unit, cautious: false }));
  expect(loss).toBeInstanceOf(WorkerLost);
  expect(String(loss)).toContain('no worker thread could be started');
});

test('of a cautious job it says every candidate before it is begun', async () => {
  const worker = thread();
  const said: number[] = [];
  await worker.run({ ...unit, cautious: true }, (index) => said.push(index));
  expect([...new Set(said)]).toEqual([1, 2, 3]);
  const more: number[] = [];
  await worker.run({ ...unit, cautious: false }, (index) => more.push(index));
  expect(more).toEqual([]);
});

test('the watch of a crew gives up the thread that spins, and no other', async () => {
  const workers = [thread(), thread()] as const;
  const losses: string[] = [];
  const clock = new PaperTime();
  const crew = new Crew({ workers, clock, watchdogTicks: 3, lost: ({ message }) => losses.push(message) });
  const many = Uint32Array.from({ length: 300 }, (_, k) => k);
  const long = { ...unit, indices: many, seal: sealOf(many), cautious: false } as const;
  const spins = crew.run(workers[0], null, sieving(TROUBLES.spin));
  const works = crew.run(workers[1], null, long);
  // Until it has begun: threads need their time to come up.
  while ((await workers[1].snapshot(false))?.progress.stage !== 'screen');
  let lost = false;
  void spins.then(() => {
    lost = true;
  });
  for (let tick = 0; !lost && tick < 100; tick++) {
    void crew.watch();
    // The one that works answers before the next tick.
    await workers[1].snapshot(false);
  }
  expect(await spins).toEqual({
    type: 'lost',
    at: TROUBLES.spin,
    why: 'a worker thread did not answer for 3 seconds and was replaced',
  });
  expect(losses.length).toBe(1);
  await crew.end();
  expect((await works).type).toBe('lost');
  expect(losses.length).toBe(1);
});

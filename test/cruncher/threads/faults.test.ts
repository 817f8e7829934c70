/** Real threads that are told something that is not what the seed says, or not what was sealed. */

import { expect, onTestFinished, test } from 'vitest';
import { ThreadWorker, WorkerLost } from '../../../main/cruncher/threads/pool.ts';
import type { WorkerJob } from '../../../main/cruncher/threads/worker-messages.ts';
import { blockCount, blockInterval } from '../../../main/search/blocks.ts';
import { sealOf } from '../../../main/search/seal.ts';
import { freshSurvivors, sieveBlock } from '../../../main/search/sieve/sieve.ts';

const digits = 40;
const seed = new Uint8Array(32).fill(9);
const block = 2;
const { start, count } = blockInterval({ digits, count: blockCount(digits) }, seed, block);

function sieved(from: number, to: number, survivors = freshSurvivors(count)): Uint8Array {
  for (const _ of sieveBlock({ start, count, from, to }, survivors));
  return survivors;
}

const survivors = sieved(3, 1000);
const indices = Uint32Array.from([...Array(400).keys()].filter((i) => ((survivors[i >> 3] as number) >> (i & 7)) & 1));
const unit: Extract<WorkerJob, { type: 'unit' }> = {
  type: 'unit',
  block,
  start,
  indices,
  seal: sealOf(indices),
  state: null,
  cautious: false,
};
const sieve: Extract<WorkerJob, { type: 'sieve' }> = {
  type: 'sieve',
  block,
  start,
  count,
  from: 1000,
  to: 5000,
  survivors,
  seal: sealOf(survivors),
};

const flipped = <T extends Uint8Array | Uint32Array>(array: T, at: number): T => {
  const copy = array.slice() as T;
  copy[at]! ^= 4;
  return copy;
};

const wrong: Record<string, WorkerJob> = {
  'a unit with another index': { ...unit, indices: flipped(indices, 20) },
  'a unit without its last index': { ...unit, indices: indices.slice(0, -1) },
  'a unit with another start': { ...unit, start: start ^ 256n },
  'a unit of another block': { ...unit, block: block + 1 },
  'a sieve with another start': { ...sieve, start: start ^ 256n },
  'a sieve of a bitmap that changed': { ...sieve, survivors: flipped(survivors, 77) },
  'a sieve of a bitmap that is missing': { ...sieve, survivors: null },
};

test('a thread does nothing with what is not right: the job is lost, to an arithmetic error', async () => {
  const worker = new ThreadWorker({ digits, seed, rounds: 3, kernel: null }, () => {});
  onTestFinished(() => worker.end());
  for (const [what, job] of Object.entries(wrong)) {
    const error: unknown = await worker.run(job, () => {}).catch((reason: unknown) => reason);
    expect(error, what).toBeInstanceOf(WorkerLost);
    expect(error, what).toMatchObject({ arithmetic: true });
    // One that is right in between: the next thread comes without delay.
    const result = await worker.run(
      { ...unit, indices: indices.slice(0, 2), seal: sealOf(indices.slice(0, 2)) },
      () => {},
    );
    expect(result.type).toBe('unit');
  }
});

test('a bitmap comes back with its seal, and nothing was found wrong', async () => {
  const worker = new ThreadWorker({ digits, seed, rounds: 3, kernel: null }, () => {});
  onTestFinished(() => worker.end());
  const expected = sieved(1000, 5000, survivors.slice());
  const result = await worker.run(sieve, () => {});
  expect(result).toMatchObject({ survivors: expected, seal: sealOf(expected), faults: 0 });
});

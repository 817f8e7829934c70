/** Arithmetic errors are counted, through restarts, and said: a stray one, and those of a computer that makes them. */

import { expect, test } from 'vitest';
import { type PoolWorker, WorkerLost } from '../../../main/cruncher/threads/pool.ts';
import { firstPrimes } from '../../support/first-primes.ts';
import { PaperRun, paperSpec } from '../../support/paper-run.ts';
import { PaperStore } from '../../support/paper-store.ts';

const spec = paperSpec(30, 12);
const PUT_RIGHT = 'an arithmetic error was found and put right';
const symptom = (errors: number) =>
  `this computer makes arithmetic errors: ${errors} so far, all found and done again; run a memory test, take back any overclocking, look at the cooling, and try "nice19 selftest"`;

const warnings = (paper: PaperRun) => paper.of('warning').map(({ sentence }) => sentence);

/** Makes the next units of a worker come back with so many errors each. */
function withErrors(worker: PoolWorker | undefined, errors: number[]): void {
  if (worker === undefined) throw new Error('expected a worker');
  const run = worker.run.bind(worker);
  worker.run = async (job, at) => {
    const result = await run(job, at);
    if (result.type === 'sieve') return result;
    return { ...result, state: { ...result.state, disagreements: errors.shift() ?? 0 } };
  };
}

test('one is said to be put right, from three on it is the computer, and the count goes through a restart', async () => {
  const store = new PaperStore();
  const first = new PaperRun({ store, spec, count: 4, workers: 1 });
  withErrors(first.workers[0], [1, 1]);
  await first.start().untilEnd();
  expect(warnings(first)).toEqual([PUT_RIGHT, PUT_RIGHT]);
  expect(first.search.state.counters.disagreements).toBe(0);
  const second = new PaperRun({ store, spec, count: 12, workers: 1 });
  expect(second.search.state.counters.disagreements).toBe(2);
  withErrors(second.workers[0], [3, 1]);
  second.start();
  await second.until(() => second.of('progress').at(-1)?.progress.arithmeticErrors === 6);
  await second.untilEnd();
  expect(warnings(second)).toEqual([symptom(5), symptom(6)]);
  expect([...first.primes, ...second.primes]).toEqual(firstPrimes(spec, 12));
});

test('a worker that gave up because its computer computes wrongly counts as an error and is begun again', async () => {
  const store = new PaperStore();
  const paper = new PaperRun({ store, spec, count: 5, workers: 1 });
  const [worker] = paper.workers;
  if (worker === undefined) throw new Error('expected a worker');
  const run = worker.run.bind(worker);
  let losses = 0;
  worker.run = (job, at) => {
    if (job.type === 'sieve' || losses >= 3) return run(job, at);
    losses++;
    return Promise.reject(new WorkerLost('doing it again did not help', true));
  };
  await paper.start().untilEnd();
  const lost = 'doing it again did not help; its work is begun again';
  expect(warnings(paper)).toEqual([lost, PUT_RIGHT, lost, PUT_RIGHT, lost, symptom(3)]);
  expect(store.latestSearch()?.state.counters.disagreements).toBe(3);
  expect(paper.primes).toEqual(firstPrimes(spec, 5));
});

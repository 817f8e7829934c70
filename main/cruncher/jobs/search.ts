/** The job of the cruncher: search, from the store or from a checkpoint file, until it is told to stop. */

import { availableParallelism, hostname } from 'node:os';
import type { SearchJob } from '../../contract/messages.ts';
import { DEFAULT_DIGITS, DEFAULT_ERROR_LOG2 } from '../../contract/search-spec.ts';
import { VERSION } from '../../contract/version.ts';
import { Kernels } from '../../search/kernel-names.ts';
import { StrongPair } from '../../search/strong.ts';
import { readCheckpoint } from '../checkpoint-file.ts';
import { ThreadWorker } from '../pool.ts';
import { primeOf } from '../records.ts';
import { makeSpec, SEARCH_START, searchId } from '../search-identity.ts';
import { type RunClock, SearchRun } from '../search-run.ts';
import { lockDirectory } from '../store/lock.ts';
import { Store, type StoredSearch, StoreProblem } from '../store/store.ts';
import { type JobContext, nextTurn, Refusal } from './context.ts';

const clock: RunClock = {
  cpuSeconds() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  },
  wallSeconds: () => performance.now() / 1000,
  now: () => new Date().toISOString(),
};

export async function runSearch(job: SearchJob, context: JobContext): Promise<void> {
  const priority = context.lowerPriority();
  const owner = { pid: process.pid, since: clock.now() };
  const locked = lock(job.directory, owner);
  try {
    const store = openStore(job.directory);
    try {
      const search = await chooseSearch(job, store, context);
      store.setFact('priority', JSON.stringify(priority));
      await runChosen(job, context, store, search, priority);
    } finally {
      store.close();
    }
  } finally {
    locked.release();
  }
}

function lock(directory: string, owner: { pid: number; since: string }): { release(): void } {
  let result: ReturnType<typeof lockDirectory>;
  try {
    result = lockDirectory(directory, owner);
  } catch (error) {
    throw new Refusal(
      `The data directory ${directory} cannot be used (${(error as Error).message}); choose another with --data.`,
    );
  }
  if (result.ok) return result.lock;
  const who =
    result.owner === null
      ? 'Another nice19'
      : `Another nice19 (process ${result.owner.pid}, since ${result.owner.since})`;
  throw new Refusal(`${who} is searching in ${directory}; stop it, or choose another directory with --data.`);
}

export function openStore(directory: string): Store {
  try {
    return Store.open(directory);
  } catch (error) {
    if (error instanceof StoreProblem) throw new Refusal(`${capital(error.message)}.`);
    throw error;
  }
}

export const capital = (sentence: string): string => sentence.charAt(0).toUpperCase() + sentence.slice(1);

async function chooseSearch(job: SearchJob, store: Store, context: JobContext): Promise<StoredSearch> {
  if (job.restart !== null) return adoptCheckpoint(job, job.restart, store, context);
  const known =
    job.seed === null
      ? store.latestSearch({ digits: job.digits ?? undefined, errorLog2: job.errorLog2 ?? undefined })
      : null;
  const spec =
    known?.spec ?? makeSpec(job.digits ?? DEFAULT_DIGITS, job.errorLog2 ?? DEFAULT_ERROR_LOG2, job.seed ?? undefined);
  const id = searchId(spec);
  store.useSearch(id, spec, SEARCH_START, clock.now());
  return store.search(id) as StoredSearch;
}

/** Takes a search over from a file. Nothing of it is believed before it is checked. */
async function adoptCheckpoint(job: SearchJob, file: string, store: Store, context: JobContext): Promise<StoredSearch> {
  const { spec, state, primes } = readCheckpoint(file);
  const id = searchId(spec);
  if (spec.rounds !== makeSpec(spec.digits, spec.errorLog2, spec.seed).rounds) {
    throw new Refusal(`${file} does not hold what a checkpoint holds: its rounds do not reach its error.`);
  }
  const others = [
    ['--digits', job.digits, spec.digits],
    ['--error', job.errorLog2, spec.errorLog2],
    ['--seed', job.seed, spec.seed],
  ] as const;
  for (const [option, given, inFile] of others) {
    if (given !== null && given !== inFile) {
      throw new Refusal(`${option} does not fit the checkpoint ${file}; leave it out, the checkpoint says what it is.`);
    }
  }
  if (store.search(id) !== null) {
    throw new Refusal(
      `${job.directory} has the search of ${file} already; leave out --restart to go on with it, or choose an empty directory with --data.`,
    );
  }
  const kernels = new Kernels();
  for (const [k, prime] of primes.entries()) {
    const n = BigInt(prime.decimal);
    const right = prime.searchId === id && n === primeOf(spec, prime.block, prime.offset);
    if (!right || (prime.rounds > 0 && !(await passesBaseTwo(kernels, n, context)))) {
      throw new Refusal(
        `${file} claims a prime that is none (number ${k + 1}); it was not made by nice19 as it stands.`,
      );
    }
  }
  store.adopt(id, spec, state, primes, clock.now());
  return store.search(id) as StoredSearch;
}

async function passesBaseTwo(kernels: Kernels, n: bigint, context: JobContext): Promise<boolean> {
  const pair = new StrongPair(kernels, [
    { n, base: 2n },
    { n, base: 2n },
  ]);
  while (!pair.done) {
    pair.advance(2000);
    await nextTurn();
    if (context.isStopped()) throw new Refusal('Stopped while the checkpoint was being checked; nothing was changed.');
  }
  return pair.verdicts()[0];
}

async function runChosen(
  job: SearchJob,
  context: JobContext,
  store: Store,
  search: StoredSearch,
  priority: ReturnType<JobContext['lowerPriority']>,
): Promise<void> {
  const { id, spec, state } = search;
  const { emit } = context;
  const found = state.counters.found;
  if (job.count !== null && found >= job.count) {
    emit({ type: 'done', reason: 'already', found, foundNow: 0, cpuSeconds: state.counters.cpuSeconds });
    return;
  }
  const settings = { seed: Buffer.from(spec.seed, 'hex'), rounds: spec.rounds, kernel: job.kernel };
  const count = job.workers ?? availableParallelism();
  const workers = Array.from({ length: count }, () => new ThreadWorker(settings, context.sweepThreads));
  const bits = Math.ceil(spec.digits * Math.log2(10));
  emit({
    type: 'started',
    searchId: id,
    spec,
    resumed: state.counters.tested > 0 || state.units.length > 0,
    found,
    cpuSeconds: state.counters.cpuSeconds,
    workers: count,
    kernel: new Kernels({ wanted: job.kernel ?? undefined }).choose(bits),
    priority,
  });
  const run = new SearchRun({
    id,
    spec,
    state,
    count: job.count,
    checkpointEvery: job.checkpointEvery,
    store,
    workers,
    clock,
    record: { host: hostname(), version: VERSION },
    emit,
  });
  context.onCommand((command) => {
    if (command.type === 'pause') void run.pause(command.reason);
    if (command.type === 'resume') run.resume(command.reason);
  });
  void context.stopped.then(() => run.stop());
  const reason = await run.run();
  emit({ type: 'done', reason, found: run.found.total, foundNow: run.found.now, cpuSeconds: run.cpuSeconds });
}

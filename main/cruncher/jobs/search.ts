/** The job of the cruncher: search, from the store or from a checkpoint file, until it is told to stop. */

import { availableParallelism, hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { STATE_FILE } from '../../contract/job-files.ts';
import type { PrimeSummary } from '../../contract/library.ts';
import type { Command, SearchJob } from '../../contract/messages.ts';
import type { PriorityReport } from '../../contract/priority.ts';
import { DEFAULT_DIGITS, DEFAULT_ERROR_LOG2, type SearchSpec } from '../../contract/search-spec.ts';
import { VERSION } from '../../contract/version.ts';
import { type Crossovers, crossoversMatter, Kernels } from '../../search/kernel-names.ts';
import { calibrate, readCalibration } from '../calibration/calibration.ts';
import { thisMachine } from '../calibration/machine.ts';
import { unsavedEnd } from '../run/keeper.ts';
import type { RunClock } from '../run/ledger.ts';
import { makeSpec, SEARCH_START, searchId } from '../run/search-identity.ts';
import { SearchRun } from '../run/search-run.ts';
import type { SearchStore, SetAside } from '../run/search-store.ts';
import { readCheckpoint } from '../store/checkpoint-file.ts';
import { JobFiles } from '../store/job-files.ts';
import { StorageFault } from '../store/storage-fault.ts';
import type { StoredSearch } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { ThreadWorker } from '../threads/pool.ts';
import { type JobContext, nextTurn, Refusal } from './context.ts';
import { asSentence, lockPatience, takeDirectory, withVault } from './directory.ts';
import { summaryOf } from './prime-summary.ts';
import { Removals } from './removal.ts';
import { adoptCheckpoint } from './restart.ts';

const clock: RunClock = {
  cpuSeconds() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  },
  wallSeconds: () => performance.now() / 1000,
  now: () => new Date().toISOString(),
  every(milliseconds, call) {
    const timer = setInterval(call, milliseconds);
    return () => clearInterval(timer);
  },
};

export async function runSearch(job: SearchJob, context: JobContext): Promise<void> {
  const orders = collectOrders(context);
  if (job.inJobFiles === true) return runInJobFiles(job, context, orders);
  const removals = new Removals(context);
  // What is wrong with the job itself is said before anything is made or changed.
  if (job.restart !== null) readCheckpoint(job.restart);
  if (job.digits !== null) requireKernel(job, job.digits);
  const priority = context.lowerPriority();
  const owner = { pid: process.pid, since: clock.now() };
  const lock = await takeDirectory(job.directory, owner, lockPatience(context.isStopped));
  const tell = (sentence: string) => context.emit({ type: 'warning', sentence });
  await withVault({ directory: job.directory, lock, owner, tell }, async (vault) => {
    removals.answerFrom(vault);
    try {
      const search = await chooseSearch(job, vault, context);
      const home: SearchHome = {
        store: vault,
        setAside: vault.setAside(search.id),
        lastFind: lastFind(vault),
        keepPriority: (report) => vault.setFact('priority', JSON.stringify(report)),
        calibrates: job.kernel === null,
      };
      home.keepPriority(priority);
      await runChosen(job, context, search, home, priority, orders);
    } finally {
      removals.end();
    }
  });
}

/** The same search, kept in the two files of a job of a pool. */
async function runInJobFiles(job: SearchJob, context: JobContext, orders: Orders): Promise<void> {
  const wanted = (): SearchSpec =>
    makeSpec(job.digits ?? DEFAULT_DIGITS, job.errorLog2 ?? DEFAULT_ERROR_LOG2, job.seed ?? undefined);
  const priority = context.lowerPriority();
  const owner = { pid: process.pid, since: clock.now() };
  const lock = await takeDirectory(job.directory, owner, lockPatience(context.isStopped));
  try {
    const files = JobFiles.open(job.directory, wanted);
    const { id, spec, begunFrom: state } = files;
    requireSameSearch(job, spec);
    requireKernel(job, spec.digits);
    files.begin(clock.now());
    const home = {
      store: files,
      setAside: files.setAside(),
      lastFind: null,
      keepPriority: () => {},
      calibrates: false,
    };
    await runChosen(job, context, { id, spec, state }, home, priority, orders);
  } catch (error) {
    throw error instanceof StorageFault ? new Refusal(asSentence(error.message)) : error;
  } finally {
    lock.release();
  }
}

function requireSameSearch({ digits, errorLog2, seed, directory }: SearchJob, spec: SearchSpec): void {
  const others = [
    ['--digits', digits, spec.digits],
    ['--error', errorLog2, spec.errorLog2],
    ['--seed', seed, spec.seed],
  ] as const;
  const other = others.find(([, given, kept]) => given !== null && given !== kept);
  if (other === undefined) return;
  throw new Refusal(
    `${other[0]} does not fit the ${STATE_FILE} in ${directory}, which is of another search; leave it out, or begin in an empty directory.`,
  );
}

/** Where a search is kept, and what is known there besides. */
interface SearchHome {
  readonly store: SearchStore;
  readonly setAside: readonly SetAside[];
  /** The prime that the directory got last, whichever search found it. */
  readonly lastFind: PrimeSummary | null;
  readonly keepPriority: (report: PriorityReport) => void;
  /** Where the kernels cross on this computer is kept beside it. */
  readonly calibrates: boolean;
}

type Orders = ReturnType<typeof collectOrders>;
type Order = Extract<Command, { type: 'pause' | 'resume' | 'pace' }>;

/** Commands may come before the search is there to hear them: they are kept for it. */
function collectOrders(context: JobContext): { deliver(to: (order: Order) => void): void } {
  const early: Order[] = [];
  let listener = (order: Order): void => void early.push(order);
  context.onCommand((command) => {
    if (command.type === 'pause' || command.type === 'resume' || command.type === 'pace') listener(command);
  });
  return {
    deliver(to) {
      listener = to;
      for (const order of early.splice(0)) to(order);
    },
  };
}

async function chooseSearch(job: SearchJob, store: Vault, context: JobContext): Promise<StoredSearch> {
  if (job.restart !== null) return adoptCheckpoint(job, job.restart, store, context, clock.now());
  const known =
    job.seed === null
      ? store.latestSearch({ digits: job.digits ?? undefined, errorLog2: job.errorLog2 ?? undefined })
      : null;
  const spec =
    known?.spec ?? makeSpec(job.digits ?? DEFAULT_DIGITS, job.errorLog2 ?? DEFAULT_ERROR_LOG2, job.seed ?? undefined);
  requireKernel(job, spec.digits);
  const id = searchId(spec);
  store.useSearch(id, spec, SEARCH_START, clock.now());
  return store.search(id) as StoredSearch;
}

const bitsOf = (digits: number): number => Math.ceil(digits * Math.log2(10));

/** A kernel that was asked for must be able to do it. */
function requireKernel({ kernel }: SearchJob, digits: number): void {
  const problem = isDeterministic(digits) ? null : kernelsFor(kernel).refusalOfWanted(bitsOf(digits));
  if (problem !== null) throw new Refusal(`This search cannot run as asked: ${problem}; leave --kernel out.`);
}

const kernelsFor = (kernel: SearchJob['kernel'], measured: Crossovers | null = null): Kernels =>
  new Kernels({ wanted: kernel ?? undefined, measured: measured ?? undefined });

/** All numbers of this many digits are below 2^64. */
const isDeterministic = (digits: number): boolean => digits < 20;

/** The prime that the directory got last, whichever search found it. */
function lastFind(store: Vault): PrimeSummary | null {
  const [last] = store.primes(Number.POSITIVE_INFINITY, 1);
  return last === undefined ? null : summaryOf(last);
}

async function runChosen(
  job: SearchJob,
  context: JobContext,
  search: Pick<StoredSearch, 'id' | 'spec' | 'state'>,
  home: SearchHome,
  priority: PriorityReport,
  orders: Orders,
): Promise<void> {
  const { id, spec, state } = search;
  const { emit } = context;
  const found = state.counters.found;
  if (job.count !== null && found >= job.count) {
    emit({ type: 'done', reason: 'already', found, foundNow: 0, cpuSeconds: state.counters.cpuSeconds });
    return;
  }
  const crossovers = home.calibrates ? readCalibration(job.directory, thisMachine()) : null;
  const settings = {
    digits: spec.digits,
    seed: Buffer.from(spec.seed, 'hex'),
    rounds: spec.rounds,
    kernel: job.kernel,
    crossovers,
  };
  const count = job.workers ?? availableParallelism();
  // A thread that comes up brings helpers of its own: they too are lowered, and the report counts them.
  const started = () => home.keepPriority(context.lowerPriority());
  const workers = Array.from({ length: count }, () => new ThreadWorker(settings, started));
  emit({
    type: 'started',
    searchId: id,
    spec,
    resumed: state.counters.tested > 0 || state.units.length > 0,
    found,
    cpuSeconds: state.counters.cpuSeconds,
    workers: count,
    kernel: isDeterministic(spec.digits)
      ? { kernel: 'bigint', why: 'below 2^64 a deterministic test decides' }
      : kernelsFor(job.kernel, crossovers).choose(bitsOf(spec.digits)),
    priority,
    lastFind: home.lastFind,
  });
  const run = new SearchRun({
    id,
    spec,
    state,
    setAside: home.setAside,
    count: job.count,
    checkpointEvery: job.checkpointEvery,
    watchdogTicks: job.watchdogTicks,
    store: home.store,
    workers,
    clock,
    record: { host: hostname(), version: VERSION },
    emit,
  });
  orders.deliver((order) => {
    if (order.type === 'pause') void run.pause(order.reason);
    else if (order.type === 'resume') run.resume(order.reason);
    else run.pace(order);
  });
  void context.stopped.then(() => run.stop());
  const ended = new AbortController();
  if (home.calibrates && crossovers === null && crossoversMatter(bitsOf(spec.digits))) {
    const tell = (sentence: string) => emit({ type: 'warning', sentence });
    void calibrateBeside(job.directory, run, ended.signal, tell).then((measured) => {
      if (measured !== null) for (const worker of workers) worker.useCrossovers(measured);
    });
  }
  const reason = await run
    .run()
    .catch((error) => {
      throw error instanceof StorageFault ? new Refusal(unsavedEnd(error, run.unsaved)) : error;
    })
    .finally(() => ended.abort());
  emit({ type: 'done', reason, ...run.totals });
}

/** The search comes first, and what the engine has to compile for it. */
const CALIBRATE_AFTER_MS = 3000;
/** Messages of the workers and commands wait no longer, but for the making of a module. */
const TURN_SECONDS = 0.01;

/**
 * Measures while the search runs, some milliseconds at a time, and not while it is paused. The search goes on whatever
 * comes of it.
 * @returns null: not now
 */
async function calibrateBeside(
  directory: string,
  run: SearchRun,
  signal: AbortSignal,
  tell: (sentence: string) => void,
): Promise<Crossovers | null> {
  // A search that is paused is waited for without a timer.
  const over = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  let since = clock.wallSeconds();
  const turn = async (): Promise<boolean> => {
    if (clock.wallSeconds() - since > TURN_SECONDS) {
      await nextTurn();
      since = clock.wallSeconds();
    }
    await Promise.race([run.whileRunning(), over]);
    return !signal.aborted;
  };
  await sleep(CALIBRATE_AFTER_MS, undefined, { ref: false, signal }).catch(() => {});
  if (!(await turn())) return null;
  try {
    return await calibrate({ directory, machine: thisMachine(), clock: clock.wallSeconds, turn });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    tell(`The fastest arithmetic for each size could not be measured, and is chosen as usual: ${why}`);
    return null;
  }
}

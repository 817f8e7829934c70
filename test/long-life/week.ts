/**
 * A week of a computer with sixteen cores, with small numbers and a clock that does not wait: the real search, the real
 * store with its journal and backups, one worker on paper. The clock goes with the finds, so that the week and the
 * finds end together; with 500,000 finds a checkpoint each 300 CPU seconds makes more than 20,000 of them.
 */

import type { CruncherEvent } from '../../main/contract/messages.ts';
import { SEARCH_START, searchId } from '../../main/cruncher/run/search-identity.ts';
import { SearchRun } from '../../main/cruncher/run/search-run.ts';
import { lockDirectory } from '../../main/cruncher/store/lock.ts';
import type { StoredSearch } from '../../main/cruncher/store/store.ts';
import { Vault } from '../../main/cruncher/store/vault.ts';
import { Kernels } from '../../main/search/kernel-names.ts';
import { paperSpec } from '../support/paper-run.ts';
import { PaperTime, PaperWorker, settled } from '../support/paper-search.ts';

export const WEEK_SECONDS = 7 * 86_400;
const CORES = 16;
const CHECKPOINT_EVERY = 300;
/** Certain below 2^64, and about ten thousand finds a second here. */
const DIGITS = 12;
/** So a unit gets five numbers, nearly all of them finds. One each, as in life, would take four times as long. */
const SECONDS_PER_TEST = 0.1;

export interface WeekOptions {
  readonly directory: string;
  readonly finds: number;
  readonly emit: (event: CruncherEvent) => void;
  readonly tell: (sentence: string) => void;
  /** Called when another hundredth of the finds is there. */
  readonly onHundredth: (finds: number) => void | Promise<void>;
}

export interface Week {
  readonly finds: number;
  readonly checkpoints: number;
  readonly savings: number;
  readonly progress: number;
  readonly simulatedDays: number;
}

/** The clock of the finds. */
class WeekTime extends PaperTime {
  private readonly perFind: number;
  private wall = 0;

  constructor(finds: number) {
    super();
    this.perFind = WEEK_SECONDS / finds;
  }

  override pass(wallSeconds: number, cpuSeconds: number): void {
    this.wall += wallSeconds;
    super.pass(wallSeconds, cpuSeconds);
  }

  /** So many finds are there: it is as late as that. */
  reach(finds: number): void {
    const missing = finds * this.perFind - this.wall;
    if (missing > 0) this.pass(missing, CORES * missing);
  }
}

export async function liveAWeek({ directory, finds, emit, tell, onHundredth }: WeekOptions): Promise<Week> {
  const time = new WeekTime(finds);
  const owner = { pid: process.pid, since: time.now() };
  const taken = lockDirectory(directory, owner);
  if (!taken.ok) throw new Error(`somebody else has ${directory}`);
  const monotonic = () => 1000 * time.wallSeconds();
  const vault = Vault.open({ directory, lock: taken.lock, owner, tell, monotonic, now: () => new Date(time.now()) });
  const spec = paperSpec(DIGITS, 19);
  const id = searchId(spec);
  vault.useSearch(id, spec, SEARCH_START, time.now());
  const worker = slow(new PaperWorker(new Kernels(), { ...spec, seed: Buffer.from(spec.seed, 'hex') }, time));
  const counts = { prime: 0, savings: 0, checkpoint: 0, progress: 0 };
  const run = new SearchRun({
    id,
    spec,
    state: (vault.search(id) as StoredSearch).state,
    setAside: [],
    count: null,
    checkpointEvery: CHECKPOINT_EVERY,
    store: vault,
    workers: [worker],
    clock: time,
    record: { host: 'paper', version: '0.0.0' },
    emit: (event) => {
      if (event.type === 'prime') counts.prime++;
      else if (event.type === 'progress') counts.progress++;
      else if (event.type === 'checkpoint') {
        counts.savings++;
        if (event.reason === 'timer') counts.checkpoint++;
      }
      emit(event);
    },
  });
  let failure: unknown = null;
  const ended = run.run().catch((error) => {
    failure = error;
  });
  const step = async (): Promise<void> => {
    worker.jobs.length = 0;
    worker.step();
    await settled();
    if (failure !== null) throw failure;
  };
  for (let hundredth = 1; hundredth <= 100; hundredth++) {
    while (counts.prime < (finds * hundredth) / 100) {
      await step();
      time.reach(counts.prime);
    }
    // A backup has a thread and files of its own for a moment.
    await vault.backupMade();
    await onHundredth(counts.prime);
  }
  const stopped = run.stop();
  let done = false;
  void ended.then(() => {
    done = true;
  });
  while (!done) await step();
  await stopped;
  await vault.close();
  const { prime, checkpoint, savings, progress } = counts;
  return { finds: prime, checkpoints: checkpoint, savings, progress, simulatedDays: time.wallSeconds() / 86_400 };
}

/** The same worker, who says that every number took long. */
function slow(worker: PaperWorker): PaperWorker {
  const run: PaperWorker['run'] = async (job, at) => {
    const result = await worker.run(job, at);
    return job.type === 'unit' ? { ...result, seconds: SECONDS_PER_TEST * job.indices.length } : result;
  };
  return new Proxy(worker, {
    get(target, property) {
      if (property === 'run') return run;
      const value = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

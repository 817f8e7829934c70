/**
 * The workers of a search: what each is at, and how all of them are kept busy, asked, watched, held and ended. A worker
 * may not answer, for a while on a busy machine or for ever; nobody else waits for it.
 */

import type { Progress } from '../../contract/messages.ts';
import { type PoolWorker, WorkerLost } from '../threads/pool.ts';
import type { WorkerJob, WorkerResult, WorkerSnapshot } from '../threads/worker-messages.ts';
import type { Entry } from './frontier.ts';
import type { RunClock } from './ledger.ts';
import { within } from './patience.ts';

/** Something for one worker to do, to its end. */
export type Task = (worker: PoolWorker) => Promise<void>;

/** The thread was lost with its job, at this candidate if it said so. */
export interface LostJob {
  readonly type: 'lost';
  readonly at: number | null;
  readonly why: string;
}

/** A worker and its job. */
interface Post {
  readonly worker: PoolWorker;
  busy: boolean;
  entry: Entry | null;
  /** The candidate that it is at, where it says so. */
  at: number | null;
  /** Its last answer. */
  known: WorkerSnapshot['progress'] | null;
  /** Questions to it that are open: one of each kind at most. */
  readonly open: { progress: Promise<void> | null; state: Promise<void> | null };
  /** Ticks of the watch since it was asked and did not answer. */
  silent: number;
}

export interface CrewOptions {
  readonly workers: readonly PoolWorker[];
  readonly clock: RunClock;
  /** A worker that does not answer for so many ticks of the watch is given up. */
  readonly watchdogTicks: number;
  /** Is told when a worker was lost with its job. */
  readonly lost: (loss: WorkerLost) => void;
}

export class Crew {
  private readonly options: CrewOptions;
  private readonly posts: readonly Post[];
  private waiters: (() => void)[] = [];
  private ending = false;
  /** Jobs done to their end. */
  jobsDone = 0;

  constructor(options: CrewOptions) {
    this.options = options;
    this.posts = options.workers.map((worker) => ({
      worker,
      busy: false,
      entry: null,
      at: null,
      known: null,
      open: { progress: null, state: null },
      silent: 0,
    }));
  }

  /** Keeps every worker at what `next` says, until all are ended; where there is nothing yet they wait for a `wake`. */
  async work(next: () => Task | null): Promise<void> {
    await Promise.all(this.posts.map(({ worker }) => this.drive(worker, next)));
  }

  private async drive(worker: PoolWorker, next: () => Task | null): Promise<void> {
    while (!this.ending) {
      const task = next();
      if (task === null) {
        await new Promise<void>((resolve) => this.waiters.push(resolve));
      } else {
        await task(worker);
        this.wake();
      }
    }
  }

  /** There may be something to do. */
  wake(): void {
    for (const resolve of this.waiters.splice(0)) resolve();
  }

  /** @param entry the unit that the job is about, if any */
  async run(worker: PoolWorker, entry: Entry | null, job: WorkerJob): Promise<WorkerResult | LostJob> {
    const post = this.posts.find((one) => one.worker === worker) as Post;
    Object.assign(post, { busy: true, entry, at: null, known: null, silent: 0 });
    try {
      const result = await worker.run(job, (index) => {
        post.at = index;
      });
      this.jobsDone++;
      return result;
    } catch (error) {
      if (!(error instanceof WorkerLost)) throw error;
      if (!this.ending) this.options.lost(error);
      return { type: 'lost', at: post.at, why: error.message };
    } finally {
      Object.assign(post, { busy: false, entry: null });
    }
  }

  /**
   * Asks every worker where it stands, and notes it in its unit.
   * @param patienceMs how long it waits for the answers
   * @returns whether all have answered; the unit of one that has not stays as it was at its last snapshot
   */
  takeSnapshots(patienceMs: number): Promise<boolean> {
    const answers = this.posts.map((post) => this.ask(post, 'state'));
    return within(this.options.clock, patienceMs, Promise.all(answers));
  }

  /**
   * A tick of the watch: asks every worker at work what it is at, and gives up those that have been silent for too
   * long. It is ticks that count, not the clock: they stop with the computer and with the process, as the workers do.
   * Resolves when those that were asked now have answered.
   */
  async watch(): Promise<void> {
    const { watchdogTicks } = this.options;
    const answers: Promise<void>[] = [];
    for (const post of this.posts) {
      if (!post.busy) continue;
      if (post.open.progress === null) answers.push(this.ask(post, 'progress'));
      else if (++post.silent >= watchdogTicks) {
        post.worker.giveUp(`a worker thread did not answer for ${watchdogTicks} seconds and was replaced`);
      }
    }
    await Promise.all(answers);
  }

  /** Whether a worker has not answered what it was asked. */
  get isSilent(): boolean {
    return this.posts.some(({ open }) => open.progress !== null || open.state !== null);
  }

  private ask(post: Post, kind: keyof Post['open']): Promise<void> {
    const { entry, open } = post;
    open[kind] ??= post.worker.snapshot(kind === 'state').then((snapshot) => {
      open[kind] = null;
      post.silent = 0;
      if (post.entry !== entry || snapshot === null) return;
      post.known = snapshot.progress;
      if (snapshot.state !== null && entry?.status === 'running') entry.state = snapshot.state;
    });
    return open[kind];
  }

  /** What each was at when it last answered, for people to look at. */
  progress(): Progress['workers'] {
    return this.posts.map(({ busy, entry, known }) => {
      const { stage, fraction, indices } = (busy ? known : null) ?? { stage: 'idle', fraction: 0, indices: [] };
      return { stage, fraction, block: entry?.range.block ?? 0, offset: indices[0] ?? null };
    });
  }

  hold(): void {
    for (const { worker } of this.posts) worker.hold();
  }

  go(): void {
    for (const { worker } of this.posts) worker.go();
  }

  /** Ends all workers, in the middle of what they do. */
  async end(): Promise<void> {
    this.ending = true;
    await Promise.all(this.posts.map(({ worker }) => worker.end()));
    this.wake();
  }
}

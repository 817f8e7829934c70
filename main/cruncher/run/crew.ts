/**
 * The workers of a search: what each is at, and how all of them are kept busy, asked, watched, held and ended. A worker
 * may not answer, for a while on a busy machine or for ever; nobody else waits for it.
 *
 * When fewer are to compute than there are, those with the earliest work do, and the others stand still where they are:
 * `computing` says who. Whenever one has done its job, an earlier one that stood still goes on in its place. So nothing is
 * handed over, lost or done twice, no unit holds up the search for longer than another's job lasts, and soon the workers
 * that stand still are those that have nothing to do.
 */

import type { Progress } from '../../contract/messages.ts';
import { type PoolWorker, WorkerLost } from '../threads/pool.ts';
import type { WorkerJob, WorkerResult, WorkerSnapshot } from '../threads/worker-messages.ts';
import type { Entry } from './frontier.ts';
import type { RunClock } from './ledger.ts';
import { within } from './patience.ts';

/** The place of a first answer that has not come. */
const NOT_HEARD: WorkerSnapshot['progress'] = { stage: 'idle', indices: [], fraction: 0 };

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
  /** It is one of those that compute, if any do. */
  computes: boolean;
  /** It was told to stand still. */
  held: boolean;
  entry: Entry | null;
  /** The candidate that it is at, where it says so. */
  at: number | null;
  /** Its last answer. */
  known: WorkerSnapshot['progress'] | null;
  /** Its first answer in this job, if the job went on with a test that was begun before. */
  resumed: WorkerSnapshot['progress'] | null;
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
  private paused = false;
  /** How many compute. */
  private most = Number.POSITIVE_INFINITY;
  /** Jobs done to their end. */
  jobsDone = 0;

  constructor(options: CrewOptions) {
    this.options = options;
    this.posts = options.workers.map((worker) => ({
      worker,
      busy: false,
      computes: true,
      held: false,
      entry: null,
      at: null,
      known: null,
      resumed: null,
      open: { progress: null, state: null },
      silent: 0,
    }));
  }

  /** Keeps every worker at what `next` says, until all are ended; where there is nothing yet they wait for a `wake`. */
  async work(next: () => Task | null): Promise<void> {
    await Promise.all(this.posts.map((post) => this.drive(post, next)));
  }

  private async drive(post: Post, next: () => Task | null): Promise<void> {
    while (!this.ending) {
      this.assign();
      const task = post.computes ? next() : null;
      if (task === null) {
        await new Promise<void>((resolve) => this.waiters.push(resolve));
      } else {
        await task(post.worker);
        this.wake();
      }
    }
  }

  /** So many compute at once, from now on; all others stand still. */
  compute(most: number): void {
    this.most = most;
    this.assign();
    this.wake();
  }

  /** How many compute, unless it is paused. */
  get computing(): number {
    return Math.min(this.most, this.posts.length);
  }

  /** Each computes this share of the time. */
  keepTo(share: number): void {
    for (const { worker } of this.posts) worker.keepTo(share);
  }

  /** Who computes: those with the earliest work, then those with none. */
  private assign(): void {
    const order = this.most < this.posts.length ? this.posts.toSorted(byWork) : this.posts;
    order.forEach((post, k) => {
      post.computes = k < this.most;
    });
    this.tell();
  }

  private tell(): void {
    for (const post of this.posts) {
      const held = this.paused || !post.computes;
      if (held === post.held) continue;
      post.held = held;
      if (held) post.worker.hold();
      else post.worker.go();
    }
  }

  /** There may be something to do. */
  wake(): void {
    for (const resolve of this.waiters.splice(0)) resolve();
  }

  /** @param entry the unit that the job is about, if any */
  async run(worker: PoolWorker, entry: Entry | null, job: WorkerJob): Promise<WorkerResult | LostJob> {
    const post = this.posts.find((one) => one.worker === worker) as Post;
    Object.assign(post, { busy: true, entry, at: null, known: null, resumed: null, silent: 0 });
    const isResumed = job.type === 'unit' && job.state?.active != null;
    if (isResumed) post.resumed = NOT_HEARD;
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
      if (post.resumed === NOT_HEARD && snapshot.progress.stage !== 'idle') post.resumed = snapshot.progress;
      if (snapshot.state !== null && entry?.status === 'running') entry.state = snapshot.state;
    });
    return open[kind];
  }

  /** What each was at when it last answered, for people to look at. */
  progress(): Progress['workers'] {
    return this.posts.map(({ busy, computes, entry, known }) => {
      const { stage, fraction, indices } = (busy ? known : null) ?? { stage: 'idle', fraction: 0, indices: [] };
      return { stage, fraction, block: entry?.range.block ?? 0, offset: indices[0] ?? null, rests: !computes };
    });
  }

  /** Screens done of those under way, in parts of them: a test of 100,000 digits lasts for minutes. What was done before a job began is left out. */
  get screensUnderWay(): number {
    const parts = this.posts.map(({ busy, known, resumed }) => {
      if (!busy || known?.stage !== 'screen') return 0;
      const isSame = resumed?.stage === 'screen' && resumed.indices[0] === known.indices[0];
      return known.indices.length * (known.fraction - (isSame ? resumed.fraction : 0));
    });
    return parts.reduce((sum, part) => sum + part, 0);
  }

  hold(): void {
    this.paused = true;
    this.tell();
  }

  go(): void {
    this.paused = false;
    this.tell();
  }

  /** Ends all workers, in the middle of what they do. */
  async end(): Promise<void> {
    this.ending = true;
    await Promise.all(this.posts.map(({ worker }) => worker.end()));
    this.wake();
  }
}

/** Sieving comes first, units wait for it; then the units in their order; then those that have no job. */
function byWork(one: Post, other: Post): number {
  const rank = ({ busy, entry }: Post) => (busy ? (entry === null ? 0 : 1) : 2);
  const [a, b] = [one.entry?.range, other.entry?.range];
  if (a === undefined || b === undefined) return rank(one) - rank(other);
  return a.block - b.block || a.from - b.from;
}

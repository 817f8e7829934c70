/** The workers of a search: what each is at, and how all of them are kept busy, asked, held and ended. */

import type { Progress } from '../../contract/messages.ts';
import { type PoolWorker, WorkerLost } from '../threads/pool.ts';
import type { WorkerJob, WorkerResult } from '../threads/worker-messages.ts';
import type { Entry } from './frontier.ts';

/** Something for one worker to do, to its end. */
export type Task = (worker: PoolWorker) => Promise<void>;

export class Crew {
  private readonly workers: readonly PoolWorker[];
  private readonly active = new Map<PoolWorker, Entry | null>();
  private readonly lost: (sentence: string) => void;
  private waiters: (() => void)[] = [];
  private ending = false;

  /** @param lost is told when a worker was lost with its job */
  constructor(workers: readonly PoolWorker[], lost: (sentence: string) => void) {
    this.workers = workers;
    this.lost = lost;
  }

  /** Keeps every worker at what `next` says, until all are ended; where there is nothing yet they wait for a `wake`. */
  async work(next: () => Task | null): Promise<void> {
    await Promise.all(this.workers.map((worker) => this.drive(worker, next)));
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
  private wake(): void {
    for (const resolve of this.waiters.splice(0)) resolve();
  }

  /**
   * @param entry the unit that the job is about, if any
   * @returns null when the worker was lost
   */
  async run(worker: PoolWorker, entry: Entry | null, job: WorkerJob): Promise<WorkerResult | null> {
    this.active.set(worker, entry);
    try {
      return await worker.run(job);
    } catch (error) {
      if (!(error instanceof WorkerLost)) throw error;
      if (!this.ending) this.lost(error.message);
      return null;
    } finally {
      this.active.set(worker, null);
    }
  }

  /** Asks every worker where it stands, and notes it in its unit. */
  async takeSnapshots(): Promise<void> {
    await Promise.all(
      [...this.active].map(async ([worker, entry]) => {
        if (entry === null) return;
        const snapshot = await worker.snapshot(true);
        if (snapshot?.state && entry.status === 'running') entry.state = snapshot.state;
      }),
    );
  }

  /** What each is at, for people to look at. */
  progress(): Promise<Progress['workers']> {
    return Promise.all(
      this.workers.map(async (worker) => {
        const block = this.active.get(worker)?.range.block ?? 0;
        const snapshot = await worker.snapshot(false);
        const { stage, fraction, indices } = snapshot?.progress ?? { stage: 'idle', fraction: 0, indices: [] };
        return { stage, fraction, block, offset: indices[0] ?? null };
      }),
    );
  }

  hold(): void {
    for (const worker of this.workers) worker.hold();
  }

  go(): void {
    for (const worker of this.workers) worker.go();
  }

  /** Ends all workers, in the middle of what they do. */
  async end(): Promise<void> {
    this.ending = true;
    await Promise.all(this.workers.map((worker) => worker.end()));
    this.wake();
  }
}

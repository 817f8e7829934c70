/**
 * The worker threads behind one interface. A worker that dies, runs out of memory or is given up is replaced, with
 * back-off, and its job comes back as a `WorkerLost`: the one who gave it starts it again from its last snapshot.
 *
 * Threads end by themselves when they are asked to (worker.ts says why); only one that does not answer is terminated.
 */

import { type ResourceLimits, Worker } from 'node:worker_threads';
import type { Crossovers } from '../../search/kernel-names.ts';
import type {
  FromWorker,
  ToWorker,
  WorkerJob,
  WorkerResult,
  WorkerSettings,
  WorkerSnapshot,
} from './worker-messages.ts';

/** The thread of a job ended before the job did. */
export class WorkerLost extends Error {
  override readonly name = 'WorkerLost';
  /** Whether it gave up because this computer computes wrongly. */
  readonly arithmetic: boolean;

  constructor(why: string, arithmetic = false) {
    super(why);
    this.arithmetic = arithmetic;
  }
}

/** What the search needs of a worker; tests have another implementation. */
export interface PoolWorker {
  /** @param at hears which candidate comes next, of a cautious job */
  run(job: WorkerJob, at?: (index: number) => void): Promise<WorkerResult>;
  /** Where it stands now; null when it is between jobs or lost. */
  snapshot(withState: boolean): Promise<WorkerSnapshot | null>;
  hold(): void;
  go(): void;
  /** Computes this share of the time from now on, 0.1 to 1. */
  keepTo(share: number): void;
  /** Its thread does not answer: it is lost, and another takes its place. */
  giveUp(why: string): void;
  /** Resolves when the thread has ended, which one that does not answer is made to. */
  end(): Promise<void>;
}

const RESTART_BASE_MS = 100;
const RESTART_LIMIT_MS = 60_000;
/** A turn of a worker is 30 ms of work, which takes longer on a busy machine. */
const END_PATIENCE_MS = 5000;

/** What tests want otherwise. */
export interface ThreadOptions {
  readonly file?: URL;
  readonly resourceLimits?: ResourceLimits;
  readonly endPatienceMs?: number;
}

export class ThreadWorker implements PoolWorker {
  private settings: WorkerSettings;
  private thread: Worker | null = null;
  private ended: Promise<void> = Promise.resolve();
  /** Terminated, and not gone yet. */
  private readonly givenUp = new Set<Worker>();
  private result: PromiseWithResolvers<WorkerResult> | null = null;
  private readonly snapshots: ((snapshot: WorkerSnapshot | null) => void)[] = [];
  private held = false;
  private share = 1;
  private losses = 0;
  private closed = false;
  private readonly closing = Promise.withResolvers<void>();
  private readonly started: () => void;
  private readonly options: ThreadOptions;
  private at: (index: number) => void = () => {};

  /** @param started is called after a thread has come up: its helper threads may want a lower priority too */
  constructor(settings: WorkerSettings, started: () => void, options: ThreadOptions = {}) {
    this.settings = settings;
    this.started = started;
    this.options = options;
  }

  async run(job: WorkerJob, at: (index: number) => void = () => {}): Promise<WorkerResult> {
    if (this.result !== null) throw new Error('the worker is busy');
    const pending = Promise.withResolvers<WorkerResult>();
    this.result = pending;
    this.at = at;
    try {
      if (this.thread === null) await this.start();
      this.post({ type: 'job', job });
      const result = await pending.promise;
      this.losses = 0;
      return result;
    } finally {
      this.result = null;
    }
  }

  snapshot(withState: boolean): Promise<WorkerSnapshot | null> {
    if (this.thread === null || this.result === null) return Promise.resolve(null);
    const { promise, resolve } = Promise.withResolvers<WorkerSnapshot | null>();
    this.snapshots.push(resolve);
    this.post({ type: 'snapshot', withState });
    return promise;
  }

  hold(): void {
    this.held = true;
    this.post({ type: 'hold' });
  }

  go(): void {
    this.held = false;
    this.post({ type: 'go' });
  }

  /** Where the fast kernels cross on this computer, now that it is known. */
  useCrossovers(crossovers: Crossovers): void {
    this.settings = { ...this.settings, crossovers };
    this.post({ type: 'crossovers', crossovers });
  }

  keepTo(share: number): void {
    this.share = share;
    this.post({ type: 'share', share });
  }

  giveUp(why: string): void {
    const { thread } = this;
    if (thread === null) return;
    this.lose(thread, why);
    this.givenUp.add(thread);
    void thread.terminate();
  }

  async end(): Promise<void> {
    const { thread } = this;
    this.closed = true;
    this.closing.resolve();
    this.post({ type: 'end' });
    // A thread may live through it once (an inspector had it run something while it ended): then the search never would end.
    const terminate = () => {
      for (const left of [thread, ...this.givenUp]) void left?.terminate();
    };
    const timer = setTimeout(terminate, this.options.endPatienceMs ?? END_PATIENCE_MS);
    await this.ended.finally(() => clearTimeout(timer));
  }

  private post(message: ToWorker): void {
    this.thread?.postMessage(message);
  }

  private async start(): Promise<void> {
    if (this.losses > 0) {
      const delay = Math.min(RESTART_LIMIT_MS, RESTART_BASE_MS * 2 ** (this.losses - 1));
      await this.closedWithin(delay);
    }
    if (this.closed) throw new WorkerLost('the worker was ended');
    const thread = this.newThread();
    this.thread = thread;
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const before = this.ended;
    this.ended = before.then(() => ended);
    thread.once('exit', (code) => {
      this.givenUp.delete(thread);
      this.lose(thread, `a worker thread ended with code ${code}`);
      resolve();
    });
    thread.on('error', (error) => this.lose(thread, error instanceof Error ? error.message : String(error)));
    thread.once('online', this.started);
    thread.on('message', (message: FromWorker) => {
      this.receive(thread, message);
    });
    if (this.share !== 1) this.post({ type: 'share', share: this.share });
    if (this.held) this.post({ type: 'hold' });
  }

  /** @throws WorkerLost also where the system has no thread or no memory for it */
  private newThread(): Worker {
    const { file = new URL('./worker.ts', import.meta.url), resourceLimits = {} } = this.options;
    try {
      return new Worker(file, { workerData: this.settings, resourceLimits });
    } catch (error) {
      this.losses++;
      throw new WorkerLost(`no worker thread could be started (${error instanceof Error ? error.message : error})`);
    }
  }

  private receive(thread: Worker, message: FromWorker): void {
    // What a thread said that was given up meanwhile, about a job that another has now.
    if (this.thread !== thread) return;
    switch (message.type) {
      case 'result':
        this.result?.resolve(message.result);
        return;
      case 'snapshot':
        this.snapshots.shift()?.(message.snapshot);
        return;
      case 'at':
        this.at(message.index);
        return;
      case 'failed':
        this.lose(thread, message.why, message.arithmetic);
        thread.postMessage({ type: 'end' } satisfies ToWorker);
    }
  }

  /** Waits, but not longer than the worker is wanted. */
  private async closedWithin(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, milliseconds);
    await Promise.race([promise, this.closing.promise]);
    clearTimeout(timer);
  }

  /** A failure is followed by the exit of the same thread, when another may have taken its place. */
  private lose(thread: Worker, why: string, arithmetic = false): void {
    if (this.thread !== thread) return;
    this.thread = null;
    this.losses++;
    for (const answer of this.snapshots.splice(0)) answer(null);
    this.result?.reject(new WorkerLost(why, arithmetic));
  }
}

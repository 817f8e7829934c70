/**
 * A search without threads and without time: its workers do the real work, a slice whenever the test says, and
 * the clocks show what the slices took, a hundredth of a second each.
 */

import type { RunClock } from '../../main/cruncher/run/ledger.ts';
import { type PoolWorker, WorkerLost } from '../../main/cruncher/threads/pool.ts';
import type {
  WorkerJob,
  WorkerResult,
  WorkerSettings,
  WorkerSnapshot,
} from '../../main/cruncher/threads/worker-messages.ts';
import { Kernels } from '../../main/search/kernel-names.ts';
import { sealOf } from '../../main/search/seal.ts';
import { sieveBlock } from '../../main/search/sieve/sieve.ts';
import { freshSurvivors } from '../../main/search/sieve/survivors.ts';
import { UnitRunner, type UnitState } from '../../main/search/unit.ts';

const SLICE_SECONDS = 0.01;

export class PaperTime implements RunClock {
  readonly #timers = new Map<() => void, { readonly seconds: number; due: number }>();
  #cpu: number;
  #wall = 0;

  /** @param cpu seconds that this process has used already */
  constructor(cpu = 0) {
    this.#cpu = cpu;
  }

  cpuSeconds(): number {
    return this.#cpu;
  }

  wallSeconds(): number {
    return this.#wall;
  }

  now(): string {
    return new Date(Date.UTC(2026, 0, 1) + 1000 * this.#wall).toISOString();
  }

  every(milliseconds: number, call: () => void): () => void {
    const timer = () => call();
    this.#timers.set(timer, { seconds: milliseconds / 1000, due: this.#wall + milliseconds / 1000 });
    return () => this.#timers.delete(timer);
  }

  get timers(): number {
    return this.#timers.size;
  }

  /** Time goes by, with work or without. As Node does, what should have come several times comes once. */
  pass(wallSeconds: number, cpuSeconds: number): void {
    this.#wall += wallSeconds;
    this.#cpu += cpuSeconds;
    for (const [call, timer] of [...this.#timers]) {
      if (timer.due > this.#wall || !this.#timers.has(call)) continue;
      while (timer.due <= this.#wall) timer.due += timer.seconds;
      call();
    }
  }
}

interface RunningJob {
  /** Of the unit's block. */
  readonly start: bigint | null;
  readonly steps: Generator<unknown, WorkerResult>;
  readonly result: PromiseWithResolvers<WorkerResult>;
  readonly snapshot: () => WorkerSnapshot;
}

export class PaperWorker implements PoolWorker {
  readonly #kernels: Kernels;
  readonly #settings: Omit<WorkerSettings, 'kernel'>;
  readonly #time: PaperTime;
  readonly #questions: ((snapshot: WorkerSnapshot | null) => void)[] = [];
  #job: RunningJob | null = null;
  #squarings = 60;
  held = false;
  /** It is told to; a paper slice takes what it takes. */
  share = 1;
  ended = false;
  /** It spins, and neither works nor answers, until it is replaced. */
  hung = false;
  /** Numbers whose test ends the thread, or makes it spin. */
  deadly: ReadonlyMap<bigint, 'dies' | 'hangs'> = new Map();
  /** Jobs that were given to it. */
  readonly jobs: WorkerJob[] = [];

  constructor(kernels: Kernels, settings: Omit<WorkerSettings, 'kernel'>, time: PaperTime) {
    this.#kernels = kernels;
    this.#settings = settings;
    this.#time = time;
  }

  run(job: WorkerJob, at: (index: number) => void = () => {}): Promise<WorkerResult> {
    if (this.#job !== null) throw new Error('the worker is busy');
    if (this.ended) return Promise.reject(new WorkerLost('the worker was ended'));
    // As threads get it: a copy.
    const own = structuredClone(job);
    this.jobs.push(own);
    this.#job = own.type === 'sieve' ? this.#sieve(own) : this.#unit(own, at);
    return this.#job.result.promise;
  }

  snapshot(withState: boolean): Promise<WorkerSnapshot | null> {
    if (this.#job === null) return Promise.resolve(null);
    const { promise, resolve } = Promise.withResolvers<WorkerSnapshot | null>();
    this.#questions.push((snapshot) =>
      resolve(withState || snapshot === null ? snapshot : { ...snapshot, state: null }),
    );
    return promise;
  }

  hold(): void {
    this.held = true;
  }

  go(): void {
    this.held = false;
  }

  keepTo(share: number): void {
    this.share = share;
  }

  giveUp(why: string): void {
    this.lose(why);
  }

  async end(): Promise<void> {
    this.ended = true;
    this.lose('the worker was ended');
  }

  /** Questions that wait for an answer. */
  get asked(): number {
    return this.#questions.length;
  }

  get busy(): boolean {
    return this.#job !== null;
  }

  /** The unit that it is at, as it stands. */
  get unit(): UnitState | null {
    return this.#job?.snapshot().state ?? null;
  }

  /** Answers what it was asked, then does one slice if it may. */
  step(): void {
    const job = this.#job;
    if (job === null) return;
    if (this.hung) {
      this.#time.pass(SLICE_SECONDS, SLICE_SECONDS);
      return;
    }
    for (const answer of this.#questions.splice(0)) answer(structuredClone(job.snapshot()));
    if (this.held) return;
    const step = job.steps.next();
    this.#time.pass(SLICE_SECONDS, SLICE_SECONDS);
    const fate = this.#fate(job);
    if (fate === 'dies') this.lose();
    else if (fate === 'hangs') this.hung = true;
    else if (step.done && this.#job === job) {
      this.#job = null;
      job.result.resolve(structuredClone(step.value));
    }
  }

  #fate(job: RunningJob): 'dies' | 'hangs' | undefined {
    if (job.start === null || this.deadly.size === 0) return undefined;
    const { start } = job;
    const numbers = job.snapshot().progress.indices.map((index) => start + 2n * BigInt(index));
    return numbers.map((n) => this.deadly.get(n)).find((fate) => fate !== undefined);
  }

  /** The thread dies. */
  lose(why = 'a worker thread ended with code 1'): void {
    const job = this.#job;
    this.#job = null;
    this.hung = false;
    for (const answer of this.#questions.splice(0)) answer(null);
    job?.steps.return({} as WorkerResult);
    job?.result.reject(new WorkerLost(why));
  }

  /** The process dies: nobody hears anything. */
  drop(): void {
    this.#job?.steps.return({} as WorkerResult);
    this.#job = null;
  }

  #sieve(job: Extract<WorkerJob, { type: 'sieve' }>): RunningJob {
    const survivors = job.survivors ?? freshSurvivors(job.count);
    function* steps(): Generator<unknown, WorkerResult> {
      const sieve = sieveBlock(job, survivors);
      for (let slices = 1; ; slices++) {
        const step = sieve.next();
        const seconds = slices * SLICE_SECONDS;
        if (step.done) return { type: 'sieve', survivors, seal: sealOf(survivors), faults: step.value, seconds };
        yield;
      }
    }
    const progress = { stage: 'sieve', indices: [], fraction: 0 } as const;
    const snapshot = () => ({ state: null, progress });
    return { start: null, steps: steps(), result: Promise.withResolvers(), snapshot };
  }

  #unit(job: Extract<WorkerJob, { type: 'unit' }>, at: (index: number) => void): RunningJob {
    const task = { start: job.start, indices: job.indices, ...this.#settings };
    const runner = new UnitRunner(this.#kernels, task, job.state ?? undefined);
    const pace = { squarings: this.#squarings };
    function* steps(): Generator<unknown, WorkerResult> {
      const unit = runner.run(pace, job.cautious ? at : undefined);
      for (let slices = 1; ; slices++) {
        const step = unit.next();
        if (step.done) return { type: 'unit', state: step.value, seconds: slices * SLICE_SECONDS };
        yield;
      }
    }
    const snapshot = () => ({ state: runner.state(), progress: runner.progress() });
    return { start: job.start, steps: steps(), result: Promise.withResolvers(), snapshot };
  }
}

/** Lets everything that waits for a promise go on. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Kernels take some milliseconds to make and belong to one worker at a time. */
const made: Kernels[] = [];
export function kernelsOf(worker: number): Kernels {
  made[worker] ??= new Kernels();
  return made[worker];
}

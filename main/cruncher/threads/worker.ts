/**
 * A worker thread: does one job at a time, in slices, and looks at its messages between them. It inherits the
 * lowest priority from the thread that starts it. It holds still while paused, with its state in memory, and rests
 * between turns when it is to compute only a share of the time.
 *
 * It ends when asked, by having nothing left to do: terminating threads in the middle, by `process.exit` or by an
 * exception that nobody catches, has crashed hosts (electron#47986; here a segmentation fault was seen once). So the
 * cruncher terminates only a thread that does not answer any more.
 */

import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { ArithmeticFault, type Crossovers, Kernels } from '../../search/kernel-names.ts';
import { isIntact, type Sealed, sealOf } from '../../search/seal.ts';
import { sieveBlock } from '../../search/sieve/sieve.ts';
import { freshSurvivors } from '../../search/sieve/survivors.ts';
import { type Pace, type UnitProgress, UnitRunner, type UnitState } from '../../search/unit.ts';
import { Duty } from './duty.ts';
import type { FromWorker, ToWorker, WorkerJob, WorkerResult, WorkerSettings } from './worker-messages.ts';

/** Longest stretch of work without a look at the messages. */
const TURN_MS = 30;
/** A slice should take about this long: short enough to stop soon, long enough to cost nothing. */
const SLICE_MS = 10;

const IDLE: UnitProgress = { stage: 'idle', indices: [], fraction: 0 };
const SIEVING = (fraction: number): UnitProgress => ({ stage: 'sieve', indices: [], fraction });

/**
 * CPU seconds of this thread, in steps of some milliseconds: at the lowest priority the clock on the wall would say
 * more about the other programs.
 */
function cpuSeconds(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1e6;
}

class Worker {
  private readonly port: MessagePort;
  private readonly settings: WorkerSettings;
  private kernels: Kernels;
  private readonly pace: Pace = { squarings: 64 };
  /** What the job at hand is about. */
  private order: Sealed | null = null;
  private runner: UnitRunner | null = null;
  private sieved: number | null = null;
  private held: { promise: Promise<void>; go: () => void } | null = null;
  private readonly duty = new Duty(cpuSeconds);
  /** Ends the rest that it is having. */
  private rouse: () => void = () => {};
  private turnStarted = 0;
  private ended = false;

  constructor(port: MessagePort, settings: WorkerSettings) {
    this.port = port;
    this.settings = settings;
    this.kernels = this.kernelsFor(settings.crossovers ?? null);
    port.on('message', (message: ToWorker) => this.receive(message));
  }

  private receive(message: ToWorker): void {
    switch (message.type) {
      case 'job':
        void this.work(message.job).then(
          (result) => this.send({ type: 'result', result }),
          (error) => this.sendFailure(error),
        );
        return;
      case 'snapshot':
        this.sendSnapshot(message.withState);
        return;
      case 'hold': {
        if (this.held !== null) return;
        const { promise, resolve } = Promise.withResolvers<void>();
        this.held = { promise, go: resolve };
        // No timer runs while it is held.
        this.rouse();
        return;
      }
      case 'go':
        this.held?.go();
        this.held = null;
        return;
      case 'share':
        this.duty.keepTo(message.share);
        this.rouse();
        return;
      case 'crossovers':
        this.kernels = this.kernelsFor(message.crossovers);
        return;
      case 'end':
        this.ended = true;
        this.rouse();
        this.port.close();
        return;
    }
  }

  private kernelsFor(crossovers: Crossovers | null): Kernels {
    return new Kernels({ wanted: this.settings.kernel ?? undefined, measured: crossovers ?? undefined });
  }

  private send(message: FromWorker): void {
    this.port.postMessage(message);
  }

  private sendFailure(error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    this.send({ type: 'failed', why, arithmetic: error instanceof ArithmeticFault });
  }

  /** A state that is found wrong when it is asked for is not sent: the job is lost, and begun again from the last good one. */
  private sendSnapshot(withState: boolean): void {
    try {
      const progress = this.sieved === null ? (this.runner?.progress() ?? IDLE) : SIEVING(this.sieved);
      this.send({ type: 'snapshot', snapshot: { state: withState ? this.state() : null, progress } });
    } catch (error) {
      this.sendFailure(error);
    }
  }

  private state(): UnitState | null {
    const { runner } = this;
    if (runner === null) return null;
    this.requireIntact();
    if (!runner.isComplete(false)) throw new ArithmeticFault('a unit of work was changed in memory');
    return runner.state();
  }

  private async work(job: WorkerJob): Promise<WorkerResult> {
    await this.stand();
    const { block, start, seal } = job;
    this.order = { block, start, seal, data: job.type === 'unit' ? job.indices : job.survivors };
    this.requireIntact();
    const cpuBefore = cpuSeconds();
    const result = await (job.type === 'sieve' ? this.sieve(job) : this.test(job));
    this.requireIntact();
    return { ...result, seconds: cpuSeconds() - cpuBefore };
  }

  private requireIntact(): void {
    const { order } = this;
    if (order === null || !isIntact(order, this.settings)) throw new ArithmeticFault('work was changed in memory');
  }

  private async sieve(job: Extract<WorkerJob, { type: 'sieve' }>) {
    const survivors = job.survivors === null ? freshSurvivors(job.count) : new Uint8Array(job.survivors);
    const steps = sieveBlock(job, survivors);
    this.sieved = 0;
    for (;;) {
      const step = steps.next();
      if (step.done) {
        this.sieved = null;
        return { type: 'sieve', survivors, seal: sealOf(survivors), faults: step.value } as const;
      }
      this.sieved = step.value;
      await this.turn();
    }
  }

  private async test(job: Extract<WorkerJob, { type: 'unit' }>) {
    const task = { start: job.start, indices: job.indices, seed: this.settings.seed, rounds: this.settings.rounds };
    const runner = new UnitRunner(this.kernels, task, job.state ?? undefined);
    this.runner = runner;
    const steps = runner.run(this.pace, job.cautious ? (index) => this.send({ type: 'at', index }) : undefined);
    for (;;) {
      const started = performance.now();
      const step = steps.next();
      if (step.done) {
        this.runner = null;
        if (!runner.isComplete(true)) throw new ArithmeticFault('a unit of work was changed in memory');
        return { type: 'unit', state: step.value } as const;
      }
      this.adjustPace(performance.now() - started);
      await this.turn();
    }
  }

  private adjustPace(milliseconds: number): void {
    if (milliseconds > 2 * SLICE_MS) this.pace.squarings = Math.max(1, this.pace.squarings >> 1);
    else if (milliseconds < SLICE_MS / 2) this.pace.squarings = Math.min(1 << 20, this.pace.squarings << 1);
  }

  /** Looks at the messages when it is time, rests if it should, and waits while held. */
  private async turn(): Promise<void> {
    if (performance.now() - this.turnStarted < TURN_MS) return;
    await new Promise((resolve) => setImmediate(resolve));
    await this.stand();
    // Work that is left waiting for ever holds nothing: the thread has nothing to do and ends.
    if (this.ended) await new Promise(() => {});
  }

  /** Does nothing for as long as it should not, with its ears open. */
  private async stand(): Promise<void> {
    await this.rest();
    while (this.held !== null) await this.held.promise;
    this.turnStarted = performance.now();
  }

  private async rest(): Promise<void> {
    const milliseconds = this.duty.due();
    if (milliseconds === 0 || this.held !== null || this.ended) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, milliseconds);
    const since = performance.now();
    this.rouse = resolve;
    await promise;
    clearTimeout(timer);
    this.duty.rested(performance.now() - since);
  }
}

if (parentPort === null) throw new Error('this file runs as a worker thread of the cruncher');
new Worker(parentPort, workerData as WorkerSettings);

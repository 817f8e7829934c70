/** A cruncher as the terminal starts it, with its messages in hand: for what a user of the terminal does not see. Linux only. */

import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { CRUNCHER } from '../../main/cli/session.ts';
import type { Command, CruncherEvent, Progress, SearchJob } from '../../main/contract/messages.ts';
import type { CruncherProcess } from '../../main/supervisor/cruncher-process.ts';
import { forkCruncher } from '../../main/supervisor/fork-port.ts';
import { spentBy } from '../manners/processes.ts';

type EventOf<T extends CruncherEvent['type']> = Extract<CruncherEvent, { type: T }>;

export interface CruncherOptions {
  readonly digits: number;
  readonly workers: number;
  readonly seed: string;
  /** Of its data. */
  readonly directory: string;
  /** CPU seconds between two checkpoints. */
  readonly checkpointEvery?: number;
}

const running = new Set<BenchCruncher>();

/** Ends those that still run: for the end of this process. */
export function endCrunchers(): void {
  for (const one of running) one.kill();
}

export class BenchCruncher {
  private readonly options: CruncherOptions;
  private child: CruncherProcess<Command, unknown>;
  private readonly listeners = new Set<(event: CruncherEvent) => void>();
  private gone: Promise<void>;

  constructor(options: CruncherOptions) {
    this.options = options;
    [this.child, this.gone] = this.start();
    running.add(this);
  }

  get pid(): number {
    return this.child.pid as number;
  }

  /** CPU milliseconds of all its threads so far. */
  cpuMs(): number {
    return spentBy(this.pid).cpu;
  }

  send(command: Command): void {
    this.child.port.send(command);
  }

  /** The next event of a kind that is as wanted. */
  next<T extends CruncherEvent['type']>(type: T, wanted = (_: EventOf<T>) => true): Promise<EventOf<T>> {
    const { promise, resolve, reject } = Promise.withResolvers<EventOf<T>>();
    const listener = (event: CruncherEvent): void => {
      if (event.type === 'refused') reject(new Error(event.sentence));
      if (event.type !== type || !wanted(event as EventOf<T>)) return;
      resolve(event as EventOf<T>);
    };
    this.listeners.add(listener);
    void this.gone.then(() => reject(new Error(`the cruncher ended before it said ${type}`)));
    return promise.finally(() => this.listeners.delete(listener));
  }

  /** Until all workers are at something, and none sieves. */
  async atWork(): Promise<Progress> {
    const busy = ({ progress }: EventOf<'progress'>) =>
      progress.workers.every(({ stage }) => stage !== 'idle' && stage !== 'sieve');
    return (await this.next('progress', busy)).progress;
  }

  listen(listener: (event: CruncherEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** As a power cut does it. */
  async killed(): Promise<void> {
    this.kill();
    await this.gone;
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  /** Goes on with the same data directory in a new process. */
  again(): void {
    [this.child, this.gone] = this.start();
    running.add(this);
  }

  /** Saves and ends. */
  async stop(): Promise<void> {
    this.send({ type: 'stop' });
    await this.gone;
  }

  private start(): [CruncherProcess<Command, unknown>, Promise<void>] {
    const child = forkCruncher<Command, unknown>({ module: CRUNCHER });
    const { promise: gone, resolve } = Promise.withResolvers<void>();
    child.onExit(() => {
      running.delete(this);
      resolve();
    });
    child.port.onMessage((message) => {
      for (const listener of [...this.listeners]) listener(message as CruncherEvent);
    });
    child.port.send({ type: 'job', job: this.job() });
    return [child, gone];
  }

  private job(): SearchJob {
    const { digits, workers, seed, directory, checkpointEvery = 300 } = this.options;
    return {
      type: 'search',
      directory,
      digits,
      errorLog2: -40,
      seed,
      restart: null,
      count: null,
      workers,
      checkpointEvery,
      kernel: null,
    };
  }
}

export interface Memory {
  /** Bytes: what is in memory, and the same with shared pages divided by those who share them. */
  readonly rss: number;
  readonly pss: number;
}

export function memoryOf(pid: number): Memory {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const field = (name: string): number => 1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]);
  return { rss: field('Rss'), pss: field('Pss') };
}

/** CPU milliseconds of a process at each look, every few milliseconds, until `done`. */
export async function watchCpu(
  cruncher: BenchCruncher,
  milliseconds: number,
): Promise<readonly { readonly at: number; readonly cpu: number }[]> {
  const looks: { at: number; cpu: number }[] = [];
  const since = performance.now();
  for (let at = 0; at < milliseconds; at = performance.now() - since) {
    looks.push({ at, cpu: cruncher.cpuMs() });
    await sleep(5);
  }
  return looks;
}

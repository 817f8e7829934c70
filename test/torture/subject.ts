/**
 * A search under torture: where it is kept, what it has said over all its starts, and the rules that hold at each of
 * them. A prime once announced is kept, whatever comes; the search knows at every start at least as many as it said.
 *
 * CPU seconds done again are reckoned so: at a fault, what the search had spent is the counter of its last `started`
 * line plus the CPU time that the system charged to the process since (/proc, all threads, steps of 10 ms); what it has
 * again is the counter of its next `started` line. The difference is work to be done again. Where the process lives
 * through the fault, as when a worker thread is lost, it is at most what was spent since the last checkpoint.
 */

import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { TortureFailure } from './failure.ts';
import { CLI, Life, type Said } from './life.ts';
import { keyOf, type Place } from './place.ts';
import { MARK, marked, type Process, pause, until } from './processes.ts';
import { storedPrimes, ToBeMended } from './stored.ts';

export interface Spec {
  readonly digits: number;
  readonly seed: string;
  /** Primes at which it ends. */
  readonly count: number;
}

/** What a user reads when another one searches there; trying again later is what the sentence asks for. */
const IN_USE = /Another nice19/;
/** What a user reads who goes back to an older version. */
const NEWER = /from a newer nice19/;
const TRIES = 100;
const TRY_AGAIN_MS = 300;
/** A process that is told to end may take 30 s at worst, by the program's own limit. */
const LONGEST_FAREWELL_MS = 45_000;

export interface SubjectOptions {
  readonly spec: Spec;
  /** The run's own directory, for whatever the fault needs. */
  readonly directory: string;
  /** Where the search is kept. */
  readonly data: string;
  readonly workers: number;
  readonly checkpointEvery: number;
}

export class Subject {
  readonly options: SubjectOptions;
  /** Added to the environment of every start. */
  environment: NodeJS.ProcessEnv = {};
  /** Every prime ever said, in order. */
  readonly announced = new Map<string, Place>();
  /** Primes that were said again. */
  readonly repeated: string[] = [];
  /** What happened, for the report of a run that failed. */
  readonly history: string[] = [];
  /** What was hit, where a fault has many places to hit. */
  readonly covered = new Set<string>();
  isComplete = false;
  /** Announced primes that were not in the store at rest, or that the search did not know at some later start. */
  forgotten = 0;
  redoneAtMost = 0;
  /** Crashes, and ends that nobody asked for, each with its last words. */
  readonly remarks: string[] = [];
  /** The program that is started; the terminal program unless a fault needs another. */
  program = CLI;
  private readonly lives = new Set<Life>();
  private meter: { readonly process: Process; readonly cpu: number; readonly counter: number } | null = null;
  private spentAtFault: number | null = null;
  private counterAtCheckpoint = 0;
  private readonly begun = performance.now();

  constructor(options: SubjectOptions) {
    this.options = options;
  }

  private remark(words: string): void {
    this.note(words);
    // The same for every directory and process.
    this.remarks.push(
      words
        .replaceAll(this.options.directory, '')
        .replaceAll(/(?<!nice)\d+/g, 'N')
        .slice(0, 300),
    );
  }

  note(what: string): void {
    this.history.push(`${((performance.now() - this.begun) / 1000).toFixed(2)} s: ${what}`);
  }

  /**
   * Starts the search as a user would, whatever else runs.
   * @param wrapper a program that runs it, such as strace
   */
  start(wrapper: readonly string[] = []): Life {
    const { spec, data, workers, checkpointEvery, directory } = this.options;
    const args = ['search', '--digits', spec.digits, '--seed', spec.seed, '--error', '2^-40', '--count', spec.count];
    args.push('--workers', workers, '--checkpoint-every', checkpointEvery, '--data', data, '--json');
    const environment = { ...this.environment, [MARK]: directory };
    const command = [...wrapper, process.execPath, this.program, ...args.map(String)];
    const life = new Life(command, environment, (said, from) => this.hear(said, from));
    this.note(`started as process ${life.parent.pid}`);
    this.lives.add(life);
    void life.ended.then(({ code, signal, errors }) => {
      this.lives.delete(life);
      this.note(`process ${life.parent.pid} ended (${signal ?? code}) ${errors}`.trim());
      if (code === 1 && !IN_USE.test(errors) && !NEWER.test(errors)) this.remark(errors);
    });
    return life;
  }

  /**
   * The search at work: the one that runs, or started again; null when it has found all its primes.
   * @throws TortureFailure when it does not start
   */
  async running(): Promise<Life | null> {
    for (let tries = 0; tries < TRIES; tries++) {
      if (this.isComplete) return null;
      const { life: there } = this;
      if (there !== null) return there;
      const life = this.start();
      const said = await life.next('started', 'done');
      if (said?.event === 'started') return life;
      const end = await life.ended;
      if (this.isComplete) return null;
      if (!IN_USE.test(end.errors)) throw new TortureFailure(`it does not start: ${end.errors || end.signal}`);
      await pause(TRY_AGAIN_MS);
    }
    throw new TortureFailure('the directory stays in use');
  }

  /** Lets it find the rest, starting it again where it ended. @throws TortureFailure when it comes to nothing */
  async finish(): Promise<void> {
    for (let starts = 0; ; starts++) {
      const life = await this.running();
      if (life === null) break;
      if (starts > TRIES) throw new TortureFailure('it does not come to its end');
      // One that computes and cannot save would go on for ever.
      while (life.end === null && !this.isComplete) await life.next('prime', 'checkpoint', 'started', 'done');
      await life.ended;
    }
    await this.allGone();
  }

  /**
   * The primes of the search that has come to its end, asked for as a user would: told that the store is damaged and
   * that a search mends it, he starts it once more, and asks again. Whatever that search says counts as before.
   */
  async primes(): Promise<Place[]> {
    const { data } = this.options;
    try {
      return await storedPrimes(data);
    } catch (error) {
      if (!(error instanceof ToBeMended)) throw error;
      this.remark('the store was damaged at the end; the search was started once more, as the refusal says');
    }
    const { code, errors } = await this.start().ended;
    if (code !== 0) throw new TortureFailure(`a damaged store is not mended by a search (${code}): ${errors}`);
    await this.allGone();
    return storedPrimes(data);
  }

  /** @throws TortureFailure when a process of the search is left behind */
  async allGone(): Promise<void> {
    if (!(await until(() => this.processes.length === 0, LONGEST_FAREWELL_MS, 30))) {
      throw new TortureFailure('a process is left behind');
    }
  }

  /** If nothing of it runs: every prime that was announced must be in the store as it lies there, before any start. */
  async lookAtRest(): Promise<void> {
    if (this.announced.size === 0 || this.processes.length > 0) return;
    const { data, directory } = this.options;
    const copy = join(directory, 'as-it-lay');
    // A copy, so that looking changes nothing.
    cpSync(data, copy, { recursive: true });
    const kept = new Set((await storedPrimes(copy)).map(keyOf));
    rmSync(copy, { recursive: true });
    const gone = [...this.announced.keys()].filter((key) => !kept.has(key)).length;
    this.note(`at rest: ${kept.size} primes, ${gone} of ${this.announced.size} announced are missing`);
    this.forgotten = Math.max(this.forgotten, gone);
  }

  /** Ends whatever is left of it. */
  async end(): Promise<void> {
    await Promise.all([...this.lives].map((life) => life.kill()));
    for (const left of this.processes) left.signal('SIGKILL');
  }

  /** The one that runs now, the oldest if there are several. */
  get life(): Life | null {
    return this.lives.values().next().value ?? null;
  }

  /** Everything that it started and that still lives. */
  get processes(): Process[] {
    return marked(this.options.directory);
  }

  /** To be called when a fault is about to hit: what is spent up to now may have to be done again. */
  hit(fault: string): void {
    this.note(fault);
    const spent = this.spent;
    if (spent !== null) this.spentAtFault = Math.max(spent, this.spentAtFault ?? 0);
  }

  /** The process lived through the fault: what was spent since the last checkpoint may be done again. */
  hitWithin(fault: string): void {
    this.note(fault);
    const spent = this.spent;
    if (spent !== null) this.redone(spent - this.counterAtCheckpoint);
  }

  /** CPU seconds that the search has spent; null when no process of it can be asked. */
  private get spent(): number | null {
    if (this.meter === null) return null;
    const { process, cpu, counter } = this.meter;
    const now = process.cpuSeconds;
    return now === null ? null : counter + now - cpu;
  }

  private redone(cpuSeconds: number): void {
    this.redoneAtMost = Math.max(this.redoneAtMost, cpuSeconds);
  }

  private hear(said: Said, life: Life): void {
    switch (said.event) {
      case 'prime':
        this.announce(said as unknown as Place);
        return;
      case 'started':
        this.startedWith(said as unknown as { found: number; cpuSeconds: number }, life);
        return;
      case 'checkpoint':
        this.counterAtCheckpoint = said['cpuSeconds'] as number;
        return;
      case 'done':
        this.note(JSON.stringify(said));
        if (said['reason'] === 'count' || said['reason'] === 'already') this.isComplete = true;
        return;
      case 'progress':
        return;
      case 'restarting':
        this.restarting((said['lastWords'] as string[]).join(' '));
        return;
      default:
        this.note(JSON.stringify(said));
    }
  }

  private restarting(lastWords: string): void {
    // A fault since the last start explains an end without a word.
    if (lastWords === '' && this.spentAtFault !== null) this.note('the cruncher ended');
    else this.remark(`the cruncher ended: ${lastWords || 'without a word'}`);
  }

  private announce({ block, offset, decimal }: Place): void {
    const key = keyOf({ block, offset, decimal });
    if (this.announced.has(key)) this.repeated.push(key);
    else this.announced.set(key, { block, offset, decimal });
  }

  private startedWith({ found, cpuSeconds }: { found: number; cpuSeconds: number }, life: Life): void {
    const process = life.cruncher;
    const cpu = process?.cpuSeconds ?? null;
    this.meter = process === null || cpu === null ? null : { process, cpu, counter: cpuSeconds };
    this.counterAtCheckpoint = cpuSeconds;
    this.note(`goes on with ${found} primes of ${this.announced.size} announced, ${cpuSeconds} CPU seconds`);
    if (this.spentAtFault !== null) this.redone(this.spentAtFault - cpuSeconds);
    this.spentAtFault = null;
    if (found < this.announced.size) this.forgotten = Math.max(this.forgotten, this.announced.size - found);
  }
}

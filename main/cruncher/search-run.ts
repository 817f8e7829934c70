/**
 * A search on its way: gives units to the workers, settles what comes back in order, saves, and tells. Every
 * find is in the store before anyone hears of it. Time, threads and the store are passed in.
 */

import type { SearchState } from '../contract/checkpoint.ts';
import type { CruncherEvent, PauseReason } from '../contract/messages.ts';
import type { SearchSpec } from '../contract/search-spec.ts';
import { blockCount } from '../search/blocks.ts';
import {
  expectedTestsPerPrime,
  guessSecondsPerSievePrime,
  guessSecondsPerTest,
  oddNumbersPerPrime,
} from '../search/estimate.ts';
import { bestDepth, completeDepth, measuredSecondsPerPrime } from '../search/sieve/depth.ts';
import { type Entry, Frontier, type SettledFind } from './frontier.ts';
import { type PoolWorker, WorkerLost } from './pool.ts';
import { primeOf, type RecordContext, recordOf, withBases } from './records.ts';
import type { Store } from './store/store.ts';
import { type SieveOrder, Supply } from './supply.ts';
import type { WorkerSnapshot } from './worker-messages.ts';

/** A unit should take about this long: long enough that messages cost nothing, short enough to settle soon. */
const UNIT_SECONDS = 0.5;
const LARGEST_UNIT = 4096;
/** Units begin small and double, until a measurement says how long one takes. */
const FIRST_UNIT = 4;
const PROGRESS_MS = 1000;
const MEASURABLE_DEPTH = 2 ** 24;

export interface RunClock {
  /** CPU seconds of this process so far, all threads. */
  cpuSeconds(): number;
  /** Seconds that never go back. */
  wallSeconds(): number;
  /** Now, ISO 8601 in UTC. */
  now(): string;
}

export interface RunOptions {
  readonly id: string;
  readonly spec: SearchSpec;
  readonly state: SearchState;
  /** Ends when the search has this many primes in all. */
  readonly count: number | null;
  /** CPU seconds between two checkpoints. */
  readonly checkpointEvery: number;
  readonly store: Store;
  readonly workers: readonly PoolWorker[];
  readonly clock: RunClock;
  readonly record: Pick<RecordContext, 'host' | 'version'>;
  readonly emit: (event: CruncherEvent) => void;
}

export type EndReason = 'count' | 'stopped';

export class SearchRun {
  private readonly options: RunOptions;
  private readonly seed: Uint8Array;
  private readonly frontier: Frontier;
  private readonly supply: Supply;
  private readonly counters: SearchState['counters'];
  private readonly pauses = new Set<PauseReason>();
  private readonly active = new Map<PoolWorker, Entry | null>();
  private readonly finished = Promise.withResolvers<EndReason>();
  private waiters: (() => void)[] = [];
  private timer: NodeJS.Timeout | null = null;
  private stopping = false;
  private foundNow = 0;
  private largestUnit = FIRST_UNIT;
  private secondsPerTest: number;
  private secondsPerSievePrime: number;
  private testedAtStart: number;
  private wallAtStart: number;
  /** CPU and clock readings up to which the counters are charged. */
  private charged: { cpu: number; wall: number };
  private cpuAtCheckpoint: number;
  /** CPU seconds that the store's total does not have yet. */
  private uncommitted = 0;

  constructor(options: RunOptions) {
    this.options = options;
    const { spec, state, clock, store, id, workers } = options;
    this.seed = Buffer.from(spec.seed, 'hex');
    this.counters = { ...state.counters };
    this.frontier = new Frontier(state);
    this.secondsPerTest = guessSecondsPerTest(spec.digits);
    this.secondsPerSievePrime = guessSecondsPerSievePrime(spec.digits);
    this.supply = new Supply(
      {
        digits: spec.digits,
        seed: this.seed,
        workers: workers.length,
        depth: () => this.depth(),
        stored: (block) => store.survivors(id, block),
      },
      state.next,
    );
    this.charged = { cpu: clock.cpuSeconds(), wall: clock.wallSeconds() };
    this.cpuAtCheckpoint = this.counters.cpuSeconds;
    this.testedAtStart = this.tested;
    this.wallAtStart = this.counters.wallSeconds;
  }

  /** Begins; resolves when it has ended and everything is saved. */
  async run(): Promise<EndReason> {
    this.startTimer();
    const drivers = this.options.workers.map((worker) => this.drive(worker));
    this.settle();
    const reason = await this.finished.promise;
    await Promise.all(drivers);
    return reason;
  }

  get found(): { total: number; now: number } {
    return { total: this.counters.found, now: this.foundNow };
  }

  get cpuSeconds(): number {
    return this.counters.cpuSeconds;
  }

  /** Stops the workers where they are and saves. */
  async pause(reason: PauseReason): Promise<void> {
    const first = this.pauses.size === 0;
    this.pauses.add(reason);
    if (!first || this.stopping) return;
    for (const worker of this.options.workers) worker.hold();
    await this.checkpoint('pause');
    this.stopTimer();
    await this.tellProgress();
  }

  resume(reason: PauseReason): void {
    if (!this.pauses.delete(reason) || this.pauses.size > 0 || this.stopping) return;
    this.charged.wall = this.options.clock.wallSeconds();
    for (const worker of this.options.workers) worker.go();
    this.startTimer();
  }

  /** Saves and ends. */
  async stop(reason: EndReason = 'stopped'): Promise<void> {
    if (this.stopping) return;
    this.stopping = true;
    this.stopTimer();
    for (const worker of this.options.workers) worker.hold();
    await this.checkpoint('stop');
    await Promise.all(this.options.workers.map((worker) => worker.end()));
    this.wake();
    this.finished.resolve(reason);
  }

  /** One worker's life: sieving that is due, else the next unit, until the search stops. */
  private async drive(worker: PoolWorker): Promise<void> {
    while (!this.stopping) {
      const order = this.supply.takeSieve(this.frontier.waitingBlocks());
      const entry = order === null ? this.takeEntry() : null;
      if (order === null && entry === null) {
        await new Promise<void>((resolve) => this.waiters.push(resolve));
        continue;
      }
      try {
        this.active.set(worker, entry?.entry ?? null);
        if (order !== null) {
          const result = await worker.run({ type: 'sieve', ...order });
          if (result.type === 'sieve') this.bookSieve(order, result.survivors, result.seconds);
        } else if (entry !== null) {
          const { start, indices } = entry;
          const before = entry.entry.state.tested;
          const result = await worker.run({ type: 'unit', start, indices, state: entry.entry.state });
          if (result.type === 'unit')
            this.bookUnit(entry.entry, result.state, result.seconds, result.state.tested - before);
        }
      } catch (error) {
        if (!(error instanceof WorkerLost)) throw error;
        if (order !== null) this.supply.unsieved(order);
        if (entry !== null && entry.entry.status === 'running') entry.entry.status = 'waiting';
        if (!this.stopping)
          this.options.emit({ type: 'warning', sentence: `${error.message}; its work is begun again` });
      }
      this.active.set(worker, null);
      this.wake();
    }
  }

  private wake(): void {
    for (const resolve of this.waiters.splice(0)) resolve();
  }

  /** A unit that waits to be gone on with, or a new one; null while there is none. */
  private takeEntry(): { entry: Entry; start: bigint; indices: Uint32Array } | null {
    for (const entry of this.frontier.waiting()) {
      const unit = this.supply.survivorsOf(entry.range);
      if (unit === null) continue;
      entry.status = 'running';
      return { entry, start: unit.start, indices: unit.indices };
    }
    const unit = this.supply.takeUnit(this.unitSize());
    if (unit === null) return null;
    const entry = this.frontier.add({ block: unit.block, from: unit.from, to: unit.to });
    entry.status = 'running';
    return { entry, start: unit.start, indices: unit.indices };
  }

  private unitSize(): number {
    const size = Math.round(UNIT_SECONDS / this.secondsPerTest / 2) * 2;
    return Math.min(this.largestUnit, Math.max(2, size));
  }

  private bookSieve(order: SieveOrder, survivors: Uint8Array, seconds: number): void {
    this.supply.sieved(order, survivors);
    // The first stage has too few primes, and too small ones, to say what a deep one costs.
    if (order.to > MEASURABLE_DEPTH) this.secondsPerSievePrime = measuredSecondsPerPrime(order, seconds);
    this.options.store.saveSurvivors(this.options.id, order.block, order.to, survivors);
  }

  private bookUnit(entry: Entry, state: Entry['state'], seconds: number, tested: number): void {
    if (tested > 0) {
      // A running mean over some units; the first measurement replaces the guess.
      const measured = seconds / tested;
      const guess = this.testedAtStart === this.tested;
      this.secondsPerTest = guess ? measured : 0.8 * this.secondsPerTest + 0.2 * measured;
    }
    this.largestUnit = Math.min(LARGEST_UNIT, 2 * this.largestUnit);
    entry.state = state;
    entry.status = 'done';
    if (!this.stopping) this.settle();
  }

  /** Settles what is in order; finds are stored, then told. */
  private settle(): void {
    const { count, store, id, spec, emit } = this.options;
    const room = count === null ? Number.POSITIVE_INFINITY : count - this.counters.found;
    if (room <= 0) {
      void this.stop('count');
      return;
    }
    const fresh = new Set<string>();
    const settled = this.frontier.settle(room, (find) => {
      const decimal = this.numberOf(find).toString();
      if (fresh.has(decimal) || store.hasPrime(id, decimal)) return false;
      fresh.add(decimal);
      return true;
    });
    this.counters.tested += settled.tested;
    this.counters.disagreements += settled.disagreements;
    this.supply.settled(this.frontier.position.block);
    if (settled.disagreements > 0) {
      const sentence = 'two kernels disagreed about a number: this computer may make arithmetic errors';
      emit({ type: 'warning', sentence });
    }
    if (settled.finds.length === 0) return;
    const records = this.recordFinds(settled.finds);
    this.commit(records, 'find');
    for (const record of records) emit({ type: 'prime', record: withBases(record, spec) });
    if (count !== null && this.counters.found >= count) void this.stop('count');
  }

  private numberOf(find: SettledFind): bigint {
    return primeOf(this.options.spec, find.block, find.index);
  }

  private recordFinds(finds: readonly SettledFind[]): ReturnType<typeof recordOf>[] {
    const { spec, id, clock, record } = this.options;
    this.charge();
    const { counters } = this;
    const cpuSeconds = (counters.cpuSeconds - counters.cpuSecondsAtFind) / finds.length;
    const wallSeconds = (counters.wallSeconds - counters.wallSecondsAtFind) / finds.length;
    counters.cpuSecondsAtFind = counters.cpuSeconds;
    counters.wallSecondsAtFind = counters.wallSeconds;
    counters.found += finds.length;
    this.foundNow += finds.length;
    const context: RecordContext = { ...record, searchId: id, spec, cpuSeconds, wallSeconds, foundAt: clock.now() };
    return finds.map((find) => recordOf(find, context));
  }

  /** Brings the counters up to the clocks. */
  private charge(): void {
    const { clock } = this.options;
    const cpu = clock.cpuSeconds();
    const wall = clock.wallSeconds();
    const spent = cpu - this.charged.cpu;
    this.counters.cpuSeconds += spent;
    if (this.pauses.size === 0) this.counters.wallSeconds += wall - this.charged.wall;
    this.charged = { cpu, wall };
    this.uncommitted += spent;
  }

  private state(): SearchState {
    return {
      position: this.frontier.position,
      next: this.supply.next,
      units: this.frontier.units(),
      counters: { ...this.counters },
    };
  }

  private commit(records: ReturnType<typeof recordOf>[], reason: 'timer' | 'find' | 'pause' | 'stop'): void {
    const { store, id, clock, emit } = this.options;
    this.charge();
    const at = clock.now();
    store.commit(id, this.state(), records, this.uncommitted, at);
    this.uncommitted = 0;
    this.cpuAtCheckpoint = this.counters.cpuSeconds;
    store.forgetSurvivors(id, this.frontier.position.block);
    emit({ type: 'checkpoint', reason, at, cpuSeconds: this.counters.cpuSeconds });
  }

  /** Asks every worker where it stands, and saves all of it. */
  private async checkpoint(reason: 'timer' | 'pause' | 'stop'): Promise<void> {
    await Promise.all(
      [...this.active].map(async ([worker, entry]) => {
        if (entry === null) return;
        const snapshot = await worker.snapshot(true);
        if (snapshot?.state && entry.status === 'running') entry.state = snapshot.state;
      }),
    );
    this.commit([], reason);
  }

  private startTimer(): void {
    const every = Math.min(PROGRESS_MS, Math.max(20, (this.options.checkpointEvery * 1000) / 4));
    let told = Number.NEGATIVE_INFINITY;
    this.timer = setInterval(() => {
      this.charge();
      if (this.counters.cpuSeconds - this.cpuAtCheckpoint >= this.options.checkpointEvery)
        void this.checkpoint('timer');
      const now = this.options.clock.wallSeconds();
      if (now - told < PROGRESS_MS / 1000 - 0.01) return;
      told = now;
      void this.tellProgress();
    }, every);
  }

  private stopTimer(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }

  /** Screens done, the units under way included. */
  private get tested(): number {
    return this.counters.tested + this.frontier.testedAhead();
  }

  private async tellProgress(): Promise<void> {
    const { spec, id, store, emit, workers } = this.options;
    const snapshots = await Promise.all(
      workers.map(async (worker) => ({
        snapshot: await worker.snapshot(false),
        entry: this.active.get(worker) ?? null,
      })),
    );
    if (this.stopping) return;
    this.charge();
    const seconds = this.counters.wallSeconds - this.wallAtStart;
    const tests = this.tested - this.testedAtStart;
    const testsPerSecond = seconds > 0 && tests > 0 ? tests / seconds : null;
    const share = this.supply.survivorShare;
    const perPrime = share === null ? null : expectedTestsPerPrime(spec.digits, share);
    emit({
      type: 'progress',
      progress: {
        searchId: id,
        digits: spec.digits,
        tested: this.tested,
        testsPerSecond,
        expectedSecondsToNext: perPrime === null || testsPerSecond === null ? null : perPrime / testsPerSecond,
        found: this.counters.found,
        cpuSeconds: this.counters.cpuSeconds,
        cpuSecondsInAll: store.cpuSecondsInAll + this.uncommitted,
        paused: [...this.pauses],
        workers: snapshots.map(({ snapshot, entry }) => workerProgress(snapshot, entry)),
      },
    });
  }

  /**
   * Cost decides the depth of the sieve (docs/sieve.md), over the part of a block that will be searched: few
   * primes are not worth a deep one.
   */
  private depth(): number {
    const { digits } = this.options.spec;
    const wanted = this.options.count === null ? Number.POSITIVE_INFINITY : this.options.count - this.counters.found;
    const count = Math.min(blockCount(digits), Math.ceil(Math.max(1, wanted) * oddNumbersPerPrime(digits)));
    const best = bestDepth({ secondsPerTest: this.secondsPerTest, secondsPerPrime: this.secondsPerSievePrime, count });
    // Small numbers: from the root on every survivor is prime, and there is nothing left to strike.
    return digits < 20 ? Math.min(best, completeDepth(10n ** BigInt(digits), 1)) : best;
  }
}

function workerProgress(snapshot: WorkerSnapshot | null, entry: Entry | null) {
  const { stage, fraction, indices } = snapshot?.progress ?? { stage: 'idle', fraction: 0, indices: [] };
  return { stage, fraction, block: entry?.range.block ?? 0, offset: indices[0] ?? null };
}

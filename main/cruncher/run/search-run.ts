/**
 * A search on its way: gives units to the workers, settles what comes back in order, saves, and tells. Every
 * find is in the store before anyone hears of it. Time, threads and the store are passed in.
 */

import type { SearchState } from '../../contract/checkpoint.ts';
import type { CruncherEvent, PauseReason } from '../../contract/messages.ts';
import type { StoredPrime } from '../../contract/prime-record.ts';
import type { SearchSpec } from '../../contract/search-spec.ts';
import type { Store } from '../store/store.ts';
import type { PoolWorker } from '../threads/pool.ts';
import { Crew, type Task } from './crew.ts';
import { type Entry, Frontier } from './frontier.ts';
import { Ledger, type RunClock } from './ledger.ts';
import { Rates } from './rates.ts';
import { primeOf, type RecordContext, withBases } from './records.ts';
import { type SieveOrder, Supply, type UnitOrder } from './supply.ts';

const DISAGREEMENT = 'two kernels disagreed about a number: this computer may make arithmetic errors';
const PROGRESS_SECONDS = 1;
/** The shortest time between two looks at the clocks. */
const SHORTEST_TICK_MS = 20;

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

type CheckpointReason = 'timer' | 'find' | 'pause' | 'stop';

export class SearchRun {
  private readonly options: RunOptions;
  private readonly frontier: Frontier;
  private readonly supply: Supply;
  private readonly ledger: Ledger;
  private readonly rates: Rates;
  private readonly crew: Crew;
  private readonly pauses = new Set<PauseReason>();
  private readonly finished = Promise.withResolvers<EndReason>();
  private stopTimer: (() => void) | null = null;
  private stopping = false;
  private saving = false;
  private toldAt = Number.NEGATIVE_INFINITY;
  private cpuAtCheckpoint: number;
  private asking = false;
  /** At this start: rates are of what was done since. */
  private readonly before: { readonly tested: number; readonly wallSeconds: number };

  constructor(options: RunOptions) {
    this.options = options;
    const { spec, state, clock, store, id, workers, emit } = options;
    this.frontier = new Frontier(state);
    this.ledger = new Ledger(state.counters, clock);
    this.rates = new Rates(spec.digits);
    this.crew = new Crew(workers, (why) => emit({ type: 'warning', sentence: `${why}; its work is begun again` }));
    this.supply = new Supply(
      {
        digits: spec.digits,
        seed: Buffer.from(spec.seed, 'hex'),
        workers: workers.length,
        depth: (from) => this.rates.depth(from, this.wanted, this.ledger.counters.cpuSeconds),
        stored: (block) => store.survivors(id, block),
      },
      state.next,
    );
    this.cpuAtCheckpoint = state.counters.cpuSeconds;
    this.before = { tested: this.tested, wallSeconds: state.counters.wallSeconds };
  }

  /** Begins; resolves when it has ended and everything is saved. @throws whatever the store throws */
  async run(): Promise<EndReason> {
    if (this.pauses.size === 0) this.startTimer();
    const work = this.crew.work(() => this.nextTask()).catch((error) => this.fail(error));
    this.settle();
    try {
      return await this.finished.promise;
    } finally {
      await work;
    }
  }

  get totals(): { found: number; foundNow: number; cpuSeconds: number } {
    const { found, cpuSeconds } = this.ledger.counters;
    return { found, foundNow: this.ledger.foundNow, cpuSeconds };
  }

  /** Stops the workers where they are and saves. */
  async pause(reason: PauseReason): Promise<void> {
    const first = this.pauses.size === 0;
    this.pauses.add(reason);
    if (!first || this.stopping) return;
    this.ledger.setRunning(false);
    this.endTimer();
    this.crew.hold();
    await this.checkpoint('pause');
    await this.tellProgress();
  }

  resume(reason: PauseReason): void {
    if (!this.pauses.delete(reason) || this.pauses.size > 0 || this.stopping) return;
    this.ledger.setRunning(true);
    this.crew.go();
    this.startTimer();
  }

  /** Saves and ends. */
  async stop(reason: EndReason = 'stopped'): Promise<void> {
    if (this.stopping) return;
    try {
      this.beginStop();
      this.crew.hold();
      await this.checkpoint('stop');
      await this.crew.end();
      this.finished.resolve(reason);
    } catch (error) {
      await this.fail(error);
    }
  }

  /** Nothing can be saved any more: ends without it, and `run` throws. */
  private async fail(error: unknown): Promise<void> {
    this.beginStop();
    this.finished.reject(error);
    await this.crew.end();
  }

  private beginStop(): void {
    this.stopping = true;
    this.endTimer();
  }

  /** Sieving that is due, else a unit that waits to be gone on with, else a new one; null while there is none. */
  private nextTask(): Task | null {
    if (this.stopping) return null;
    const order = this.supply.takeSieve(this.frontier.waitingBlocks());
    if (order !== null) return (worker) => this.sieve(worker, order);
    for (const entry of this.frontier.waiting()) {
      const unit = this.supply.survivorsOf(entry.range);
      if (unit !== null) return this.testing(entry, unit);
    }
    if (this.frontier.isFull) return null;
    const unit = this.supply.takeUnit(this.rates.unitSize);
    if (unit === null) return null;
    return this.testing(this.frontier.add({ block: unit.block, from: unit.from, to: unit.to }), unit);
  }

  private testing(entry: Entry, unit: UnitOrder): Task {
    entry.status = 'running';
    return (worker) => this.test(worker, entry, unit);
  }

  private async sieve(worker: PoolWorker, order: SieveOrder): Promise<void> {
    const result = await this.crew.run(worker, null, { type: 'sieve', ...order });
    if (result?.type !== 'sieve') {
      this.supply.unsieved(order);
      return;
    }
    this.supply.sieved(order, result.survivors);
    this.rates.bookSieve(order, result.seconds);
    // Once stopped the store may be closed; the bitmap is a cache.
    if (!this.stopping) this.options.store.saveSurvivors(this.options.id, order.block, order.to, result.survivors);
  }

  private async test(worker: PoolWorker, entry: Entry, { start, indices }: UnitOrder): Promise<void> {
    const { state } = entry;
    const result = await this.crew.run(worker, entry, { type: 'unit', start, indices, state });
    if (result?.type !== 'unit') {
      this.frontier.lost(entry);
      return;
    }
    this.rates.bookUnit(result.state.tested - state.tested, result.seconds);
    entry.state = result.state;
    entry.status = 'done';
    if (!this.stopping) this.settle();
  }

  /** Primes still to be found; Infinity: until it is stopped. */
  private get wanted(): number {
    const { count } = this.options;
    return count === null ? Number.POSITIVE_INFINITY : count - this.ledger.counters.found;
  }

  /** Settles what is in order; finds are stored, then told. */
  private settle(): void {
    const { store, id, spec, emit, record } = this.options;
    if (this.wanted <= 0) {
      void this.stop('count');
      return;
    }
    const fresh = new Set<string>();
    const settled = this.frontier.settle(this.wanted, (find) => {
      const decimal = primeOf(spec, find.block, find.index).toString();
      if (fresh.has(decimal) || store.hasPrime(id, decimal)) return false;
      fresh.add(decimal);
      return true;
    });
    this.ledger.settled(settled);
    this.supply.settled(this.frontier.position.block);
    if (settled.disagreements > 0) emit({ type: 'warning', sentence: DISAGREEMENT });
    if (settled.finds.length === 0) return;
    const records = this.ledger.book(settled.finds, { ...record, searchId: id, spec });
    this.commit(records, 'find');
    for (const found of records) emit({ type: 'prime', record: withBases(found, spec) });
    if (this.wanted <= 0) void this.stop('count');
  }

  private commit(records: StoredPrime[], reason: CheckpointReason): void {
    const { store, id, clock, emit } = this.options;
    this.ledger.charge();
    const at = clock.now();
    const { cpuSeconds } = this.ledger.counters;
    const state: SearchState = {
      position: this.frontier.position,
      next: this.supply.next,
      units: this.frontier.units(),
      counters: { ...this.ledger.counters },
    };
    store.commit(id, state, records, this.ledger.unsavedCpuSeconds, at);
    this.ledger.saved();
    store.forgetSurvivors(id, this.frontier.position.block);
    emit({ type: 'checkpoint', reason, at, cpuSeconds });
  }

  /** Asks every worker where it stands, and saves all of it. */
  private async checkpoint(reason: CheckpointReason): Promise<void> {
    await this.crew.takeSnapshots();
    // Only these put the next one off: a find saves the other workers' tests as they were at their last snapshot.
    this.cpuAtCheckpoint = this.ledger.counters.cpuSeconds;
    this.commit([], reason);
  }

  private startTimer(): void {
    const { clock, checkpointEvery } = this.options;
    const every = Math.min(PROGRESS_SECONDS * 1000, Math.max(SHORTEST_TICK_MS, (checkpointEvery * 1000) / 4));
    this.endTimer();
    this.stopTimer = clock.every(every, () => void this.tick().catch((error) => this.fail(error)));
  }

  private endTimer(): void {
    this.stopTimer?.();
    this.stopTimer = null;
  }

  private async tick(): Promise<void> {
    this.ledger.charge();
    const due = this.ledger.counters.cpuSeconds - this.cpuAtCheckpoint >= this.options.checkpointEvery;
    if (due && !this.saving) {
      this.saving = true;
      await this.checkpoint('timer').finally(() => {
        this.saving = false;
      });
    }
    const now = this.options.clock.wallSeconds();
    if (now - this.toldAt < 0.99 * PROGRESS_SECONDS) return;
    this.toldAt = now;
    await this.tellProgress();
  }

  /** Screens done, the units under way included. */
  private get tested(): number {
    return this.ledger.counters.tested + this.frontier.testedAhead();
  }

  private async tellProgress(): Promise<void> {
    // On a busy machine a worker may take its time to answer; one question at a time is enough.
    if (this.asking) return;
    this.asking = true;
    const { spec, id, store, emit } = this.options;
    const workers = await this.crew.progress().finally(() => {
      this.asking = false;
    });
    if (this.stopping) return;
    this.ledger.charge();
    const { found, cpuSeconds, wallSeconds } = this.ledger.counters;
    const seconds = wallSeconds - this.before.wallSeconds;
    const tests = this.tested - this.before.tested;
    const testsPerSecond = seconds > 0 && tests > 0 ? tests / seconds : null;
    emit({
      type: 'progress',
      progress: {
        searchId: id,
        digits: spec.digits,
        tested: this.tested,
        testsPerSecond,
        expectedSecondsToNext: this.rates.expectedSeconds(this.supply.survivorShare, testsPerSecond),
        found,
        cpuSeconds,
        cpuSecondsInAll: store.cpuSecondsInAll + this.ledger.unsavedCpuSeconds,
        paused: [...this.pauses],
        workers,
      },
    });
  }
}

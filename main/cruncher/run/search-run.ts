/**
 * A search on its way: settles in order what the workers bring (`work.ts`), saves (`keeper.ts`), and tells. Every
 * find is in the store before anyone hears of it; while the store cannot save, the search goes on as far as memory
 * allows and settles nothing further. Time, threads and the store are passed in.
 */

import type { SearchState } from '../../contract/checkpoint.ts';
import type { CruncherEvent } from '../../contract/messages.ts';
import type { PauseReason } from '../../contract/pause.ts';
import type { SearchSpec } from '../../contract/search-spec.ts';
import type { PoolWorker } from '../threads/pool.ts';
import { Diary, expectedUpTo } from './activity.ts';
import { arithmeticErrorSentence } from './arithmetic-errors.ts';
import type { SettledFind } from './frontier.ts';
import { faultItself, Keeper, savedAgain } from './keeper.ts';
import { Ledger, type RunClock } from './ledger.ts';
import { doneInAll, progressOf } from './progress.ts';
import { primeOf, type RecordContext, withBases } from './records.ts';
import type { SearchStore, SetAside } from './search-store.ts';
import { Speed } from './speed.ts';
import { Work } from './work.ts';

const PROGRESS_SECONDS = 1;
/** The shortest time between two looks at the clocks. */
const SHORTEST_TICK_MS = 20;
/**
 * How long a checkpoint waits for what the workers are at, at most; a turn of a worker is 30 ms of work. Shorter where
 * checkpoints are more frequent: one that has not answered must not put off the others'.
 */
const SNAPSHOT_PATIENCE_MS = { most: 5000, least: 100 };
/** Seconds without an answer after which a worker is replaced: a slice that takes so long does not end. */
const WATCHDOG_TICKS = 120;

export interface RunOptions {
  readonly id: string;
  readonly spec: SearchSpec;
  readonly state: SearchState;
  /** Candidates that were set aside before. */
  readonly setAside: readonly SetAside[];
  /** Ends when the search has this many primes in all. */
  readonly count: number | null;
  /** CPU seconds between two checkpoints. */
  readonly checkpointEvery: number;
  /** Seconds of silence after which a worker is replaced; two minutes if left out. */
  readonly watchdogTicks?: number | undefined;
  readonly store: SearchStore;
  readonly workers: readonly PoolWorker[];
  readonly clock: RunClock;
  readonly record: Pick<RecordContext, 'host' | 'version'>;
  readonly emit: (event: CruncherEvent) => void;
}

/** How hard to work. */
export interface Pace {
  /** That compute at once, of those there are. */
  readonly workers: number;
  /** Of its time, that each computes: 0.1 to 1. */
  readonly share: number;
}

export type EndReason = 'count' | 'stopped';

type CheckpointReason = 'timer' | 'find' | 'pause' | 'stop';

export class SearchRun {
  private readonly options: RunOptions;
  private readonly work: Work;
  private readonly ledger: Ledger;
  private readonly keeper: Keeper;
  private readonly diary: Diary;
  private readonly pauses = new Set<PauseReason>();
  /** What waits for the end of a pause. */
  private readonly waiting: (() => void)[] = [];
  private readonly finished = Promise.withResolvers<EndReason>();
  private stopTimer: (() => void) | null = null;
  private stopping = false;
  private saving = false;
  private cpuAtCheckpoint: number;
  private readonly speed: Speed;
  private share = 1;

  constructor(options: RunOptions) {
    this.options = options;
    const { state, clock, store, watchdogTicks = WATCHDOG_TICKS } = options;
    this.ledger = new Ledger(state.counters, store.cpuSecondsInAll, clock);
    this.keeper = new Keeper({
      store,
      clock,
      warn: (sentence) => this.warn(sentence),
      retry: () => this.orFail(() => this.retry('timer')),
    });
    this.work = new Work({
      ...options,
      watchdogTicks,
      invested: () => this.ledger.counters.cpuSeconds,
      wanted: () => this.wanted,
      warn: (sentence) => this.warn(sentence),
      errors: (count) => this.countErrors(count),
      unitDone: () => this.settle(),
      setAsideNow: (candidate) => this.setAside(candidate),
      full: () => this.waitForSaving(),
    });
    const expected = () => expectedUpTo(options.spec.digits, this.work.frontier.position);
    this.diary = new Diary({ counters: this.ledger.counters, clock, pauses: this.pauses, expected });
    this.cpuAtCheckpoint = state.counters.cpuSeconds;
    this.speed = new Speed(doneInAll(this.ledger, this.work));
  }

  /**
   * Begins; resolves when it has ended and everything is saved.
   * @throws StorageFault when it was stopped and could not save; `unsaved` says how many finds go with it
   */
  async run(): Promise<EndReason> {
    if (this.pauses.size === 0) this.startTimer();
    const work = this.work.begin().catch((error) => this.fail(error));
    this.settle();
    try {
      return await this.finished.promise;
    } finally {
      await work;
    }
  }

  /** Of what is saved. */
  get totals(): { found: number; foundNow: number; cpuSeconds: number } {
    const { found, cpuSeconds } = this.ledger.counters;
    const { unsaved } = this.keeper;
    return { found: found - unsaved, foundNow: this.ledger.foundNow - unsaved, cpuSeconds };
  }

  /** Finds that nobody has heard of: those that could not be saved yet, and those behind them. */
  get unsaved(): number {
    return this.keeper.unsaved + Math.max(0, Math.min(this.wanted, this.work.frontier.findsAhead()));
  }

  /** Resolves while nothing makes it stand still: at once, or at the end of the pause. */
  whileRunning(): Promise<void> {
    if (this.pauses.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** Stops the workers where they are and saves. */
  async pause(reason: PauseReason): Promise<void> {
    const first = this.pauses.size === 0;
    this.charge();
    this.pauses.add(reason);
    if (this.stopping) return;
    if (first) {
      this.ledger.setRunning(false);
      this.endTimer();
      this.work.crew.hold();
      await this.checkpoint('pause');
      if (this.work.crew.isSilent) this.watchPaused();
    }
    this.tellProgress();
  }

  resume(reason: PauseReason): void {
    this.charge();
    if (!this.pauses.delete(reason) || this.stopping) return;
    if (this.pauses.size > 0) {
      this.tellProgress();
      return;
    }
    this.ledger.setRunning(true);
    this.work.crew.go();
    this.startTimer();
    for (const resolve of this.waiting.splice(0)) resolve();
    this.tellProgress();
  }

  /** Works harder or less hard from now on; paused or not. */
  pace({ workers, share }: Pace): void {
    const { crew } = this.work;
    const before = crew.computing * this.share;
    this.charge();
    crew.compute(workers);
    crew.keepTo(share);
    this.share = share;
    const factor = (crew.computing * share) / before;
    if (factor !== 1) this.speed.changed(doneInAll(this.ledger, this.work), factor);
    this.tellProgress();
  }

  /** Saves and ends. */
  async stop(reason: EndReason = 'stopped'): Promise<void> {
    if (this.stopping) return;
    try {
      this.beginStop();
      this.work.crew.hold();
      const saved = await this.checkpoint('stop');
      const { problem } = this.keeper;
      if (!saved && problem !== null) {
        if (reason === 'stopped') throw problem;
        this.warn(`${faultItself(problem)}; every prime is saved, but not what was done since`);
      }
      await this.work.crew.end();
      this.finished.resolve(reason);
    } catch (error) {
      await this.fail(error);
    }
  }

  /** Nothing can be saved any more: ends without it, and `run` throws. */
  private async fail(error: unknown): Promise<void> {
    this.beginStop();
    this.finished.reject(error);
    await this.work.crew.end();
  }

  private orFail(call: () => unknown): void {
    void (async () => call())().catch((error) => this.fail(error));
  }

  private beginStop(): void {
    this.stopping = true;
    this.work.ended = true;
    this.endTimer();
    this.keeper.end();
  }

  private warn(sentence: string): void {
    this.options.emit({ type: 'warning', sentence });
  }

  /** There is nothing more to do until saving works, if it is that. */
  private waitForSaving(): void {
    if (this.keeper.problem !== null && !this.pauses.has('cannot-save')) this.orFail(() => this.pause('cannot-save'));
  }

  private setAside(candidate: SetAside): void {
    this.keeper.keepAside(candidate);
    if (this.keeper.problem === null) this.commit('timer');
  }

  private countErrors(fresh: number): void {
    if (fresh > 0) this.warn(arithmeticErrorSentence(this.ledger.arithmeticErrors(fresh)));
  }

  /** Primes still to be found; Infinity: until it is stopped. */
  private get wanted(): number {
    const { count } = this.options;
    return count === null ? Number.POSITIVE_INFINITY : count - this.ledger.counters.found;
  }

  /** Settles what is in order, unless something that was settled before is not saved. */
  private settle(): void {
    if (this.keeper.problem === null) this.settleNow();
  }

  /**
   * Finds are stored, then told.
   * @returns false when the store cannot say now what is a find: nothing is settled then
   */
  private settleNow(): boolean {
    const { store, id, spec, record } = this.options;
    if (this.wanted <= 0) {
      void this.stop('count');
      return true;
    }
    const fresh = new Set<string>();
    const counts = (find: SettledFind) => {
      const decimal = primeOf(spec, find.block, find.index).toString();
      if (fresh.has(decimal) || store.hasPrime(id, decimal)) return false;
      fresh.add(decimal);
      return true;
    };
    const settled = this.keeper.ask(() => this.work.frontier.settle(this.wanted, counts))?.answer;
    if (settled === undefined) return false;
    this.ledger.tested(settled.tested);
    this.work.supply.settled(this.work.frontier.position.block);
    this.countErrors(settled.disagreements);
    if (settled.finds.length > 0) {
      this.keeper.keep(this.ledger.book(settled.finds, { ...record, searchId: id, spec }));
      this.commit('find');
    }
    return true;
  }

  /** Saves everything as it is known here, then tells of the finds. @returns whether it is saved */
  private commit(reason: CheckpointReason): boolean {
    const { store, id, spec, clock, emit } = this.options;
    this.charge();
    const at = clock.now();
    const { cpuSeconds } = this.ledger.counters;
    const state: SearchState = {
      position: this.work.frontier.position,
      next: this.work.supply.next,
      units: this.work.frontier.units(),
      counters: { ...this.ledger.counters },
    };
    const mends = this.keeper.problem !== null;
    const { unsaved } = this;
    const activity = this.diary.pending();
    const finds = this.keeper.save({ id, state, activity, cpuSecondsInAll: this.ledger.cpuSecondsInAll, at });
    if (finds === null) return false;
    this.diary.saved();
    if (mends) this.warn(savedAgain(unsaved));
    store.forgetSurvivors(id, this.work.frontier.position.block);
    emit({ type: 'checkpoint', reason, at, cpuSeconds });
    for (const found of finds) {
      const number = store.numberOf?.(id, found.decimal) ?? undefined;
      emit({ type: 'prime', record: withBases(found, spec), ...(number !== undefined && { number }) });
    }
    if (this.stopping) return true;
    if (mends) this.resume('cannot-save');
    if (mends || this.wanted <= 0) this.settle();
    this.work.crew.wake();
    return true;
  }

  /** Saves what could not be saved. What could not be settled is asked first: it may be that which does not work. */
  private retry(reason: CheckpointReason): boolean {
    if (this.keeper.unsaved === 0 && !this.settleNow()) return false;
    return this.keeper.problem === null || this.commit(reason);
  }

  /**
   * Asks every worker where it stands, and saves all of it.
   * @returns whether it is saved
   */
  private async checkpoint(reason: CheckpointReason): Promise<boolean> {
    const { most, least } = SNAPSHOT_PATIENCE_MS;
    const patience = reason === 'timer' ? Math.max(least, Math.min(most, 1000 * this.options.checkpointEvery)) : most;
    const whole = await this.work.crew.takeSnapshots(patience);
    if (this.stopping && reason !== 'stop') return false;
    // Only these put the next one off: a find saves the other workers' tests as they were at their last snapshot.
    if (whole) this.cpuAtCheckpoint = this.ledger.counters.cpuSeconds;
    return this.keeper.problem === null || this.stopping ? this.commit(reason) : this.retry(reason);
  }

  private startTimer(): void {
    const { clock, checkpointEvery } = this.options;
    const every = Math.min(PROGRESS_SECONDS * 1000, Math.max(SHORTEST_TICK_MS, (checkpointEvery * 1000) / 4));
    const ticksToProgress = Math.round((PROGRESS_SECONDS * 1000) / every);
    let ticks = 0;
    this.endTimer();
    this.stopTimer = clock.every(every, () => {
      this.orFail(() => this.saveIfDue());
      if (++ticks % ticksToProgress === 0) this.orFail(() => this.watch());
    });
  }

  private endTimer(): void {
    this.stopTimer?.();
    this.stopTimer = null;
  }

  /** Brings what is counted up to the clocks. */
  private charge(): void {
    this.ledger.charge();
    this.diary.charge();
  }

  private async saveIfDue(): Promise<void> {
    this.charge();
    const due = this.ledger.counters.cpuSeconds - this.cpuAtCheckpoint >= this.options.checkpointEvery;
    if (!due || this.saving) return;
    this.saving = true;
    await this.checkpoint('timer').finally(() => {
      this.saving = false;
    });
  }

  private async watch(): Promise<void> {
    await this.work.crew.watch();
    this.tellProgress();
  }

  /** A worker that does not stand still is still to be replaced. */
  private watchPaused(): void {
    if (this.pauses.size === 0 || this.stopping) return;
    this.endTimer();
    this.stopTimer = this.options.clock.every(PROGRESS_SECONDS * 1000, () => {
      if (this.work.crew.isSilent) this.orFail(() => this.work.crew.watch());
      else this.endTimer();
    });
  }

  private tellProgress(): void {
    if (this.stopping) return;
    const { work, ledger, pauses: paused, speed, share } = this;
    const { id: searchId, spec } = this.options;
    const unsaved = this.keeper.problem === null ? null : this.unsaved;
    const { found } = this.totals;
    const { digits } = spec;
    const progress = progressOf({ searchId, digits, work, ledger, found, unsaved, paused, speed, share });
    this.options.emit({ type: 'progress', progress });
  }
}

/**
 * The work of a search: gives the workers what is to be sieved and tested, in order, takes back what comes of it, and
 * goes on where a worker was lost. It knows nothing of saving.
 */

import type { SearchState } from '../../contract/checkpoint.ts';
import type { SearchSpec } from '../../contract/search-spec.ts';
import type { PoolWorker, WorkerLost } from '../threads/pool.ts';
import { Crew, type LostJob, type Task } from './crew.ts';
import { type Entry, Frontier } from './frontier.ts';
import type { RunClock } from './ledger.ts';
import { Rates } from './rates.ts';
import type { SearchStore, SetAside } from './search-store.ts';
import { SetAsides, setAsideSentence } from './set-aside.ts';
import { type SieveOrder, Supply, type UnitOrder } from './supply.ts';

export interface WorkOptions {
  readonly id: string;
  readonly spec: SearchSpec;
  readonly state: SearchState;
  readonly setAside: readonly SetAside[];
  readonly store: Pick<SearchStore, 'survivors' | 'saveSurvivors'>;
  readonly workers: readonly PoolWorker[];
  readonly clock: RunClock;
  readonly watchdogTicks: number;
  /** CPU seconds of the search so far. */
  readonly invested: () => number;
  /** Primes still to be found; Infinity: until it is stopped. */
  readonly wanted: () => number;
  readonly warn: (sentence: string) => void;
  /** So many arithmetic errors were found. */
  readonly errors: (count: number) => void;
  /** There may be something to settle. */
  readonly unitDone: () => void;
  /** A candidate is left out from now on. */
  readonly setAsideNow: (candidate: SetAside) => void;
  /** Nothing new can be begun before something is settled. */
  readonly full: () => void;
}

export class Work {
  readonly frontier: Frontier;
  readonly supply: Supply;
  readonly rates: Rates;
  readonly crew: Crew;
  readonly setAsides: SetAsides;
  /** Nothing is begun any more, and what comes back does not count. */
  ended = false;
  private readonly options: WorkOptions;

  constructor(options: WorkOptions) {
    this.options = options;
    const { spec, state, store, id, workers, clock, watchdogTicks, invested, wanted, errors } = options;
    this.frontier = new Frontier(state);
    this.rates = new Rates(spec.digits);
    this.setAsides = new SetAsides(options.setAside);
    this.crew = new Crew({ workers, clock, watchdogTicks, lost: (loss) => this.tellLoss(loss) });
    this.supply = new Supply(
      {
        digits: spec.digits,
        seed: Buffer.from(spec.seed, 'hex'),
        workers: workers.length,
        depth: (from) => this.rates.depth(from, wanted(), invested()),
        stored: (block) => store.survivors(id, block),
        fault: () => errors(1),
      },
      state.next,
    );
  }

  /** Keeps the workers busy until they are ended. */
  begin(): Promise<void> {
    return this.crew.work(() => this.next());
  }

  /** Screens done in units that are not settled. */
  get testedAhead(): number {
    return this.frontier.testedAhead();
  }

  /**
   * Sieving that is due, else a unit that waits to be gone on with, else a new one; null while there is none. A unit
   * that ended its threads too often comes behind what shows whether others fare better.
   */
  private next(): Task | null {
    if (this.ended) return null;
    if (this.options.wanted() <= 0) return this.waitForRoom();
    const order = this.supply.takeSieve(this.frontier.waitingBlocks());
    if (order !== null) return (worker) => this.sieve(worker, order);
    const { jobsDone } = this.crew;
    const waiting = this.frontier.waiting();
    const last = waiting.filter(({ losses }) => losses?.waitsForOthers(jobsDone));
    const first = waiting.filter((entry) => !last.includes(entry));
    return this.goOn(first) ?? this.beginUnit() ?? this.goOn(last);
  }

  private goOn(entries: readonly Entry[]): Task | null {
    for (const entry of entries) {
      const unit = this.supply.survivorsOf(entry.range);
      if (unit !== null) return this.testing(entry, unit);
    }
    return null;
  }

  private beginUnit(): Task | null {
    if (this.frontier.isFull) return this.waitForRoom();
    const unit = this.supply.takeUnit(this.rates.unitSize);
    if (unit === null) return null;
    return this.testing(this.frontier.add({ block: unit.block, from: unit.from, to: unit.to }), unit);
  }

  private waitForRoom(): null {
    this.options.full();
    return null;
  }

  private testing(entry: Entry, unit: UnitOrder): Task {
    entry.status = 'running';
    entry.state = this.setAsides.withoutStateOf(unit.block, entry.state);
    const left = this.setAsides.without(unit);
    return (worker) => this.test(worker, entry, left);
  }

  private async sieve(worker: PoolWorker, order: SieveOrder): Promise<void> {
    const result = await this.crew.run(worker, null, { type: 'sieve', ...order });
    if (result.type !== 'sieve') {
      this.supply.unsieved(order);
      if (!this.ended) this.supply.recheck(order.block);
      return;
    }
    const { survivors, seal, faults, seconds } = result;
    const arrived = this.supply.sieved(order, survivors, seal);
    if (this.ended) return;
    this.options.errors(faults);
    if (!arrived) return;
    this.rates.bookSieve(order, seconds);
    this.options.store.saveSurvivors(this.options.id, order.block, order.to, survivors);
  }

  private async test(worker: PoolWorker, entry: Entry, unit: UnitOrder): Promise<void> {
    const { state } = entry;
    const { block, start, indices, seal } = unit;
    const cautious = entry.losses?.cautious ?? false;
    const job = { type: 'unit', block, start, indices, seal, state, cautious } as const;
    const result = await this.crew.run(worker, entry, job);
    if (result.type !== 'unit') {
      if (result.type === 'lost' && !this.ended) this.lose(entry, result);
      return;
    }
    this.rates.bookUnit({
      tested: result.state.tested - state.tested,
      confirmed: result.state.finds.length - state.finds.length,
      rounds: this.options.spec.rounds,
      seconds: result.seconds,
    });
    this.frontier.finish(entry, result.state);
    if (!this.ended) this.options.unitDone();
  }

  private lose(entry: Entry, { at, why }: LostJob): void {
    const { block } = entry.range;
    this.supply.recheck(block);
    const offset = this.frontier.lost(entry, at, this.crew.jobsDone);
    if (offset === null) return;
    const candidate = { block, offset, why };
    this.setAsides.add(candidate);
    this.options.warn(setAsideSentence(this.options.spec, candidate));
    this.options.setAsideNow(candidate);
  }

  private tellLoss({ message, arithmetic }: WorkerLost): void {
    this.options.warn(`${message}; its work is begun again`);
    if (arithmetic) this.options.errors(1);
  }
}

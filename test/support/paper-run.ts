/** A search with paper workers, from a store, slice by slice, until something is so or the process "dies". */

import type { SearchState } from '../../main/contract/checkpoint.ts';
import type { CruncherEvent } from '../../main/contract/messages.ts';
import type { SearchSpec } from '../../main/contract/search-spec.ts';
import { makeSpec, SEARCH_START, searchId } from '../../main/cruncher/run/search-identity.ts';
import { type EndReason, SearchRun } from '../../main/cruncher/run/search-run.ts';
import type { SearchStore, SetAside } from '../../main/cruncher/run/search-store.ts';
import type { StoredSearch } from '../../main/cruncher/store/store.ts';
import { kernelsOf, PaperTime, PaperWorker, settled } from './paper-search.ts';

/** Where a search is kept: the store, or one on paper. */
export interface SearchHome extends SearchStore {
  useSearch(id: string, spec: SearchSpec, state: SearchState, at: string): void;
  search(id: string): StoredSearch | null;
  setAside(id: string): readonly SetAside[];
}

export interface PaperOptions {
  readonly store: SearchHome;
  readonly spec: SearchSpec;
  readonly count: number | null;
  readonly workers?: number;
  /** CPU seconds; a paper slice takes a hundredth. */
  readonly checkpointEvery?: number;
  readonly watchdogTicks?: number;
  /** Numbers whose test ends a thread, or makes it spin. */
  readonly deadly?: PaperWorker['deadly'];
  readonly onEvent?: (event: CruncherEvent) => void;
}

/** 2^-40: twenty rounds. */
export const paperSpec = (digits: number, seed: number): SearchSpec =>
  makeSpec(digits, -40, seed.toString(16).padStart(64, '0'));

/** A search may wait for its workers, but not this long. */
const MOST_STEPS = 200_000;

export class PaperRun {
  readonly time: PaperTime;
  readonly workers: readonly PaperWorker[];
  readonly events: CruncherEvent[] = [];
  readonly run: SearchRun;
  readonly search: StoredSearch;
  ended: EndReason | null = null;
  failed: unknown = null;
  #turn = 0;

  constructor(options: PaperOptions) {
    const { store, spec, count, workers = 2, checkpointEvery = 300, watchdogTicks, deadly, onEvent } = options;
    const id = searchId(spec);
    // Every process has used some CPU time before its search begins, and that is not the search's.
    this.time = new PaperTime(7);
    const settings = { digits: spec.digits, seed: Buffer.from(spec.seed, 'hex'), rounds: spec.rounds };
    this.workers = Array.from({ length: workers }, (_, k) => new PaperWorker(kernelsOf(k), settings, this.time));
    for (const worker of this.workers) worker.deadly = deadly ?? worker.deadly;
    store.useSearch(id, spec, SEARCH_START, this.time.now());
    this.search = store.search(id) as StoredSearch;
    this.run = new SearchRun({
      id,
      spec,
      state: this.search.state,
      setAside: store.setAside(id),
      count,
      checkpointEvery,
      watchdogTicks,
      store,
      workers: this.workers,
      clock: this.time,
      record: { host: 'paper', version: '0.0.0' },
      emit: (event) => {
        this.events.push(event);
        onEvent?.(event);
      },
    });
  }

  start(): this {
    this.run.run().then(
      (reason) => {
        this.ended = reason;
      },
      (error) => {
        this.failed = error;
      },
    );
    return this;
  }

  /** A slice of one worker, and what follows from it. */
  async step(worker: number = this.#turn++): Promise<void> {
    // Nobody does anything, but the clock goes on.
    if (this.workers.every(({ busy, held, hung }) => !busy || (held && !hung))) this.time.pass(0.1, 0);
    this.workers[worker % this.workers.length]?.step();
    await settled();
  }

  async until(condition: () => boolean): Promise<void> {
    for (let steps = 0; !condition(); steps++) {
      if (this.failed !== null) throw this.failed;
      if (steps > MOST_STEPS) throw new Error('the search does not come to what the test waits for');
      await this.step();
    }
  }

  async untilEnd(): Promise<EndReason> {
    await this.until(() => this.ended !== null);
    return this.ended as EndReason;
  }

  /** Like a SIGKILL: nobody says goodbye. */
  crash(): void {
    for (const worker of this.workers) worker.drop();
  }

  of<T extends CruncherEvent['type']>(type: T): Extract<CruncherEvent, { type: T }>[] {
    return this.events.filter((event): event is Extract<CruncherEvent, { type: T }> => event.type === type);
  }

  get primes(): string[] {
    return this.of('prime').map(({ record }) => record.decimal);
  }
}

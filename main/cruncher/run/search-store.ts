/**
 * What a search asks of the place where it is kept (`store/` has it; tests have others). A store mends itself where it
 * can: what it cannot do now it says with a `StorageFault`, and the search keeps what it has and tries again.
 */

import type { SearchState } from '../../contract/checkpoint.ts';
import type { StoredPrime } from '../../contract/prime-record.ts';
import type { Activity } from './activity.ts';

/** A candidate that was left out, because whatever thread tested it was lost. */
export interface SetAside {
  readonly block: number;
  /** Of the odd number in its block. */
  readonly offset: number;
  /** How the threads were lost, for people. */
  readonly why: string;
}

export interface Saving {
  readonly id: string;
  readonly state: SearchState;
  /** Primes that became part of the result since the last saving. */
  readonly finds: readonly StoredPrime[];
  /** Candidates that were set aside since the last saving; not there when there are none. */
  readonly setAside?: readonly SetAside[];
  /**
   * What was done since the last saving, by the hour; not there when nothing was, or nobody counts. For charts only: after
   * a fault that left open whether it was saved, some of it may count twice.
   */
  readonly activity?: readonly Activity[];
  /** CPU seconds of every search of the directory, up to now. */
  readonly cpuSecondsInAll: number;
  /** ISO 8601, UTC. */
  readonly at: string;
}

export interface SearchStore {
  /**
   * Makes all of it durable or nothing. Doing it twice is doing it once, so it can be tried again after a fault.
   * @throws StorageFault when it cannot be done now
   */
  save(saving: Saving): void;
  /** CPU seconds of every search of the directory, as last saved. */
  readonly cpuSecondsInAll: number;
  /**
   * Whether this search has found this number already.
   * @throws StorageFault when nobody can say now
   */
  hasPrime(id: string, decimal: string): boolean;
  /** The number of a prime that was saved; null when nobody can say. Never throws. */
  numberOf?(id: string, decimal: string): number | null;
  /** The sieved bitmap of a block and its depth, when there is one and it is whole. A cache: never throws. */
  survivors(id: string, block: number): { readonly depth: number; readonly bitmap: Uint8Array } | null;
  saveSurvivors(id: string, block: number, depth: number, bitmap: Uint8Array): void;
  /** Forgets the bitmaps of blocks before this one, which are settled. */
  forgetSurvivors(id: string, beforeBlock: number): void;
}

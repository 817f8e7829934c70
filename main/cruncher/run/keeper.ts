/**
 * Keeps what the search has found until the store has it. When the store says that the disk will not take it now, the
 * finds stay here, in order, and it is tried again: after a second, then twice as long, up to a minute, and with
 * every checkpoint that is due. Nobody hears of a find before it is saved.
 */

import type { StoredPrime } from '../../contract/prime-record.ts';
import { StorageFault } from '../store/storage-fault.ts';
import type { RunClock } from './ledger.ts';
import { after } from './patience.ts';
import type { Saving, SearchStore, SetAside } from './search-store.ts';

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;

/** What a saving holds besides what waits here. */
export type Kept = Omit<Saving, 'finds' | 'setAside'>;

export interface KeeperOptions {
  readonly store: SearchStore;
  readonly clock: RunClock;
  readonly warn: (sentence: string) => void;
  /** It is time to save again. */
  readonly retry: () => void;
}

export class Keeper {
  private readonly options: KeeperOptions;
  private finds: StoredPrime[] = [];
  private setAsides: SetAside[] = [];
  private fault: StorageFault | null = null;
  private wait = FIRST_WAIT_MS;
  private endWait: (() => void) | null = null;
  private ended = false;

  constructor(options: KeeperOptions) {
    this.options = options;
  }

  /** Finds that are not saved. */
  get unsaved(): number {
    return this.finds.length;
  }

  /** To be saved with the next saving. */
  keep(finds: readonly StoredPrime[]): void {
    this.finds.push(...finds);
  }

  keepAside(candidate: SetAside): void {
    this.setAsides.push(candidate);
  }

  /**
   * Saves, with all that is kept.
   * @returns the finds that are safe now, to be told; null when it cannot be done now and will be tried again
   */
  save(kept: Kept): StoredPrime[] | null {
    const { finds, setAsides } = this;
    const saving = { ...kept, finds, ...(setAsides.length > 0 && { setAside: setAsides }) };
    if (this.ask(() => this.options.store.save(saving)) === null) return null;
    this.finds = [];
    this.setAsides = [];
    this.mended();
    return finds;
  }

  /** Asks the store; null when nobody can say now, and it is tried again. */
  ask<T>(question: () => T): { readonly answer: T } | null {
    try {
      return { answer: question() };
    } catch (error) {
      if (!(error instanceof StorageFault)) throw error;
      this.failed(error);
      return null;
    }
  }

  /** What saving failed with when it was last tried. */
  get problem(): StorageFault | null {
    return this.fault;
  }

  /** Tries no more by itself; whoever saves says what came of it. */
  end(): void {
    this.endWait?.();
    this.ended = true;
  }

  private failed(fault: StorageFault): void {
    const first = this.fault === null;
    this.fault = fault;
    if (this.ended) return;
    if (first) this.options.warn(fault.message);
    // Tried because a checkpoint was due, before its time: that stands.
    if (this.endWait !== null) return;
    this.endWait = after(this.options.clock, this.wait, () => {
      this.endWait = null;
      this.options.retry();
    });
    this.wait = Math.min(LONGEST_WAIT_MS, 2 * this.wait);
  }

  private mended(): void {
    this.fault = null;
    this.endWait?.();
    this.endWait = null;
    this.wait = FIRST_WAIT_MS;
  }
}

/** What the fault is, without what is done about it: the half of its sentence before the first semicolon. */
export const faultItself = (fault: StorageFault): string => fault.message.split(';')[0] as string;

/** What is said when saving works again. */
export const savedAgain = (finds: number): string =>
  `saved again: ${finds === 1 ? '1 prime found meanwhile is safe' : `${finds} primes found meanwhile are safe`}`;

/** What is said when a search ends and could not save. */
export function unsavedEnd(fault: StorageFault, unsaved: number): string {
  const primes =
    unsaved === 0
      ? 'the work since the last saving is done again'
      : `${unsaved === 1 ? 'one prime' : `${unsaved} primes`} found since the last saving will be found again`;
  return `The search has ended, but ${faultItself(fault)}: ${primes} by the next start, because the search is repeatable.`;
}

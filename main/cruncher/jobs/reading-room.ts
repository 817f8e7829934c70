/**
 * A data directory that is read again and again: its store is opened at the first question and stays open, without a
 * lock, until its file is another one or something is wrong with it. Nothing is mended: a cruncher may be at work.
 */

import { type Disk, type FileIdentity, realDisk, sameFile } from '../store/disk.ts';
import { Missing } from '../store/faults.ts';
import { Generations } from '../store/generations.ts';
import { problemOf } from '../store/opening.ts';
import type { NumberedPrime } from '../store/prime-rows.ts';
import { storeFiles } from '../store/recovery.ts';
import { Store } from '../store/store.ts';
import { Refusal } from './context.ts';
import { asSentence, damagedSentence, mendedSentence } from './directory.ts';

/** Primes of which it was said that they are damaged: no more than this are remembered. */
const MOST_REMEMBERED = 1000;

export interface ReadingRoomOptions {
  readonly directory: string;
  readonly warn: (sentence: string) => void;
  readonly disk?: Disk;
  /** Whether the store stays open between two questions. Windows does not let a file that is open be replaced. */
  readonly stayOpen?: boolean;
}

export class ReadingRoom {
  private readonly options: Required<ReadingRoomOptions>;
  private opened: { readonly store: Store; readonly seen: readonly (FileIdentity | null)[] } | null = null;
  private readonly told = new Set<number>();

  constructor(options: ReadingRoomOptions) {
    this.options = { disk: realDisk, stayOpen: process.platform !== 'win32', ...options };
  }

  /**
   * Reads what belongs together; `null` where there is no store yet.
   * @throws Refusal when the store is newer, damaged or missing, or cannot be opened
   */
  read<T>(work: (store: Store | null) => T): T {
    try {
      const store = this.store();
      return store === null ? work(null) : store.snapshot(() => work(store));
    } catch (error) {
      this.close();
      const problem = problemOf(error, this.options.directory);
      throw problem === null ? error : new Refusal(asSentence(problem.message));
    } finally {
      if (!this.options.stayOpen) this.close();
    }
  }

  /** Says, once, which primes were damaged: those that were worked out again, and those that are left out. */
  warnOf(rows: readonly NumberedPrime[], damaged: readonly number[]): void {
    const { directory, warn } = this.options;
    const mended = this.news(rows.filter((row) => row.mended).map(({ number }) => number));
    if (mended.length > 0) warn(mendedSentence(directory, mended));
    const lost = this.news(damaged);
    if (lost.length > 0) warn(damagedSentence(directory, lost));
  }

  close(): void {
    this.opened?.store.close();
    this.opened = null;
  }

  private news(numbers: readonly number[]): number[] {
    const fresh = numbers.filter((number) => !this.told.has(number));
    if (this.told.size + fresh.length > MOST_REMEMBERED) this.told.clear();
    for (const number of fresh) this.told.add(number);
    return fresh;
  }

  private store(): Store | null {
    const { directory, disk } = this.options;
    const seen = storeFiles(directory).map((file) => disk.identity(file));
    if (this.opened !== null && isStillRight(this.opened, seen)) return this.opened.store;
    this.close();
    this.told.clear();
    const store = Store.openToRead(directory, disk);
    if (store !== null) this.opened = { store, seen };
    else if (new Generations(directory, disk).latest() !== null) throw new Missing();
    return store;
  }
}

/** A connection sees all that is written to its file; a copy in memory is good while nothing is. */
function isStillRight(
  { store, seen }: { readonly store: Store; readonly seen: readonly (FileIdentity | null)[] },
  now: readonly (FileIdentity | null)[],
): boolean {
  const [file = null] = now;
  return store.isCopy ? JSON.stringify(now) === JSON.stringify(seen) : sameFile(file, seen[0] ?? null);
}

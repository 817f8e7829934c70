/**
 * Opening a directory's store for the cruncher: made when there is none, copied and brought up to date when it is of an
 * older version, mended when it is missing or damaged, and brought up to its journal when a crash came between the two.
 */

import { searchesProblem } from './check.ts';
import type { Disk } from './disk.ts';
import { Damage, faultOf, Missing } from './faults.ts';
import { type Generations, TEMPORARY } from './generations.ts';
import type { Holdings } from './holdings.ts';
import { opened, storeFile } from './opening.ts';
import { newStoreFile } from './recovery.ts';
import { isAheadOf, replay } from './replay.ts';
import { STORE_VERSION, storeVersion } from './schema.ts';
import type { Store } from './store.ts';

interface Opening {
  readonly directory: string;
  readonly disk: Disk;
  readonly tell: (sentence: string) => void;
}

/** Bytes; below this every page is looked at. Measured: 8 MB take about 10 ms. */
const QUICK = 8 << 20;

/** @returns whether the store is new @throws StoreProblem when it is from a newer version; or what the disk says */
export function openStore(holdings: Holdings, opening: Opening): boolean {
  const { directory, disk } = opening;
  const { generations } = holdings;
  try {
    const size = disk.identity(storeFile(directory))?.size ?? null;
    const version = size === null ? null : versionOf(disk, storeFile(directory));
    tidy(generations, opening);
    if (version === null || version === 0) {
      // Nothing was ever saved here, or it was and is gone.
      if (generations.latest() !== null) {
        throw size === null ? new Missing() : new Damage('it is empty');
      }
      holdings.begin();
      holdings.beginJournal(0);
      return true;
    }
    if (version < STORE_VERSION) backUpOld(holdings, opening);
    bringUp(holdings.store, generations, opening);
    return false;
  } catch (error) {
    const fault = faultOf(error);
    if (fault.kind !== 'damage') throw error;
    holdings.mend(fault.what, 'the work since the last saving is done again');
    return false;
  }
}

/** SQLITE_READONLY_ROLLBACK: a crash in the middle of a transaction, and only one who may write can take that back. */
const NEEDS_ROLLBACK = 776;

/** Looks without changing anything, but for what SQLite itself has to mend. */
function versionOf(disk: Disk, file: string, readOnly = true): number {
  try {
    return opened(disk, file, readOnly, (database) => {
      const version = storeVersion(database);
      database.close();
      return version;
    });
  } catch (error) {
    if (readOnly && (error as { errcode?: number }).errcode === NEEDS_ROLLBACK) return versionOf(disk, file, false);
    throw error;
  }
}

/** Removes what a crash left half written. */
function tidy(generations: Generations, { directory, disk }: Opening): void {
  disk.makeDirectory(generations.folder);
  generations.prune();
  for (const suffix of ['', '-journal', '-wal', '-shm']) disk.remove(`${newStoreFile(directory)}${suffix}`);
}

/** An upgrade cannot be undone: the store as it was is the first of the next generations. */
function backUpOld({ generations }: Holdings, { directory, disk }: Opening): void {
  const number = generations.next();
  const target = generations.backup(number);
  const temporary = `${target}${TEMPORARY}`;
  opened(disk, storeFile(directory), true, (database) => {
    database.prepare('VACUUM INTO ?').run(temporary);
    database.close();
  });
  disk.syncFile(temporary);
  disk.rename(temporary, target);
  disk.syncDirectory(generations.folder);
}

/** @throws Damage when the store is not whole */
function bringUp(store: Store, generations: Generations, { directory, disk, tell }: Opening): void {
  const problem = searchesProblem(store);
  if (problem !== null) throw new Damage(problem);
  const size = disk.identity(storeFile(directory))?.size ?? 0;
  const page = size < QUICK ? store.fileProblem() : null;
  if (page !== null) throw new Damage(page);
  if (!isAheadOf(store, generations)) return;
  const before = store.countPrimes();
  const { leftOut } = replay(store, generations);
  // Older than the journals reach, or than what is whole of them: a backup has more.
  if (leftOut > 0) throw new Damage('it is behind its journal');
  const primes = store.countPrimes() - before;
  if (primes === 0) return;
  tell(
    `the store in ${directory} was behind its journal; ${primes} ${primes === 1 ? 'prime was' : 'primes were'} taken over from there`,
  );
}

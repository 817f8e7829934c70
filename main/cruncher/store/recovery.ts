/**
 * Mends a store: what is damaged is set aside and never deleted, the newest backup that is whole takes its place, and
 * the journals bring it up to the last saving.
 */

import { basename, join } from 'node:path';
import { storeFileProblem } from './check.ts';
import type { Disk } from './disk.ts';
import { type Generations, TEMPORARY } from './generations.ts';
import { STORE_FILE, storeFile } from './opening.ts';
import { type Replayed, replay } from './replay.ts';
import { Store } from './store.ts';

export interface Recovery {
  /** The backup that took the store's place; null: there was none. */
  readonly backup: { readonly number: number; readonly madeAt: string } | null;
  /** Backups that were damaged too. */
  readonly badBackups: number;
  readonly replayed: Replayed;
  /** Primes that the store has now. */
  readonly primes: number;
  /** Where the damaged files are; null: there were none. */
  readonly setAside: string | null;
}

/** The store's file and what SQLite keeps beside it. */
export const storeFiles = (directory: string): string[] =>
  ['', '-wal', '-shm'].map((suffix) => `${storeFile(directory)}${suffix}`);

/** A new file's name, for a store that takes the place of the one that is there. */
export const newStoreFile = (directory: string): string => join(directory, `${STORE_FILE}${TEMPORARY}`);

/** A directory for what is set aside now; it is not made yet. */
export function asideFolder(directory: string, now: Date, disk: Disk): string {
  const name = join(directory, `damaged-${now.toISOString().replaceAll(':', '-').replace(/\.\d+/, '')}`);
  let folder = name;
  for (let k = 2; disk.identity(folder) !== null; k++) folder = `${name}-${k}`;
  return folder;
}

/** Moves files of the directory, those that are there, into one of their own. @returns whether there were any */
export function setFilesAside(directory: string, files: readonly string[], folder: string, disk: Disk): boolean {
  const there = files.filter((file) => disk.identity(file) !== null);
  if (there.length === 0) return false;
  disk.makeDirectory(folder);
  for (const file of there) {
    // One after the other: after a power cut a store must not be there without its log.
    disk.rename(file, join(folder, basename(file)));
    disk.syncDirectory(folder);
    disk.syncDirectory(directory);
  }
  return true;
}

/** Puts a whole store in place of what is there; a write-ahead log of another one must not stay. */
export function putInPlace(directory: string, file: string, disk: Disk): void {
  disk.syncFile(file);
  disk.rename(file, storeFile(directory));
  disk.syncDirectory(directory);
}

/**
 * The caller has closed the store. A crash in the middle is mended the same way at the next start: the store is
 * missing then, or behind its journal.
 * @throws what the disk says
 */
export function recover(directory: string, generations: Generations, now: Date, disk: Disk): Recovery {
  const folder = asideFolder(directory, now, disk);
  const moved = setFilesAside(directory, storeFiles(directory), folder, disk);
  const bad: string[] = [];
  let backup: Recovery['backup'] = null;
  for (const number of generations.backups().reverse()) {
    const file = generations.backup(number);
    const identity = disk.identity(file);
    if (identity === null) continue;
    if (storeFileProblem(file, disk) !== null) {
      bad.push(file);
      continue;
    }
    const copy = newStoreFile(directory);
    disk.remove(copy);
    disk.copy(file, copy);
    putInPlace(directory, copy, disk);
    backup = { number, madeAt: new Date(identity.modified).toISOString() };
    break;
  }
  const movedBackups = setFilesAside(directory, bad, folder, disk);
  const store = Store.open(directory, disk);
  try {
    const replayed = replay(store, generations);
    const primes = store.countPrimes();
    const setAside = moved || movedBackups ? folder : null;
    return { backup, badBackups: bad.length, replayed, primes, setAside };
  } finally {
    store.close();
  }
}

/**
 * What the user is told.
 * @param what the store was: "damaged (…)", "missing"
 * @param redone what is done again, when all that was saved is restored
 */
export function recoverySentence(directory: string, what: string, recovery: Recovery, redone: string): string {
  const { backup, badBackups, replayed, primes, setAside } = recovery;
  const aside = setAside === null ? '' : ` and set aside in ${setAside}`;
  const { entries, damagedLines, leftOut } = replayed;
  const lost = [
    ...(badBackups > 0 ? [`${count(badBackups, 'damaged backup')} passed over`] : []),
    ...(damagedLines > 0 ? [`${count(damagedLines, 'damaged line')} of the journal left out`] : []),
  ];
  const passed = lost.length === 0 ? '' : ` (${lost.join(', ')})`;
  const found = `the store in ${directory} was ${what}${aside}`;
  if (backup === null && entries === 0) {
    return `${found}; there was nothing to restore it from${passed}, so an empty one is begun`;
  }
  const journal = count(entries, 'saving').concat(' from the journal');
  const from = backup === null ? journal : `the backup of ${backup.madeAt} and ${journal}`;
  const again = leftOut > 0 ? 'what was saved after the damage is searched again' : redone;
  return `${found}; restored are ${count(primes, 'prime')} by ${from}${passed}, and ${again}`;
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

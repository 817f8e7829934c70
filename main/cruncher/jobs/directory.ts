/** The data directory as the jobs use it: taken, opened, read, and its problems told as refusals. */

import { realDisk } from '../store/disk.ts';
import { Missing } from '../store/faults.ts';
import { Generations } from '../store/generations.ts';
import { type DirectoryLock, lockDirectory, type Owner } from '../store/lock.ts';
import { problemOf, StoreProblem } from '../store/opening.ts';
import { StorageFault } from '../store/storage-fault.ts';
import { Store } from '../store/store.ts';
import { Vault, type VaultOptions } from '../store/vault.ts';
import { Refusal } from './context.ts';

/** A cruncher whose parent was just killed needs a moment to save and end; then the directory is free. */
const LOCK_PATIENCE_MS = 2000;
const LOCK_RETRY_MS = 50;

export interface LockPatience {
  /** How long it is tried, and how often. */
  readonly patienceMs: number;
  readonly retryMs: number;
  readonly isStopped: () => boolean;
}

export const lockPatience = (isStopped: () => boolean): LockPatience => ({
  patienceMs: LOCK_PATIENCE_MS,
  retryMs: LOCK_RETRY_MS,
  isStopped,
});

/**
 * Takes the directory, waiting a moment for whoever has it.
 * @throws Refusal when it stays taken, or cannot be used
 */
export async function takeDirectory(directory: string, owner: Owner, patience: LockPatience): Promise<DirectoryLock> {
  for (let left = patience.patienceMs; ; left -= patience.retryMs) {
    const result = lockOrRefuse(directory, owner);
    if (result.ok) return result.lock;
    if (left <= 0 || patience.isStopped()) {
      const { owner: other } = result;
      const who = other === null ? 'Another nice19' : `Another nice19 (process ${other.pid}, since ${other.since})`;
      throw new Refusal(`${who} is searching in ${directory}; stop it, or choose another directory with --data.`);
    }
    await new Promise((resolve) => setTimeout(resolve, patience.retryMs));
  }
}

function lockOrRefuse(directory: string, owner: Owner): ReturnType<typeof lockDirectory> {
  try {
    return lockDirectory(directory, owner);
  } catch (error) {
    throw new Refusal(
      `The data directory ${directory} cannot be used (${(error as Error).message}); choose another with --data.`,
    );
  }
}

/**
 * Opens the vault of a directory that was taken, works with it and closes it, whatever happens.
 * @throws Refusal when the store is from a newer version, or the disk says no before there is a search
 */
export async function withVault<T>(options: VaultOptions, work: (vault: Vault) => T | Promise<T>): Promise<T> {
  let vault: Vault | null = null;
  try {
    vault = Vault.open(options);
    return await work(vault);
  } catch (error) {
    const refused = error instanceof StoreProblem || error instanceof StorageFault;
    throw refused ? new Refusal(asSentence(error.message)) : error;
  } finally {
    await vault?.close();
  }
}

/**
 * Reads the store beside whoever works on the directory, and closes it; `null` where there is no store yet. Nothing is
 * mended: a cruncher may be at work.
 * @throws Refusal when the store is newer, damaged (also when that shows only now), or cannot be opened
 */
export async function withStore<T>(directory: string, work: (store: Store | null) => T | Promise<T>): Promise<T> {
  let store: Store | null = null;
  try {
    store = Store.openToRead(directory);
    if (store === null && new Generations(directory, realDisk).latest() !== null) throw new Missing();
    return await work(store);
  } catch (error) {
    const problem = problemOf(error, directory);
    throw problem === null ? error : new Refusal(asSentence(problem.message));
  } finally {
    store?.close();
  }
}

export const asSentence = (problem: string): string => `${problem.charAt(0).toUpperCase()}${problem.slice(1)}.`;

const primes = (numbers: readonly number[]): string =>
  `${numbers.length === 1 ? 'prime' : 'primes'} ${numbers.join(', ')}`;

/** What is said of primes whose digits do not fit their digest, and were worked out again from where they were found. */
export const mendedSentence = (directory: string, numbers: readonly number[]): string =>
  `the store in ${directory} is damaged: the digits of ${primes(numbers)} were worked out again`;

/** What is said of primes that cannot be shown. */
export const damagedSentence = (directory: string, numbers: readonly number[]): string =>
  `the store in ${directory} is damaged: ${primes(numbers)} cannot be read and ${numbers.length === 1 ? 'is' : 'are'} left out; "nice19 search" mends it from its backups when it starts`;

/** Opens a data directory as a search does, reads all of it and lets go. */

import type { StoredPrime } from '../../../main/contract/prime-record.ts';
import { lockDirectory } from '../../../main/cruncher/store/lock.ts';
import type { StoredSearch } from '../../../main/cruncher/store/store.ts';
import { Vault } from '../../../main/cruncher/store/vault.ts';

export interface Opened {
  readonly search: StoredSearch | null;
  /** Oldest first. */
  readonly primes: readonly StoredPrime[];
  /** What the user is told about it: what was mended, restored or lost. */
  readonly sentences: readonly string[];
}

/** @throws Error when it cannot be opened */
export async function openAsProgram(directory: string): Promise<Opened> {
  const owner = { pid: process.pid, since: '2026-01-02T03:04:05.678Z' };
  const result = lockDirectory(directory, owner);
  if (!result.ok) throw new Error(`somebody else has ${directory}`);
  const sentences: string[] = [];
  const tell = (sentence: string): void => void sentences.push(sentence);
  const vault = Vault.open({ directory, lock: result.lock, owner, tell });
  try {
    const search = vault.latestSearch();
    return { search, primes: search === null ? [] : vault.primesOf(search.id), sentences };
  } finally {
    await vault.close();
  }
}

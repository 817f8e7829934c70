/** Vaults of one small search, its savings, and what must be there afterwards. */

import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { StoredPrime } from '../../main/contract/prime-record.ts';
import { primeOf } from '../../main/cruncher/run/records.ts';
import { makeSpec, SEARCH_START, searchId } from '../../main/cruncher/run/search-identity.ts';
import type { Saving } from '../../main/cruncher/run/search-store.ts';
import { lockDirectory } from '../../main/cruncher/store/lock.ts';
import { Vault, type VaultOptions } from '../../main/cruncher/store/vault.ts';
import { somePrime } from './arbitrary-search.ts';
import { temporaryDirectory } from './directory.ts';

export const spec = makeSpec(30, -40, 'ab'.repeat(32));
export const id = searchId(spec);

const owner = { pid: process.pid, since: '2026-01-02T03:04:05.678Z' };

export interface OpenVault {
  readonly vault: Vault;
  readonly directory: string;
  /** What the user was told. */
  readonly told: string[];
}

/** Opens the vault of a directory; it is closed when the test ends. */
export function openVault(directory = temporaryDirectory(), options: Partial<VaultOptions> = {}): OpenVault {
  const told: string[] = [];
  const lock = lockDirectory(directory, owner);
  if (!lock.ok) throw new Error('the directory is taken');
  const vault = Vault.open({
    directory,
    lock: lock.lock,
    owner,
    tell: (sentence) => void told.push(sentence),
    ...options,
  });
  onTestFinished(() => vault.close());
  return { vault, directory, told };
}

/** One with the search, and savings 1 to `count`. */
export function searchedVault(count: number, directory = temporaryDirectory(), options: Partial<VaultOptions> = {}) {
  const opened = openVault(directory, options);
  opened.vault.useSearch(id, spec, SEARCH_START, 'the beginning');
  for (let k = 1; k <= count; k++) opened.vault.save(saving(k));
  return opened;
}

/** The find of saving k: nobody has looked whether it is prime. */
export const find = (k: number): StoredPrime =>
  somePrime(id, primeOf(spec, 0, k).toString(), { block: 0, offset: k, cpuSeconds: k });

/** What a search saves that has come to k, with a find each time. */
export const saving = (k: number): Saving => ({
  id,
  state: {
    ...SEARCH_START,
    position: { block: 0, index: k + 1 },
    next: { block: 0, index: k + 1 },
    counters: { ...SEARCH_START.counters, tested: 7 * k, found: k, cpuSeconds: k },
  },
  finds: [find(k)],
  cpuSecondsInAll: k,
  at: `moment ${k}`,
});

/** All of the savings up to k are there. */
export function expectSaved({ vault }: Pick<OpenVault, 'vault'>, k: number): void {
  expect(vault.primesOf(id)).toEqual(Array.from({ length: k }, (_, j) => find(j + 1)));
  expect(vault.countPrimes()).toBe(k);
  expect(vault.search(id)).toEqual({ id, spec, state: saving(k).state, savedAt: `moment ${k}` });
  expect(vault.cpuSecondsInAll).toBe(k);
}

/** Like a power cut that the disk survived: another directory with the files as they are now. */
export function crashed(directory: string): string {
  const copy = join(temporaryDirectory(), 'copy');
  cpSync(directory, copy, { recursive: true });
  return copy;
}

export const filesIn = (...path: string[]): string[] => readdirSync(join(...path)).sort();

/** The directories with what was set aside. */
export const setAsideIn = (directory: string): string[] =>
  filesIn(directory).filter((name) => name.startsWith('damaged-'));

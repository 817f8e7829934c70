/** A prime that is put out of sight: it stays found, for the search and for good; only the mark can be lost. */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { readForeignStore } from '../../../main/cruncher/jobs/foreign-store.ts';
import { StorageFault } from '../../../main/cruncher/store/storage-fault.ts';
import { FaultyDisk, sqliteError } from '../../support/faulty-disk.ts';
import {
  crashed,
  expectSaved,
  find,
  id,
  type OpenVault,
  openVault,
  saving,
  searchedVault,
} from '../../support/vaults.ts';

const AT = '2026-01-02T03:04:05.678Z';

const shown = ({ vault }: Pick<OpenVault, 'vault'>): string[] =>
  vault
    .primes(Number.POSITIVE_INFINITY, 99)
    .map(({ prime }) => prime.decimal)
    .reverse();
const decimals = (...finds: number[]): string[] => finds.map((k) => find(k).decimal);

test('it is left out of lists and counts for the search, also after a crash, until it is brought back', () => {
  const opened = searchedVault(4);
  expect(opened.vault.setRemoved(2, AT)).toBe(true);
  expect(shown(opened)).toEqual(decimals(1, 3, 4));
  // No more is written: it is on the disk already.
  const again = openVault(crashed(opened.directory));
  expect(again.told).toEqual([]);
  expect(shown(again)).toEqual(decimals(1, 3, 4));
  expectSaved(again, 4);
  expect(again.vault.hasPrime(id, find(2).decimal)).toBe(true);
  // The search goes on, and finds it no more.
  again.vault.save({ ...saving(5), finds: [find(2), find(5)] });
  expect(shown(again)).toEqual(decimals(1, 3, 4, 5));
  expect(again.vault.setRemoved(2, null)).toBe(true);
  expect(shown(again)).toEqual(decimals(1, 2, 3, 4, 5));
  expectSaved(again, 5);
});

test('a number that no prime has is said', () => {
  const { vault } = searchedVault(2);
  for (const number of [3, 2 ** 40]) expect(vault.setRemoved(number, AT)).toBe(false);
});

test('what is removed goes along where the search does, as a prime', async () => {
  const { vault, directory } = searchedVault(3);
  vault.setRemoved(2, AT);
  await vault.close();
  const [search] = readForeignStore(directory);
  expect(search?.primes.map(({ decimal }) => decimal)).toEqual(decimals(1, 2, 3));
});

test('a store that is restored has all its primes, and the marks that its backup had', async () => {
  const { vault, directory } = searchedVault(3);
  vault.setRemoved(1, AT);
  vault.backUp();
  await vault.backupMade();
  vault.setRemoved(2, AT);
  vault.save(saving(4));
  await vault.close();
  rmSync(join(directory, 'nice19.sqlite'));
  const restored = openVault(directory);
  expect(restored.told.join()).toMatch(/was missing.*restored are 4 primes/);
  expectSaved(restored, 4);
  expect(shown(restored)).toEqual(decimals(2, 3, 4));
});

test('a store that was deleted while it is in use is written anew, with the mark', () => {
  const opened = searchedVault(3);
  rmSync(join(opened.directory, 'nice19.sqlite'));
  expect(opened.vault.setRemoved(3, AT)).toBe(true);
  expect(opened.told.join()).toMatch(/was deleted while it was in use/);
  const again = openVault(crashed(opened.directory));
  expect(shown(again)).toEqual(decimals(1, 2));
});

test.each([
  ['full', 'sql COMMIT', 13],
  ['read-only', 'sql BEGIN', 8],
] as const)('while the disk is %s it cannot be done, and is not half done', (_, step, code) => {
  const faulty = new FaultyDisk();
  const opened = searchedVault(3, undefined, { disk: faulty.disk });
  faulty.fails([step], () => sqliteError(code, 'as a test wants it'));
  expect(() => opened.vault.setRemoved(1, AT)).toThrow(StorageFault);
  expect(() => opened.vault.setRemoved(1, AT)).toThrow(/^nothing can be saved in /);
  faulty.works();
  expect(shown(opened)).toEqual(decimals(1, 2, 3));
  expect(opened.vault.setRemoved(1, AT)).toBe(true);
  expect(shown(opened)).toEqual(decimals(2, 3));
});

test('a mark that is damaged hides at most its prime', () => {
  const { vault, directory } = searchedVault(3);
  const database = new DatabaseSync(join(directory, 'nice19.sqlite'));
  database.exec("UPDATE prime SET removed_at = '\u0007nonsense' WHERE number = 2");
  database.close();
  expect(shown({ vault })).toEqual(decimals(1, 3));
  expect(vault.primesOf(id).map(({ decimal }) => decimal)).toEqual(decimals(1, 2, 3));
});

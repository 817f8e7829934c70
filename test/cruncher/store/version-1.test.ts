/**
 * The store of version 1, as released nice19 0.1.0 left it: `nice19 search` for 30 primes of 40 digits, then for 600
 * digits, stopped inside two units. Oracles: the file itself, read with SQL, and OpenSSL.
 */

import { checkPrimeSync } from 'node:crypto';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { contentProblem } from '../../../main/cruncher/run/state-check.ts';
import { storeFileProblem } from '../../../main/cruncher/store/check.ts';
import { migrate } from '../../../main/cruncher/store/schema.ts';
import { Store } from '../../../main/cruncher/store/store.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { filesIn, openVault, setAsideIn } from '../../support/vaults.ts';

const VERSION_1 = fileURLToPath(new URL('../../data/stores/version-1.sqlite', import.meta.url));
/** Immutable: SQLite makes no files beside it. */
const READ_VERSION_1 = new URL(`${pathToFileURL(VERSION_1)}?immutable=1`);
const FILE = 'nice19.sqlite';

/** A directory with the old store, perhaps changed. */
function oldDirectory(sql = ''): string {
  const directory = temporaryDirectory();
  copyFileSync(VERSION_1, join(directory, FILE));
  if (sql !== '') {
    const database = new DatabaseSync(join(directory, FILE));
    database.exec(sql);
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    database.close();
  }
  return directory;
}

function rows(sql: string): Record<string, string>[] {
  const database = new DatabaseSync(READ_VERSION_1, { readOnly: true });
  const found = database.prepare(sql).all() as Record<string, string>[];
  database.close();
  return found;
}

type Reading = Pick<Store, 'searches' | 'primesOf' | 'countPrimes' | 'latestSearch' | 'fact' | 'cpuSecondsInAll'>;

function expectAllOfIt(store: Reading): void {
  const searches = rows('SELECT * FROM search ORDER BY used_at');
  expect(searches.length).toBe(2);
  expect(store.searches()).toEqual(
    searches.map(({ id, spec, state, saved_at }) => ({
      id,
      spec: JSON.parse(spec as string),
      state: JSON.parse(state as string),
      savedAt: saved_at,
    })),
  );
  expect(store.latestSearch()?.id).toBe(searches[1]?.['id']);
  for (const { id } of searches as { id: string }[]) {
    const primes = rows(`SELECT record FROM prime WHERE search_id = '${id}' ORDER BY number`);
    expect(store.primesOf(id)).toEqual(primes.map(({ record }) => JSON.parse(record as string)));
    expect(store.countPrimes(id)).toBe(primes.length);
  }
  const facts = new Map(rows('SELECT name, value FROM fact').map(({ name, value }) => [name, value]));
  expect(String(store.cpuSecondsInAll)).toBe(facts.get('cpuSecondsInAll'));
  expect(store.fact('priority')).toBe(facts.get('priority'));
}

test('a store of version 1 keeps everything, and makes sense afterwards', () => {
  const directory = oldDirectory();
  const { vault, told } = openVault(directory);
  expectAllOfIt(vault);
  expect(told).toEqual([]);
  for (const { id, spec, state } of vault.searches()) {
    const primes = vault.primesOf(id);
    expect(contentProblem({ spec, state, primes })).toBeNull();
    for (const { decimal } of primes) expect(checkPrimeSync(BigInt(decimal), { checks: 3 })).toBe(true);
    // The sieved block of the search that was stopped is worth keeping.
    expect(vault.survivors(id, state.position.block)?.bitmap.length).toBeGreaterThan(0);
  }
});

test('the step to version 2 makes it half as large, without what is a cache', () => {
  const directory = oldDirectory('DELETE FROM survivors; VACUUM');
  const pages = (file: string): number => {
    const database = new DatabaseSync(file, { readOnly: true });
    const { page_count } = database.prepare('PRAGMA page_count').get() as { page_count: number };
    database.close();
    return page_count;
  };
  const before = pages(join(directory, FILE));
  const database = new DatabaseSync(join(directory, FILE));
  migrate(database, 2);
  const copy = join(directory, 'copy.sqlite');
  database.prepare('VACUUM INTO ?').run(copy);
  database.close();
  expect(pages(copy)).toBeLessThan(0.75 * before);
});

test('before that it is backed up as it was', () => {
  const directory = oldDirectory();
  openVault(directory);
  const backup = join(directory, 'backups', 'store-1.sqlite');
  expect(storeFileProblem(backup)).toBeNull();
  const database = new DatabaseSync(backup, { readOnly: true });
  expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: 1 });
  for (const table of ['search', 'prime', 'survivors', 'fact']) {
    expect(database.prepare(`SELECT * FROM ${table}`).all()).toEqual(rows(`SELECT * FROM ${table}`));
  }
  database.close();
});

test('questions are answered from it without changing it', () => {
  const directory = oldDirectory();
  const store = Store.openToRead(directory) as Store;
  expectAllOfIt(store);
  store.close();
  expect(readFileSync(join(directory, FILE)).equals(readFileSync(VERSION_1))).toBe(true);
});

test.each([
  ['in one of the two places', "UPDATE prime SET decimal = '9' || decimal WHERE number % 2"],
  ['in the other', "UPDATE prime SET record = replace(record, decimal, '7') WHERE number % 3"],
  ['in both', "UPDATE prime SET record = replace(record, decimal, '7'), decimal = '7' WHERE number % 5"],
])('digits that are damaged %s are mended on the way', (_, sql) => {
  const { vault, told } = openVault(oldDirectory(sql));
  expectAllOfIt(vault);
  expect(told).toEqual([]);
});

test('an old store that cannot be brought up to date is set aside as it is, and a new one begun', () => {
  const directory = oldDirectory("UPDATE prime SET record = '{' WHERE number = 7");
  const { vault, told } = openVault(directory);
  expect(vault.countPrimes()).toBe(0);
  expect(told).toEqual([expect.stringMatching(/was damaged \(the record of prime 7 .*nothing to restore it from/)]);
  const [aside] = setAsideIn(directory) as [string];
  expect(filesIn(directory, aside)).toEqual(['nice19.sqlite', 'store-1.sqlite']);
});

test('an old store whose header says another text encoding is damaged, and no riddle', () => {
  const directory = oldDirectory();
  const file = join(directory, FILE);
  const bytes = readFileSync(file);
  bytes[57] = 4;
  writeFileSync(file, bytes);
  expect(() => Store.openToRead(directory)).toThrow(/its header is not what was written/);
  const { vault, told } = openVault(directory);
  expect(told.join()).toMatch(/its header is not what was written.*set aside/);
  expect(vault.countPrimes()).toBe(0);
});

/**
 * The store of version 2, as nice19 left it before there was a window: `nice19 search` for 30 primes of 40 digits, then for
 * 600 digits, stopped inside a unit. Oracles: the file itself, read with SQL, and OpenSSL.
 */

import { checkPrimeSync } from 'node:crypto';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { contentProblem } from '../../../main/cruncher/run/state-check.ts';
import { storeFileProblem } from '../../../main/cruncher/store/check.ts';
import { migrate, storeVersion } from '../../../main/cruncher/store/schema.ts';
import { Store } from '../../../main/cruncher/store/store.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { openVault } from '../../support/vaults.ts';

const VERSION_2 = fileURLToPath(new URL('../../data/stores/version-2.sqlite', import.meta.url));
const FILE = 'nice19.sqlite';

function oldDirectory(): string {
  const directory = temporaryDirectory();
  copyFileSync(VERSION_2, join(directory, FILE));
  return directory;
}

function rows(sql: string, file: string | URL = new URL(`${pathToFileURL(VERSION_2)}?immutable=1`)): unknown[] {
  const database = new DatabaseSync(file, { readOnly: true });
  const found = database.prepare(sql).all();
  database.close();
  return found;
}

const EVERYTHING = [
  'SELECT id, spec, state, saved_at, sha256, primes FROM search ORDER BY used_at',
  `SELECT number, search, block, offset, bits, circumstance, cpu_seconds, wall_seconds, found_at, verified_at, seal, digest,
     decimal FROM prime ORDER BY number`,
  'SELECT * FROM circumstance',
  'SELECT * FROM survivors',
  'SELECT name, value, seal FROM fact ORDER BY name',
];

test('a store of version 2 keeps everything, to the byte, and makes sense afterwards', () => {
  const directory = oldDirectory();
  const { vault, told } = openVault(directory);
  expect(told).toEqual([]);
  for (const sql of EVERYTHING) expect(rows(sql, join(directory, FILE)), sql).toEqual(rows(sql));
  expect(rows('SELECT * FROM prime').length).toBe(30);
  for (const { id, spec, state } of vault.searches()) {
    const primes = vault.primesOf(id);
    expect(contentProblem({ spec, state, primes })).toBeNull();
    for (const { decimal } of primes) expect(checkPrimeSync(BigInt(decimal))).toBe(true);
  }
  expect(storeFileProblem(join(directory, FILE))).toBeNull();
});

test('before that it is backed up as it was', () => {
  const directory = oldDirectory();
  openVault(directory);
  const backup = join(directory, 'backups', 'store-1.sqlite');
  expect(rows('PRAGMA user_version', backup)).toEqual([{ user_version: 2 }]);
  for (const sql of EVERYTHING) expect(rows(sql, backup), sql).toEqual(rows(sql));
});

test('its primes are shown, and are on the pages of the table, without a change to the file', () => {
  const directory = oldDirectory();
  const store = Store.openToRead(directory) as Store;
  expect(store.isCopy).toBe(true);
  const { total, rows: page } = store.page({
    order: 'digits',
    descending: false,
    digitsAtLeast: 40,
    digitsAtMost: null,
    typed: '',
    removed: false,
    offset: 28,
    limit: 10,
  });
  expect(total).toBe(30);
  expect(page.map(({ number, removedAt }) => [number, removedAt])).toEqual([
    [29, null],
    [30, null],
  ]);
  expect([...store.activity.between(0, 1e9)]).toEqual([]);
  store.close();
  expect(readFileSync(join(directory, FILE)).equals(readFileSync(VERSION_2))).toBe(true);
});

test('a step that fails leaves it at version 2, with all it had', () => {
  const directory = oldDirectory();
  const file = join(directory, FILE);
  const database = new DatabaseSync(file);
  // A table in the way: columns and indexes are made, then it fails.
  database.exec('CREATE TABLE activity (x)');
  expect(() => migrate(database)).toThrow('already exists');
  expect(storeVersion(database)).toBe(2);
  database.close();
  expect(rows("SELECT name FROM pragma_table_info('prime') WHERE name = 'removed_at'", file)).toEqual([]);
  for (const sql of EVERYTHING) expect(rows(sql, file), sql).toEqual(rows(sql));
});

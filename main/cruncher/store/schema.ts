/** The store's tables, and how an older store becomes a newer one: a step a version, each in a transaction. */

import { DatabaseSync } from 'node:sqlite';
import { Damage } from './faults.ts';
import { toVersion2 } from './version-2.ts';
import { toVersion3 } from './version-3.ts';

/** MIGRATIONS[k] takes a store from version k to k + 1. Released steps are never edited. */
const MIGRATIONS: readonly ((database: DatabaseSync) => void)[] = [
  (database) =>
    database.exec(`CREATE TABLE search (
     id TEXT PRIMARY KEY,
     spec TEXT NOT NULL,
     state TEXT NOT NULL,
     found INTEGER NOT NULL,
     created_at TEXT NOT NULL,
     saved_at TEXT NOT NULL,
     used_at INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE prime (
     number INTEGER PRIMARY KEY,
     search_id TEXT NOT NULL,
     block INTEGER NOT NULL,
     offset INTEGER NOT NULL,
     digits INTEGER NOT NULL,
     decimal TEXT NOT NULL,
     -- SHA-256 of the decimal: blocks of small numbers may overlap, and a prime counts once.
     sha256 TEXT NOT NULL,
     record TEXT NOT NULL,
     found_at TEXT NOT NULL,
     UNIQUE (search_id, sha256)
   ) STRICT;
   CREATE TABLE survivors (
     search_id TEXT NOT NULL,
     block INTEGER NOT NULL,
     depth INTEGER NOT NULL,
     bitmap BLOB NOT NULL,
     sha256 TEXT NOT NULL,
     PRIMARY KEY (search_id, block)
   ) STRICT;
   CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;`),
  toVersion2,
  toVersion3,
];

export const STORE_VERSION = MIGRATIONS.length;

/** The version of an opened store; 0 for a new file. */
export function storeVersion(database: DatabaseSync): number {
  return Number((database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version);
}

/** SQLITE_CONSTRAINT and SQLITE_MISMATCH: the older tables held to the same rules, so the rows are damaged. */
const ROWS_DO_NOT_FIT = new Set([19, 20]);

/**
 * Brings the store to a version, the newest unless another is wanted.
 * @throws Damage, or what SQLite throws, when a step fails; the store then is at the version before it
 */
export function migrate(database: DatabaseSync, wanted: number = STORE_VERSION): void {
  for (let version = storeVersion(database); version < wanted; version++) {
    database.exec('BEGIN IMMEDIATE');
    try {
      MIGRATIONS[version]?.(database);
      database.exec(`PRAGMA user_version = ${version + 1}; COMMIT`);
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      const { errcode = 0 } = error as { errcode?: number };
      throw ROWS_DO_NOT_FIT.has(errcode & 0xff) ? new Damage((error as Error).message) : error;
    }
  }
}

/** A copy of an older store, brought up to date in memory; the store stays as it is. */
export function upgradedInMemory(database: DatabaseSync): DatabaseSync {
  const image = database.serialize();
  // The header's format versions: memory has no write-ahead log. https://www.sqlite.org/fileformat.html#file_format_version_numbers
  image.fill(1, 18, 20);
  const copy = new DatabaseSync(':memory:');
  copy.deserialize(image);
  migrate(copy);
  return copy;
}

const schemaTexts = new Map<number, string>();

/** Whether an opened store has exactly the tables of its version: what is damaged there SQLite does not always see. */
export function schemaFits(database: DatabaseSync): boolean {
  const version = storeVersion(database);
  let expected = schemaTexts.get(version);
  if (expected === undefined) {
    const pattern = new DatabaseSync(':memory:');
    migrate(pattern, version);
    expected = schemaText(pattern);
    pattern.close();
    schemaTexts.set(version, expected);
  }
  return schemaText(database) === expected;
}

function schemaText(database: DatabaseSync): string {
  const rows = database.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name').all();
  return JSON.stringify(rows.filter((row) => row['name'] !== 'sqlite_stat1'));
}

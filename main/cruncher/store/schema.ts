/** The store's tables, and how an older store becomes a newer one: a step a version, each in a transaction. */

import type { DatabaseSync } from 'node:sqlite';

/** MIGRATIONS[k] takes a store from version k to k + 1. Released steps are never edited. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE search (
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
   CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;`,
];

export const STORE_VERSION = MIGRATIONS.length;

/** The version of an opened store; 0 for a new file. */
export function storeVersion(database: DatabaseSync): number {
  return Number((database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version);
}

/** Brings the store to STORE_VERSION. @throws Error when a step fails; the store then is at the version before it */
export function migrate(database: DatabaseSync): void {
  for (let version = storeVersion(database); version < STORE_VERSION; version++) {
    try {
      database.exec(`BEGIN IMMEDIATE; ${MIGRATIONS[version]}; PRAGMA user_version = ${version + 1}; COMMIT`);
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }
}

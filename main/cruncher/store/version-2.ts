/**
 * The step to version 2 of the store: compact (a prime's digits once, what many primes have in common once, 16 bytes
 * in the index instead of 80) and self-checking (every row sealed). A released step: it is never edited.
 *
 * Version 1 kept a prime's digits twice, so a damaged one is mended from the other or, when neither fits, from where it
 * was found.
 */

import type { DatabaseSync } from 'node:sqlite';
import * as v from 'valibot';
import { StoredPrimeSchema } from '../../contract/prime-record.ts';
import { SearchSpecSchema } from '../../contract/search-spec.ts';
import { primeOf } from '../run/records.ts';
import { Damage } from './faults.ts';
import { parseJson } from './parse-json.ts';
import { PrimeRows } from './prime-rows.ts';
import { blobSeal, rowSeal, sha256 } from './seal.ts';

const TABLES = `
  CREATE TABLE search (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    spec TEXT NOT NULL,
    state TEXT NOT NULL,
    -- Primes of this search in the store: kept up by triggers, so that nobody has to count a million rows.
    primes INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    saved_at TEXT NOT NULL,
    used_at INTEGER NOT NULL,
    -- SHA-256 of [id, spec, state, saved_at] as JSON.
    sha256 BLOB NOT NULL
  ) STRICT;
  CREATE TABLE circumstance (
    key INTEGER PRIMARY KEY,
    -- What a prime's record shares with many others, as JSON: verdict, rounds, bounds, kernels, host, version.
    record TEXT NOT NULL UNIQUE
  ) STRICT;
  CREATE TABLE prime (
    number INTEGER PRIMARY KEY,
    search INTEGER NOT NULL,
    block INTEGER NOT NULL,
    offset INTEGER NOT NULL,
    bits INTEGER NOT NULL,
    circumstance INTEGER NOT NULL,
    cpu_seconds REAL NOT NULL,
    wall_seconds REAL NOT NULL,
    found_at TEXT NOT NULL,
    -- When a second implementation last said so too; NULL: it was never asked.
    verified_at TEXT,
    -- The first 8 bytes of the SHA-256 of the columns but for the digits and verified_at.
    seal BLOB NOT NULL,
    -- The first 16 bytes of the SHA-256 of the digits: blocks of small numbers may overlap, and a prime counts once.
    digest BLOB NOT NULL,
    decimal TEXT NOT NULL,
    UNIQUE (search, digest)
  ) STRICT;
  CREATE TRIGGER prime_added AFTER INSERT ON prime
    BEGIN UPDATE search SET primes = primes + 1 WHERE key = new.search; END;
  CREATE TRIGGER prime_removed AFTER DELETE ON prime
    BEGIN UPDATE search SET primes = primes - 1 WHERE key = old.search; END;
  CREATE TABLE set_aside (
    search INTEGER NOT NULL,
    block INTEGER NOT NULL,
    offset INTEGER NOT NULL,
    at TEXT NOT NULL,
    why TEXT NOT NULL,
    seal BLOB NOT NULL,
    PRIMARY KEY (search, block, offset)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE survivors (
    search INTEGER NOT NULL,
    block INTEGER NOT NULL,
    depth INTEGER NOT NULL,
    bitmap BLOB NOT NULL,
    seal BLOB NOT NULL,
    PRIMARY KEY (search, block)
  ) STRICT;
  CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL, seal BLOB NOT NULL) STRICT;`;

export function toVersion2(database: DatabaseSync): void {
  const old = ['search', 'prime', 'survivors', 'fact'];
  for (const table of old) database.exec(`ALTER TABLE ${table} RENAME TO old_${table}`);
  database.exec(TABLES);
  copySearches(database);
  copyPrimes(database);
  copySurvivors(database);
  copyFacts(database);
  for (const table of old) database.exec(`DROP TABLE old_${table}`);
}

interface OldSearch {
  readonly id: string;
  readonly spec: string;
  readonly state: string;
  readonly created_at: string;
  readonly saved_at: string;
  readonly used_at: number;
}

interface OldSurvivors {
  readonly key: number;
  readonly block: number;
  readonly depth: number;
  readonly bitmap: Uint8Array;
  readonly sha256: string;
}

function copySearches(database: DatabaseSync): void {
  const insert = database.prepare(
    'INSERT INTO search (id, spec, state, created_at, saved_at, used_at, sha256) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  for (const row of database.prepare('SELECT * FROM old_search ORDER BY rowid').iterate()) {
    const { id, spec, state, created_at, saved_at, used_at } = row as unknown as OldSearch;
    const seal = sha256(JSON.stringify([id, spec, state, saved_at]));
    insert.run(id, spec, state, created_at, saved_at, used_at, seal);
  }
}

function copyPrimes(database: DatabaseSync): void {
  const rows = new PrimeRows((text) => database.prepare(text));
  const specs = new Map<string, string>();
  for (const row of database.prepare('SELECT id, spec FROM old_search').all()) {
    specs.set(String(row['id']), String(row['spec']));
  }
  for (const row of database.prepare('SELECT * FROM old_prime ORDER BY number').iterate()) {
    const old = row as unknown as { search_id: string; decimal: string; sha256: string; record: string };
    const record = v.safeParse(v.omit(StoredPrimeSchema, ['decimal']), parseJson(old.record), { abortEarly: true });
    if (!record.success) throw new Damage(`the record of prime ${row['number']} cannot be read`);
    if (!specs.has(record.output.searchId)) throw new Damage(`the search of prime ${row['number']} cannot be read`);
    const decimal = intactDecimal(old, record.output, specs.get(old.search_id));
    if (decimal === null) throw new Damage(`the digits of prime ${row['number']} are not what was written`);
    rows.insert({ ...record.output, decimal }, record.output.foundAt);
  }
}

/** The digits that fit the digest: as kept, as kept in the record, or worked out again. */
function intactDecimal(
  old: { decimal: string; sha256: string; record: string },
  place: { block: number; offset: number },
  specText: string | undefined,
): string | null {
  const fits = (decimal: unknown): decimal is string =>
    typeof decimal === 'string' && sha256(decimal).toString('hex') === old.sha256;
  if (fits(old.decimal)) return old.decimal;
  const second = (parseJson(old.record) as { decimal?: unknown }).decimal;
  if (fits(second)) return second;
  const spec = v.safeParse(SearchSpecSchema, parseJson(specText ?? ''));
  if (!spec.success) return null;
  const third = primeOf(spec.output, place.block, place.offset).toString();
  return fits(third) ? third : null;
}

/** A cache: a bitmap that is damaged is left behind. */
function copySurvivors(database: DatabaseSync): void {
  const insert = database.prepare('INSERT INTO survivors (search, block, depth, bitmap, seal) VALUES (?, ?, ?, ?, ?)');
  const rows = database.prepare(
    'SELECT key, block, depth, bitmap, old.sha256 AS sha256 FROM old_survivors AS old JOIN search ON id = search_id',
  );
  for (const row of rows.iterate()) {
    const { key, block, depth, bitmap, sha256: digest } = row as unknown as OldSurvivors;
    if (bitmap instanceof Uint8Array && sha256(bitmap).toString('hex') === digest)
      insert.run(key, block, depth, bitmap, blobSeal(bitmap));
  }
}

function copyFacts(database: DatabaseSync): void {
  const insert = database.prepare('INSERT INTO fact (name, value, seal) VALUES (?, ?, ?)');
  for (const row of database.prepare('SELECT name, value FROM old_fact').all()) {
    const { name, value } = row as { name: string; value: string };
    insert.run(name, value, rowSeal([name, value]));
  }
}

/**
 * The store: searches, their positions, the primes. SQLite with a write-ahead log and full syncing. Primes,
 * counters and the position are written in one transaction, hence exactly once: after a crash at any instant
 * the store holds a state that the search really went through.
 */

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import * as v from 'valibot';
import { type SearchState, SearchStateSchema } from '../../contract/checkpoint.ts';
import { type StoredPrime, StoredPrimeSchema } from '../../contract/prime-record.ts';
import { type SearchSpec, SearchSpecSchema } from '../../contract/search-spec.ts';
import { migrate, STORE_VERSION, storeVersion } from './schema.ts';

const STORE_FILE = 'nice19.sqlite';

export interface StoredSearch {
  readonly id: string;
  readonly spec: SearchSpec;
  readonly state: SearchState;
  readonly savedAt: string;
}

/** The store cannot be used; the message is a sentence for the user. */
export class StoreProblem extends Error {
  override readonly name = 'StoreProblem';
}

export class Store {
  private readonly database: DatabaseSync;
  private readonly statements = new Map<string, StatementSync>();

  private constructor(database: DatabaseSync) {
    this.database = database;
  }

  /** Opens the store for the one cruncher that holds the directory's lock, making or upgrading it. */
  static open(directory: string): Store {
    return Store.guarded(directory, () => {
      const database = new DatabaseSync(join(directory, STORE_FILE));
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000');
      refuseNewer(database, directory);
      migrate(database);
      return database;
    });
  }

  /** Opens the store for reading, beside a running cruncher or not; null where there is none yet. */
  static openToRead(directory: string): Store | null {
    const file = join(directory, STORE_FILE);
    if (!existsSync(file)) return null;
    const store = Store.guarded(directory, () => {
      const database = new DatabaseSync(file, { readOnly: true });
      database.exec('PRAGMA busy_timeout = 5000');
      refuseNewer(database, directory);
      return database;
    });
    return storeVersion(store.database) === 0 ? null : store;
  }

  close(): void {
    this.statements.clear();
    this.database.close();
  }

  private static guarded(directory: string, open: () => DatabaseSync): Store {
    try {
      return new Store(open());
    } catch (error) {
      if (error instanceof StoreProblem) throw error;
      const why = error instanceof Error ? error.message : String(error);
      throw new StoreProblem(
        `the store in ${directory} cannot be opened (${why}); move ${STORE_FILE} away to begin a new one`,
      );
    }
  }

  /** Runs a statement, prepared once. */
  private sql(text: string): StatementSync {
    let statement = this.statements.get(text);
    if (statement === undefined) {
      statement = this.database.prepare(text);
      this.statements.set(text, statement);
    }
    return statement;
  }

  private transaction(body: () => void): void {
    this.database.exec('BEGIN IMMEDIATE');
    try {
      body();
      this.database.exec('COMMIT');
    } catch (error) {
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      throw error;
    }
  }

  /** The search of this id, or null. */
  search(id: string): StoredSearch | null {
    return this.toSearch(this.sql('SELECT id, spec, state, saved_at FROM search WHERE id = ?').get(id));
  }

  /** The search used last, of a size when that is given, or null. */
  latestSearch(wanted: { digits?: number | undefined; errorLog2?: number | undefined } = {}): StoredSearch | null {
    const row = this.sql(
      `SELECT id, spec, state, saved_at FROM search
       WHERE (?1 IS NULL OR spec ->> 'digits' = ?1) AND (?2 IS NULL OR spec ->> 'errorLog2' = ?2)
       ORDER BY used_at DESC LIMIT 1`,
    ).get(wanted.digits ?? null, wanted.errorLog2 ?? null);
    return this.toSearch(row);
  }

  countSearches(): number {
    return Number((this.sql('SELECT count(*) AS n FROM search').get() as { n: number }).n);
  }

  /** Adds a search, or makes an existing one the one used last. Never overwrites a state. */
  useSearch(id: string, spec: SearchSpec, state: SearchState, at: string): void {
    this.sql(
      `INSERT INTO search (id, spec, state, found, created_at, saved_at, used_at)
       VALUES (?1, ?2, ?3, ?4, ?5, ?5, (SELECT coalesce(max(used_at), 0) + 1 FROM search))
       ON CONFLICT (id) DO UPDATE SET used_at = (SELECT max(used_at) + 1 FROM search)`,
    ).run(id, JSON.stringify(spec), JSON.stringify(state), state.counters.found, at);
  }

  /** Saves state, finds and CPU time in one transaction. */
  commit(id: string, state: SearchState, finds: readonly StoredPrime[], cpuSeconds: number, at: string): void {
    this.transaction(() => {
      for (const find of finds) this.insertPrime(find);
      this.sql('UPDATE search SET state = ?, found = ?, saved_at = ? WHERE id = ?').run(
        JSON.stringify(state),
        state.counters.found,
        at,
        id,
      );
      this.setFact('cpuSecondsInAll', String(Number(this.fact('cpuSecondsInAll') ?? '0') + cpuSeconds));
    });
  }

  /** Brings in a search from a checkpoint file: its state and its primes, none twice. */
  adopt(id: string, spec: SearchSpec, state: SearchState, primes: readonly StoredPrime[], at: string): void {
    this.transaction(() => {
      this.useSearch(id, spec, state, at);
      this.sql('UPDATE search SET state = ?, found = ?, saved_at = ? WHERE id = ?').run(
        JSON.stringify(state),
        state.counters.found,
        at,
        id,
      );
      for (const prime of primes) this.insertPrime(prime);
    });
  }

  private insertPrime(prime: StoredPrime): void {
    this.sql(
      `INSERT INTO prime (search_id, block, offset, digits, decimal, sha256, record, found_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (search_id, sha256) DO NOTHING`,
    ).run(
      prime.searchId,
      prime.block,
      prime.offset,
      prime.digits,
      prime.decimal,
      digest(prime.decimal),
      JSON.stringify(prime),
      prime.foundAt,
    );
  }

  /** Whether this search has found this number already. */
  hasPrime(id: string, decimal: string): boolean {
    return this.sql('SELECT 1 FROM prime WHERE search_id = ? AND sha256 = ?').get(id, digest(decimal)) !== undefined;
  }

  countPrimes(): number {
    return Number((this.sql('SELECT count(*) AS n FROM prime').get() as { n: number }).n);
  }

  /** Primes newest first, in pages that begin below a number (`Infinity` for the first page). */
  primes(before: number, limit: number): { number: number; prime: StoredPrime }[] {
    const rows = this.sql('SELECT number, record FROM prime WHERE number < ? ORDER BY number DESC LIMIT ?').all(
      Math.min(before, Number.MAX_SAFE_INTEGER),
      limit,
    ) as { number: number; record: string }[];
    return rows.map(({ number, record }) => ({
      number,
      prime: v.parse(StoredPrimeSchema, JSON.parse(record)),
    }));
  }

  /** The primes of one search, oldest first. */
  primesOf(id: string): StoredPrime[] {
    const rows = this.sql('SELECT record FROM prime WHERE search_id = ? ORDER BY number').all(id) as {
      record: string;
    }[];
    return rows.map(({ record }) => v.parse(StoredPrimeSchema, JSON.parse(record)));
  }

  /** The sieved bitmap of a block, when there is one and it is whole: a cache, so damage only costs time. */
  survivors(id: string, block: number): { depth: number; bitmap: Uint8Array } | null {
    const row = this.sql('SELECT depth, bitmap, sha256 FROM survivors WHERE search_id = ? AND block = ?').get(
      id,
      block,
    ) as { depth: number; bitmap: Uint8Array; sha256: string } | undefined;
    if (row === undefined || digest(row.bitmap) !== row.sha256) return null;
    return { depth: row.depth, bitmap: row.bitmap };
  }

  saveSurvivors(id: string, block: number, depth: number, bitmap: Uint8Array): void {
    this.sql(
      `INSERT INTO survivors (search_id, block, depth, bitmap, sha256) VALUES (?1, ?2, ?3, ?4, ?5)
       ON CONFLICT (search_id, block) DO UPDATE SET depth = ?3, bitmap = ?4, sha256 = ?5`,
    ).run(id, block, depth, bitmap, digest(bitmap));
  }

  /** Forgets the bitmaps of blocks that are settled. */
  forgetSurvivors(id: string, beforeBlock: number): void {
    this.sql('DELETE FROM survivors WHERE search_id = ? AND block < ?').run(id, beforeBlock);
  }

  fact(name: string): string | null {
    const row = this.sql('SELECT value FROM fact WHERE name = ?').get(name) as { value: string } | undefined;
    return row?.value ?? null;
  }

  setFact(name: string, value: string): void {
    this.sql('INSERT INTO fact (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2').run(
      name,
      value,
    );
  }

  get cpuSecondsInAll(): number {
    return Number(this.fact('cpuSecondsInAll') ?? '0');
  }

  private toSearch(row: unknown): StoredSearch | null {
    if (row === undefined) return null;
    const { id, spec, state, saved_at } = row as { id: string; spec: string; state: string; saved_at: string };
    return {
      id,
      spec: v.parse(SearchSpecSchema, JSON.parse(spec)),
      state: v.parse(SearchStateSchema, JSON.parse(state)),
      savedAt: saved_at,
    };
  }
}

function refuseNewer(database: DatabaseSync, directory: string): void {
  const version = storeVersion(database);
  if (version > STORE_VERSION) {
    throw new StoreProblem(
      `the store in ${directory} is from a newer nice19 (version ${version}, this one knows ${STORE_VERSION}); use that one`,
    );
  }
}

function digest(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

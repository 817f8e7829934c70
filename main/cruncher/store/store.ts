/**
 * The store: searches, their positions, the primes. SQLite with a write-ahead log and full syncing. Primes,
 * counters and the position are written in one transaction, hence exactly once: after a crash at any instant
 * the store holds a state that the search really went through.
 */

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import * as v from 'valibot';
import { type SearchState, SearchStateSchema } from '../../contract/checkpoint.ts';
import { type StoredPrime, StoredPrimeSchema } from '../../contract/prime-record.ts';
import { type SearchSpec, SearchSpecSchema } from '../../contract/search-spec.ts';
import { opened, STORE_FILE, StoreProblem } from './opening.ts';
import { migrate, storeVersion } from './schema.ts';

export { StoreProblem } from './opening.ts';

export interface StoredSearch {
  readonly id: string;
  readonly spec: SearchSpec;
  readonly state: SearchState;
  readonly savedAt: string;
}

export class Store {
  private readonly database: DatabaseSync;
  private readonly statements = new Map<string, StatementSync>();

  private constructor(database: DatabaseSync) {
    this.database = database;
  }

  /**
   * Opens the store for the one cruncher that holds the directory's lock, making or upgrading it.
   * @throws StoreProblem when it is from a newer version (and unchanged), damaged, or cannot be opened
   */
  static open(directory: string): Store {
    return opened(directory, { readOnly: false }, (database) => {
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
      migrate(database);
      return new Store(database);
    });
  }

  /**
   * Opens the store for reading, beside a running cruncher or not; null where there is none yet.
   * @throws StoreProblem as `open`
   */
  static openToRead(directory: string): Store | null {
    if (!existsSync(join(directory, STORE_FILE))) return null;
    return opened(directory, { readOnly: true }, (database) => {
      if (storeVersion(database) > 0) return new Store(database);
      database.close();
      return null;
    });
  }

  close(): void {
    this.statements.clear();
    this.database.close();
  }

  /** Reads that belong together: all of them see the store as it was at the first, whatever a cruncher writes. */
  snapshot<T>(read: () => T): T {
    this.database.exec('BEGIN');
    try {
      return read();
    } finally {
      this.database.exec('COMMIT');
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

  /**
   * Saves state, finds and CPU time in one transaction.
   * @param cpuSeconds spent since the last commit
   */
  commit(id: string, state: SearchState, finds: readonly StoredPrime[], cpuSeconds: number, at: string): void {
    this.transaction(() => {
      for (const find of finds) this.insertPrime(find);
      const { changes } = this.sql('UPDATE search SET state = ?, found = ?, saved_at = ? WHERE id = ?').run(
        JSON.stringify(state),
        state.counters.found,
        at,
        id,
      );
      if (changes !== 1) throw new Error(`expected a search ${id} in the store, there is none`);
      this.addCpuSeconds(cpuSeconds);
    });
  }

  /** Brings in a search that the store does not have: its state, its primes, its CPU time. */
  adopt(id: string, spec: SearchSpec, state: SearchState, primes: readonly StoredPrime[], at: string): void {
    this.transaction(() => {
      if (this.search(id) !== null) throw new Error(`expected a search that is new to the store, got ${id}`);
      this.useSearch(id, spec, state, at);
      for (const prime of primes) this.insertPrime(prime);
      this.addCpuSeconds(state.counters.cpuSeconds);
    });
  }

  private addCpuSeconds(seconds: number): void {
    this.setFact('cpuSecondsInAll', String(this.cpuSecondsInAll + seconds));
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
    return rows.map(({ number, record }) => ({ number, prime: this.read(StoredPrimeSchema, record) }));
  }

  /** The primes of one search, oldest first. */
  primesOf(id: string): StoredPrime[] {
    const rows = this.sql('SELECT record FROM prime WHERE search_id = ? ORDER BY number').all(id) as {
      record: string;
    }[];
    return rows.map(({ record }) => this.read(StoredPrimeSchema, record));
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
      spec: this.read(SearchSpecSchema, spec),
      state: this.read(SearchStateSchema, state),
      savedAt: saved_at,
    };
  }

  /** @throws StoreProblem when the text is not what this program wrote */
  private read<Schema extends v.GenericSchema>(schema: Schema, text: string): v.InferOutput<Schema> {
    const parsed = v.safeParse(schema, parseJson(text));
    if (parsed.success) return parsed.output;
    const issue = parsed.issues[0];
    const where = v.getDotPath(issue) ?? 'all of it';
    throw new StoreProblem(
      `the store ${this.database.location()} holds something that is not nice19's (${where}: ${issue.message.slice(0, 200)}); move it away to begin a new one`,
    );
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function digest(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

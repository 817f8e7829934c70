/**
 * The store: searches, their positions, the primes. SQLite with a write-ahead log and full syncing. Primes,
 * counters and the position are written in one transaction, hence exactly once: after a crash at any instant
 * the store holds a state that the search really went through. What is read is checked against its seal.
 */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import * as v from 'valibot';
import { type SearchState, SearchStateSchema } from '../../contract/checkpoint.ts';
import type { PageQuery } from '../../contract/library.ts';
import type { StoredPrime } from '../../contract/prime-record.ts';
import { type SearchSpec, SearchSpecSchema } from '../../contract/search-spec.ts';
import { oneLine } from '../../contract/sentence.ts';
import type { Saving, SearchStore, SetAside } from '../run/search-store.ts';
import { ActivityRows } from './activity-rows.ts';
import { type Disk, realDisk } from './disk.ts';
import { Damage } from './faults.ts';
import { opened, storeFile } from './opening.ts';
import { parseJson } from './parse-json.ts';
import { PrimePages } from './prime-pages.ts';
import { type NumberedPrime, PRIME_COLUMNS, PrimeRows } from './prime-rows.ts';
import { migrate, STORE_VERSION, storeVersion, upgradedInMemory } from './schema.ts';
import { blobSeal, rowSeal, sameBytes, sha256 } from './seal.ts';

export { StoreProblem } from './opening.ts';

/**
 * Pages of the write-ahead log before it is worked into the store: 400 KB. SQLite's 1000 let the log of a store of 120 KB
 * grow to 725 KB, on a disk of 1 MB that was full then for ever; a saving takes about as long with either (3 to 4.5 ms).
 */
const LOG_PAGES = 100;

export interface StoredSearch {
  readonly id: string;
  readonly spec: SearchSpec;
  readonly state: SearchState;
  readonly savedAt: string;
}

/** A search that comes from elsewhere, with its primes. */
export interface Arrival {
  readonly id: string;
  readonly spec: SearchSpec;
  readonly state: SearchState;
  readonly primes: readonly StoredPrime[];
  /** When its primes were tested again here; null: they were not. */
  readonly verifiedAt: string | null;
  /** ISO 8601, UTC. */
  readonly at: string;
}

export interface NamedSetAside extends SetAside {
  readonly searchId: string;
  readonly at: string;
}

export class Store implements SearchStore {
  private readonly database: DatabaseSync;
  private readonly statements = new Map<string, StatementSync>();
  private readonly rows: PrimeRows;
  /** Which primes are on a page. */
  readonly pages: PrimePages;
  /** What was done, by the hour. */
  readonly activity: ActivityRows;

  /** It is a copy in memory, brought up to date from an older version: what is written to the file does not show. */
  readonly isCopy: boolean;

  private constructor(database: DatabaseSync, isCopy = false) {
    this.database = database;
    this.isCopy = isCopy;
    const sql = (text: string) => this.sql(text);
    this.rows = new PrimeRows(sql);
    this.pages = new PrimePages(sql);
    this.activity = new ActivityRows(sql);
  }

  /**
   * Opens the store for the one cruncher that holds the directory's lock, making or upgrading it.
   * @throws StoreProblem when it is from a newer version (and unchanged); Damage; or what SQLite throws
   */
  static open(directory: string, disk: Disk = realDisk): Store {
    return opened(disk, storeFile(directory), false, (database) => {
      database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = ${LOG_PAGES}`);
      migrate(database);
      return new Store(database);
    });
  }

  /**
   * Opens the store for reading, beside a running cruncher or not; null where there is none yet. One of an older
   * version is brought up to date in memory.
   * @throws StoreProblem when it is from a newer version; Damage; or what SQLite throws
   */
  static openToRead(directory: string, disk: Disk = realDisk): Store | null {
    const file = storeFile(directory);
    return disk.identity(file) === null ? null : Store.openFile(file, disk);
  }

  /** Opens a store's file, or a backup, for reading; null when it is empty. @throws as `openToRead` */
  static openFile(file: string, disk: Disk = realDisk): Store | null {
    return opened(disk, file, true, (database) => {
      const version = storeVersion(database);
      if (version === STORE_VERSION) return new Store(database);
      const upgraded = version === 0 ? null : upgradedInMemory(database);
      database.close();
      return upgraded === null ? null : new Store(upgraded, true);
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

  /** What SQLite finds wrong with the file, page by page; null when nothing is. */
  fileProblem(): string | null {
    const row = this.sql('PRAGMA integrity_check(1)').get() as { integrity_check: string };
    return row.integrity_check === 'ok' ? null : oneLine(row.integrity_check);
  }

  /** Writes all of the store, without its gaps, to a new file. */
  copyInto(file: string): void {
    this.sql('VACUUM INTO ?').run(file);
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

  /** All of it or nothing. */
  transaction(body: () => void): void {
    this.database.exec('BEGIN IMMEDIATE');
    try {
      body();
      this.database.exec('COMMIT');
    } catch (error) {
      this.rows.forget();
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      throw error;
    }
  }

  /** The search of this id, or null. @throws Damage when it is not what was written */
  search(id: string): StoredSearch | null {
    return toSearch(this.sql('SELECT * FROM search WHERE id = ?').get(id));
  }

  /** The search used last, of a size when that is given, or null. @throws Damage as `search` */
  latestSearch(wanted: { digits?: number | undefined; errorLog2?: number | undefined } = {}): StoredSearch | null {
    const row = this.sql(
      `SELECT * FROM search WHERE (?1 IS NULL OR spec ->> 'digits' = ?1) AND (?2 IS NULL OR spec ->> 'errorLog2' = ?2)
       ORDER BY used_at DESC LIMIT 1`,
    ).get(wanted.digits ?? null, wanted.errorLog2 ?? null);
    return toSearch(row);
  }

  /** When the first search began, as it was said then; null: there is none. */
  beganAt(): string | null {
    return (this.sql('SELECT min(created_at) AS at FROM search').get() as { at: string | null }).at;
  }

  /** Every search, the one used last at the end. @throws Damage as `search` */
  searches(): StoredSearch[] {
    return this.sql('SELECT * FROM search ORDER BY used_at')
      .all()
      .map((row) => toSearch(row) as StoredSearch);
  }

  countSearches(): number {
    return Number((this.sql('SELECT count(*) AS n FROM search').get() as { n: number }).n);
  }

  /**
   * Adds a search, or makes an existing one the one used last. Never overwrites a state.
   * @param entry the digest of the journal's line about it, here and below
   */
  useSearch(id: string, spec: SearchSpec, state: SearchState, at: string, entry: string | null = null): void {
    this.transaction(() => {
      this.insertSearch(id, spec, state, at);
      this.setLastEntry(entry);
    });
  }

  /** `useSearch` inside a transaction of the caller's. */
  insertSearch(id: string, spec: SearchSpec, state: SearchState, at: string): void {
    const texts = [id, JSON.stringify(spec), JSON.stringify(state), at] as const;
    this.sql(
      `INSERT INTO search (id, spec, state, created_at, saved_at, used_at, sha256)
       VALUES (?1, ?2, ?3, ?4, ?4, (SELECT coalesce(max(used_at), 0) + 1 FROM search), ?5)
       ON CONFLICT (id) DO UPDATE SET used_at = (SELECT max(used_at) + 1 FROM search)`,
    ).run(...texts, searchSeal(...texts));
  }

  save(saving: Saving, entry: string | null = null): void {
    this.transaction(() => {
      this.write(saving, saving.at);
      this.setLastEntry(entry);
    });
  }

  /**
   * The writing of `save`, inside a transaction of the caller's.
   * @param verifiedAt when a second implementation said that the finds are primes
   */
  write({ id, state, finds, setAside, activity, cpuSecondsInAll, at }: Saving, verifiedAt: string | null): void {
    for (const find of finds) this.rows.insert(find, verifiedAt);
    this.activity.add(id, activity ?? []);
    const spec = (this.sql('SELECT spec FROM search WHERE id = ?').get(id) as { spec: string } | undefined)?.spec;
    if (spec === undefined) throw new Error(`expected a search ${id} in the store, there is none`);
    const text = JSON.stringify(state);
    this.sql('UPDATE search SET state = ?, saved_at = ?, sha256 = ? WHERE id = ?').run(
      text,
      at,
      searchSeal(id, spec, text, at),
      id,
    );
    for (const { block, offset, why } of setAside ?? []) {
      this.sql(
        `INSERT INTO set_aside (search, block, offset, at, why, seal)
         VALUES ((SELECT key FROM search WHERE id = ?), ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      ).run(id, block, offset, at, why, rowSeal([id, block, offset, at, why]));
    }
    this.setFact('cpuSecondsInAll', String(cpuSecondsInAll));
  }

  /** Brings in a search that the store does not have: its state, its primes, its CPU time. */
  adopt({ id, spec, state, primes, verifiedAt, at }: Arrival, entry: string | null = null): void {
    this.transaction(() => {
      if (this.search(id) !== null) throw new Error(`expected a search that is new to the store, got ${id}`);
      const cpuSecondsInAll = this.cpuSecondsInAll + state.counters.cpuSeconds;
      this.insertSearch(id, spec, state, at);
      this.write({ id, state, finds: primes, cpuSecondsInAll, at }, verifiedAt);
      this.setLastEntry(entry);
    });
  }

  hasPrime(id: string, decimal: string): boolean {
    return this.rows.numberOf(id, decimal) !== null;
  }

  /** null: the search does not have this prime. */
  numberOf(id: string, decimal: string): number | null {
    return this.rows.numberOf(id, decimal);
  }

  /** Puts a prime out of sight, or back with null: it stays found. @returns false: there is none of this number */
  setRemoved(number: number, at: string | null): boolean {
    return this.rows.setRemoved(number, at);
  }

  /** A second implementation says that this is a prime. */
  setVerified(id: string, decimal: string, at: string): void {
    this.rows.setVerified(id, decimal, at);
  }

  /** How many primes there are, of one search or in all. */
  countPrimes(id: string | null = null): number {
    const row = this.sql('SELECT coalesce(sum(primes), 0) AS n FROM search WHERE ?1 IS NULL OR id = ?1').get(id);
    return (row as { n: number }).n;
  }

  /** How many primes are shown, as they are counted by stretches. */
  countShown(): number {
    return Number((this.sql('SELECT coalesce(sum(shown), 0) AS n FROM stretch').get() as { n: number }).n);
  }

  /**
   * Primes that are shown, newest first, in pages that begin below a number (`Infinity` for the first page).
   * @throws Damage when one is not what was written
   */
  primes(before: number, limit: number): NumberedPrime[] {
    const rows = this.sql(
      `SELECT ${PRIME_COLUMNS} FROM prime NOT INDEXED WHERE number < ? AND removed_at IS NULL
       ORDER BY number DESC LIMIT ?`,
    ).all(Math.min(before, Number.MAX_SAFE_INTEGER), limit);
    return rows.map((row) => this.rows.read(row));
  }

  /** null: there is none of this number. @throws Damage as `primes` */
  prime(number: number): NumberedPrime | null {
    const row = this.sql(`SELECT ${PRIME_COLUMNS} FROM prime WHERE number = ?`).get(number);
    return row === undefined ? null : this.rows.read(row);
  }

  /** A page of the table; what is damaged of it is left out, and its numbers told. */
  page(query: PageQuery): { total: number; rows: NumberedPrime[]; damaged: number[] } {
    const { total, numbers } = this.pages.page(query);
    const damaged: number[] = [];
    const rows = numbers.flatMap((number) => {
      try {
        return this.prime(number) ?? [];
      } catch (error) {
        if (!(error instanceof Damage)) throw error;
        damaged.push(number);
        return [];
      }
    });
    return { total, rows, damaged };
  }

  /** The primes of one search, oldest first. @throws Damage as `primes` */
  primesOf(id: string): StoredPrime[] {
    const rows = this.sql(
      `SELECT ${PRIME_COLUMNS} FROM prime WHERE search = (SELECT key FROM search WHERE id = ?) ORDER BY number`,
    );
    return rows.all(id).map((row) => this.rows.read(row).prime);
  }

  /** Every prime, oldest first. @throws Damage as `primes` */
  *everyPrime(): Generator<NumberedPrime> {
    for (const row of this.sql(`SELECT ${PRIME_COLUMNS} FROM prime ORDER BY number`).iterate())
      yield this.rows.read(row);
  }

  /** Candidates set aside, in the order of their places; of one search or of all. @throws Damage as `primes` */
  setAside(id: string | null = null): NamedSetAside[] {
    const rows = this.sql(
      `SELECT id AS searchId, block, offset, at, why, seal FROM set_aside JOIN search ON key = search
       WHERE ?1 IS NULL OR id = ?1 ORDER BY search, block, offset`,
    ).all(id);
    return rows.map((row) => {
      const { seal, ...aside } = row as unknown as NamedSetAside & { seal: Uint8Array };
      const { searchId, block, offset, at, why } = aside;
      if (!sameBytes(rowSeal([searchId, block, offset, at, why]), seal)) {
        throw new Damage('a candidate that was set aside is not what was written');
      }
      return aside;
    });
  }

  /** The sieved bitmap of a block, when there is one and it is whole: a cache, so damage only costs time. */
  survivors(id: string, block: number): { depth: number; bitmap: Uint8Array } | null {
    const row = this.sql(
      'SELECT depth, bitmap, seal FROM survivors WHERE search = (SELECT key FROM search WHERE id = ?) AND block = ?',
    ).get(id, block) as { depth: number; bitmap: Uint8Array; seal: Uint8Array } | undefined;
    if (!(row?.bitmap instanceof Uint8Array && sameBytes(blobSeal(row.bitmap), row.seal))) return null;
    return { depth: row.depth, bitmap: row.bitmap };
  }

  saveSurvivors(id: string, block: number, depth: number, bitmap: Uint8Array): void {
    this.sql(
      `INSERT INTO survivors (search, block, depth, bitmap, seal)
       SELECT key, ?2, ?3, ?4, ?5 FROM search WHERE id = ?1
       ON CONFLICT (search, block) DO UPDATE SET depth = ?3, bitmap = ?4, seal = ?5`,
    ).run(id, block, depth, bitmap, blobSeal(bitmap));
  }

  /** Forgets the bitmaps of blocks that are settled. */
  forgetSurvivors(id: string, beforeBlock: number): void {
    this.sql('DELETE FROM survivors WHERE search = (SELECT key FROM search WHERE id = ?) AND block < ?').run(
      id,
      beforeBlock,
    );
  }

  /** null when it was never said, or is not what was said. */
  fact(name: string): string | null {
    const row = this.sql('SELECT value, seal FROM fact WHERE name = ?').get(name) as
      | { value: string; seal: Uint8Array }
      | undefined;
    return row === undefined || !sameBytes(rowSeal([name, row.value]), row.seal) ? null : row.value;
  }

  setFact(name: string, value: string): void {
    this.sql(
      'INSERT INTO fact (name, value, seal) VALUES (?1, ?2, ?3) ON CONFLICT (name) DO UPDATE SET value = ?2, seal = ?3',
    ).run(name, value, rowSeal([name, value]));
  }

  /** The digest of the last line of the journal that is in the store; null when nobody said. */
  get lastEntry(): string | null {
    return this.fact('lastEntry');
  }

  private setLastEntry(entry: string | null): void {
    if (entry !== null) this.setFact('lastEntry', entry);
  }

  /** As last saved; when that is damaged, what the searches add up to. */
  get cpuSecondsInAll(): number {
    const saved = this.fact('cpuSecondsInAll');
    if (saved !== null) return Number(saved);
    return this.searches().reduce((sum, { state }) => sum + state.counters.cpuSeconds, 0);
  }
}

const searchSeal = (id: string, spec: string, state: string, savedAt: string): Buffer =>
  sha256(JSON.stringify([id, spec, state, savedAt]));

function toSearch(row: unknown): StoredSearch | null {
  if (row === undefined) return null;
  const {
    id,
    spec,
    state,
    saved_at,
    sha256: seal,
  } = row as Record<'id' | 'spec' | 'state' | 'saved_at', string> & {
    sha256: Uint8Array;
  };
  if (!sameBytes(searchSeal(id, spec, state, saved_at), seal)) throw new Damage(`search ${id} is not what was written`);
  return { id, spec: read(SearchSpecSchema, spec), state: read(SearchStateSchema, state), savedAt: saved_at };
}

/** @throws Damage when the text is not what this program wrote */
function read<Schema extends v.GenericSchema>(schema: Schema, text: string): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, parseJson(text), { abortEarly: true });
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  throw new Damage(
    `it holds something that is not nice19's (${v.getDotPath(issue) ?? 'all of it'}: ${issue.message.slice(0, 200)})`,
  );
}

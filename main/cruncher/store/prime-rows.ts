/**
 * Primes as rows: what many of them have in common is kept once, and a row is sealed. A row whose digits are damaged
 * is mended from where the prime was found; one that is damaged elsewhere is not shown at all.
 */

import type { StatementSync } from 'node:sqlite';
import * as v from 'valibot';
import { type StoredPrime, StoredPrimeSchema } from '../../contract/prime-record.ts';
import { type SearchSpec, SearchSpecSchema } from '../../contract/search-spec.ts';
import { primeOf } from '../run/records.ts';
import { Damage } from './faults.ts';
import { parseJson } from './parse-json.ts';
import { primeDigest, rowSeal, sameBytes } from './seal.ts';

/** What is kept once for many primes. */
const CircumstanceSchema = v.omit(StoredPrimeSchema, [
  'searchId',
  'block',
  'offset',
  'digits',
  'bits',
  'decimal',
  'cpuSeconds',
  'wallSeconds',
  'foundAt',
]);
type Circumstance = v.InferOutput<typeof CircumstanceSchema>;

export interface NumberedPrime {
  /** Primes are numbered in the order in which the store got them. */
  readonly number: number;
  readonly prime: StoredPrime;
  /** When a second implementation last said that it is one, ISO 8601 in UTC; null: never. */
  readonly verifiedAt: string | null;
  /** When it was put out of sight, ISO 8601 in UTC; null: it is shown. */
  readonly removedAt: string | null;
  /** Its digits were damaged and are worked out again. */
  readonly mended: boolean;
}

/** What `read` wants of a row. */
export const PRIME_COLUMNS = `number, search, block, offset, bits, circumstance, cpu_seconds, wall_seconds, found_at,
  verified_at, removed_at, seal, digest, decimal`;

interface PrimeRow {
  readonly number: number;
  readonly search: number;
  readonly block: number;
  readonly offset: number;
  readonly bits: number;
  readonly circumstance: number;
  readonly cpu_seconds: number;
  readonly wall_seconds: number;
  readonly found_at: string;
  readonly verified_at: string | null;
  readonly removed_at: string | null;
  readonly seal: Uint8Array;
  readonly digest: Uint8Array;
  readonly decimal: string;
}

export class PrimeRows {
  private readonly sql: (text: string) => StatementSync;
  private readonly keys = new Map<string, number>();
  private readonly circumstances = new Map<number, Circumstance & { text: string }>();
  private readonly searches = new Map<number, { id: string; spec: SearchSpec }>();

  /** @param sql prepares a statement of the database, perhaps from a cache */
  constructor(sql: (text: string) => StatementSync) {
    this.sql = sql;
  }

  /** Adds a prime unless its search has it. @throws Error when the search is not there */
  insert(prime: StoredPrime, verifiedAt: string | null): void {
    const search = this.searchKey(prime.searchId);
    if (search === null) throw new Error(`expected a search ${prime.searchId} in the store, there is none`);
    const text = circumstanceText(prime);
    const digest = primeDigest(prime.decimal);
    const { block, offset, bits, cpuSeconds, wallSeconds, foundAt } = prime;
    const seal = rowSeal([prime.searchId, block, offset, bits, text, cpuSeconds, wallSeconds, foundAt, hex(digest)]);
    this.sql(
      `INSERT INTO prime (search, block, offset, bits, circumstance, cpu_seconds, wall_seconds, found_at, verified_at,
         seal, digest, decimal)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (search, digest) DO NOTHING`,
    ).run(
      search,
      block,
      offset,
      bits,
      this.circumstanceKey(text),
      cpuSeconds,
      wallSeconds,
      foundAt,
      verifiedAt,
      seal,
      digest,
      prime.decimal,
    );
  }

  /** null: the search does not have this prime. */
  numberOf(id: string, decimal: string): number | null {
    const row = this.sql(
      'SELECT number FROM prime WHERE search = (SELECT key FROM search WHERE id = ?) AND digest = ?',
    ).get(id, primeDigest(decimal)) as { number: number } | undefined;
    return row?.number ?? null;
  }

  /** Puts a prime out of sight, or back with null. @returns false: there is none of this number */
  setRemoved(number: number, at: string | null): boolean {
    return this.sql('UPDATE prime SET removed_at = ? WHERE number = ?').run(at, number).changes === 1;
  }

  /** A second implementation says so too. */
  setVerified(id: string, decimal: string, at: string): void {
    this.sql(
      'UPDATE prime SET verified_at = ? WHERE search = (SELECT key FROM search WHERE id = ?) AND digest = ?',
    ).run(at, id, primeDigest(decimal));
  }

  /** @throws Damage when the row is not what was written, digits apart */
  read(row: unknown): NumberedPrime {
    const { number, search, block, offset, bits, digest, ...rest } = row as PrimeRow;
    // A damaged row can hold anything in any column.
    if (!(digest instanceof Uint8Array && typeof rest.decimal === 'string')) {
      throw new Damage(`prime ${number} is not what was written`);
    }
    const { id, spec } = this.searchOf(search);
    const { text, ...circumstance } = this.circumstance(rest.circumstance);
    const { cpu_seconds, wall_seconds, found_at } = rest;
    const seal = rowSeal([id, block, offset, bits, text, cpu_seconds, wall_seconds, found_at, hex(digest)]);
    if (!sameBytes(seal, rest.seal)) throw new Damage(`prime ${number} is not what was written`);
    const intact = sameBytes(primeDigest(rest.decimal), digest);
    const decimal = intact ? rest.decimal : primeOf(spec, block, offset).toString();
    if (!intact && !sameBytes(primeDigest(decimal), digest)) {
      throw new Damage(`the digits of prime ${number} are not what was written`);
    }
    return {
      number,
      prime: {
        searchId: id,
        block,
        offset,
        digits: decimal.length,
        bits,
        decimal,
        ...circumstance,
        cpuSeconds: cpu_seconds,
        wallSeconds: wall_seconds,
        foundAt: found_at,
      },
      verifiedAt: rest.verified_at,
      removedAt: rest.removed_at,
      mended: !intact,
    };
  }

  /** Forgets keys: a transaction that was rolled back may have taken them with it. */
  forget(): void {
    this.keys.clear();
    this.circumstances.clear();
    this.searches.clear();
  }

  private searchKey(id: string): number | null {
    const row = this.sql('SELECT key FROM search WHERE id = ?').get(id) as { key: number } | undefined;
    return row?.key ?? null;
  }

  private circumstanceKey(text: string): number {
    let key = this.keys.get(text);
    if (key === undefined) {
      this.sql('INSERT INTO circumstance (record) VALUES (?) ON CONFLICT (record) DO NOTHING').run(text);
      key = (this.sql('SELECT key FROM circumstance WHERE record = ?').get(text) as { key: number }).key;
      this.keys.set(text, key);
    }
    return key;
  }

  private circumstance(key: number): Circumstance & { text: string } {
    let known = this.circumstances.get(key);
    if (known === undefined) {
      const row = this.sql('SELECT record FROM circumstance WHERE key = ?').get(key) as { record: string } | undefined;
      const parsed = v.safeParse(CircumstanceSchema, parseJson(row?.record ?? ''), { abortEarly: true });
      if (row === undefined || !parsed.success) throw new Damage('how some primes were tested cannot be read');
      known = { ...parsed.output, text: row.record };
      this.circumstances.set(key, known);
    }
    return known;
  }

  private searchOf(key: number): { id: string; spec: SearchSpec } {
    let known = this.searches.get(key);
    if (known === undefined) {
      const row = this.sql('SELECT id, spec FROM search WHERE key = ?').get(key) as { id: string; spec: string };
      const parsed = v.safeParse(SearchSpecSchema, parseJson(row?.spec ?? ''));
      if (row === undefined || !parsed.success) throw new Damage('the search of some primes cannot be read');
      known = { id: row.id, spec: parsed.output };
      this.searches.set(key, known);
    }
    return known;
  }
}

function circumstanceText(prime: StoredPrime): string {
  const { verdict, rounds, lucas, worstCaseLog2, averageCaseLog2, kernels, host, version } = prime;
  return JSON.stringify({ verdict, rounds, lucas, worstCaseLog2, averageCaseLog2, kernels, host, version });
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

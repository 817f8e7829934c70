/** Importing: what is refused, and primes that are claimed. */

import { hash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import type { SearchState } from '../../main/contract/checkpoint.ts';
import type { StoredPrime } from '../../main/contract/prime-record.ts';
import { Refusal } from '../../main/cruncher/jobs/context.ts';
import { SEARCH_START } from '../../main/cruncher/run/search-identity.ts';
import { checkpointContent, encodeCheckpoint, requireFitsFile } from '../../main/cruncher/store/checkpoint-file.ts';
import { lockDirectory } from '../../main/cruncher/store/lock.ts';
import { Store, type StoredSearch } from '../../main/cruncher/store/store.ts';
import { temporaryDirectory } from '../support/directory.ts';
import {
  id,
  imported,
  kept,
  NOW,
  otherSpec,
  reading,
  refusal,
  searched,
  spec,
  VERSION_1,
} from '../support/import-jobs.ts';

describe('refusing', () => {
  test('a directory where a search runs', async () => {
    const home = temporaryDirectory();
    const source = await searched(join(home, 'source'), 1);
    const target = await searched(join(home, 'target'), 1, otherSpec);
    const lock = lockDirectory(target, { pid: 4711, since: NOW });
    // A cruncher that is just ending is given two seconds; one that was told to stop is not.
    expect(await refusal(imported(target, source, () => true))).toMatch(/process 4711.*stop it, or choose another/);
    if (lock.ok) lock.lock.release();
  });

  test('being stopped changes nothing', async () => {
    const home = temporaryDirectory();
    const source = await searched(join(home, 'source'), 2);
    const target = await searched(join(home, 'target'), 1, otherSpec);
    const before = kept(target);
    const events = await imported(target, source, () => true);
    expect(events.map(({ type }) => type)).not.toContain('imported');
    expect(kept(target)).toEqual(before);
  });

  type Spoil = (directory: string) => void;
  const sql =
    (text: string): Spoil =>
    (directory) => {
      const database = new DatabaseSync(join(directory, 'nice19.sqlite'), { defensive: false });
      database.exec(text);
      database.close();
    };
  const bytes =
    (spoil: (file: string) => void): Spoil =>
    (directory) =>
      spoil(join(directory, 'nice19.sqlite'));
  const link =
    (name: string): Spoil =>
    (directory) => {
      const target = join(directory, 'elsewhere');
      writeFileSync(target, '');
      symlinkSync(target, join(directory, name));
    };
  const hostile: [string, Spoil, RegExp][] = [
    [
      'a view in the place of a table',
      sql('DROP TABLE set_aside; CREATE VIEW set_aside AS SELECT * FROM fact'),
      /tables/,
    ],
    ['a trigger of its own', sql('CREATE TRIGGER t AFTER UPDATE ON fact BEGIN DELETE FROM prime; END'), /tables/],
    ['another table', sql('CREATE TABLE more (x)'), /tables/],
    ['another index', sql('CREATE INDEX i ON fact (value)'), /tables/],
    ['tables without types', sql('ALTER TABLE fact RENAME TO f; CREATE TABLE fact (name, value, seal)'), /tables/],
    ['a table that is missing', sql('DROP TABLE survivors'), /tables/],
    ['a newer version', sql('PRAGMA user_version = 99'), /newer nice19 \(version 99/],
    ['a negative version', sql('PRAGMA user_version = -1'), /cannot be read/],
    ['a state that is none', sql(`UPDATE search SET state = '{}'`), /not what was written/],
    ['a state of 70 MB', sql(`UPDATE search SET state = printf('%.*c', 70000000, 'x')`), /too big/],
    [
      'a schema that does not parse',
      sql(`PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE' WHERE name = 'fact'`),
      /cannot be read/,
    ],
    [
      'two tables on one page',
      sql(
        `PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'prime') WHERE name = 'fact'`,
      ),
      /cannot be read/,
    ],
    [
      'two tables of version 1 on one page',
      (directory) => {
        cpSync(VERSION_1, join(directory, 'nice19.sqlite'));
        sql(
          `PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'prime') WHERE name = 'fact'`,
        )(directory);
      },
      /cannot be read \(.*2nd reference to page/,
    ],
    ['half a file', bytes((file) => truncateSync(file, 8192)), /cannot be read/],
    ['no bytes', bytes((file) => truncateSync(file, 0)), /no search/],
    ['another file', bytes((file) => writeFileSync(file, 'x'.repeat(10_000))), /cannot be read/],
    ['a log that is a link', link('nice19.sqlite-wal'), /is a link or a device/],
    ['a lock that is a link', link('running.lock'), /is a link or a device/],
  ];
  test.each(hostile)('a store with %s', async (_, spoil, why) => {
    const home = temporaryDirectory();
    const source = await searched(join(home, 'source'), 1);
    const target = await searched(join(home, 'target'), 1, otherSpec);
    spoil(source);
    const before = kept(target);
    const sentence = await refusal(imported(target, source));
    expect(sentence).toMatch(/^[^\n]{10,500}\.$/);
    expect(sentence).toMatch(why);
    expect(kept(target)).toEqual(before);
  });

  test('a file with five million wrong primes, of which one is enough', { timeout: 20_000 }, async () => {
    const home = temporaryDirectory();
    const content = checkpointContent({ id, spec, state: SEARCH_START, savedAt: NOW }, [], NOW);
    const body = Buffer.from(JSON.stringify(content).replace('"primes":[', `"primes":[${'[],'.repeat(5_000_000)}[]`));
    const header = { format: 'nice19-checkpoint', version: 1, bytes: body.length, sha256: hash('sha256', body) };
    writeFileSync(
      join(home, 'file'),
      Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), body, Buffer.from('\n')]),
    );
    expect(await refusal(imported(join(home, 'target'), join(home, 'file')))).toMatch(/^[^\n]*primes\.0\.[^\n]*\.$/);
  });

  test('exporting a search that is too large for one file, before it is read', () => {
    expect(() => requireFitsFile(500_000, 10)).not.toThrow();
    expect(() => requireFitsFile(1_000_000, 10)).toThrow(Refusal);
    expect(() => requireFitsFile(5_000, 100_000)).toThrow(/too large for one file \(5000 primes\).*import DIRECTORY/);
  });

  test('a directory without a store, and what is neither a directory nor a file', async () => {
    const home = temporaryDirectory();
    mkdirSync(join(home, 'empty'));
    expect(await refusal(imported(join(home, 'target'), join(home, 'empty')))).toMatch(/^There is no search in .*\.$/);
    expect(await refusal(imported(join(home, 'target'), join(home, 'missing')))).toMatch(/cannot be read .*\.$/);
    symlinkSync(join(home, 'empty'), join(home, 'link'));
    expect(await refusal(imported(join(home, 'target'), join(home, 'link')))).toMatch(/is a link/);
    expect(readdirSync(home)).not.toContain('target');
  });
});

/** A store whose rows are sealed as ours are, with primes of somebody's making. */
async function forged(home: string, forge: (primes: StoredPrime[], state: SearchState) => StoredPrime[]) {
  const honest = await searched(join(home, 'honest'), 3);
  const { state, primes } = reading(honest, (store) => ({
    state: (store.search(id) as StoredSearch).state,
    primes: store.primesOf(id),
  }));
  const source = join(home, 'source');
  mkdirSync(source);
  const store = Store.open(source);
  const claimed = forge(primes, state);
  const counters = { ...state.counters, found: claimed.length };
  store.adopt({ id, spec, state: { ...state, counters }, primes: claimed, verifiedAt: NOW, at: NOW });
  store.close();
  return { source, primes };
}

describe('primes that are claimed', () => {
  const second = (change: (prime: StoredPrime) => Partial<StoredPrime>) => (primes: StoredPrime[]) =>
    primes.map((prime, k) => (k === 1 ? { ...prime, ...change(prime) } : prime));
  const lies: [string, (primes: StoredPrime[], state: SearchState) => StoredPrime[], RegExp][] = [
    [
      'a composite of its search',
      second(({ offset, decimal }) => ({ offset: offset + 1, decimal: String(BigInt(decimal) + 2n) })),
      /prime that is none \(number 2\)/,
    ],
    ['another place', second(({ offset }) => ({ offset: offset + 1 })), /number 2/],
    ['another number', second(({ decimal }) => ({ decimal: String(BigInt(decimal) + 2n) })), /number 2/],
    ['no rounds', second(() => ({ rounds: 0 })), /number 2/],
    ['a place that the search has not come to', second(() => ({ block: 9999 })), /number 2/],
    ['a date that is none', second(() => ({ foundAt: 'yesterday' })), /number 2/],
    ['a place beyond its block', second(() => ({ offset: 2 ** 40 })), /number 2/],
  ];
  test.each(lies)('one with %s: nothing is imported', async (_, forge, why) => {
    const home = temporaryDirectory();
    const { source } = await forged(home, forge);
    const target = await searched(join(home, 'target'), 1, otherSpec);
    const before = kept(target);
    expect(await refusal(imported(target, source))).toMatch(why);
    expect(kept(target)).toEqual(before);
  });

  test('one twice is refused', async () => {
    const home = temporaryDirectory();
    const honest = await searched(join(home, 'honest'), 2);
    const { search, primes } = reading(honest, (store) => ({
      search: store.search(id) as StoredSearch,
      primes: store.primesOf(id),
    }));
    const state = { ...search.state, counters: { ...search.state.counters, found: primes.length + 1 } };
    const twice = [...primes, primes[0] as StoredPrime];
    writeFileSync(join(home, 'file'), encodeCheckpoint(checkpointContent({ ...search, state }, twice, NOW)));
    expect(await refusal(imported(join(home, 'target'), join(home, 'file')))).toMatch(/prime that is none/);
  });

  test('what a record says of itself is worked out again, and cannot speak to the terminal', async () => {
    const home = temporaryDirectory();
    const forge = second(() => ({
      worstCaseLog2: -1e9,
      averageCaseLog2: -1e9,
      verdict: 'prime' as const,
      lucas: null,
      bits: 5,
      host: '\u001b[2Jhost\n',
      kernels: ['\u0007fft', 'x'.repeat(500)],
      cpuSeconds: -5,
    }));
    const { source, primes } = await forged(home, forge);
    await imported(join(home, 'target'), source);
    const record = reading(join(home, 'target'), (store) => store.primesOf(id)[1] as StoredPrime);
    const { verdict, lucas, worstCaseLog2, averageCaseLog2, bits } = primes[1] as StoredPrime;
    expect(record).toMatchObject({ verdict, lucas, worstCaseLog2, averageCaseLog2, bits, cpuSeconds: 0 });
    expect(record.host).toBe(' [2Jhost ');
    expect(record.kernels[0]).toBe(' fft');
    expect(record.kernels[1]?.length).toBeLessThan(30);
  });

  test('a search of another name than its own', async () => {
    const home = temporaryDirectory();
    const source = join(home, 'source');
    mkdirSync(source);
    const store = Store.open(source);
    store.adopt({ id: 'another', spec, state: SEARCH_START, primes: [], verifiedAt: null, at: NOW });
    store.close();
    expect(await refusal(imported(join(home, 'target'), source))).toContain('another’s name');
  });
});

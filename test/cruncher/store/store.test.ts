import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SearchState } from '../../../main/contract/checkpoint.ts';
import type { StoredPrime } from '../../../main/contract/prime-record.ts';
import { primeOf } from '../../../main/cruncher/run/records.ts';
import { makeSpec, SEARCH_START, searchId } from '../../../main/cruncher/run/search-identity.ts';
import type { Saving } from '../../../main/cruncher/run/search-store.ts';
import { Damage } from '../../../main/cruncher/store/faults.ts';
import { migrate, STORE_VERSION, storeVersion } from '../../../main/cruncher/store/schema.ts';
import { Store, StoreProblem } from '../../../main/cruncher/store/store.ts';
import { arbitraryState, somePrime } from '../../support/arbitrary-search.ts';
import { temporaryDirectory } from '../../support/directory.ts';

const FILE = 'nice19.sqlite';
const spec = makeSpec(30, -40, 'ab'.repeat(32));
const id = searchId(spec);
const counters = (changes: Partial<SearchState['counters']>): SearchState => ({
  ...SEARCH_START,
  counters: { ...SEARCH_START.counters, ...changes },
});

const saving = (of: string, state: SearchState, finds: StoredPrime[], cpuSecondsInAll: number, at: string): Saving => ({
  id: of,
  state,
  finds,
  cpuSecondsInAll,
  at,
});

/** A store with one search. */
function storeWithSearch(directory = temporaryDirectory()): { directory: string; store: Store } {
  const store = Store.open(directory);
  store.useSearch(id, spec, SEARCH_START, 'at first');
  return { directory, store };
}

test('finds, counters, position and CPU time are one transaction: an error in the middle leaves nothing', () => {
  const { directory, store } = storeWithSearch();
  const next = { ...counters({ found: 2, tested: 9 }), position: { block: 3, index: 4 } };
  const bad = { ...somePrime(id, '10007'), block: Number.NaN };
  expect(() => store.save(saving(id, next, [somePrime(id, '10009'), bad], 5, 'later'))).toThrow();
  // The find was written and the state was not: an id that is not there fails after the finds.
  expect(() => store.save(saving('no such search', next, [somePrime(id, '10009')], 5, 'later'))).toThrow(
    'no such search',
  );
  store.close();
  const again = Store.open(directory);
  expect(again.countPrimes()).toBe(0);
  expect(again.cpuSecondsInAll).toBe(0);
  expect(again.search(id)).toEqual({ id, spec, state: SEARCH_START, savedAt: 'at first' });
  again.save(saving(id, next, [somePrime(id, '10009')], 5, 'later'));
  expect(again.countPrimes()).toBe(1);
  expect(again.primes(Number.POSITIVE_INFINITY, 1)[0]?.verifiedAt).toBe('later');
  expect(again.search(id)).toMatchObject({ state: next, savedAt: 'later' });
  again.close();
});

test('any state comes back as it was', () => {
  const { store } = storeWithSearch();
  fc.assert(
    fc.property(arbitraryState, (state) => {
      store.save(saving(id, state, [], 0, 'now'));
      expect(store.search(id)?.state).toEqual(state);
    }),
    { numRuns: 50 },
  );
  store.close();
});

test('a search keeps a prime once, two searches may both have it', () => {
  const { store } = storeWithSearch();
  const other = makeSpec(31, -40, 'cd'.repeat(32));
  store.useSearch(searchId(other), other, SEARCH_START, 'now');
  store.save(saving(id, SEARCH_START, [somePrime(id, '10007'), somePrime(id, '10007', { block: 9 })], 0, 'now'));
  store.save(saving(id, SEARCH_START, [somePrime(id, '10007', { block: 8 })], 0, 'now'));
  store.save(saving(searchId(other), SEARCH_START, [somePrime(searchId(other), '10007')], 0, 'now'));
  expect(store.primesOf(id)).toEqual([somePrime(id, '10007')]);
  expect(store.countPrimes()).toBe(2);
  expect(store.hasPrime(id, '10007')).toBe(true);
  expect(store.hasPrime(id, '10009')).toBe(false);
  expect(store.hasPrime('another', '10007')).toBe(false);
  store.close();
});

test('primes come newest first in pages, oldest first of one search', () => {
  const { store } = storeWithSearch();
  const primes = ['101', '103', '107', '109', '113', '127', '131'].map((decimal) => somePrime(id, decimal));
  for (const prime of primes) store.save(saving(id, SEARCH_START, [prime], 0, 'now'));
  const pages: string[][] = [];
  for (let before = Number.POSITIVE_INFINITY; ; ) {
    const page = store.primes(before, 3);
    if (page.length === 0) break;
    pages.push(page.map(({ prime }) => prime.decimal));
    before = page.at(-1)?.number as number;
  }
  expect(pages).toEqual([['131', '127', '113'], ['109', '107', '103'], ['101']]);
  expect(store.primesOf(id)).toEqual(primes);
  store.close();
});

test('CPU seconds in all are those of every search, the adopted ones included', () => {
  const { directory, store } = storeWithSearch();
  store.save(saving(id, counters({ cpuSeconds: 1.25 }), [], 1.25, 'now'));
  store.save(saving(id, counters({ cpuSeconds: 3.75 }), [], 3.75, 'now'));
  const other = makeSpec(31, -40, 'cd'.repeat(32));
  const otherId = searchId(other);
  const state = counters({ cpuSeconds: 100, found: 1 });
  store.adopt({ id: otherId, spec: other, state, primes: [somePrime(otherId, '10007')], verifiedAt: null, at: 'now' });
  store.close();
  const again = Store.open(directory);
  expect(again.cpuSecondsInAll).toBe(103.75);
  expect(again.countSearches()).toBe(2);
  again.close();
  // When the sum itself is damaged, the searches have it.
  const database = new DatabaseSync(join(directory, FILE));
  database.exec("UPDATE fact SET value = '7' WHERE name = 'cpuSecondsInAll'");
  database.close();
  const mended = Store.open(directory);
  expect(mended.cpuSecondsInAll).toBe(103.75);
  mended.close();
});

test('using a search again makes it the latest and leaves its state alone', () => {
  const { store } = storeWithSearch();
  const saved = counters({ tested: 77 });
  store.save(saving(id, saved, [], 0, 'saved'));
  const others = [makeSpec(31, -40, 'cd'.repeat(32)), makeSpec(31, -79.72631371386484, 'ef'.repeat(32))];
  for (const other of others) store.useSearch(searchId(other), other, SEARCH_START, 'now');
  expect(store.latestSearch()?.spec).toEqual(others[1]);
  expect(store.latestSearch({ digits: 31, errorLog2: -40 })?.spec).toEqual(others[0]);
  expect(store.latestSearch({ errorLog2: -79.72631371386484 })?.spec).toEqual(others[1]);
  expect(store.latestSearch({ digits: 32 })).toBeNull();
  store.useSearch(id, spec, SEARCH_START, 'again');
  expect(store.latestSearch()).toEqual({ id, spec, state: saved, savedAt: 'saved' });
  store.close();
});

test('a search that is there is not adopted over', () => {
  const { store } = storeWithSearch();
  store.save(saving(id, counters({ tested: 77 }), [], 3, 'saved'));
  expect(() =>
    store.adopt({ id, spec, state: SEARCH_START, primes: [somePrime(id, '10007')], verifiedAt: null, at: 'now' }),
  ).toThrow(id);
  expect(store.search(id)?.state.counters.tested).toBe(77);
  expect(store.countPrimes()).toBe(0);
  expect(store.cpuSecondsInAll).toBe(3);
  store.close();
});

test('the survivors of a block are kept, deepened and forgotten; damaged they are not believed', () => {
  const { directory, store } = storeWithSearch();
  store.saveSurvivors(id, 4, 1000, Uint8Array.of(1, 2, 3));
  store.saveSurvivors(id, 4, 2000, Uint8Array.of(1, 2));
  store.saveSurvivors(id, 5, 1000, Uint8Array.of(9));
  expect(store.survivors(id, 4)).toEqual({ depth: 2000, bitmap: Uint8Array.of(1, 2) });
  expect(store.survivors(id, 6)).toBeNull();
  expect(store.survivors('other', 4)).toBeNull();
  const database = new DatabaseSync(join(directory, FILE));
  database.exec("UPDATE survivors SET bitmap = x'0103' WHERE block = 4");
  database.close();
  expect(store.survivors(id, 4)).toBeNull();
  store.forgetSurvivors(id, 5);
  store.saveSurvivors(id, 4, 3000, Uint8Array.of(7));
  expect(store.survivors(id, 4)).toEqual({ depth: 3000, bitmap: Uint8Array.of(7) });
  store.forgetSurvivors(id, 6);
  expect(store.survivors(id, 5)).toBeNull();
  store.close();
});

test('readers see a running search’s last commit, and a snapshot of theirs does not change under them', () => {
  const { directory, store } = storeWithSearch();
  const reader = Store.openToRead(directory) as Store;
  reader.snapshot(() => {
    expect(reader.countPrimes()).toBe(0);
    store.save(saving(id, counters({ found: 1 }), [somePrime(id, '10007')], 1, 'later'));
    expect(reader.countPrimes()).toBe(0);
    expect(reader.search(id)?.state.counters.found).toBe(0);
  });
  expect(reader.countPrimes()).toBe(1);
  expect(reader.search(id)?.state.counters.found).toBe(1);
  expect(() => reader.setFact('priority', 'x')).toThrow('readonly');
  reader.close();
  store.close();
});

test('where nothing was ever searched there is nothing to read, and reading leaves no file', () => {
  const directory = temporaryDirectory();
  expect(Store.openToRead(directory)).toBeNull();
  expect(readdirSync(directory)).toEqual([]);
  // A cruncher that died before its first table.
  writeFileSync(join(directory, FILE), '');
  expect(Store.openToRead(directory)).toBeNull();
});

test('a step that fails leaves the version before it', () => {
  const database = new DatabaseSync(':memory:');
  expect(storeVersion(database)).toBe(0);
  // A table in the way: the first step makes `search`, then fails.
  database.exec('CREATE TABLE prime (x)');
  expect(() => migrate(database)).toThrow('already exists');
  expect(storeVersion(database)).toBe(0);
  expect(database.prepare("SELECT name FROM sqlite_schema WHERE name = 'search'").get()).toBeUndefined();
  database.close();
});

test('a store of a newer version is refused with a sentence, by writers and readers, and left as it is', () => {
  const { directory, store } = storeWithSearch();
  store.close();
  const file = join(directory, FILE);
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA journal_mode = DELETE; PRAGMA user_version = ${STORE_VERSION + 1}`);
  database.close();
  const before = readFileSync(file);
  for (const open of [Store.open, Store.openToRead]) {
    expect(() => open(directory)).toThrow(StoreProblem);
    expect(() => open(directory)).toThrow(/newer/);
  }
  expect(readFileSync(file).equals(before)).toBe(true);
  expect(readdirSync(directory)).toEqual([FILE]);
});

test('another file in the store’s place, and another program’s database, are not taken for one', () => {
  const directory = temporaryDirectory();
  const file = join(directory, FILE);
  writeFileSync(file, 'Dear diary, '.repeat(1000));
  for (const open of [Store.open, Store.openToRead]) {
    expect(() => open(directory)).toThrow(/not a database|header is not/);
  }
  expect(readFileSync(file, 'utf8')).toMatch(/^Dear diary, /);
  rmSync(file);
  const other = new DatabaseSync(file);
  other.exec('CREATE TABLE recipe (name)');
  other.close();
  for (const open of [Store.open, Store.openToRead]) expect(() => open(directory)).toThrow(Damage);
});

/** A store with one prime that is where it says. */
function storeWithPrime(): { store: Store; change(sql: string): void; prime: StoredPrime } {
  const { directory, store } = storeWithSearch();
  const decimal = primeOf(spec, 0, 5).toString();
  const prime = somePrime(id, decimal, { block: 0, offset: 5 });
  store.save(saving(id, counters({ found: 1 }), [prime], 0, 'now'));
  const change = (sql: string): void => {
    const database = new DatabaseSync(join(directory, FILE));
    database.exec(sql);
    database.close();
  };
  return { store, change, prime };
}

test('a prime whose digits are damaged is worked out again from its place', () => {
  const { store, change, prime } = storeWithPrime();
  expect(store.primes(9, 9)).toEqual([{ number: 1, prime, verifiedAt: 'now', removedAt: null, mended: false }]);
  change("UPDATE prime SET decimal = '00' || substr(decimal, 3)");
  expect(store.primes(9, 9)).toEqual([{ number: 1, prime, verifiedAt: 'now', removedAt: null, mended: true }]);
  expect(store.primesOf(id)).toEqual([prime]);
  store.close();
});

test.each([
  'UPDATE prime SET block = 1',
  'UPDATE prime SET offset = 6',
  'UPDATE prime SET bits = 7',
  'UPDATE prime SET cpu_seconds = 7',
  'UPDATE prime SET wall_seconds = 7',
  "UPDATE prime SET found_at = '2027'",
  "UPDATE prime SET digest = x'00'",
  "UPDATE prime SET seal = x'00'",
  "UPDATE circumstance SET record = replace(record, '20', '40')",
  "UPDATE circumstance SET record = '{'",
  'UPDATE prime SET search = 9',
])('a prime that is not what was written is never shown: %s', (sql) => {
  const { store, change } = storeWithPrime();
  change(sql);
  expect(() => store.primes(9, 9)).toThrow(Damage);
  store.close();
});

test.each([
  "UPDATE search SET state = replace(state, '0', '1')",
  "UPDATE search SET spec = replace(spec, '-40', '-41')",
  "UPDATE search SET saved_at = 'another time'",
  "UPDATE search SET id = 'another search'",
  "UPDATE search SET sha256 = x'00'",
])('a search that is not what was written is not gone on with: %s', (sql) => {
  const { store, change } = storeWithPrime();
  change(sql);
  expect(() => store.latestSearch()).toThrow(Damage);
  store.close();
});

test('candidates set aside are kept with why, each once', () => {
  const { store } = storeWithSearch();
  const setAside = [
    { block: 2, offset: 7, why: 'the thread ended' },
    { block: 0, offset: 9, why: 'no answer' },
  ];
  for (const at of ['now', 'again']) store.save({ ...saving(id, SEARCH_START, [], 0, at), setAside });
  expect(store.setAside(id)).toEqual([
    { searchId: id, block: 0, offset: 9, at: 'now', why: 'no answer' },
    { searchId: id, block: 2, offset: 7, at: 'now', why: 'the thread ended' },
  ]);
  expect(store.setAside('another')).toEqual([]);
  store.close();
});

/** Pages of the table against a list that is sorted and filtered by hand, with removed primes and several searches. */

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type PageQuery, PRIME_ORDERS } from '../../../main/contract/library.ts';
import type { StoredPrime } from '../../../main/contract/prime-record.ts';
import { makeSpec, SEARCH_START, searchId } from '../../../main/cruncher/run/search-identity.ts';
import { storeFileProblem } from '../../../main/cruncher/store/check.ts';
import { Damage } from '../../../main/cruncher/store/faults.ts';
import { Store } from '../../../main/cruncher/store/store.ts';
import { somePrime } from '../../support/arbitrary-search.ts';
import { temporaryDirectory } from '../../support/directory.ts';

interface Row {
  readonly number: number;
  readonly search: number;
  readonly decimal: string;
  readonly cpuSeconds: number;
  readonly removed: boolean;
}

/** Four searches, two of them of one size, by turns; 3,000 rows are three stretches of numbers. */
const SIZES = [12, 30, 12, 25];
const ROWS = 3000;

function filled(): { directory: string; rows: Row[] } {
  const directory = temporaryDirectory();
  const store = Store.open(directory);
  const rows: Row[] = [];
  const ids = SIZES.map((digits, k) => {
    const spec = makeSpec(digits, -40, String(k + 1).repeat(64));
    store.useSearch(searchId(spec), spec, SEARCH_START, 'now');
    return searchId(spec);
  });
  const [draw] = fc.sample(fc.array(fc.nat(999_999), { minLength: 3 * ROWS, maxLength: 3 * ROWS }), {
    seed: 7,
    numRuns: 1,
  });
  const next = () => draw?.pop() ?? 0;
  const removed: number[] = [];
  let number = 1;
  for (let turn = 0; number <= ROWS; turn++) {
    // A search is at it for a while.
    const search = turn % SIZES.length;
    const id = ids[search] as string;
    const finds: StoredPrime[] = [];
    for (; finds.length < 170 && number <= ROWS; number++) {
      const middle = '0'.repeat((SIZES[search] as number) - 10);
      const decimal = `${100_000 + (next() % 900_000)}${middle}${String(number).padStart(4, '0')}`;
      // Many are alike.
      const cpuSeconds = (next() % 40) / 8;
      finds.push(somePrime(id, decimal, { cpuSeconds }));
      const gone = next() % 9 === 0;
      if (gone) removed.push(number);
      rows.push({ number, search: search + 1, decimal, cpuSeconds, removed: gone });
    }
    store.save({ id, state: SEARCH_START, finds, cpuSecondsInAll: 0, at: 'now' });
  }
  store.transaction(() => {
    for (const one of removed) expect(store.setRemoved(one, '2026-01-02T03:04:05.678Z')).toBe(true);
  });
  store.close();
  return { directory, rows };
}

function byHand(rows: readonly Row[], query: PageQuery): { total: number; numbers: number[] } {
  const { order, descending, digitsAtLeast, digitsAtMost, typed, removed, offset, limit } = query;
  const matching = rows.filter(
    (row) =>
      row.removed === removed &&
      (digitsAtLeast === null || row.decimal.length >= digitsAtLeast) &&
      (digitsAtMost === null || row.decimal.length <= digitsAtMost) &&
      (row.decimal.startsWith(typed) || row.decimal.endsWith(typed)),
  );
  const key = (row: Row): number[] => {
    if (order === 'found') return [row.number];
    return order === 'digits' ? [row.decimal.length, row.number] : [row.cpuSeconds, row.search, row.number];
  };
  matching.sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    const k = x.findIndex((value, j) => value !== y[j]);
    return (x[k] as number) - (y[k] as number);
  });
  if (descending) matching.reverse();
  return { total: matching.length, numbers: matching.slice(offset, offset + limit).map(({ number }) => number) };
}

const sizes = fc.constantFrom(null, 10, 12, 13, 25, 26, 30, 31);
const whatever: fc.Arbitrary<PageQuery> = fc.record({
  order: fc.constantFrom(...PRIME_ORDERS),
  descending: fc.boolean(),
  digitsAtLeast: sizes,
  digitsAtMost: sizes,
  typed: fc.oneof(
    fc.constant(''),
    fc.stringMatching(/^[0-9]{1,3}$/),
    fc.nat({ max: ROWS }).map((n) => String(n).padStart(4, '0')),
    fc.nat({ max: ROWS }).map((n) => `${'0'.repeat(9)}${String(n).padStart(4, '0')}`),
  ),
  removed: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
  offset: fc.oneof(fc.constant(0), fc.nat({ max: ROWS })),
  limit: fc.integer({ min: 1, max: 500 }),
});

test('any page in any order and behind any filter is what a list sorted by hand has there', () => {
  const { directory, rows } = filled();
  const store = Store.openToRead(directory) as Store;
  fc.assert(
    fc.property(whatever, (query) => {
      const page = store.page(query);
      const expected = byHand(rows, query);
      expect(page.damaged).toEqual([]);
      expect({ total: page.total, numbers: page.rows.map(({ number }) => number) }).toEqual(expected);
    }),
    { numRuns: 400 },
  );
  // Digits that are there: the whole of a number, and more than its whole.
  const whole = rows.find(({ decimal, removed }) => decimal.length === 30 && !removed) as Row;
  for (const typed of [whole.decimal, whole.decimal.slice(0, 11), whole.decimal.slice(-11), `${whole.decimal}0`]) {
    const query: PageQuery = { ...ALL, typed };
    expect(store.page(query).rows.map(({ number }) => number)).toEqual(byHand(rows, query).numbers);
  }
  store.close();
});

const ALL: PageQuery = {
  order: 'found',
  descending: false,
  digitsAtLeast: null,
  digitsAtMost: null,
  typed: '',
  removed: false,
  offset: 0,
  limit: 500,
};

test('what is found, removed or brought back while the table is open is on its next page', () => {
  const directory = temporaryDirectory();
  const writer = Store.open(directory);
  const spec = makeSpec(12, -40, 'ab'.repeat(32));
  const id = searchId(spec);
  writer.useSearch(id, spec, SEARCH_START, 'now');
  const reader = Store.openToRead(directory) as Store;
  const shown = (typed: string) => reader.page({ ...ALL, typed }).rows.map(({ prime }) => prime.decimal);
  const save = (decimal: string) =>
    writer.save({ id, state: SEARCH_START, finds: [somePrime(id, decimal)], cpuSecondsInAll: 0, at: 'now' });
  expect(shown('')).toEqual([]);
  save('700000000007');
  save('800000000077');
  for (const typed of ['', '77']) expect(shown(typed)).toContain('800000000077');
  writer.setRemoved(2, 'now');
  for (const typed of ['', '77']) expect(shown(typed)).not.toContain('800000000077');
  // Removed twice is removed once.
  writer.setRemoved(2, 'later');
  expect(writer.countShown()).toBe(1);
  writer.setRemoved(2, null);
  for (const typed of ['', '77']) expect(shown(typed)).toContain('800000000077');
  expect(writer.countShown()).toBe(2);
  reader.close();
  writer.close();
});

test('counts that nobody can have written are damage, and no page', () => {
  const directory = temporaryDirectory();
  const store = Store.open(directory);
  const spec = makeSpec(12, -40, 'ab'.repeat(32));
  store.useSearch(searchId(spec), spec, SEARCH_START, 'now');
  const finds = [somePrime(searchId(spec), '700000000007')];
  store.save({ id: searchId(spec), state: SEARCH_START, finds, cpuSecondsInAll: 0, at: 'now' });
  const database = new DatabaseSync(join(directory, 'nice19.sqlite'));
  database.exec('UPDATE stretch SET shown = -1');
  expect(() => store.page(ALL)).toThrow(Damage);
  // One that is possible and wrong is found by whoever looks at the whole store.
  database.exec('UPDATE stretch SET shown = 2');
  database.close();
  store.close();
  expect(storeFileProblem(join(directory, 'nice19.sqlite'))).toBe('damaged (it shows 1 primes and counts 2)');
});

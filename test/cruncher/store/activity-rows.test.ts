/** What was done, by the hour, in the store: added up, in the transaction of the saving, and never in anybody's way. */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { type Activity, nothingIn } from '../../../main/cruncher/run/activity.ts';
import { SEARCH_START } from '../../../main/cruncher/run/search-identity.ts';
import { Store } from '../../../main/cruncher/store/store.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { find, id, openVault, saving, searchedVault, spec } from '../../support/vaults.ts';

const HOUR = 490_000;
const done = (changes: Partial<Activity>): Activity => ({ ...nothingIn(HOUR), ...changes });

function storeWith(...savings: (readonly Activity[])[]): { store: Store; directory: string } {
  const directory = temporaryDirectory();
  const store = Store.open(directory);
  store.useSearch(id, spec, SEARCH_START, 'the beginning');
  for (const [k, activity] of savings.entries()) store.save({ ...saving(k + 1), activity });
  return { store, directory };
}

const allOf = (store: Store): Activity[] => [...store.activity.between(0, Number.MAX_SAFE_INTEGER)];

test('savings of an hour add up, each hour has a row, and hours come in their order', () => {
  const { store } = storeWith(
    [done({ cpuSeconds: 1.5, tested: 7, found: 1, expected: 0.25, checkpoints: 1, paused: { user: 3 } })],
    [done({ hour: HOUR + 2, wallSeconds: 9 })],
    [
      done({ hour: HOUR + 1, wallSeconds: 5 }),
      done({ cpuSeconds: 2, tested: 3, wallSeconds: 1, checkpoints: 1, paused: { user: 1, battery: 4 } }),
    ],
  );
  expect(allOf(store)).toEqual([
    {
      hour: HOUR,
      cpuSeconds: 3.5,
      wallSeconds: 1,
      tested: 10,
      found: 1,
      expected: 0.25,
      checkpoints: 2,
      paused: { user: 4, battery: 4 },
    },
    done({ hour: HOUR + 1, wallSeconds: 5 }),
    done({ hour: HOUR + 2, wallSeconds: 9 }),
  ]);
  expect([...store.activity.latest(30, HOUR + 2)].map(({ hour }) => hour)).toEqual([HOUR + 1, HOUR]);
  expect([...store.activity.latest(31, HOUR + 2)]).toEqual([]);
  store.close();
});

test('it is of the same transaction as the finds: with an error nothing is there', () => {
  const { store } = storeWith();
  const bad = { ...find(1), block: Number.NaN };
  expect(() => store.save({ ...saving(1), finds: [bad], activity: [done({ tested: 7 })] })).toThrow();
  expect(() => store.save({ ...saving(1), id: 'no such search', finds: [], activity: [done({ tested: 7 })] })).toThrow(
    'no such search',
  );
  expect(allOf(store)).toEqual([]);
  store.close();
});

test('an hour far in the future is a row like others, and leaves out what comes before', () => {
  const far = Math.floor(8.64e15 / 3.6e6);
  const { store } = storeWith([done({ hour: far, tested: 1 })], [done({ tested: 2 })]);
  expect(allOf(store).map(({ hour }) => hour)).toEqual([HOUR, far]);
  expect(store.activity.firstHour(HOUR)).toBeNull();
  expect(store.activity.firstHour(HOUR + 1)).toBe(HOUR);
  expect([...store.activity.latest(30, HOUR + 1)].map(({ hour }) => hour)).toEqual([HOUR]);
  store.close();
});

test.each([
  'cpu_seconds = 1e300',
  'cpu_seconds = -1',
  'tested = 9',
  "paused = '{'",
  `paused = '{"user":"long"}'`,
  `paused = '{"__proto__":1}'`,
  "seal = x'00'",
])('a row that is not what was written is left out, and begun anew when its hour goes on: %s', (change) => {
  const { store, directory } = storeWith([done({ cpuSeconds: 1, tested: 1 })], [done({ hour: HOUR + 1, tested: 5 })]);
  const database = new DatabaseSync(join(directory, 'nice19.sqlite'));
  database.exec(`UPDATE activity SET ${change} WHERE hour = ${HOUR}`);
  database.close();
  expect(allOf(store)).toEqual([done({ hour: HOUR + 1, tested: 5 })]);
  store.save({ ...saving(3), activity: [done({ tested: 2 })] });
  expect(allOf(store)).toEqual([done({ tested: 2 }), done({ hour: HOUR + 1, tested: 5 })]);
  store.close();
});

test('a store that is made anew from the journal has the primes, and no history', async () => {
  const { vault, directory } = searchedVault(0);
  vault.save({ ...saving(1), activity: [done({ tested: 7 })] });
  await vault.close();
  const store = Store.openToRead(directory) as Store;
  expect(allOf(store)).toEqual([done({ tested: 7 })]);
  store.close();
  rmSync(join(directory, 'nice19.sqlite'));
  await openVault(directory).vault.close();
  const restored = Store.openToRead(directory) as Store;
  expect(restored.countPrimes()).toBe(1);
  expect(allOf(restored)).toEqual([]);
  restored.close();
});

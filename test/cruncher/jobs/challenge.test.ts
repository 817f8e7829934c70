/** A challenge: two different primes, neither removed, far from each other where that can be, of about the size asked for. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { challengeFrom, nearestPair } from '../../../main/cruncher/jobs/challenge.ts';
import { makeSpec, SEARCH_START, searchId } from '../../../main/cruncher/run/search-identity.ts';
import { Store } from '../../../main/cruncher/store/store.ts';
import { somePrime } from '../../support/arbitrary-search.ts';
import { temporaryDirectory } from '../../support/directory.ts';

/** Numbers in the order of finding; nobody has looked whether they are prime. */
function storeWith(...numbers: bigint[]): Store {
  const store = Store.open(temporaryDirectory());
  for (const n of numbers) {
    const spec = makeSpec(n.toString().length, -40, 'ab'.repeat(32));
    const id = searchId(spec);
    store.useSearch(id, spec, SEARCH_START, 'now');
    store.save({ id, state: SEARCH_START, finds: [somePrime(id, n.toString())], cpuSecondsInAll: 0, at: 'now' });
  }
  return store;
}

/** Drawings by turns, the same each time. */
const drawing = () => {
  let k = 0;
  return (below: number) => (7 * ++k) % below;
};

const ten = (digits: number): bigint => 10n ** BigInt(digits - 1);

test('two primes are two different ones that are not removed', () => {
  const store = storeWith(3n * ten(50) + 1n, 5n * ten(50) + 1n, 7n * ten(50) + 1n);
  store.setRemoved(2, 'now');
  for (let times = 0; times < 5; times++) {
    const challenge = challengeFrom(store, null, drawing());
    expect(challenge?.factors.toSorted()).toEqual([1, 3]);
    expect(challenge?.composite).toBe(((3n * ten(50) + 1n) * (7n * ten(50) + 1n)).toString());
    expect(challenge).toMatchObject({ digits: 100, neighbours: false });
  }
  store.setRemoved(3, 'now');
  expect(challengeFrom(store, null, drawing())).toBeNull();
  store.close();
});

test('without a size it is of the size that was found last', () => {
  const store = storeWith(3n * ten(50) + 1n, 5n * ten(50) + 1n, 3n * ten(30) + 1n, 5n * ten(30) + 1n);
  expect(challengeFrom(store, null, drawing())?.factors.toSorted()).toEqual([3, 4]);
  expect(challengeFrom(store, 100, drawing())?.factors.toSorted()).toEqual([1, 2]);
  expect(challengeFrom(store, 200, drawing())).toBeNull();
  store.close();
});

test('of the products that there are it is one with exactly the digits that were asked for', () => {
  const store = storeWith(11n * ten(39), 12n * ten(39), 98n * ten(39), 99n * ten(39));
  expect(challengeFrom(store, 79, drawing())?.digits).toBe(79);
  expect(challengeFrom(store, 80, drawing())?.digits).toBe(80);
  store.close();
});

test('primes of one block are taken only where there are no others, and it is said', () => {
  const block = 3n * ten(300);
  const near = storeWith(block + 1n, block + 99n, block + 2n ** 21n);
  expect(challengeFrom(near, 600, drawing())).toMatchObject({ neighbours: true });
  near.close();
  const far = storeWith(block + 1n, block + 99n, block + 2n ** 21n, 4n * ten(300));
  for (let times = 0; times < 5; times++) {
    expect(challengeFrom(far, 600, (below) => times % below)).toMatchObject({ neighbours: false });
  }
  far.close();
});

test('two sizes are near each other and add up to about what was asked; equal ones are preferred', () => {
  const group = (digits: number, shown: number) => ({ digits, shown, searches: [digits] });
  const sizes = (groups: readonly ReturnType<typeof group>[], wanted: number) =>
    nearestPair(groups, wanted)?.sizes.map(({ digits }) => digits);
  const groups = [group(90, 5), group(100, 1), group(110, 5), group(1000, 9)];
  expect(sizes(groups, 200)).toEqual([90, 110]);
  expect(sizes([...groups, group(100, 2)], 200)).toEqual([100, 100]);
  expect(sizes(groups, 2000)).toEqual([1000, 1000]);
  expect(sizes([group(100, 1), group(1000, 1)], 1100)).toBeUndefined();
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 10, max: 300 }), { minLength: 1, maxLength: 8 }),
      fc.nat(600),
      (all, wanted) => {
        const pair = nearestPair(
          all.map((digits) => group(digits, 2)),
          Math.max(20, wanted),
        );
        const [small, large] = pair?.sizes.map(({ digits }) => digits) ?? [0, 0];
        expect(small).toBeGreaterThanOrEqual(0.8 * (large ?? 0));
      },
    ),
  );
});

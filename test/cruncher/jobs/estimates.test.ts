/** Estimates: what was measured where it was, and what follows from that elsewhere. */

import { expect, test } from 'vitest';
import { estimatesOf, measuredCost } from '../../../main/cruncher/jobs/estimates.ts';
import { type Activity, nothingIn } from '../../../main/cruncher/run/activity.ts';
import { makeSpec, SEARCH_START, searchId } from '../../../main/cruncher/run/search-identity.ts';
import { Store } from '../../../main/cruncher/store/store.ts';
import { guessSecondsPerPrime, secondsPerPrime } from '../../../main/search/cost.ts';
import { temporaryDirectory } from '../../support/directory.ts';

const NOW = '2026-11-26T20:30:00.000Z';
const HOUR = Math.floor(Date.parse(NOW) / 3_600_000);

function storeWith(activity: Record<number, readonly Partial<Activity>[]>): Store {
  const store = Store.open(temporaryDirectory());
  for (const [digits, hours] of Object.entries(activity)) {
    const spec = makeSpec(Number(digits), -80, 'ab'.repeat(32));
    const id = searchId(spec);
    store.useSearch(id, spec, SEARCH_START, NOW);
    const done = hours.map((hour) => ({ ...nothingIn(HOUR), ...hour }));
    store.save({ id, state: SEARCH_START, finds: [], activity: done, cpuSecondsInAll: 0, at: NOW });
  }
  return store;
}

const costs = (store: Store | null, digits: readonly number[]) =>
  estimatesOf(store, digits, NOW).map(({ cpuSecondsPerPrime }) => cpuSecondsPerPrime);

test('before anything is measured it is a guess, and says so; the guess grows with the size', () => {
  const sizes = [10, 19, 20, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000];
  const estimates = estimatesOf(null, sizes, NOW);
  expect(estimates.map(({ digits, measured }) => [digits, measured])).toEqual(sizes.map((size) => [size, false]));
  const guesses = estimates.map(({ cpuSecondsPerPrime }) => cpuSecondsPerPrime);
  expect(guesses).toEqual([...guesses].sort((a, b) => a - b));
  // docs/performance.md: 0.53 s at 1,000 digits to 2^-40.
  expect(guesses[6]).toBeGreaterThan(0.3);
  expect(guesses[6]).toBeLessThan(1.2);
});

test('a size that was searched costs what it did, whatever luck the search had', () => {
  const store = storeWith({ 1000: [{ cpuSeconds: 600, tested: 50_000, expected: 750, found: 1 }] });
  const [at, half, twice] = costs(store, [1000, 500, 2000]) as [number, number, number];
  expect(at).toBeCloseTo(0.8, 12);
  // Elsewhere the guess, as much higher or lower.
  const lift = 0.8 / guessSecondsPerPrime(1000);
  expect(half).toBeCloseTo(lift * guessSecondsPerPrime(500), 12);
  expect(twice).toBeCloseTo(lift * guessSecondsPerPrime(2000), 12);
  expect(estimatesOf(store, [77], NOW)[0]?.measured).toBe(true);
  store.close();
});

test('between two sizes it goes from one to the other without a step', () => {
  const measured = [
    { digits: 100, secondsPerPrime: 2 * guessSecondsPerPrime(100) },
    { digits: 10_000, secondsPerPrime: 8 * guessSecondsPerPrime(10_000) },
  ];
  const lift = (digits: number) => secondsPerPrime(digits, measured) / guessSecondsPerPrime(digits);
  expect([50, 100, 1000, 10_000, 100_000].map(lift).map((value) => Math.round(1e9 * value) / 1e9)).toEqual([
    2, 2, 4, 8, 8,
  ]);
  expect(secondsPerPrime(1000, measured.toReversed())).toBe(secondsPerPrime(1000, measured));
});

test('what was done last counts, up to an hour of it; what a clock from the future said does not', () => {
  const recent = { cpuSeconds: 2000, tested: 1000, expected: 1000 };
  const old = { cpuSeconds: 2000, tested: 1000, expected: 10 };
  const store = storeWith({
    1000: [
      { hour: HOUR + 5000, cpuSeconds: 1e6, tested: 1e6, expected: 1 },
      { ...recent, hour: HOUR },
      { ...recent, hour: HOUR - 100 },
      { ...old, hour: HOUR - 200 },
    ],
  });
  expect(costs(store, [1000])[0]).toBeCloseTo(2, 12);
  store.close();
});

test('a start that is mostly the sieve says nothing', () => {
  const little = { ...nothingIn(HOUR), cpuSeconds: 0.5, tested: 100, expected: 1 };
  expect(measuredCost(1000, [little])).toBeNull();
  expect(measuredCost(1000, [{ ...little, cpuSeconds: 900, tested: 2 }])).toBeNull();
  expect(measuredCost(1000, [{ ...little, cpuSeconds: 900, expected: 0 }])).toBeNull();
  expect(measuredCost(1000, [little, little])).toEqual({ digits: 1000, secondsPerPrime: 0.5 });
});

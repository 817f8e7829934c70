/** Addresses name views, and whatever is behind the `#`, there is a view. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PRIME_ORDERS } from '../../main/contract/library.ts';
import { FIRST_CHOICE, hashOf, type Route, routeOf } from '../../renderer/route.ts';

const size = fc.option(fc.integer({ min: 10, max: 100_000 }));
const routes: fc.Arbitrary<Route> = fc.oneof(
  fc.record({ view: fc.constantFrom('now', 'challenge', 'history') }),
  fc.record({ view: fc.constant('settings'), at: fc.option(fc.string({ minLength: 1 })) }),
  fc.record({ view: fc.constant('prime'), number: fc.integer({ min: 1 }) }),
  fc.record({
    view: fc.constant('primes'),
    choice: fc.record({
      order: fc.constantFrom(...PRIME_ORDERS),
      descending: fc.boolean(),
      digitsAtLeast: size,
      digitsAtMost: size,
      typed: fc.stringMatching(/^\d{0,64}$/),
      removed: fc.boolean(),
    }),
  }),
) as fc.Arbitrary<Route>;

test('an address leads back to its view', () => {
  fc.assert(
    fc.property(routes, (route) => {
      expect(routeOf(hashOf(route))).toEqual(route);
    }),
  );
});

test('any address leads to a view', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(routeOf(`#${text}`).view).toBeTypeOf('string');
    }),
  );
});

test.each([
  ['', { view: 'now' }],
  ['#/nowhere', { view: 'now' }],
  ['#/primes', { view: 'primes', choice: FIRST_CHOICE }],
  ['#/primes/12', { view: 'prime', number: 12 }],
  ['#/primes/0', { view: 'now' }],
  ['#/primes/1e9', { view: 'now' }],
  ['#/primes?typed=12x&order=best&from=-3', { view: 'primes', choice: FIRST_CHOICE }],
] as const)('%s', (hash, route) => {
  expect(routeOf(hash)).toEqual(route);
});

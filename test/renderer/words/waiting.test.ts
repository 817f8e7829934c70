/** The wait for the next prime, held against waits drawn at random. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isOften, quantile, secondsPerPrime, TENTHS, waitingSentence } from '../../../renderer/words/waiting.ts';

/** A generator of its own, so that the same waits are drawn each time. */
function draws(count: number): number[] {
  let state = 19;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return -Math.log((state + 1) / 2 ** 32);
  });
}

test('of many waits drawn at random, as many are shorter than the quantile as it says', () => {
  const waits = draws(100_000);
  for (const chance of [0.1, 0.5, 0.9]) {
    const shorter = waits.filter((wait) => wait <= quantile(1, chance)).length / waits.length;
    expect(shorter).toBeCloseTo(chance, 2);
  }
});

test('each tenth of the strip is as likely as the others', () => {
  const waits = draws(100_000).map((wait) => wait / quantile(1, 0.9));
  const ends = [0, ...TENTHS];
  expect(TENTHS).toHaveLength(9);
  expect(TENTHS[8]).toBeCloseTo(1, 12);
  for (let i = 0; i < 9; i++) {
    const inside = waits.filter((wait) => wait > ends[i]! && wait <= ends[i + 1]!).length / waits.length;
    expect(inside).toBeCloseTo(0.1, 2);
  }
});

test('the sentence is the one of the exponential distribution', () => {
  expect(waitingSentence(15_600)).toBe('Half of the time within 3 h, nine in ten within 10 h.');
});

test('where primes come all the time nobody waits', () => {
  expect(waitingSentence(0.05)).toBe('About 20 primes a second.');
  expect(waitingSentence(2)).toBe('About 30 primes a minute.');
  expect([2, 200].map(isOften)).toEqual([true, false]);
});

test('twice the cores, half the time', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), fc.integer({ min: 1, max: 128 }), (seconds, cores) => {
      expect(secondsPerPrime(seconds, 2 * cores, 0.5)).toBeCloseTo(secondsPerPrime(seconds, cores, 1), 6);
    }),
  );
});

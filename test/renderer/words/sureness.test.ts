/** How sure a prime is: both bounds, each with what it assumes, rounded to the safe side. */

import { expect, test } from 'vitest';
import { oneIn, powerOfTwo, surenessOf } from '../../../renderer/words/sureness.ts';

test('errors are rounded up, never down', () => {
  expect(powerOfTwo(-80)).toBe('2⁻⁸⁰');
  expect(powerOfTwo(-204.6)).toBe('2⁻²⁰⁴');
  // 2^-80 = 8.27e-25: more than 1 in 10^25.
  expect(oneIn(-80)).toBe('1 in 10²⁴');
});

test('worst and average case are two statements with assumptions of their own', () => {
  const [worst, average, ...more] = surenessOf({ rounds: 40, worstCaseLog2: -80, averageCaseLog2: -204.6 });
  expect(more).toEqual([]);
  expect(worst).toMatchObject({ title: 'Worst case', statement: expect.stringContaining('2⁻⁸⁰') });
  expect(worst!.statement).toContain('40 Rabin rounds');
  expect(worst!.assumes).toContain('bases');
  expect(worst!.statement + worst!.assumes).not.toContain('2⁻²⁰⁴');
  expect(average).toMatchObject({ title: 'Average case', statement: expect.stringContaining('2⁻²⁰⁴') });
  expect(average!.assumes).toContain('drawn at random');
});

test('a small prime is certain, and no error is stated', () => {
  const all = surenessOf({ rounds: 0, worstCaseLog2: null, averageCaseLog2: null });
  expect(all.map(({ title }) => title)).toEqual(['Certain']);
});

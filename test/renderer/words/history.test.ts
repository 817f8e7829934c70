/** What the history's charts are made of. */

import { expect, test } from 'vitest';
import type { HistoryPoint } from '../../../main/contract/library.ts';
import { cumulative, pausesByReason, stretchLength, testsPerSecond } from '../../../renderer/words/history.ts';

const POINT: HistoryPoint = {
  at: '2026-11-26T00:00:00.000Z',
  seconds: 86_400,
  found: 1,
  expected: 1.5,
  tested: 500,
  cpuSeconds: 2000,
  wallSeconds: 1000,
  checkpoints: 7,
  paused: { battery: 60, user: 30 },
};

test('sums go on', () => {
  expect(cumulative([1, 0, 2])).toEqual([1, 1, 3]);
});

test('where it did not run there is no rate', () => {
  expect([POINT, { ...POINT, wallSeconds: 0 }].map(testsPerSecond)).toEqual([0.5, null]);
});

test('pauses are added by reason, the longest first, and those that were none are left out', () => {
  expect(pausesByReason([POINT, { ...POINT, paused: { user: 90, heat: 0 } }])).toEqual([
    { reason: 'user', seconds: 120 },
    { reason: 'battery', seconds: 60 },
  ]);
});

test.each([
  [3600, 'an hour'],
  [86_400, 'a day'],
  [30.44 * 86_400, 'a month'],
])('%d seconds are %s', (seconds, name) => {
  expect(stretchLength([{ ...POINT, seconds }])).toBe(name);
});

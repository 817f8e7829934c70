/** The last line of `npm test`, and what ran before it. */

import { expect, test } from 'vitest';
import { readSummary, summaryLine } from '../../build/lib/summary.mjs';

test('counts are read as they were written', () => {
  const counts = { passed: 8, failed: 1, skipped: 20 };
  expect(readSummary(summaryLine(counts))).toEqual(counts);
  expect(readSummary(`${summaryLine(counts)}\n`)).toEqual(counts);
});

test('nothing ran before, and that is no failure', () => {
  expect(readSummary(undefined)).toEqual({ passed: 0, failed: 0, skipped: 0 });
  expect(readSummary('')).toEqual({ passed: 0, failed: 0, skipped: 0 });
});

test.each(['it was ended', '1 passed', '1 passed, 0 failed, 0 skipped and more', '-1 passed, 0 failed, 0 skipped'])(
  'what ran before and did not say how it ended has failed: %s',
  (line) => {
    expect(readSummary(line).failed).toBe(1);
  },
);

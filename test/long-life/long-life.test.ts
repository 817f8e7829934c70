/** The short form of `npm run long-life`: some thousand finds, some ten thousand records. */

import { describe, expect, test } from 'vitest';
import { temporaryDirectory } from '../support/directory.ts';
import { footprint, growth, type Sample, slope } from './footprint.ts';
import { LONGEST_PAGE_MS, measureQueries } from './million.ts';
import { longLife } from './parent.ts';

const FINDS = 3000;
const LEAK = 1024;

test('a week of finds leaves memory, files and the directory as they are', async () => {
  const life = await longLife(temporaryDirectory(), FINDS);
  expect(life.sentences).toEqual([]);
  expect(life.week.finds).toBeGreaterThanOrEqual(FINDS);
  expect(life.heard).toBe(life.week.finds);
  expect(life.week.simulatedDays).toBeGreaterThan(6.9);
  for (const { growth: grown } of [life.cruncher, life.parent]) {
    // Half of what it would be if a record of each find were kept.
    expect(grown.heap).toBeLessThan(LEAK / 2);
    expect(grown.files).toBeLessThanOrEqual(0);
  }
  // Three generations of backups and journals, however many days.
  expect(life.bytes.at(-1)! / life.week.finds).toBeLessThan(4000);
});

test('a page of primes is quick, wherever it is', async () => {
  const { queries } = await measureQueries(temporaryDirectory(), 20_000, 100);
  expect(queries.length).toBe(21);
  for (const { query, medianMs } of queries) expect(medianMs, query).toBeLessThan(LONGEST_PAGE_MS);
});

describe('growth', () => {
  test('is the slope of the second half', () => {
    expect(slope([0, 1, 2, 3], [5, 7, 9, 11])).toBe(2);
    expect(slope([0, 10, 20], [1, 3, 2])).toBeCloseTo(0.05, 12);
    expect(() => slope([1], [1])).toThrow('1 of them');
    const warm = (finds: number): Sample => ({
      finds,
      heap: finds < 50 ? 1000 * finds : 50_000 + finds,
      resident: 1e8,
      files: finds < 90 ? 30 : 33,
    });
    const samples = Array.from({ length: 100 }, (_, k) => warm(k));
    expect(growth(samples)).toEqual({ heap: 1, resident: 0, files: 3 });
  });

  test('is seen when a record of each find is kept', () => {
    const kept: string[][] = [];
    const samples = Array.from({ length: 30 }, (_, k): Sample => {
      for (let find = 0; find < 100; find++) kept.push(Array.from({ length: LEAK / 8 }, (_, n) => `${n}`.slice(0, 1)));
      return { ...footprint(), finds: 100 * (k + 1) };
    });
    expect(growth(samples).heap).toBeGreaterThan(LEAK / 2);
    expect(kept.length).toBe(3000);
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BackOff } from '../../main/supervisor/back-off.ts';

test('waits 1, 2, 4, … seconds and never more than five minutes', () => {
  const backOff = new BackOff();
  const seconds = Array.from({ length: 12 }, () => backOff.afterFailure(0) / 1000);
  expect(seconds).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
});

test('whatever came before, the wait after a healthy run is the first, and two short runs make it longer', () => {
  const limits = { firstMs: 1000, longestMs: 300_000, healthyMs: 600_000 };
  fc.assert(
    fc.property(fc.array(fc.nat(2_000_000), { maxLength: 40 }), fc.nat(599_999), (runs, short) => {
      const backOff = new BackOff(limits);
      for (const run of runs) {
        const wait = backOff.afterFailure(run);
        expect(wait).toBeGreaterThanOrEqual(limits.firstMs);
        expect(wait).toBeLessThanOrEqual(limits.longestMs);
      }
      expect(backOff.afterFailure(600_000)).toBe(1000);
      expect(backOff.failures).toBe(1);
      expect(backOff.afterFailure(short)).toBe(2000);
    }),
  );
});

test('does not overflow after a thousand crashes', () => {
  const backOff = new BackOff();
  for (let crash = 0; crash < 2000; crash++) backOff.afterFailure(0);
  expect(backOff.afterFailure(0)).toBe(300_000);
});

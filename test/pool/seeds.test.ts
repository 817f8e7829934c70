/** The seed of a job: what docs/blocks.md says, so that anybody can work it out again. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jobSeed } from '../../main/pool/seeds.ts';
import { blockCount, blockInterval } from '../../main/search/blocks.ts';

// Worked out by the Python of docs/blocks.md: prf(seed, 'pool job', job, 32).
test.each([
  ['0'.repeat(63).concat('1'), 0, 'e1883365369624b44ece31b699c68d4c01f7f725124487fd5f32c8e684e88023'],
  ['0'.repeat(63).concat('1'), 1, '901aa39b2b60a917adda6682211b06c1228d17ef61ff4aa790c244f2eeaeeaf8'],
  [
    '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',
    99_999,
    'fcaec8603b84412bb346c7655248c0fa727cdaffba8c6eb01e23aef42015a847',
  ],
])('pool %s, job %i', (pool, job, seed) => {
  expect(jobSeed(pool, job)).toBe(seed);
});

test('no two jobs of a pool have the same one, nor the pool’s', () => {
  const pool = 'ab'.repeat(32);
  const seeds = Array.from({ length: 2000 }, (_, job) => jobSeed(pool, job));
  expect(new Set([pool, ...seeds]).size).toBe(2001);
});

test('blocks of two jobs have no number in common', () => {
  const size = { digits: 100, count: blockCount(100) };
  const place = fc.record({ job: fc.nat(99_999), block: fc.nat(1_000_000) });
  const interval = ({ job, block }: { job: number; block: number }) =>
    blockInterval(size, Buffer.from(jobSeed('cd'.repeat(32), job), 'hex'), block);
  fc.assert(
    fc.property(place, place, (a, b) => {
      fc.pre(a.job !== b.job);
      const [x, y] = [interval(a), interval(b)];
      const apart = x.start < y.start ? y.start - x.start : x.start - y.start;
      expect(apart).toBeGreaterThan(2n * BigInt(size.count));
    }),
  );
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockCount, blockInterval } from '../../main/search/blocks.ts';
import { readTable } from '../data/read.ts';

const SEED = new Uint8Array(32).fill(0xb1);

describe('blocks', () => {
  it('are the intervals that Python computes from the documented layout', () => {
    for (const { seed, digits, count, block, start, size } of readTable('prf.json').blocks) {
      expect(blockInterval({ digits, count }, Buffer.from(seed, 'hex'), block)).toEqual({
        start: BigInt(start),
        count: size,
      });
    }
  });

  it('are not empty, odd, and inside [10^(d-1), 10^d), whatever the size', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 40 }),
        fc.integer({ min: 1, max: 5000 }),
        fc.nat(),
        (digits, count, block) => {
          const interval = blockInterval({ digits, count }, SEED, block);
          expect(interval.count).toBeGreaterThanOrEqual(1);
          expect(interval.count).toBeLessThanOrEqual(count);
          expect(interval.start % 2n).toBe(1n);
          expect(interval.start).toBeGreaterThan(10n ** BigInt(digits - 1));
          expect(interval.start + 2n * BigInt(interval.count - 1)).toBeLessThan(10n ** BigInt(digits));
        },
      ),
    );
  });

  it.each([1, 7, 45, 60])('of %i numbers cover every odd two-digit number equally often', (count) => {
    const blocks = 6000;
    const covered = new Array<number>(45).fill(0);
    for (let block = 0; block < blocks; block++) {
      const interval = blockInterval({ digits: 2, count }, SEED, block);
      const first = Number((interval.start - 11n) / 2n);
      for (let i = 0; i < interval.count; i++) covered[first + i]!++;
    }
    // Each is in a block with chance c/(M + c − 1); 5.5 standard deviations hold for all 45 with chance 1 − 2·10^-6.
    const chance = count / (45 + count - 1);
    const deviation = Math.sqrt(blocks * chance * (1 - chance));
    for (const times of covered) expect(Math.abs(times - blocks * chance)).toBeLessThan(5.5 * deviation);
  });

  it('have the documented size, which never depends on the machine', () => {
    const sizes = [10, 63, 64, 100, 300, 511, 512, 1000, 1023, 1024, 100_000].map((digits) =>
      Math.log2(blockCount(digits)),
    );
    expect(sizes).toEqual([15, 15, 16, 16, 18, 18, 19, 19, 19, 20, 20]);
  });

  it('refuse sizes and numbers that make no sense', () => {
    for (const digits of [9, 100_001, 10.5, Number.NaN]) expect(() => blockCount(digits)).toThrow(RangeError);
    expect(() => blockInterval({ digits: 1, count: 1 }, SEED, 0)).toThrow(RangeError);
    expect(() => blockInterval({ digits: 10, count: 0 }, SEED, 0)).toThrow(RangeError);
    expect(() => blockInterval({ digits: 10, count: 1 }, SEED, -1)).toThrow(RangeError);
  });
});

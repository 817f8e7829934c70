/** Bits that flip in the bitmaps of a whole search while it runs change nothing about its primes. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Supply } from '../../../main/cruncher/run/supply.ts';
import { blockCount, blockInterval } from '../../../main/search/blocks.ts';
import { firstPrimes } from '../../support/first-primes.ts';
import { PaperRun, paperSpec } from '../../support/paper-run.ts';
import { PaperStore } from '../../support/paper-store.ts';

const spec = paperSpec(30, 3);
const COUNT = 14;
const expected = firstPrimes(spec, COUNT);
const size = { digits: spec.digits, count: blockCount(spec.digits) };
const { start } = blockInterval(size, Buffer.from(spec.seed, 'hex'), 0);
/** Where they are in the block: bits that must not be lost. */
const places = expected.map((decimal) => Number((BigInt(decimal) - start) / 2n));

/** The bitmap from which units are cut. */
function bitmapOf(paper: PaperRun): Uint8Array | null {
  return (paper.run as unknown as { work: { supply: Supply } }).work.supply.block(0).survivors;
}

test('a search whose bitmaps change while it runs finds the same primes, and says what it found', async () => {
  let flipped = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.constantFrom(...places)), { minLength: 1, maxLength: 12 }),
      async (flips) => {
        const paper = new PaperRun({ store: new PaperStore(), spec, count: COUNT }).start();
        let changes = 0;
        for (const [steps, bit] of flips) {
          for (let k = 0; k < steps && paper.ended === null; k++) await paper.step();
          const bitmap = bitmapOf(paper);
          if (paper.ended !== null || bitmap === null) continue;
          bitmap[bit >> 3]! ^= 1 << (bit & 7);
          changes++;
        }
        await paper.untilEnd();
        expect(paper.primes).toEqual(expected);
        const counted = paper.of('warning').filter(({ sentence }) => sentence.includes('arithmetic')).length;
        expect(counted).toBeLessThanOrEqual(changes);
        flipped += counted;
      },
    ),
    { numRuns: 12 },
  );
  expect(flipped).toBeGreaterThan(10);
});

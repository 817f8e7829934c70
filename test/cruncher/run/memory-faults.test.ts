/** Bits that flip in the bitmaps of a whole search while it runs change nothing about its primes. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Supply } from '../../../main/cruncher/run/supply.ts';
import { firstPrimes } from '../../support/first-primes.ts';
import { PaperRun, paperSpec } from '../../support/paper-run.ts';
import { PaperStore } from '../../support/paper-store.ts';

const spec = paperSpec(30, 3);
const COUNT = 14;
const expected = firstPrimes(spec, COUNT);

/** The bitmaps that wait to have units cut from them. */
function waitingBitmaps(paper: PaperRun): Uint8Array[] {
  const { supply } = (paper.run as unknown as { work: { supply: Supply } }).work;
  return [0, 1].flatMap((block) => supply.block(block).survivors ?? []);
}

test('a search whose bitmaps change while it runs finds the same primes, and says what it found', async () => {
  let flipped = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.nat(600)), { minLength: 1, maxLength: 12 }),
      async (flips) => {
        const paper = new PaperRun({ store: new PaperStore(), spec, count: COUNT }).start();
        let changes = 0;
        for (const [steps, bit] of flips) {
          for (let k = 0; k < steps && paper.ended === null; k++) await paper.step();
          const bitmap = waitingBitmaps(paper)[0];
          if (paper.ended !== null || bitmap === undefined) continue;
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

/**
 * Exactly once: whatever happens to a search, when all is over the primes that were told and those in the store
 * are the first ones of the search, in order, none twice, none missing. The primes are OpenSSL's.
 */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SEARCH_START, searchId } from '../../../main/cruncher/run/search-identity.ts';
import { contentProblem } from '../../../main/cruncher/run/state-check.ts';
import { Store } from '../../../main/cruncher/store/store.ts';
import { blockCount, blockInterval } from '../../../main/search/blocks.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { firstPrimes } from '../../support/first-primes.ts';
import { PaperRun, paperSpec } from '../../support/paper-run.ts';

/** What happens to the search after some slices. */
const happening = fc.record({
  slices: fc.nat(150),
  what: fc.constantFrom('crash', 'crash', 'stop', 'lose', 'pause', 'resume', 'idle'),
  worker: fc.nat(2),
});

const schedule = fc.record({
  seed: fc.nat(1_000_000),
  digits: fc.integer({ min: 24, max: 40 }),
  count: fc.integer({ min: 1, max: 12 }),
  workers: fc.integer({ min: 1, max: 3 }),
  checkpointEvery: fc.constantFrom(0.05, 0.5, 300),
  /** Odd numbers of the first block before which the search begins: its end is near. */
  beforeEnd: fc.constantFrom(40, 200, 1000),
  happenings: fc.array(happening, { maxLength: 14 }),
  order: fc.array(fc.nat(2), { minLength: 1, maxLength: 40 }),
});

test('crashes, stops, pauses and lost workers change nothing about the primes', async () => {
  let crashes = 0;
  let resumedTests = 0;
  await fc.assert(
    fc.asyncProperty(
      schedule,
      async ({ seed, digits, count, workers, checkpointEvery, beforeEnd, happenings, order }) => {
        const directory = temporaryDirectory();
        const spec = paperSpec(digits, seed);
        const id = searchId(spec);
        const { count: size } = blockInterval({ digits, count: blockCount(digits) }, Buffer.from(spec.seed, 'hex'), 0);
        const from = { block: 0, index: Math.max(0, size - beforeEnd) };
        let store = Store.open(directory);
        store.useSearch(id, spec, { ...SEARCH_START, position: from, next: from }, 'the beginning');
        const told: string[] = [];
        const begin = (): PaperRun => {
          const search = store.search(id);
          if (search === null) throw new Error('the store has lost its search');
          expect(contentProblem({ spec, state: search.state, primes: store.primesOf(id) })).toBeNull();
          resumedTests += search.state.units.filter(({ active }) => active !== null).length;
          const onEvent: ConstructorParameters<typeof PaperRun>[0]['onEvent'] = (event) => {
            if (event.type !== 'prime') return;
            expect(store.hasPrime(id, event.record.decimal)).toBe(true);
            told.push(event.record.decimal);
          };
          return new PaperRun({ store, spec, count, workers, checkpointEvery, onEvent }).start();
        };
        let paper = begin();
        let turn = 0;
        for (const { slices, what, worker } of happenings) {
          for (let k = 0; k < slices; k++) await paper.step(order[turn++ % order.length]);
          if (what === 'crash') {
            crashes++;
            paper.crash();
            store.close();
            store = Store.open(directory);
            paper = begin();
          } else if (what === 'stop') {
            void paper.run.stop();
            await paper.untilEnd();
            paper = begin();
          } else if (what === 'lose') {
            paper.workers[worker]?.lose();
          } else if (what === 'pause') {
            void paper.run.pause('user');
          } else if (what === 'resume') {
            paper.run.resume('user');
          } else {
            paper.time.pass(2, 0);
          }
        }
        paper.run.resume('user');
        await paper.untilEnd();
        const expected = firstPrimes(spec, count, from);
        expect(told).toEqual(expected);
        expect(store.primesOf(id).map(({ decimal }) => decimal)).toEqual(expected);
        const { counters } = store.search(id)?.state ?? SEARCH_START;
        expect(counters.found).toBe(count);
        expect(store.cpuSecondsInAll).toBeCloseTo(counters.cpuSeconds, 6);
        store.close();
      },
    ),
    { numRuns: 40 },
  );
  // The schedules did what they were made for.
  expect(crashes).toBeGreaterThan(15);
  expect(resumedTests).toBeGreaterThan(10);
}, 120_000);

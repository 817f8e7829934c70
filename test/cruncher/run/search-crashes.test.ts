/**
 * Exactly once: whatever happens to a search, when all is over the primes in the store are the first ones of the search,
 * in order, none twice, none missing; and what was told was in the store then. The primes are OpenSSL's.
 */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SEARCH_START, searchId } from '../../../main/cruncher/run/search-identity.ts';
import { contentProblem } from '../../../main/cruncher/run/state-check.ts';
import { StorageFault } from '../../../main/cruncher/store/storage-fault.ts';
import { Store } from '../../../main/cruncher/store/store.ts';
import { blockCount, blockInterval } from '../../../main/search/blocks.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { FaultyHome } from '../../support/faulty-home.ts';
import { firstPrimes } from '../../support/first-primes.ts';
import { PaperRun, paperSpec } from '../../support/paper-run.ts';

/** What happens to the search after some slices. */
const happening = fc.record({
  slices: fc.nat(150),
  what: fc.constantFrom(
    ...(['crash', 'crash', 'stop', 'lose', 'hang', 'pause', 'resume', 'idle'] as const),
    ...(['save', 'save', 'save', 'late', 'questions', 'mend'] as const),
  ),
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
  /** The prime, if there are so many, that ends every thread. */
  deadly: fc.option(fc.nat(14), { freq: 3 }),
  happenings: fc.array(happening, { maxLength: 24, size: 'max' }),
  order: fc.array(fc.nat(2), { minLength: 1, maxLength: 40 }),
});

test('crashes, stops, pauses, lost and hanging workers, and a disk that says no change nothing about the primes', async () => {
  const seen = {
    crashes: 0,
    resumedTests: 0,
    refusals: 0,
    endedUnsaved: 0,
    replaced: 0,
    aside: 0,
  };
  await fc.assert(
    fc.asyncProperty(
      schedule,
      async ({ seed, digits, count, workers, checkpointEvery, beforeEnd, deadly, happenings, order }) => {
        const directory = temporaryDirectory();
        const spec = paperSpec(digits, seed);
        const id = searchId(spec);
        const { count: size } = blockInterval({ digits, count: blockCount(digits) }, Buffer.from(spec.seed, 'hex'), 0);
        const from = { block: 0, index: Math.max(0, size - beforeEnd) };
        const all = firstPrimes(spec, count + 1, from);
        const killer = deadly === null ? undefined : all[deadly];
        const expected = all.filter((decimal) => decimal !== killer).slice(0, count);
        const fates = new Map(
          killer === undefined ? [] : [[BigInt(killer), seed % 2 === 0 ? 'dies' : 'hangs'] as const],
        );

        let store = Store.open(directory);
        let home = new FaultyHome(store);
        store.useSearch(id, spec, { ...SEARCH_START, position: from, next: from }, 'the beginning');
        const told: string[] = [];
        /** Saved before a crash, and told by nobody: the disk had said no. */
        const untold = new Set<string>();
        const begin = (): PaperRun => {
          const search = store.search(id);
          if (search === null) throw new Error('the store has lost its search');
          const kept = store.primesOf(id);
          expect(contentProblem({ spec, state: search.state, primes: kept })).toBeNull();
          for (const { decimal } of kept) if (!told.includes(decimal)) untold.add(decimal);
          seen.resumedTests += search.state.units.filter(({ active }) => active !== null).length;
          const onEvent: ConstructorParameters<typeof PaperRun>[0]['onEvent'] = (event) => {
            if (event.type === 'warning' && event.sentence.includes('did not answer')) seen.replaced++;
            if (event.type !== 'prime') return;
            expect(store.hasPrime(id, event.record.decimal)).toBe(true);
            told.push(event.record.decimal);
          };
          const options = {
            store: home,
            spec,
            count,
            workers,
            checkpointEvery,
            watchdogTicks: 2,
            deadly: fates,
            onEvent,
          };
          return new PaperRun(options).start();
        };
        const crash = (): void => {
          seen.crashes++;
          if (paper.run.unsaved > 0) seen.endedUnsaved++;
          paper.crash();
          store.close();
          seen.refusals += home.refusals;
          store = Store.open(directory);
          home = new FaultyHome(store);
        };
        const stop = async (): Promise<void> => {
          void paper.run.stop();
          await paper.untilEnd().catch((error) => {
            if (!(error instanceof StorageFault)) throw error;
            seen.endedUnsaved++;
          });
        };
        let paper = begin();
        let turn = 0;
        for (const { slices, what, worker } of happenings) {
          for (let k = 0; k < slices; k++) await paper.step(order[turn++ % order.length]);
          if (what === 'crash' || what === 'stop') {
            await (what === 'crash' ? crash() : stop());
            paper = begin();
          } else if (what === 'lose') {
            paper.workers[worker]?.lose();
          } else if (what === 'hang') {
            if (paper.workers[worker]?.busy) Object.assign(paper.workers[worker], { hung: true });
          } else if (what === 'pause') {
            void paper.run.pause('user');
          } else if (what === 'resume') {
            paper.run.resume('user');
          } else if (what === 'idle') {
            paper.time.pass(2, 0);
          } else {
            home.fault = what === 'mend' ? null : what;
          }
        }
        home.fault = null;
        paper.run.resume('user');
        await paper.untilEnd();
        expect(store.primesOf(id).map(({ decimal }) => decimal)).toEqual(expected);
        expect(told).toEqual(expected.filter((decimal) => !untold.has(decimal)));
        const aside = store.setAside(id);
        // It may be so far ahead that the search ended before.
        expect(aside.length).toBeLessThanOrEqual(killer === undefined ? 0 : 1);
        seen.aside += aside.length;
        const { counters } = store.search(id)?.state ?? SEARCH_START;
        expect(counters.found).toBe(count);
        expect(store.cpuSecondsInAll).toBeCloseTo(counters.cpuSeconds, 6);
        seen.refusals += home.refusals;
        store.close();
      },
    ),
    { numRuns: 60 },
  );
  // The schedules did what they were made for.
  expect(seen.crashes).toBeGreaterThan(20);
  expect(seen.resumedTests).toBeGreaterThan(10);
  expect(seen.refusals).toBeGreaterThan(50);
  expect(seen.endedUnsaved).toBeGreaterThan(3);
  expect(seen.replaced).toBeGreaterThan(5);
  expect(seen.aside).toBeGreaterThan(0);
}, 120_000);

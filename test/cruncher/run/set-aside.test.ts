/** Candidates whose test ends every thread: found out, left out, and told, so that the search goes on. */

import { describe, expect, test } from 'vitest';
import { UnitLosses } from '../../../main/cruncher/run/losses.ts';
import { primeOf } from '../../../main/cruncher/run/records.ts';
import { SetAsides, setAsideSentence } from '../../../main/cruncher/run/set-aside.ts';
import { UNIT_START, type UnitState } from '../../../main/search/unit.ts';
import { firstPrimes } from '../../support/first-primes.ts';
import { PaperRun, paperSpec } from '../../support/paper-run.ts';
import { PaperStore } from '../../support/paper-store.ts';

const spec = paperSpec(30, 8);
const primes = firstPrimes(spec, 14);
const without = (...numbers: number[]) => primes.filter((_, k) => !numbers.includes(k));
const asideWarnings = (paper: PaperRun) =>
  paper.of('warning').flatMap(({ sentence }) => (sentence.includes('left out') ? [sentence] : []));

describe.each([1, 3])('with %i workers', (workers) => {
  test.each(['dies', 'hangs'] as const)(
    'a candidate whose thread %s is set aside, and all others are found',
    async (fate) => {
      const store = new PaperStore();
      const deadly = new Map([[BigInt(primes[3] as string), fate]]);
      const paper = new PaperRun({ store, spec, count: 8, workers, deadly, watchdogTicks: 2 }).start();
      await paper.untilEnd();
      expect(paper.primes).toEqual(without(3).slice(0, 8));
      expect(store.setAside().length).toBe(1);
      const [candidate] = store.setAside();
      if (candidate === undefined) throw new Error('expected a candidate that was set aside');
      expect(primeOf(spec, candidate.block, candidate.offset).toString()).toBe(primes[3]);
      expect(candidate.why).toBe(
        fate === 'dies'
          ? 'a worker thread ended with code 1'
          : 'a worker thread did not answer for 2 seconds and was replaced',
      );
      expect(asideWarnings(paper)).toEqual([
        `odd number ${candidate.offset} of block ${candidate.block} ended every thread that tested it (${candidate.why}) and is left out; the search goes on; test it by hand with: nice19 test ${primes[3]}`,
      ]);
      const next = new PaperRun({ store, spec, count: 11, workers, deadly }).start();
      await next.untilEnd();
      expect([...paper.primes, ...next.primes]).toEqual(without(3).slice(0, 11));
    },
  );
});

test('what was set aside stays so in an older state of the search, in the middle of its test', async () => {
  const store = new PaperStore();
  const deadly = new Map([[BigInt(primes[2] as string), 'dies' as const]]);
  // The store as it was when the candidate was under test, as a backup would give it back.
  const early = new PaperRun({ store, spec, count: null, workers: 1 }).start();
  const offsetOf = (start: bigint, decimal: string) => Number((BigInt(decimal) - start) / 2n);
  const start = primeOf(spec, 0, 0);
  await early.until(() => {
    const active = early.workers[0]?.unit?.active;
    return active?.stage === 'confirm' && active.index === offsetOf(start, primes[2] as string);
  });
  void early.run.stop();
  await early.untilEnd();
  expect(store.search(early.search.id)?.state.units[0]?.active?.stage).toBe('confirm');
  const aside = { block: 0, offset: offsetOf(start, primes[2] as string), why: 'it was so' };
  store.setAside = () => [aside];
  const late = new PaperRun({ store, spec, count: 9, workers: 1, deadly }).start();
  await late.untilEnd();
  expect([...early.primes, ...late.primes]).toEqual(without(2).slice(0, 9));
  expect(late.of('warning')).toEqual([]);
});

test('a computer on which every thread dies sets nothing aside', async () => {
  const store = new PaperStore();
  const paper = new PaperRun({ store, spec, count: 6, workers: 2 }).start();
  await paper.until(() => paper.workers.every(({ unit }) => unit !== null));
  for (let loss = 0; loss < 200; loss++) {
    for (const worker of paper.workers) worker.lose();
    await paper.step();
  }
  expect(paper.of('warning').length).toBeGreaterThan(200);
  await paper.untilEnd();
  expect(store.setAside()).toEqual([]);
  expect(paper.primes).toEqual(primes.slice(0, 6));
});

test('set aside while nothing can be saved: it is saved with the rest', async () => {
  const store = new PaperStore();
  const deadly = new Map([[BigInt(primes[4] as string), 'dies' as const]]);
  store.fault = 'save';
  const paper = new PaperRun({ store, spec, count: 9, deadly }).start();
  await paper.until(() => asideWarnings(paper).length > 0);
  expect(store.setAside()).toEqual([]);
  store.fault = null;
  await paper.untilEnd();
  expect(store.setAside().length).toBe(1);
  expect(paper.primes).toEqual(without(4).slice(0, 9));
});

describe('a unit whose workers are lost', () => {
  const state = (nextIndex: number): UnitState => ({ ...UNIT_START, nextIndex });
  const snapshot = state(5);

  /** Lost until it is done one candidate at a time. */
  function cautious(): UnitLosses {
    const losses = new UnitLosses();
    expect(losses.lost(snapshot, null, 0)).toEqual({ state: snapshot, setAside: null });
    expect(losses.lost(snapshot, null, 0)).toEqual({ state: UNIT_START, setAside: null });
    expect(losses.lost(state(2), null, 0)).toEqual({ state: state(2), setAside: null });
    expect(losses.cautious).toBe(false);
    expect(losses.lost(state(3), null, 0)).toEqual({ state: UNIT_START, setAside: null });
    expect(losses.cautious).toBe(true);
    return losses;
  }

  test('goes on from its snapshot, begins anew, then goes one candidate at a time', () => {
    cautious();
  });

  test('a snapshot that is not the last one’s is tried as long as there is a new one each time', () => {
    const losses = new UnitLosses();
    for (let k = 0; k < 50; k++) expect(losses.lost(state(k), null, 0).state).toEqual(state(k));
    expect(losses.cautious).toBe(false);
  });

  test('a candidate is set aside at its second loss, when something else was done between', () => {
    const losses = cautious();
    expect(losses.lost(state(1), 7, 10).setAside).toBeNull();
    expect(losses.waitsForOthers(10)).toBe(true);
    expect(losses.waitsForOthers(11)).toBe(false);
    expect(losses.lost(UNIT_START, 9, 11).setAside).toBeNull();
    expect(losses.lost(UNIT_START, 7, 12).setAside).toBe(7);
  });

  test('and not when nothing else was done, nor when nobody knows where it was', () => {
    const losses = cautious();
    for (let k = 0; k < 20; k++) expect(losses.lost(UNIT_START, 7, 10).setAside).toBeNull();
    for (let k = 0; k < 20; k++) expect(losses.lost(UNIT_START, null, 10 + k).setAside).toBeNull();
    expect(losses.lost(UNIT_START, 7, 11).setAside).toBe(7);
  });
});

test('a number of thousands of digits is not put into a sentence', () => {
  const sentence = setAsideSentence(paperSpec(3000, 1), { block: 2, offset: 5, why: 'out of memory' });
  expect(sentence).toBe(
    'odd number 5 of block 2 ended every thread that tested it (out of memory) and is left out; the search goes on',
  );
});

test('a list of candidates counts each once', () => {
  const asides = new SetAsides([1, 2, 1].map((offset) => ({ block: 0, offset, why: '' })));
  expect(asides.count).toBe(2);
});

/** Fewer workers, a share of the time, and pauses, in any order: on paper, the primes are OpenSSL's. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WANTED_PAUSES, type WantedPause } from '../../../main/contract/pause.ts';
import { firstPrimes } from '../../support/first-primes.ts';
import { PaperRun, paperSpec } from '../../support/paper-run.ts';
import { PaperStore } from '../../support/paper-store.ts';

const spec = paperSpec(30, 6);
const large = paperSpec(300, 6);
const expected = firstPrimes(spec, 12);

const lastProgress = (paper: PaperRun) => paper.of('progress').at(-1)?.progress;
const going = (paper: PaperRun) => paper.workers.filter(({ held }) => !held).length;

type Step =
  | { readonly do: 'pause'; readonly reason: WantedPause }
  | { readonly do: 'resume'; readonly reason: WantedPause }
  | { readonly do: 'pace'; readonly workers: number; readonly share: number }
  | { readonly do: 'work'; readonly slices: number }
  | { readonly do: 'lose'; readonly worker: number };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('pause' as const), reason: fc.constantFrom(...WANTED_PAUSES) }),
    fc.record({ do: fc.constant('resume' as const), reason: fc.constantFrom(...WANTED_PAUSES) }),
    fc.record({
      do: fc.constant('pace' as const),
      workers: fc.integer({ min: 1, max: 4 }),
      share: fc.constantFrom(0.1, 0.5, 1),
    }),
    fc.record({ do: fc.constant('work' as const), slices: fc.integer({ min: 1, max: 40 }) }),
    fc.record({ do: fc.constant('lose' as const), worker: fc.integer({ min: 0, max: 2 }) }),
  ),
  { maxLength: 30 },
);

async function take(paper: PaperRun, step: Step): Promise<void> {
  if (step.do === 'pause') void paper.run.pause(step.reason);
  else if (step.do === 'resume') paper.run.resume(step.reason);
  else if (step.do === 'pace') paper.run.pace(step);
  else if (step.do === 'lose') paper.workers[step.worker]?.lose();
  else for (let slice = 0; slice < step.slices && paper.ended === null; slice++) await paper.step();
}

test('the primes are the same for any sequence of pauses, paces and losses, and across a restart', async () => {
  await fc.assert(
    fc.asyncProperty(steps, steps, async (before, after) => {
      const store = new PaperStore();
      const told: string[] = [];
      for (const [sequence, isLast] of [
        [before, false],
        [after, true],
      ] as const) {
        const paper = new PaperRun({ store, spec, count: 12, workers: 3, checkpointEvery: 0.3 }).start();
        for (const step of sequence) await take(paper, step);
        for (const reason of WANTED_PAUSES) paper.run.resume(reason);
        if (isLast) await paper.untilEnd();
        else paper.crash();
        told.push(...paper.primes);
      }
      expect(told).toEqual(expected);
    }),
    { numRuns: 12 },
  );
});

test('what waits for the end of a pause goes on when the last reason is gone, and at once where there is none', async () => {
  const paper = new PaperRun({ store: new PaperStore(), spec: large, count: null }).start();
  await paper.run.whileRunning();
  void paper.run.pause('user');
  void paper.run.pause('battery');
  let isOver = false;
  const end = paper.run.whileRunning().then(() => {
    isOver = true;
  });
  paper.run.resume('user');
  await paper.step();
  expect(isOver).toBe(false);
  paper.run.resume('battery');
  await end;
  expect(isOver).toBe(true);
  paper.crash();
});

test('it runs while the set of reasons is empty, and not otherwise', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.boolean(), fc.constantFrom(...WANTED_PAUSES)), { maxLength: 20 }),
      async (orders) => {
        const paper = new PaperRun({ store: new PaperStore(), spec: large, count: null }).start();
        await paper.step();
        const reasons = new Set<WantedPause>();
        for (const [pause, reason] of orders) {
          if (pause) void paper.run.pause(reason);
          else paper.run.resume(reason);
          if (pause) reasons.add(reason);
          else reasons.delete(reason);
          expect(going(paper)).toBe(reasons.size === 0 ? 2 : 0);
        }
        await paper.until(() => paper.workers.every(({ asked }) => asked === 0));
        expect(new Set(lastProgress(paper)?.paused ?? [])).toEqual(reasons);
        paper.crash();
      },
    ),
    { numRuns: 25 },
  );
});

describe('fewer workers', () => {
  test('only so many compute; the others stand still where they are, and their work is in the checkpoint', async () => {
    const store = new PaperStore();
    const paper = new PaperRun({ store, spec: large, count: null, workers: 3 }).start();
    await paper.until(() => paper.workers.every((worker) => (worker.unit?.tested ?? 0) > 0));
    paper.run.pace({ workers: 1, share: 1 });
    expect(going(paper)).toBe(1);
    const units = () => paper.workers.filter(({ held }) => held).map(({ unit }) => unit);
    const still = units();
    for (let slice = 0; slice < 15; slice++) await paper.step();
    expect(units()).toEqual(still);
    void paper.run.pause('user');
    await paper.until(() => paper.of('checkpoint').length > 0);
    const saved = store.latestSearch()?.state.units.map(({ tested, nextIndex }) => `${tested} ${nextIndex}`);
    expect(still.length).toBe(2);
    for (const unit of still) expect(saved).toContain(`${unit?.tested} ${unit?.nextIndex}`);
    await paper.until(() => lastProgress(paper)?.paused.length === 1);
    expect(lastProgress(paper)).toMatchObject({ pace: { workers: 1, share: 1 } });
    expect(lastProgress(paper)?.workers.filter(({ rests }) => rests).length).toBe(2);
    paper.crash();
  });

  test('a unit that stood still is gone on with by its own worker as soon as another has done its job', async () => {
    const paper = new PaperRun({ store: new PaperStore(), spec, count: null, workers: 3 }).start();
    await paper.until(() => paper.workers.every((worker) => (worker.unit?.tested ?? 0) > 0));
    const begun = paper.workers.map(({ jobs }) => jobs.length);
    paper.run.pace({ workers: 1, share: 1 });
    const found = paper.primes.length;
    await paper.until(() => paper.workers.filter(({ busy }) => busy).length === 1 && paper.primes.length > found + 5);
    // The two that stood still got no second job before all three had done the one they had.
    expect(paper.workers.map(({ jobs }, k) => jobs.length - (begun[k] ?? 0)).filter((more) => more === 0).length).toBe(
      2,
    );
    expect(paper.primes).toEqual(firstPrimes(spec, paper.primes.length));
    paper.crash();
  });

  test('one alone also sieves: no block waits for a worker that stands still', async () => {
    const small = paperSpec(10, 5);
    const paper = new PaperRun({ store: new PaperStore(), spec: small, count: 3400, workers: 3 }).start();
    paper.run.pace({ workers: 1, share: 1 });
    await paper.untilEnd();
    expect(paper.primes).toEqual(firstPrimes(small, 3400));
  });

  test('one that stands still is not replaced; one that does not stand still is', async () => {
    const paper = new PaperRun({ store: new PaperStore(), spec: large, count: null, watchdogTicks: 5 }).start();
    await paper.until(() => paper.workers.every((worker) => (worker.unit?.tested ?? 0) > 0));
    paper.run.pace({ workers: 1, share: 1 });
    const still = paper.workers.findIndex(({ held }) => held);
    const since = paper.time.wallSeconds();
    await paper.until(() => paper.time.wallSeconds() > since + 20 || paper.workers[still]?.held === false);
    expect(paper.of('warning')).toEqual([]);
    Object.assign(paper.workers[still] ?? {}, { hung: true });
    await paper.until(() => paper.of('warning').length > 0);
    expect(paper.of('warning')[0]?.sentence).toContain('did not answer for 5 seconds');
    paper.crash();
  });

  test('all again: those that stood still go on where they were, also when that was asked during a pause', async () => {
    const paper = new PaperRun({ store: new PaperStore(), spec: large, count: null, workers: 3 }).start();
    await paper.until(() => paper.workers.every((worker) => (worker.unit?.tested ?? 0) > 0));
    paper.run.pace({ workers: 1, share: 1 });
    void paper.run.pause('battery');
    paper.run.pace({ workers: 8, share: 0.3 });
    expect(going(paper)).toBe(0);
    paper.run.resume('battery');
    expect(going(paper)).toBe(3);
    expect(lastProgress(paper)?.pace).toEqual({ workers: 3, share: 0.3 });
    expect(paper.workers.map(({ share }) => share)).toEqual([0.3, 0.3, 0.3]);
    paper.crash();
  });
});

test('the expected time to the next prime follows the pace at once', async () => {
  const paper = new PaperRun({ store: new PaperStore(), spec, count: null }).start();
  await paper.until(() => (lastProgress(paper)?.expectedSecondsToNext ?? 0) > 0 && paper.time.wallSeconds() > 12);
  paper.run.pace({ workers: 2, share: 1 });
  const before = lastProgress(paper)?.expectedSecondsToNext ?? Number.NaN;
  paper.run.pace({ workers: 1, share: 0.2 });
  expect((lastProgress(paper)?.expectedSecondsToNext ?? Number.NaN) / before).toBeCloseTo(10, 1);
  paper.crash();
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { UnitData } from '../../../main/contract/checkpoint.ts';
import { type Entry, Frontier, type SettledFind } from '../../../main/cruncher/run/frontier.ts';
import { SEARCH_START } from '../../../main/cruncher/run/search-identity.ts';
import { UNIT_START, type UnitState } from '../../../main/search/unit.ts';

const find = (index: number) => ({ index, rounds: 20, kernels: [], disagreement: false });

/** A unit that is done, its finds in the order in which its worker came upon them. */
const done = (finds: readonly number[], tested = finds.length): UnitState => ({
  ...UNIT_START,
  finds: finds.map(find),
  tested,
  disagreements: tested % 2,
});

const frontierOf = (units: readonly UnitData[] = [], position = { block: 0, index: 0 }): Frontier =>
  new Frontier({ ...SEARCH_START, position, units: [...units] });

const places = (finds: readonly SettledFind[]) => finds.map(({ block, index }) => `${block}:${index}`);

/** Units of one block after the other: how many odd numbers each has, and which of them are prime. */
const units = fc
  .array(
    fc.record({
      primes: fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }),
      newBlock: fc.boolean(),
      backwards: fc.boolean(),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .map((parts) => {
    let block = 0;
    let from = 0;
    return parts.map(({ primes, newBlock, backwards }, k) => {
      if (newBlock && k > 0) [block, from] = [block + 1, 0];
      const range = { block, from, to: from + primes.length };
      const finds = primes.flatMap((prime, i) => (prime ? [range.from + i] : []));
      from = range.to;
      return { range, finds: backwards ? finds.toReversed() : finds, tested: primes.length };
    });
  });

/** What happens next; the number says which of the running units, or how much room there is. */
const happening = fc.tuple(
  fc.constantFrom('begin', 'begin', 'finish', 'finish', 'settle', 'restart', 'lose'),
  fc.nat(30),
);

describe('whatever the order in which units are begun, finished, lost and begun again', () => {
  const models = fc.tuple(
    units,
    fc.array(happening, { maxLength: 120 }),
    fc.uniqueArray(fc.integer({ min: 0, max: 40 })),
  );

  test('the finds that count are the first ones of the search, and nothing is lost or counted twice', () => {
    fc.assert(
      fc.property(models, ([plan, happenings, repeated]) => {
        // Every so many a find is one that the search has already.
        const all = plan.flatMap(({ range, finds }) =>
          finds.toSorted((a, b) => a - b).map((index) => `${range.block}:${index}`),
        );
        const duplicates = new Set(all.filter((_, k) => repeated.includes(k)));
        const expected = all.filter((place) => !duplicates.has(place));

        let frontier = frontierOf();
        let begun = 0;
        const running = new Map<number, Entry>();
        const taken: string[] = [];
        let tested = 0;
        let disagreements = 0;
        const settle = (room: number) => {
          const settled = frontier.settle(
            room,
            (candidate) => !duplicates.has(`${candidate.block}:${candidate.index}`),
          );
          expect(settled.finds.length).toBeLessThanOrEqual(room);
          taken.push(...places(settled.finds));
          expect(taken).toEqual(expected.slice(0, taken.length));
          tested += settled.tested;
          disagreements += settled.disagreements;
        };
        const begin = (): void => {
          // Units that wait come first, as the search takes them.
          const waiting = frontier.waiting()[0];
          const unit = waiting === undefined ? plan[begun] : undefined;
          if (waiting === undefined && unit === undefined) return;
          const entry = waiting ?? frontier.add((unit as (typeof plan)[number]).range);
          if (waiting === undefined) begun++;
          entry.status = 'running';
          const { block, from, to } = entry.range;
          const which = plan.findIndex(({ range }) => range.block === block && range.from <= from && to <= range.to);
          running.set(which, entry);
        };
        const finish = (which: number): void => {
          const entry = running.get(which) as Entry;
          const { finds, tested: screens } = plan[which] as (typeof plan)[number];
          running.delete(which);
          frontier.finish(entry, done(finds, screens));
        };
        for (const [what, number] of happenings) {
          const some = [...running.keys()][number % Math.max(1, running.size)];
          if (what === 'begin') begin();
          else if (what === 'settle') settle(number + 1);
          else if (what === 'restart') {
            frontier = frontierOf(frontier.units(), frontier.position);
            running.clear();
          } else if (some !== undefined && what === 'finish') finish(some);
          else if (some !== undefined) {
            frontier.lost(running.get(some) as Entry, null, begun);
            running.delete(some);
          }
        }
        while (begun < plan.length || frontier.waiting().length > 0) begin();
        for (const which of [...running.keys()].reverse()) finish(which);
        // One find at a time: each time the rest of a unit is kept.
        for (let k = 0; k <= all.length + plan.length; k++) settle(1);
        expect(taken).toEqual(expected);
        expect(frontier.units()).toEqual([]);
        expect(tested).toBe(plan.reduce((sum, unit) => sum + unit.tested, 0));
        expect(disagreements).toBe(plan.reduce((sum, unit) => sum + (unit.tested % 2), 0));
        const last = plan.at(-1)?.range;
        expect(frontier.position).toEqual({ block: last?.block, index: last?.to });
      }),
      { numRuns: 300 },
    );
  });
});

test('with room for K, exactly K are taken, and the rest waits through a restart and comes first', () => {
  const frontier = frontierOf();
  const entry = frontier.add({ block: 0, from: 0, to: 100 });
  frontier.finish(entry, done([50, 10, 90, 30], 60));
  const first = frontier.settle(2, () => true);
  expect(places(first.finds)).toEqual(['0:10', '0:30']);
  expect(first.tested).toBe(60);
  expect(frontier.position).toEqual({ block: 0, index: 31 });
  const kept = frontier.units();
  expect(kept).toMatchObject([{ block: 0, from: 31, to: 100, done: true, tested: 0 }]);
  const again = frontierOf(kept, frontier.position);
  const rest = again.settle(9, () => true);
  expect(places(rest.finds)).toEqual(['0:50', '0:90']);
  expect(rest.tested).toBe(0);
  expect(again.position).toEqual({ block: 0, index: 100 });
});

test('a unit that is done waits for the one before it', () => {
  const frontier = frontierOf();
  const first = frontier.add({ block: 0, from: 0, to: 10 });
  const second = frontier.add({ block: 0, from: 10, to: 20 });
  frontier.finish(second, done([15]));
  expect(frontier.settle(9, () => true)).toEqual({ finds: [], tested: 0, disagreements: 0 });
  expect(frontier.position).toEqual({ block: 0, index: 0 });
  expect(frontier.testedAhead()).toBe(1);
  frontier.finish(first, done([5]));
  expect(places(frontier.settle(9, () => true).finds)).toEqual(['0:5', '0:15']);
  expect(frontier.testedAhead()).toBe(0);
});

test('a find whose place has changed in memory is not settled', () => {
  for (const bit of [0, 3, 20]) {
    const frontier = frontierOf();
    const entry = frontier.add({ block: 0, from: 0, to: 100 });
    frontier.finish(entry, done([50]));
    const [find] = entry.state.finds as unknown as { index: number }[];
    if (find !== undefined) find.index ^= 1 << bit;
    expect(() => frontier.settle(9, () => true)).toThrow(/changed in memory/);
    expect(frontier.position).toEqual({ block: 0, index: 0 });
  }
});

test('a unit lost once goes on from its last snapshot, lost again from the same one it begins anew', () => {
  const frontier = frontierOf();
  const entry = frontier.add({ block: 0, from: 0, to: 10 });
  const snapshots = [done([1]), done([1, 2])] as const;
  for (const state of snapshots) {
    Object.assign(entry, { status: 'running', state });
    frontier.lost(entry, null, 0);
    expect(entry).toMatchObject({ status: 'waiting', state });
  }
  entry.status = 'running';
  frontier.lost(entry, null, 0);
  expect(entry).toMatchObject({ status: 'waiting', state: UNIT_START });
  // Its result came before the news of the loss.
  frontier.finish(entry, snapshots[0]);
  frontier.lost(entry, null, 0);
  expect(entry).toMatchObject({ status: 'done', state: snapshots[0] });
});

test('no unit is begun so far ahead that a checkpoint could not hold all of them', () => {
  const frontier = frontierOf();
  let begun = 0;
  for (; !frontier.isFull; begun++) frontier.add({ block: 0, from: begun, to: begun + 1 });
  // A checkpoint holds 4096 units (docs/checkpoint-format.md).
  expect(begun).toBeLessThan(4096);
  expect(begun).toBeGreaterThanOrEqual(256 * 4);
});

/** A unit done one candidate at a time, each said before it is begun. The primes are OpenSSL's. */

import { checkPrimeSync, createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Kernels } from '../../main/search/kernel-names.ts';
import { UnitRunner, type UnitState, type UnitTask } from '../../main/search/unit.ts';

const seed = createHash('sha256').update('cautious').digest();
const kernels = new Kernels();

/** Small numbers, large ones, and stretches across 2^64. */
const task = fc
  .tuple(
    fc.oneof(
      fc.bigInt({ min: 10n ** 9n, max: 10n ** 10n }),
      fc.bigInt({ min: 10n ** 25n, max: 10n ** 60n }),
      fc.bigInt({ min: (1n << 64n) - 120n, max: (1n << 64n) + 20n }),
    ),
    fc.uniqueArray(fc.nat(120), { maxLength: 40 }),
  )
  .map(([start, indices]): UnitTask => {
    return { start: start | 1n, indices: indices.toSorted((a, b) => a - b), seed, rounds: 3 };
  });

const candidate = ({ start }: UnitTask, index: number): bigint => start + 2n * BigInt(index);

test('finds the same primes, and at every moment the candidate under test is the last one that was said', () => {
  fc.assert(
    fc.property(task, fc.integer({ min: 1, max: 400 }), fc.option(fc.nat(40)), (unit, squarings, moveAfter) => {
      let runner = new UnitRunner(kernels, unit);
      const said: number[] = [];
      const begin = () => runner.run({ squarings }, (index) => said.push(index));
      let steps = begin();
      let end: UnitState | null = null;
      for (let slices = 0; end === null; slices++) {
        if (slices === moveAfter) {
          runner = new UnitRunner(kernels, unit, runner.state());
          steps = begin();
        }
        const step = steps.next();
        if (step.done) end = step.value;
        const { indices } = runner.progress();
        expect(indices.length).toBeLessThanOrEqual(1);
        for (const index of indices) expect(index).toBe(said.at(-1));
      }
      const primes = [...unit.indices].filter((index) => checkPrimeSync(candidate(unit, index)));
      expect(end.finds.map(({ index }) => index)).toEqual(primes);
      expect(end.tested).toBe(unit.indices.length);
      expect([...new Set(said)]).toEqual([...unit.indices]);
    }),
    { numRuns: 80 },
  );
});

test('begun in pairs and gone on with one by one: the pair under test is said by its first', () => {
  const unit: UnitTask = { start: 10n ** 50n + 1n, indices: [10, 11, 12, 13], seed, rounds: 3 };
  const pairs = new UnitRunner(kernels, unit);
  pairs.run({ squarings: 20 }).next();
  expect(pairs.progress().indices).toEqual([10, 11]);
  const said: number[] = [];
  const steps = new UnitRunner(kernels, unit, pairs.state()).run({ squarings: 20 }, (index) => said.push(index));
  while (!steps.next().done);
  expect([...new Set(said)]).toEqual([10, 12, 13]);
});

/** A test of 100,000 digits takes minutes: it shows how far it is, and goes on where it was left. */

import { expect, test } from 'vitest';
import { bitLength } from '../../main/kernel/field.ts';
import { blockCount, blockInterval } from '../../main/search/blocks.ts';
import { Kernels } from '../../main/search/kernel-names.ts';
import { oddPart } from '../../main/search/primality/strong.ts';
import { UnitRunner, type UnitState } from '../../main/search/unit.ts';

const DIGITS = 100_000;
const SQUARINGS = 24;

test('a test of 100,000 digits goes on from its state, in another runner, to the same residue', {
  timeout: 120_000,
}, () => {
  const seed = new Uint8Array(32).fill(6);
  const { start } = blockInterval({ digits: DIGITS, count: blockCount(DIGITS) }, seed, 0);
  const task = { start, indices: Uint32Array.of(3, 1000), seed, rounds: 20 };

  /** Two slices from a state: what each leaves. */
  const twoSlices = (state?: UnitState): [UnitRunner, UnitState, UnitState] => {
    const runner = new UnitRunner(new Kernels(), task, state);
    const steps = runner.run({ squarings: SQUARINGS });
    // The kernel is made ready in slices of its own.
    do steps.next();
    while (runner.progress().stage === 'idle');
    const first = runner.state();
    steps.next();
    return [runner, first, runner.state()];
  };
  const [runner, first, second] = twoSlices();
  const [, resumed] = twoSlices(structuredClone(first));
  expect(resumed).toEqual(second);
  expect(runner.progress()).toMatchObject({ stage: 'screen', indices: [3, 1000] });
  // of all bits of the number, of which the exponent has one or a few less
  const steps = Math.round(runner.progress().fraction * bitLength(start));
  expect(steps).toBeGreaterThanOrEqual(2 * SQUARINGS - 1);
  expect(steps).toBeLessThan(3 * SQUARINGS);

  // and it is 2 to those bits of the exponent, by the language's own integers
  const { active } = second;
  if (active?.stage !== 'screen') throw new Error('expected a screen');
  const n = start + 6n;
  const { d } = oddPart(n - 1n);
  const { bit, residue } = active.powers[0];
  expect(bit).toBeGreaterThan(SQUARINGS);
  let own = 1n;
  for (const digit of d.toString(2).slice(0, bit)) own = (own * own * (digit === '1' ? 2n : 1n)) % n;
  expect(own === residue).toBe(true);
});

test('making ready for 100,000 digits goes in hundreds of slices, which say nothing about the pace of squarings', () => {
  const seed = new Uint8Array(32).fill(6);
  const { start } = blockInterval({ digits: DIGITS, count: blockCount(DIGITS) }, seed, 0);
  const fresh: UnitState = new UnitRunner(new Kernels(), { start, indices: [], seed, rounds: 20 }).state();
  const resumes: UnitState[] = [fresh, { ...fresh, nextIndex: 4, passed: [3] }];
  for (const state of resumes) {
    const runner = new UnitRunner(new Kernels(), { start, indices: [3], seed, rounds: 20 }, state);
    const pace = { squarings: SQUARINGS };
    const steps = runner.run(pace);
    let slices = 0;
    for (; runner.progress().stage === 'idle'; slices++) {
      steps.next();
      // As a caller does whose slices are short.
      if (runner.progress().stage === 'idle') pace.squarings *= 2;
      if (state.passed.length > 0)
        expect(runner.state().passed.length + (runner.state().active === null ? 0 : 1)).toBe(1);
    }
    expect(slices).toBeGreaterThan(bitLength(start) / 400);
    expect(pace.squarings).toBe(SQUARINGS);
  }
});

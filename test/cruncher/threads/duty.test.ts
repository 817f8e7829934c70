/** A thread on paper that computes in turns and rests when it should, on a busy machine or not. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Duty } from '../../../main/cruncher/threads/duty.ts';

interface Machine {
  /** Milliseconds of CPU time of each turn, one after the other. */
  readonly turns: readonly number[];
  /** What a timer is late by, in milliseconds. */
  readonly late: number;
  /** The clock of CPU time goes in such steps, in milliseconds. */
  readonly step: number;
}

/** @returns the share of the time that it computed, and its longest turn and rest in milliseconds */
function work(share: number, { turns, late, step }: Machine) {
  let cpu = 0;
  const duty = new Duty(() => Math.floor(cpu / step) * (step / 1000));
  duty.keepTo(share);
  let rests = 0;
  let turn = 0;
  const longest = { turn: 0, rest: 0 };
  for (const milliseconds of turns) {
    cpu += milliseconds;
    turn += milliseconds;
    const due = duty.due();
    if (due === 0) continue;
    // As timers do: whole milliseconds, and late.
    const rest = Math.floor(due) + late;
    rests += rest;
    longest.turn = Math.max(longest.turn, turn);
    longest.rest = Math.max(longest.rest, rest);
    turn = 0;
    duty.rested(rest);
  }
  return { share: cpu / (cpu + rests), longest };
}

const machine = fc.record({
  turns: fc.array(fc.integer({ min: 5, max: 40 }), { minLength: 200, maxLength: 400 }),
  late: fc.integer({ min: 0, max: 3 }),
  step: fc.constantFrom(0.001, 4, 10),
});

test('it computes the share that it is told, whatever its turns and its clocks are like', () => {
  fc.assert(
    fc.property(fc.integer({ min: 10, max: 90 }), machine, (percent, machine) => {
      const { share } = work(percent / 100, machine);
      expect(share).toBeGreaterThan(percent / 100 - 0.03);
      expect(share).toBeLessThan(percent / 100 + 0.03);
    }),
  );
});

test('a tenth is a turn and nine times as long a rest, and no more than a third of a second', () => {
  const { longest } = work(0.1, { turns: new Array<number>(100).fill(30), late: 0, step: 0.001 });
  expect(longest.turn).toBe(30);
  expect(Math.abs(longest.rest - 270)).toBeLessThanOrEqual(1);
});

test('all of the time is all of it: no rest is due, and none is owed when a share is set later', () => {
  let cpu = 0;
  const duty = new Duty(() => cpu);
  cpu = 1000;
  expect(duty.due()).toBe(0);
  duty.keepTo(0.5);
  expect(duty.due()).toBe(0);
  cpu += 0.03;
  expect(duty.due()).toBeCloseTo(30, 6);
});

test('a rest that was far too long does not let it compute for long without one', () => {
  let cpu = 0;
  const duty = new Duty(() => cpu);
  duty.keepTo(0.5);
  cpu += 0.03;
  duty.due();
  duty.rested(3_600_000);
  const rests: number[] = [];
  for (let turn = 0; turn < 4; turn++) {
    cpu += 0.03;
    rests.push(Math.round(duty.due()));
    duty.rested(rests.at(-1) ?? 0);
  }
  expect(rests).toEqual([0, 30, 30, 30]);
});

import { checkPrimeSync, createHash } from 'node:crypto';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { UnitSchema } from '../../main/contract/checkpoint.ts';
import { unitFromData, unitToData } from '../../main/cruncher/run/unit-data.ts';
import { KERNEL_NAMES, type KernelName } from '../../main/kernel/field.ts';
import { Kernels } from '../../main/kernel/kernels.ts';
import { rabinBase } from '../../main/search/prf.ts';
import { UNIT_START, UnitRunner, type UnitState, type UnitTask } from '../../main/search/unit.ts';
import { FaultyKernels } from '../support/faulty-kernels.ts';

const ROUNDS = 3;
const SEED = createHash('sha256').update('unit').digest();
const BELOW_64_BITS = 1n << 64n;

const kernelsOf = new Map<KernelName, Kernels>(KERNEL_NAMES.map((wanted) => [wanted, new Kernels({ wanted })]));
const on = (name: KernelName): Kernels => kernelsOf.get(name) as Kernels;

/** Indices that no prime below 100 strikes: about a quarter of the odd numbers. */
function survivors(start: bigint, count: number): number[] {
  const primes = Array.from({ length: 97 }, (_, k) => k + 3).filter((p) =>
    [2, 3, 5, 7].every((q) => p === q || p % q !== 0),
  );
  return Array.from({ length: count }, (_, k) => k).filter((k) => {
    const n = start + 2n * BigInt(k);
    return primes.every((p) => n === BigInt(p) || n % BigInt(p) !== 0n);
  });
}

const taskOf = (start: bigint, count: number): UnitTask => ({
  start,
  indices: survivors(start, count),
  seed: SEED,
  rounds: ROUNDS,
});

const candidate = (task: UnitTask, index: number): bigint => task.start + 2n * BigInt(index);

/** What OpenSSL finds. */
const primesOf = (task: UnitTask): number[] =>
  [...task.indices].filter((index) => checkPrimeSync(candidate(task, index)));

/** Odd starts of so many digits. */
const startOf = (digits: number): fc.Arbitrary<bigint> =>
  fc.bigInt({ min: 10n ** BigInt(digits - 1), max: 10n ** BigInt(digits) - 1000n }).map((n) => n | 1n);

/** 20 to 120 digits, 10 digits, and stretches that go past 2^64 or begin or end beside it. */
const unit = fc
  .oneof(
    { weight: 6, arbitrary: fc.integer({ min: 20, max: 120 }).chain(startOf) },
    { weight: 1, arbitrary: startOf(10) },
    { weight: 1, arbitrary: startOf(19) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 260 }).map((k) => BELOW_64_BITS + 1n - 2n * BigInt(k)) },
  )
  .chain((start) =>
    fc.integer({ min: 0, max: start < BELOW_64_BITS ? 240 : 120 }).map((count) => taskOf(start, count)),
  );

/** The FFT kernel serves 64 bits and more, and a stretch may end at 65. */
const kernelFor = (task: UnitTask): readonly KernelName[] =>
  task.start < BELOW_64_BITS ? KERNEL_NAMES.filter((name) => name !== 'fft') : KERNEL_NAMES;

function finish(kernels: Kernels, task: UnitTask, squarings: number, state?: UnitState): UnitState {
  const steps = new UnitRunner(kernels, task, state).run({ squarings });
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** A state as it comes back from a checkpoint. */
function throughCheckpoint(state: UnitState): UnitState {
  const data = unitToData({ block: 3, from: 0, to: 1000 }, state, false);
  return unitFromData(v.parse(UnitSchema, JSON.parse(JSON.stringify(data))));
}

/** @param mostKernels that a find may name: more than two where it was moved */
function expectRight(task: UnitTask, state: UnitState, mostKernels = 2): void {
  expect(state.finds.map(({ index }) => index).sort((a, b) => a - b)).toEqual(primesOf(task));
  expect(state).toMatchObject({ tested: task.indices.length, passed: [], active: null, disagreements: 0 });
  expect(state.nextIndex).toBe(task.indices.length === 0 ? 0 : (task.indices.at(-1) as number) + 1);
  for (const { index, rounds, kernels, disagreement } of state.finds) {
    const large = candidate(task, index) >= BELOW_64_BITS;
    expect({ rounds, disagreement }).toEqual({ rounds: large ? ROUNDS : 0, disagreement: false });
    expect(new Set(kernels).size).toBeGreaterThanOrEqual(large ? 2 : 1);
    expect(kernels.length).toBeLessThanOrEqual(large ? mostKernels : 1);
  }
}

describe('a unit', () => {
  test('finds exactly the primes of its stretch, on any kernel, at any pace', () => {
    const kernel = fc.constantFrom(...KERNEL_NAMES);
    fc.assert(
      fc.property(unit, kernel, fc.integer({ min: 1, max: 2000 }), (task, name, squarings) => {
        expectRight(task, finish(on(kernelFor(task).includes(name) ? name : 'bigint'), task, squarings));
      }),
      { numRuns: 60 },
    );
  });

  test('finds the same when a new runner on another kernel goes on from a checkpoint, at random yields', () => {
    const moves = fc.infiniteStream(
      fc.tuple(fc.integer({ min: 1, max: 9 }), fc.nat(2), fc.integer({ min: 1, max: 150 })),
    );
    fc.assert(
      fc.property(unit, moves, (task, stream) => {
        const allowed = kernelFor(task);
        let state = UNIT_START;
        for (let done = false; !done; ) {
          const [yields, which, squarings] = stream.next().value as [number, number, number];
          const runner = new UnitRunner(
            on(allowed[which % allowed.length] as KernelName),
            task,
            throughCheckpoint(state),
          );
          const steps = runner.run({ squarings });
          for (let k = 0; k < yields && !done; k++) done = steps.next().done === true;
          state = runner.state();
        }
        expectRight(task, state, 4);
      }),
      { numRuns: 60 },
    );
  });

  test('finds the same when it is interrupted at every yield there is', () => {
    for (const start of [10n ** 30n + 1n, 10n ** 99n + 289n - 60n, BELOW_64_BITS - 59n]) {
      const task = taskOf(start | 1n, 90);
      expect(primesOf(task).length).toBeGreaterThan(0);
      let state = UNIT_START;
      let interruptions = 0;
      const stages = new Set<string>();
      for (let done = false; !done; interruptions++) {
        const runner = new UnitRunner(
          on(interruptions % 2 === 0 ? 'schoolbook' : 'bigint'),
          task,
          throughCheckpoint(state),
        );
        done = runner.run({ squarings: 40 }).next().done === true;
        state = runner.state();
        stages.add(
          state.active === null ? 'idle' : state.active.stage === 'screen' ? 'screen' : state.active.state.stage,
        );
        expect(runner.progress().fraction).toBeLessThanOrEqual(1);
      }
      expectRight(task, state, 4);
      if (start > BELOW_64_BITS) expect([...stages].sort()).toEqual(['check', 'idle', 'lucas', 'rounds', 'screen']);
    }
  });

  test('says before its first step what it was given, and after its last one that nothing is going on', () => {
    const task = taskOf(10n ** 40n + 1n, 100);
    const runner = new UnitRunner(on('bigint'), task);
    const steps = runner.run({ squarings: 30 });
    for (let k = 0; k < 3; k++) steps.next();
    const state = throughCheckpoint(runner.state());
    expect(state.active?.stage).toBe('screen');
    expect(new UnitRunner(on('bigint'), task, state).state()).toEqual(state);
    const last = finish(on('bigint'), task, 30, state);
    const again = new UnitRunner(on('bigint'), task, last);
    expect(again.run({ squarings: 30 }).next()).toEqual({ done: true, value: last });
    expect(again.progress()).toEqual({ stage: 'idle', indices: [], fraction: 0 });
  });

  test('finds the same whatever the sieve left: all odd numbers, or the primes alone', () => {
    const start = 10n ** 25n + 13n - 12n;
    const sieved = taskOf(start, 200);
    const all: UnitTask = { ...sieved, indices: Uint32Array.from({ length: 200 }, (_, k) => k) };
    const few: UnitTask = { ...sieved, indices: primesOf(sieved) };
    const found = [sieved, all, few].map((task) => finish(new Kernels(), task, 500).finds);
    expect(found[0]?.length).toBeGreaterThan(3);
    expect(found[1]).toEqual(found[0]);
    expect(found[2]).toEqual(found[0]);
  });

  test('that was resumed over a deeper sieve goes on with what it had begun', () => {
    const task = taskOf(10n ** 50n + 1n, 120);
    const runner = new UnitRunner(on('bigint'), task);
    const steps = runner.run({ squarings: 50 });
    for (let k = 0; k < 40; k++) steps.next();
    const deeper: UnitTask = { ...task, indices: primesOf(task) };
    const state = finish(on('schoolbook'), deeper, 50, throughCheckpoint(runner.state()));
    expect(state.finds.map(({ index }) => index)).toEqual(primesOf(task));
  });
});

describe('a damaged test in a checkpoint', () => {
  const task = taskOf(10n ** 40n + 1n, 200);

  test('costs that test’s work and no prime', () => {
    const runner = new UnitRunner(on('bigint'), task);
    const steps = runner.run({ squarings: 25 });
    const seen = new Set<string>();
    while (!steps.next().done) {
      const state = runner.state();
      const { active } = state;
      if (active === null) continue;
      const broken = { bit: 9_000, residue: 5n };
      const stage = active.stage === 'screen' ? 'screen' : active.state.stage;
      if (seen.has(stage)) continue;
      seen.add(stage);
      let damaged: UnitState['active'];
      if (active.stage === 'screen') damaged = { ...active, powers: [active.powers[0], broken] };
      else if (active.state.stage === 'lucas')
        damaged = { ...active, state: { ...active.state, lucas: { bit: 7, v: 1n, vNext: 1n } } };
      else damaged = { ...active, state: { ...active.state, powers: [broken, active.state.powers[1]] } };
      const finds = finish(on('schoolbook'), task, 500, { ...state, active: damaged }).finds.map(({ index }) => index);
      expect(finds).toEqual(primesOf(task));
    }
    expect([...seen].sort()).toEqual(['check', 'lucas', 'rounds', 'screen']);
  });
});

describe('a computer that makes one arithmetic error', () => {
  // One prime among the survivors, with the bases of its rounds drawn as in a search.
  const start = 10n ** 60n + 7n - 20n;
  const task = taskOf(start, 30);

  test('loses no prime that has passed its screen, and says that kernels disagreed', () => {
    expect(primesOf(task)).toEqual([10]);
    const prime = candidate(task, 10);
    expect(rabinBase(SEED, prime, 0)).not.toBe(2n);
    let known = 0;
    for (let at = 0; at < 400; at += 7) {
      let confirming = 0;
      const faulty = new FaultyKernels(
        ({ moduli }) => moduli[0] === prime && moduli[1] === prime && confirming++ === at,
      );
      const state = finish(faulty, task, 20);
      expect(state.finds.map(({ index }) => index)).toEqual([10]);
      expect(state.disagreements).toBe(state.finds[0]?.disagreement === true ? 1 : 0);
      known += state.disagreements;
    }
    expect(known).toBeGreaterThan(20);
  });
});

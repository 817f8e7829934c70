/** Flips of bits in everything that the sieve works on, at any moment: no prime is lost. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ArithmeticFault } from '../../../main/kernel/arithmetic-fault.ts';
import { Certificates } from '../../../main/search/sieve/certificates.ts';
import { Machine } from '../../../main/search/sieve/machine.ts';
import { freshSurvivors, type SieveTask, sieveBlock } from '../../../main/search/sieve/sieve.ts';
import { oddPrimes, sieveSlowly, unpack } from './sieve-oracle.ts';

/** A machine in whose memory something happens before each of its steps. */
class FaultyMachine extends Machine {
  steps = 0;
  fault: (step: number) => void = () => {};

  private step(): void {
    this.fault(this.steps++);
  }

  override release(): void {}

  override startPrimes(low: number, limit: number): void {
    super.startPrimes(low, limit);
    this.step();
  }

  override nextPrimes(low: number, from: number, to: number): number {
    this.step();
    const found = super.nextPrimes(low, from, to);
    this.step();
    return found;
  }

  override locate(first: number, end: number, self: number): void {
    super.locate(first, end, self);
    this.step();
  }

  override strike(first: number, end: number, count: number): number {
    const reached = super.strike(first, end, count);
    this.step();
    return reached;
  }
}

/** One for all: an engine reserves gigabytes of address space for every memory. */
const machine = new FaultyMachine();

function sieve(task: SieveTask, survivors: Uint8Array, fault: (step: number) => void) {
  machine.steps = 0;
  machine.fault = fault;
  const steps = sieveBlock(task, survivors, machine);
  for (;;) {
    const step = steps.next();
    if (step.done) return { faults: step.value, steps: machine.steps };
  }
}

/** @param expected what survives of a block that nothing happens to: none of that may be missing */
function expectNothingLost(survivors: Uint8Array, expected: Uint8Array): void {
  const stays = unpack(survivors, expected.length);
  for (const [i, bit] of expected.entries()) if (bit === 1 && stays[i] !== 1) expect.fail(`lost number ${i}`);
}

/** Flips a bit (number `where` of them, 0..1) of the bytes that are not as they were. */
function flipWritten(bytes: Uint8Array, before: Uint8Array, where: number): void {
  const written: number[] = [];
  for (let at = 0; at < bytes.length; at++) if (bytes[at] !== before[at]) written.push(at);
  const bit = Math.floor(where * 8 * written.length);
  if (written.length > 0) bytes[written[bit >> 3] as number]! ^= 1 << (bit & 7);
}

const START = ((7n * 10n ** 60n) / 3n) | 1n;

describe('a flip of a bit', () => {
  test('in what the machine has written, anywhere and at any step, takes out no number that has no factor', () => {
    const tasks = [
      { start: START, count: 3000, from: 3, to: 4000 },
      { start: START, count: 3000, from: 2 ** 20, to: 2 ** 20 + 40_000 },
      { start: 1001n, count: 3000, from: 3, to: 7001 },
    ].map((task) => {
      const expected = sieveSlowly(task.start, task.count, oddPrimes(task.from, task.to));
      const { faults, steps } = sieve(task, freshSurvivors(task.count), () => {});
      expect(faults).toBe(0);
      return { task, steps, expected };
    });
    let runs = 0;
    let noticed = 0;
    const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.constantFrom(...tasks), share, share, ({ task, steps, expected }, when, where) => {
        const survivors = freshSurvivors(task.count);
        const at = 1 + Math.floor(when * (steps - 1));
        let before = new Uint8Array();
        const { faults } = sieve(task, survivors, (step) => {
          if (step === at - 1) before = machine.memory.slice();
          // Most of the memory is not in use, or not any more: what was just written is.
          if (step === at) flipWritten(machine.memory, before, where);
        });
        expectNothingLost(survivors, expected);
        runs++;
        if (faults > 0) noticed++;
      }),
      { numRuns: 1500 },
    );
    // The other flips change nothing, or make a sieving prime of a composite, or leave a composite in.
    expect(noticed).toBeGreaterThan(runs / 20);
  });

  test('in either copy of the bitmap, each bit of it, at any step, is harmless or found', () => {
    const task = { start: START, count: 203, from: 3, to: 300 };
    const expected = sieveSlowly(task.start, task.count, oddPrimes(task.from, task.to));
    const { steps } = sieve(task, freshSurvivors(task.count), () => {});
    for (const copy of ['machine', 'survivors']) {
      for (let at = 0; at < steps; at++) {
        for (let bit = 0; bit < task.count; bit++) {
          const survivors = freshSurvivors(task.count);
          const { faults } = sieve(task, survivors, (step) => {
            const bitmap = copy === 'machine' ? machine.bitmap(survivors.length) : survivors;
            if (step === at) bitmap[bit >> 3]! ^= 1 << (bit & 7);
          });
          expectNothingLost(survivors, expected);
          // What is not the same as without the flip was noticed.
          if (Buffer.compare(unpack(survivors, task.count), expected) !== 0) expect(faults).toBeGreaterThan(0);
        }
      }
    }
  });

  test('in where a prime strikes first, each bit of it, takes out nothing', () => {
    const task = { start: START, count: 500, from: 101, to: 104 };
    const expected = sieveSlowly(task.start, task.count, [101, 103]);
    let found = 0;
    for (const prime of [101, 103]) {
      for (let bit = 0; bit < 64; bit++) {
        const survivors = freshSurvivors(task.count);
        const { faults } = sieve(task, survivors, (step) => {
          // The first three steps are those of the sieving primes; then they are located.
          if (step === 3) flipDouble(machine.memory, firstStrike(prime), bit, prime);
        });
        expectNothingLost(survivors, expected);
        found += faults;
      }
    }
    expect(found).toBeGreaterThan(5);
  });

  test('that is always the same ends the sieve instead of the primes', () => {
    const task = { start: START, count: 500, from: 101, to: 104 };
    const survivors = freshSurvivors(task.count);
    const broken = () =>
      sieve(task, survivors, (step) => step % 5 === 3 && flipDouble(machine.memory, firstStrike(101), 49, 101));
    expect(broken).toThrow(ArithmeticFault);
    expectNothingLost(survivors, sieveSlowly(task.start, task.count, [101, 103]));
  });
});

/** The least i for which p divides START + 2i. */
function firstStrike(p: number): number {
  let i = 0;
  while ((START + 2n * BigInt(i)) % BigInt(p) !== 0n) i++;
  return i;
}

/** Flips a bit of a double with this value: of the last one in memory, the lists come before the bitmap. */
function flipDouble(memory: Uint8Array, value: number, bit: number, prime: number): void {
  const doubles = new Float64Array(memory.buffer);
  const at = doubles.lastIndexOf(value);
  if (at < 0) throw new Error(`nothing says that ${prime} strikes at ${value}`);
  memory[8 * at + (bit >> 3)]! ^= 1 << (bit & 7);
}

describe('a certificate', () => {
  const { count } = { count: 4000 };
  const pairs = fc.tuple(fc.integer({ min: -5, max: count + 5 }), fc.integer({ min: -10, max: 5000 }));

  test('takes out a number exactly when its divisor is one, and proper', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.constantFrom(3n, 5n, 101n), fc.bigInt(1_001n, 10n ** 40n)).map((start) => start | 1n),
        pairs,
        (start, [index, divisor]) => {
          const survivors = freshSurvivors(count);
          const number = start + 2n * BigInt(index);
          const inside = index >= 0 && index < count;
          const proper = divisor >= 2 && number % BigInt(divisor) === 0n && number !== BigInt(divisor);
          const work = new Certificates(start, count, survivors).apply(Int32Array.of(index, divisor));
          expect(work !== null).toBe(inside && proper);
          const expected = freshSurvivors(count);
          if (inside && proper) expected[index >> 3]! ^= 1 << (index & 7);
          expect(survivors).toEqual(expected);
        },
      ),
      { numRuns: 3000 },
    );
  });

  test('after a false one is not looked at, and none serves twice', () => {
    const survivors = freshSurvivors(count);
    const certificates = new Certificates(105n, count, survivors);
    expect(certificates.apply(Int32Array.of(0, 3, 3, 3, 1, 3, 6, 3))).toBeNull();
    expect([...unpack(survivors, 8)]).toEqual([0, 1, 1, 0, 1, 1, 1, 1]);
    expect(certificates.apply(Int32Array.of(6, 3, 0, 7))).toBeNull();
    expect([...unpack(survivors, 8)]).toEqual([0, 1, 1, 0, 1, 1, 0, 1]);
  });
});

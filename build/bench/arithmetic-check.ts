/**
 * What the check of the arithmetic costs: base-2 powers modulo two numbers with it (CheckedPower) and without
 * (LanePower), set-up and reading included, on the same numbers in turns. Run: node build/bench/arithmetic-check.ts
 * [DIGITS ...]. docs/arithmetic-check.md has the results.
 */

import { CheckedPower, expectPowers } from '../../main/kernel/checked-power.ts';
import { Kernels } from '../../main/kernel/kernels.ts';
import { BASE_TWO_REGISTERS, LanePower } from '../../main/kernel/power.ts';
import { RandomNumbers } from './random.ts';
import { spreadOf } from './statistics.ts';

const TURNS = 41;
/** Of a turn, so that the clock's steps are nothing. */
const TURN_SECONDS = 0.1;

const kernels = new Kernels();
const task = (n: bigint) => ({ modulus: n, base: 2n, exponent: n >> 1n });

function unchecked(numbers: readonly bigint[]): void {
  kernels.expect(numbers);
  for (let k = 0; k < numbers.length; k += 2) {
    const [n, m] = [numbers[k] as bigint, numbers[k + 1] as bigint];
    const power = new LanePower(kernels.open([n, m], BASE_TWO_REGISTERS), [task(n), task(m)]);
    while (!power.done) power.advance(power.stepsLeft);
    power.residues();
  }
}

function checked(numbers: readonly bigint[]): void {
  expectPowers(kernels, numbers);
  for (let k = 0; k < numbers.length; k += 2) {
    const power = new CheckedPower(kernels, [task(numbers[k] as bigint), task(numbers[k + 1] as bigint)]);
    while (!power.done) power.advance(power.stepsLeft);
    power.residues();
    if (power.faults > 0) throw new Error('this computer made an arithmetic error');
  }
}

function seconds(work: () => void): number {
  const before = performance.now();
  work();
  return (performance.now() - before) / 1000;
}

const sizes = process.argv.slice(2).map(Number);
const random = new RandomNumbers('c0ffee'.padStart(64, '0'));
const percent = (ratio: number) => `${(100 * (ratio - 1)).toFixed(2).padStart(6)} %`;
process.stdout.write('digits   without, ms    cost: of minima, median of turns (range)\n');
for (const digits of sizes.length > 0 ? sizes : [100, 200, 300, 500, 1000, 2000, 5000, 10_000, 25_000]) {
  const few = [random.odd(digits), random.odd(digits)];
  unchecked(few);
  checked(few);
  for (let spent = 0; spent < 0.5; ) spent += seconds(() => unchecked(few)) + seconds(() => checked(few));
  const count = 2 * Math.min(128, Math.max(1, Math.round(TURN_SECONDS / seconds(() => unchecked(few)))));
  const without: number[] = [];
  const withCheck: number[] = [];
  const turns = digits > 5000 ? 11 : TURNS;
  for (let turn = 0; turn < turns; turn++) {
    const numbers = Array.from({ length: count }, () => random.odd(digits));
    const both = [
      () => without.push(seconds(() => unchecked(numbers))),
      () => withCheck.push(seconds(() => checked(numbers))),
    ];
    for (const measure of turn % 2 === 0 ? both : both.toReversed()) measure();
  }
  const ratios = spreadOf(withCheck.map((time, turn) => time / (without[turn] as number)));
  const minima = spreadOf(withCheck).minimum / spreadOf(without).minimum;
  const ms = ((1000 * spreadOf(without).minimum) / count).toFixed(4);
  process.stdout.write(
    `${String(digits).padStart(6)}  ${ms.padStart(12)}   ${percent(minima)}  ${percent(ratios.median)} (${percent(ratios.minimum)} to ${percent(ratios.maximum)})\n`,
  );
}

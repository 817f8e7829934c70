/**
 * Powers modulo two numbers at once, as in power.ts, with every step checked: computed modulo N·p, where p is a small
 * prime (check-prime.ts) that fits into what the kernel has room for anyway, so it costs nothing but the comparison
 * at the end. A flip of a bit in a residue, in the modulus, in a table of the transform or in the exponent shows modulo
 * p; then the power goes back to the last residue that was right, with the kernel's tables made anew, then on another
 * kernel. Residues go in and out modulo N.
 */

import { ArithmeticFault } from './arithmetic-fault.ts';
import { checkPrime, LARGEST_CHECK_BITS, liftResidue, residueOfPower, SMALLEST_CHECK_BITS } from './check-prime.ts';
import { bitLength, type KernelName, type LaneField, type Lanes } from './field.ts';
import type { Kernels } from './kernels.ts';
import { BASE_TWO_REGISTERS, LanePower, POWER_START, type PowerState, powerRegisters } from './power.ts';
import { type Steps, toTheEnd } from './steps.ts';

export interface CheckedTask {
  /** Odd, above 1. */
  readonly modulus: bigint;
  readonly base: bigint;
  /** Above 0. */
  readonly exponent: bigint;
}

/** Squarings between two looks: reading both lanes takes as long as 20 of them at 10,000 digits, 100 at 100,000. */
const VERIFY_EVERY = 16_384;
/** Times that the same stretch may go wrong; the last of them are on other kernels. */
const MOST_ATTEMPTS = 4;

/** The prime by which moduli of this size are checked on a kernel; 1 where there is none. */
function primeFor(kernels: Kernels, moduli: readonly bigint[], named?: KernelName): number {
  const largest = moduli.reduce((most, modulus) => (modulus > most ? modulus : most), 0n);
  const free = kernels.roomAbove(bitLength(largest), named);
  return checkPrime(free.spare >= SMALLEST_CHECK_BITS ? free.spare : Math.min(LARGEST_CHECK_BITS, free.most));
}

/** A hint: powers modulo these numbers will be wanted soon. */
export function expectPowers(kernels: Kernels, moduli: readonly bigint[]): void {
  toTheEnd(expectingPowers(kernels, moduli));
}

/** `expectPowers`, step by step: of long numbers it takes longer than a search may take to pause. */
export function* expectingPowers(kernels: Kernels, moduli: readonly bigint[]): Steps<void> {
  if (moduli.length === 0) return;
  const p = BigInt(primeFor(kernels, moduli));
  yield* kernels.expecting(moduli.map((modulus) => modulus * p));
}

export class CheckedPower {
  private readonly kernels: Kernels;
  private readonly tasks: Lanes<CheckedTask>;
  private readonly p: number;
  private readonly prime: bigint;
  private readonly registers: number;
  private named: KernelName | undefined;
  private field: LaneField;
  private power: LanePower;
  /** The last states that were right, modulo N·p. */
  private good: Lanes<PowerState>;
  /** Squarings that were left at them, and done since. */
  private goodLeft: number;
  private sinceGood = 0;
  private attempts = 0;
  private faultCount = 0;

  /**
   * @param states where to go on, modulo N
   * @param named the kernel to use; by default the one that serves the size
   * @throws RangeError when the states do not fit the tasks
   */
  constructor(
    kernels: Kernels,
    tasks: Lanes<CheckedTask>,
    states: Lanes<PowerState> = [POWER_START, POWER_START],
    named?: KernelName,
  ) {
    this.kernels = kernels;
    this.tasks = tasks;
    this.named = named;
    this.p = primeFor(kernels, [tasks[0].modulus, tasks[1].modulus], named);
    this.prime = BigInt(this.p);
    const baseTwo = tasks[0].base === 2n && tasks[1].base === 2n;
    this.registers = baseTwo ? BASE_TWO_REGISTERS : powerRegisters(Math.max(this.length(0), this.length(1)));
    this.good = [this.lifted(0, states[0]), this.lifted(1, states[1])];
    this.field = this.open();
    this.power = this.begin();
    this.goodLeft = this.power.stepsLeft;
  }

  get kernel(): KernelName {
    return this.field.kernel;
  }

  get done(): boolean {
    return this.power.done;
  }

  /** Squarings still to do. */
  get stepsLeft(): number {
    return this.power.stepsLeft;
  }

  /** Times that the arithmetic was found wrong, and put right. */
  get faults(): number {
    return this.faultCount;
  }

  /**
   * Does about this many squarings, at least one, at most what is left.
   * @throws ArithmeticFault when the same stretch is wrong again and again
   */
  advance(squarings: number): void {
    const before = this.stepsLeft;
    const wanted = Math.max(1, Math.min(squarings, VERIFY_EVERY));
    if (!this.attempt(() => this.power.advance(wanted))) return;
    this.sinceGood += before - this.stepsLeft;
    if (this.done || this.sinceGood >= VERIFY_EVERY) this.verify();
  }

  /** Where each lane stands, checked, modulo N. */
  states(): Lanes<PowerState> {
    this.verify();
    const [first, second] = this.good;
    return [this.lowered(0, first), this.lowered(1, second)];
  }

  /** base^exponent mod N in each lane, once done. */
  residues(): Lanes<bigint> {
    if (!this.done) throw new Error(`the power has ${this.stepsLeft} squarings to go`);
    const [first, second] = this.states();
    return [first.residue, second.residue];
  }

  /** Residues modulo N squared `count` times, checked as well. Once the power is done. */
  squared(residues: Lanes<bigint>, count: number): Lanes<bigint> {
    const { p } = this;
    const check = (residue: bigint): number => residueOfPower(residue, 1n << BigInt(count), p);
    const expected = [check(residues[0]), check(residues[1])] as const;
    for (;;) {
      let found: Lanes<bigint> = [0n, 0n];
      const went = this.attempt(() => {
        this.field.write(0, residues);
        this.field.squareChain(0, new Uint8Array(count), 0, count);
        found = this.field.read(0);
      });
      if (!went) continue;
      if (this.isRight(found[0], expected[0]) && this.isRight(found[1], expected[1])) {
        this.attempts = 0;
        return [found[0] % this.tasks[0].modulus, found[1] % this.tasks[1].modulus];
      }
      this.goBack();
    }
  }

  /** Looks whether all is right; if it is not, goes back to where it was and computes from there until it is. */
  private verify(): void {
    const target = this.stepsLeft;
    if (target === this.goodLeft) return;
    for (;;) {
      let states: Lanes<PowerState> = this.good;
      const went = this.attempt(() => {
        while (this.power.stepsLeft > target) this.power.advance(this.power.stepsLeft - target);
        states = this.power.states();
      });
      if (!went) continue;
      const right = ([0, 1] as const).every((lane) =>
        this.isRight(states[lane].residue, this.check(lane, states[lane], this.done)),
      );
      if (right) {
        this.good = states;
        this.goodLeft = target;
        this.sinceGood = 0;
        this.attempts = 0;
        return;
      }
      this.goBack();
    }
  }

  /** @returns false when it could not be done and the power went back: a broken kernel may throw anything */
  private attempt(work: () => void): boolean {
    try {
      work();
      return true;
    } catch (error) {
      this.goBack(error);
      return false;
    }
  }

  private goBack(cause?: unknown): void {
    this.faultCount++;
    this.attempts++;
    const { kernel } = this;
    if (this.attempts >= MOST_ATTEMPTS) {
      throw new ArithmeticFault(
        `the arithmetic of this computer failed ${this.attempts} times at the same place, at last in the ${kernel} kernel`,
        { cause },
      );
    }
    // Its tables may be what is broken.
    this.kernels.renew(kernel);
    const moduli = this.moduli();
    if (this.attempts === 2) this.named = this.kernels.servingOther(moduli[0], [kernel]) ?? 'bigint';
    if (this.attempts > 2) this.named = 'bigint';
    this.field = this.open();
    this.power = this.begin();
    this.sinceGood = 0;
  }

  private length(lane: 0 | 1): number {
    return bitLength(this.tasks[lane].exponent);
  }

  private moduli(): Lanes<bigint> {
    const [first, second] = this.tasks;
    const one = first.modulus * this.prime;
    return [one, second.modulus === first.modulus ? one : second.modulus * this.prime];
  }

  private open(): LaneField {
    return this.kernels.open(this.moduli(), this.registers, this.named);
  }

  private begin(): LanePower {
    return new LanePower(this.field, this.tasks, this.good);
  }

  /** What a state's residue is modulo p. */
  private check(lane: 0 | 1, { bit }: PowerState, done = false): number {
    const { base, exponent } = this.tasks[lane];
    return residueOfPower(base, done ? exponent : exponent >> BigInt(this.length(lane) - bit), this.p);
  }

  private isRight(residue: bigint, check: number): boolean {
    return this.p === 1 || Number(residue % this.prime) === check;
  }

  private lifted(lane: 0 | 1, state: PowerState): PowerState {
    const { bit, residue } = state;
    const { modulus } = this.tasks[lane];
    if (residue < 0n || residue >= modulus) throw new RangeError(`expected a residue below the modulus at bit ${bit}`);
    // A bit that does not fit is refused by the power itself.
    if (bit <= 0 || bit > this.length(lane)) return state;
    return { bit, residue: liftResidue(residue, modulus, this.check(lane, state), this.p) };
  }

  private lowered(lane: 0 | 1, { bit, residue }: PowerState): PowerState {
    return { bit, residue: residue % this.tasks[lane].modulus };
  }
}

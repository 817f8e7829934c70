/**
 * Strong probable-prime tests (Miller 1976, Rabin 1980), two at a time: two candidates, or two bases on one.
 *
 * N − 1 = d·2^s with d odd. N passes to base a when a^d ≡ 1, or a^(d·2^j) ≡ −1 for some 0 ≤ j < s. A test
 * can stop after any slice and go on later: its state per lane is the number of squarings done and the
 * residue, both plain integers. The lanes go through the tail of squarings in step, though one may be decided
 * long before the other; a decided lane holds its residue, −1 when it has passed, so that a state says it all.
 */

import { ArithmeticFault } from '../../kernel/arithmetic-fault.ts';
import { CheckedPower } from '../../kernel/checked-power.ts';
import type { KernelName, Lanes } from '../../kernel/field.ts';
import { bitLength } from '../../kernel/field.ts';
import type { Kernels } from '../../kernel/kernels.ts';
import { POWER_START, type PowerState } from '../../kernel/power.ts';

export interface StrongTask {
  /** Odd, above 3. */
  readonly n: bigint;
  /** 2 ≤ base ≤ n − 2. */
  readonly base: bigint;
}

/** Squarings are looked at one by one only inside a stretch of this length that ends in 1. */
const TAIL_STRETCH = 32;

interface LanePlan extends StrongTask {
  readonly d: bigint;
  readonly bits: number;
  /** Squarings after a^d in which −1 may still appear: s − 1. */
  readonly tail: number;
}

/** N − 1 = d·2^s. */
export function oddPart(even: bigint): { d: bigint; s: number } {
  let s = 0;
  const low = BigInt.asUintN(64, even);
  if (low === 0n) {
    // A long run of zeros: count whole words first.
    const hex = even.toString(16);
    s = 4 * (hex.length - hex.replace(/0+$/, '').length);
  }
  while (((even >> BigInt(s)) & 1n) === 0n) s++;
  return { d: even >> BigInt(s), s };
}

export class StrongPair {
  private readonly plans: Lanes<LanePlan>;
  private readonly power: CheckedPower;
  private readonly passed: [boolean, boolean] = [false, false];
  /** What the squarings after a^d have come to; undefined before a^d is there. */
  private residues: Lanes<bigint> | undefined;
  /** Squarings after a^d. */
  private tailDone: number;

  /**
   * @param kernel the kernel to use; by default the one that serves the size
   * @throws RangeError when the states do not fit the tasks
   */
  constructor(kernels: Kernels, tasks: Lanes<StrongTask>, states?: Lanes<PowerState>, kernel?: KernelName) {
    const plan = (task: StrongTask): LanePlan => {
      const { d, s } = oddPart(task.n - 1n);
      return { ...task, d, bits: bitLength(d), tail: s - 1 };
    };
    const first = plan(tasks[0]);
    const second = tasks[1].n === tasks[0].n ? { ...first, base: tasks[1].base } : plan(tasks[1]);
    this.plans = [first, second];
    const start = states ?? [POWER_START, POWER_START];
    this.tailDone = tailBehind(this.plans, start);
    const ofPower = (lane: 0 | 1): PowerState => ({ ...start[lane], bit: start[lane].bit - this.tailDone });
    const task = ({ n, base, d }: LanePlan) => ({ modulus: n, base, exponent: d });
    this.power = new CheckedPower(kernels, [task(first), task(second)], [ofPower(0), ofPower(1)], kernel);
    if (this.power.done) this.beginTail([start[0].residue, start[1].residue]);
  }

  get kernel(): KernelName {
    return this.power.kernel;
  }

  /** Times that the arithmetic was found wrong, and put right. */
  get faults(): number {
    return this.power.faults;
  }

  get done(): boolean {
    return this.residues !== undefined && this.tailDone >= this.longestTail;
  }

  /** Squarings left, at most. */
  get stepsLeft(): number {
    return this.power.stepsLeft + Math.max(0, this.longestTail - this.tailDone);
  }

  /** Does about this many squarings, at least one. */
  advance(squarings: number): void {
    if (!this.power.done) {
      this.power.advance(squarings);
      if (this.power.done) this.beginTail(this.power.residues());
      return;
    }
    for (let did = 0; did < Math.max(1, squarings) && !this.done; did += TAIL_STRETCH) this.advanceTail();
  }

  /** Where each lane stands, in plain integers that any kernel can go on with. */
  states(): Lanes<PowerState> {
    if (this.residues === undefined) return this.power.states();
    const bit = (lane: 0 | 1) => this.plans[lane].bits + this.tailDone;
    return [
      { bit: bit(0), residue: this.residues[0] },
      { bit: bit(1), residue: this.residues[1] },
    ];
  }

  /** Whether each lane's number is a strong probable prime to its base. */
  verdicts(): Lanes<boolean> {
    if (!this.done) throw new Error(`the strong test has ${this.stepsLeft} squarings to go`);
    // The power is checked against its exponent; what if that has changed in memory?
    for (const { n, d, tail } of this.plans) {
      if (d << BigInt(tail + 1) !== n - 1n)
        throw new ArithmeticFault('the exponent of a strong test is not what it was');
    }
    return [this.passed[0], this.passed[1]];
  }

  private get longestTail(): number {
    return Math.max(this.openTail(0), this.openTail(1));
  }

  /** A lane that has its verdict needs no more squarings. */
  private openTail(lane: 0 | 1): number {
    return this.passed[lane] || this.residues?.[lane] === 1n ? 0 : this.plans[lane].tail;
  }

  private beginTail(residues: Lanes<bigint>): void {
    const settle = (lane: 0 | 1): bigint => {
      const last = this.plans[lane].n - 1n;
      const residue = residues[lane];
      // One is a pass only as a^d itself: later it means that the residue before it was a root of 1 other than −1.
      this.passed[lane] = residue === last || (residue === 1n && this.tailDone === 0);
      return this.passed[lane] ? last : residue;
    };
    this.residues = [settle(0), settle(1)];
  }

  /** A stretch of squarings; where it ends in 1 or −1, −1 is looked for inside it, one squaring at a time. */
  private advanceTail(): void {
    const before = this.residues as Lanes<bigint>;
    const count = Math.min(TAIL_STRETCH, this.longestTail - this.tailDone);
    // The usual one or two squarings are not worth a conversion. A stretch this short is the last one.
    const after = count <= 2 ? undefined : this.power.squared(before, count);
    this.residues = [this.through(0, count, before[0], after?.[0]), this.through(1, count, before[1], after?.[1])];
    this.tailDone += count;
  }

  /** A lane's residue after a stretch, or at the place in it where the lane is decided. */
  private through(lane: 0 | 1, count: number, before: bigint, after: bigint | undefined): bigint {
    const { n } = this.plans[lane];
    const own = Math.min(count, this.openTail(lane) - this.tailDone);
    if (own <= 0) return before;
    if (own === count && after !== undefined && after !== 1n && after !== n - 1n) return after;
    let residue = before;
    for (let step = 0; step < own && !this.passed[lane]; step++) {
      residue = (residue * residue) % n;
      this.passed[lane] = residue === n - 1n;
    }
    return residue;
  }
}

/**
 * Squarings after a^d that the states have behind them, the same in both lanes (the power refuses others).
 * @throws RangeError when they are more than there are
 */
function tailBehind(plans: Lanes<LanePlan>, [first, second]: Lanes<PowerState>): number {
  const tail = Math.max(0, first.bit - plans[0].bits);
  if (tail > Math.max(plans[0].tail, plans[1].tail)) {
    throw new RangeError(`expected a pair of strong tests before their end, got bits ${first.bit} and ${second.bit}`);
  }
  return tail;
}

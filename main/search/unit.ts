/**
 * A unit of work: the survivors of a stretch of a block. Each gets the screen (one strong test to base 2,
 * two survivors side by side in the lanes); what passes is confirmed (`confirmation.ts`). Which primes come
 * out is a function of the search and the stretch alone, whatever the pairing, the kernel or the pauses.
 *
 * `run` is a generator that yields after every slice; between yields `state` is plain data from which any
 * other runner, on another kernel or machine, goes on.
 */

import { ArithmeticFault } from '../kernel/arithmetic-fault.ts';
import { expectingPowers } from '../kernel/checked-power.ts';
import { bitLength, type KernelName, type Lanes } from '../kernel/field.ts';
import type { Kernels } from '../kernel/kernels.ts';
import type { PowerState } from '../kernel/power.ts';
import { rabinBase } from './prf.ts';
import { Confirmation, type ConfirmationState } from './primality/confirmation.ts';
import { isPrimeBelow64Bits } from './primality/small.ts';
import { StrongPair } from './primality/strong.ts';
import { sealOf } from './seal.ts';

export interface UnitTask {
  /** The first odd number of the block; candidate `index` is start + 2·index. */
  readonly start: bigint;
  /** Survivors of the stretch, ascending. */
  readonly indices: readonly number[] | Uint32Array;
  readonly seed: Uint8Array;
  readonly rounds: number;
}

/** A prime of the block, and how it was confirmed. */
export interface Find {
  readonly index: number;
  /** 0 when the deterministic test below 2^64 decided. */
  readonly rounds: number;
  readonly kernels: readonly KernelName[];
  readonly disagreement: boolean;
}

export type ActiveTest =
  | { readonly stage: 'screen'; readonly indices: readonly number[]; readonly powers: Lanes<PowerState> }
  | { readonly stage: 'confirm'; readonly index: number; readonly state: ConfirmationState };

export interface UnitState {
  /** Survivors with an index below this are settled, but for those in `passed` and `active`. */
  readonly nextIndex: number;
  /** Passed the screen and wait for confirmation. */
  readonly passed: readonly number[];
  readonly active: ActiveTest | null;
  readonly finds: readonly Find[];
  /** Screens done, for the rates. */
  readonly tested: number;
  /** Times that this computer's arithmetic or memory was found wrong, and put right. */
  readonly disagreements: number;
}

export const UNIT_START: UnitState = {
  nextIndex: 0,
  passed: [],
  active: null,
  finds: [],
  tested: 0,
  disagreements: 0,
};

/** What is being tested now, for people to look at. */
export interface UnitProgress {
  readonly stage: 'sieve' | 'screen' | 'rounds' | 'lucas' | 'check' | 'idle';
  /** Offsets of the candidates under test. */
  readonly indices: readonly number[];
  /** Of this test, 0 to 1. */
  readonly fraction: number;
}

/** Squarings to do between two yields; the caller adjusts it to the time that a slice took. */
export interface Pace {
  squarings: number;
}

const BELOW_64_BITS = 1n << 64n;

/** Numbers that the kernels are told of together: what they share of their set-up is shared enough. */
const EXPECTED = 128;

/** Deterministic tests between two yields: some microseconds each. */
const SMALL_BATCH = 64;

type Running =
  | { stage: 'screen'; indices: number[]; numbers: bigint[]; pair: StrongPair }
  | { stage: 'confirm'; index: number; number: bigint; confirmation: Confirmation };

export class UnitRunner {
  private readonly kernels: Kernels;
  private readonly task: UnitTask;
  /** Each with what it was when it passed. */
  private readonly passed: { readonly index: number; readonly number: bigint }[];
  private readonly finds: Find[];
  private nextIndex: number;
  private tested: number;
  private disagreements: number;
  private running: Running | null = null;
  /** The test that a resumed unit begins with. */
  private resume: ActiveTest | null;
  /** Survivors with an index from here on are tested by this runner. */
  private begun: number;
  /** Of those that were tested; null until a test that the unit was resumed with is through. */
  private seal: number | null = null;
  /** Of the indices of the finds. */
  private findSeal: number;

  constructor(kernels: Kernels, task: UnitTask, state: UnitState = UNIT_START) {
    this.kernels = kernels;
    this.task = task;
    this.nextIndex = state.nextIndex;
    this.passed = state.passed.map((index) => ({ index, number: this.candidate(index) }));
    this.finds = [...state.finds];
    this.tested = state.tested;
    this.disagreements = state.disagreements;
    this.resume = state.active;
    this.begun = state.nextIndex;
    this.findSeal = sealOf(indicesOf(state.finds));
  }

  /**
   * Works until the unit is done, yielding after every slice of about `pace.squarings` squarings.
   * @param before given: candidates are tested one at a time, and each is told before it is begun, for a search that
   * has to find out which one ends its threads
   */
  *run(pace: Pace, before?: (index: number) => void): Generator<void, UnitState> {
    const together = before === undefined ? 2 : 1;
    const smallTogether = before === undefined ? SMALL_BATCH : 1;
    if (this.resume !== null) {
      const { resume } = this;
      before?.(resume.stage === 'screen' ? (resume.indices[0] as number) : resume.index);
      yield* resume.stage === 'screen'
        ? this.expectScreens(resume.indices, pace)
        : this.expectRounds(resume.index, pace);
      this.running = this.restore(resume);
      this.resume = null;
      yield* this.finish(pace);
    }
    yield* this.confirmPassed(pace, before);
    this.seal = 0;
    const waiting = this.survivorsLeft();
    const ahead = before === undefined ? EXPECTED : 1;
    let expected = 0;
    for (let k = 0; k < waiting.length; ) {
      before?.(waiting[k] as number);
      const small = waiting.slice(k, k + smallTogether).filter((index) => this.candidate(index) < BELOW_64_BITS);
      if (small.length > 0) {
        k += small.length;
        this.decideSmall(small);
        yield;
        continue;
      }
      if (k >= expected) {
        expected = k + ahead;
        yield* this.expectScreens(waiting.slice(k, expected), pace);
      }
      const indices = waiting.slice(k, k + together);
      k += indices.length;
      this.running = this.screen(indices);
      yield* this.finish(pace);
      yield* this.confirmPassed(pace, before);
    }
    return this.state();
  }

  /** Tells the kernels which numbers will be screened. */
  private *expectScreens(indices: readonly number[], pace: Pace): Generator<void, void> {
    const { squarings } = pace;
    const numbers = indices.map((index) => this.candidate(index));
    yield* expectingPowers(this.kernels, numbers);
    // These slices said nothing about the time that squarings take.
    pace.squarings = squarings;
  }

  /** Tells the kernels which number will be confirmed: it is opened itself, and as powers are. */
  private *expectRounds(index: number, pace: Pace): Generator<void, void> {
    const { squarings } = pace;
    yield* this.kernels.expecting([this.candidate(index)]);
    pace.squarings = squarings;
    yield* this.expectScreens([index], pace);
  }

  /** Valid between two yields and after the end. */
  state(): UnitState {
    const { nextIndex, tested, running } = this;
    const test = running?.stage === 'screen' ? running.pair : running?.confirmation;
    const disagreements = this.disagreements + (test?.faults ?? 0);
    const passed = this.passed.map(({ index }) => index);
    return { nextIndex, passed, active: this.active(), finds: [...this.finds], tested, disagreements };
  }

  /**
   * Whether the survivors that were tested are those of the task and the finds are those that were found: none left out
   * and none changed in memory.
   * @param done of the whole task; otherwise of what the state says is settled
   */
  isComplete(done: boolean): boolean {
    const { begun, nextIndex } = this;
    const settled = Array.from(this.task.indices).filter((index) => index >= begun && (done || index < nextIndex));
    return sealOf(Uint32Array.from(settled)) === (this.seal ?? 0) && sealOf(indicesOf(this.finds)) === this.findSeal;
  }

  progress(): UnitProgress {
    const { running } = this;
    if (running === null) return { stage: 'idle', indices: [], fraction: 0 };
    if (running.stage === 'confirm') {
      const { confirmation, index } = running;
      const { stage } = confirmation;
      return { stage: stage === 'done' ? 'check' : stage, indices: [index], fraction: confirmation.fraction };
    }
    const bits = bitLength(this.task.start);
    return { stage: 'screen', indices: running.indices, fraction: 1 - Math.min(1, running.pair.stepsLeft / bits) };
  }

  private candidate(index: number): bigint {
    return this.task.start + 2n * BigInt(index);
  }

  private survivorsLeft(): number[] {
    return Array.from(this.task.indices).filter((index) => index >= this.nextIndex);
  }

  private screen(indices: readonly number[], powers?: Lanes<PowerState>): Running {
    const numbers = indices.map((index) => this.candidate(index));
    const first = { n: numbers[0] as bigint, base: 2n };
    const second = { n: numbers.at(-1) as bigint, base: 2n };
    const pair = new StrongPair(this.kernels, [first, second], powers);
    return { stage: 'screen', indices: [...indices], numbers, pair };
  }

  private confirm(index: number, state?: ConfirmationState): Running {
    const n = this.candidate(index);
    const { seed, rounds } = this.task;
    const plan = { n, rounds, base: (round: number) => rabinBase(seed, n, round), screened: true };
    return { stage: 'confirm', index, number: n, confirmation: new Confirmation(this.kernels, plan, state) };
  }

  /** A state that fits no such test, from a damaged file, costs the test's work and not the search. */
  private restore(active: ActiveTest): Running {
    try {
      return active.stage === 'screen'
        ? this.screen(active.indices, active.powers)
        : this.confirm(active.index, active.state);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return active.stage === 'screen' ? this.screen(active.indices) : this.confirm(active.index);
    }
  }

  private *confirmPassed(pace: Pace, before?: (index: number) => void): Generator<void, void> {
    for (let next = this.passed[0]; next !== undefined; next = this.passed[0]) {
      const { index, number } = next;
      this.requireSame([index], [number]);
      before?.(index);
      yield* this.expectRounds(index, pace);
      this.passed.shift();
      this.running = this.confirm(index);
      yield* this.finish(pace);
    }
  }

  /** Runs what is running to its end and books the result. */
  private *finish(pace: Pace): Generator<void, void> {
    const running = this.running as Running;
    const work = running.stage === 'screen' ? running.pair : running.confirmation;
    while (!work.done) {
      const { stage } = this.progress();
      work.advance(pace.squarings);
      // The next stage may be on another kernel, whose squarings take a hundred times as long.
      if (this.progress().stage !== stage) pace.squarings = 1;
      if (!work.done) yield;
    }
    if (running.stage === 'screen') this.bookScreen(running);
    else this.bookConfirmation(running);
    this.running = null;
    yield;
  }

  /** A test may last for hours, and wait for days: whether it was of the number that it is booked for. */
  private requireSame(indices: readonly number[], numbers: readonly bigint[]): void {
    if (indices.every((index, k) => this.candidate(index) === numbers[k])) return;
    throw new ArithmeticFault('a candidate was changed in memory while it was tested');
  }

  private bookScreen({ indices, numbers, pair }: Extract<Running, { stage: 'screen' }>): void {
    this.requireSame(indices, numbers);
    const verdicts = pair.verdicts();
    this.disagreements += pair.faults;
    indices.forEach((index, lane) => {
      if (verdicts[lane as 0 | 1]) this.passed.push({ index, number: numbers[lane] as bigint });
    });
    this.settle(indices);
  }

  private settle(indices: readonly number[]): void {
    this.tested += indices.length;
    this.nextIndex = (indices.at(-1) as number) + 1;
    if (this.seal === null) this.begun = this.nextIndex;
    else this.seal = sealOf(Uint32Array.from(indices), this.seal);
  }

  private bookConfirmation({ index, number, confirmation }: Extract<Running, { stage: 'confirm' }>): void {
    this.requireSame([index], [number]);
    const result = confirmation.result();
    this.disagreements += confirmation.faults;
    if (result.disagreement) this.disagreements++;
    if (result.verdict === 'composite') return;
    const { rounds, kernels, disagreement } = result;
    this.book({ index, rounds, kernels, disagreement });
  }

  private book(find: Find): void {
    this.finds.push(find);
    this.findSeal = sealOf(Uint32Array.of(find.index), this.findSeal);
  }

  private decideSmall(indices: readonly number[]): void {
    for (const index of indices) {
      if (isPrimeBelow64Bits(this.candidate(index), () => this.disagreements++)) {
        this.book({ index, rounds: 0, kernels: ['bigint'], disagreement: false });
      }
    }
    this.settle(indices);
  }

  private active(): ActiveTest | null {
    const { running } = this;
    if (running === null) return this.resume;
    if (running.stage === 'screen') return { stage: 'screen', indices: running.indices, powers: running.pair.states() };
    return { stage: 'confirm', index: running.index, state: running.confirmation.state() };
  }
}

const indicesOf = (finds: readonly Find[]): Uint32Array => Uint32Array.from(finds, ({ index }) => index);

/**
 * A unit of work: the survivors of a stretch of a block. Each gets the screen (one strong test to base 2,
 * two survivors side by side in the lanes); what passes is confirmed (`confirmation.ts`). Which primes come
 * out is a function of the search and the stretch alone, whatever the pairing, the kernel or the pauses.
 *
 * `run` is a generator that yields after every slice; between yields `state` is plain data from which any
 * other runner, on another kernel or machine, goes on.
 */

import { expectPowers } from '../kernel/checked-power.ts';
import { bitLength, type KernelName, type Lanes } from '../kernel/field.ts';
import type { Kernels } from '../kernel/kernels.ts';
import type { PowerState } from '../kernel/power.ts';
import { rabinBase } from './prf.ts';
import { Confirmation, type ConfirmationState } from './primality/confirmation.ts';
import { isPrimeBelow64Bits } from './primality/small.ts';
import { StrongPair } from './primality/strong.ts';

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

/** Deterministic tests between two yields: some microseconds each. */
const SMALL_BATCH = 64;

type Running =
  | { stage: 'screen'; indices: number[]; pair: StrongPair }
  | { stage: 'confirm'; index: number; confirmation: Confirmation };

export class UnitRunner {
  private readonly kernels: Kernels;
  private readonly task: UnitTask;
  private readonly passed: number[];
  private readonly finds: Find[];
  private nextIndex: number;
  private tested: number;
  private disagreements: number;
  private running: Running | null = null;
  /** The test that a resumed unit begins with. */
  private resume: ActiveTest | null;

  constructor(kernels: Kernels, task: UnitTask, state: UnitState = UNIT_START) {
    this.kernels = kernels;
    this.task = task;
    this.nextIndex = state.nextIndex;
    this.passed = [...state.passed];
    this.finds = [...state.finds];
    this.tested = state.tested;
    this.disagreements = state.disagreements;
    this.resume = state.active;
  }

  /** Works until the unit is done, yielding after every slice of about `pace.squarings` squarings. */
  *run(pace: Pace): Generator<void, UnitState> {
    if (this.resume !== null) {
      this.running = this.restore(this.resume);
      this.resume = null;
      yield* this.finish(pace);
    }
    yield* this.confirmPassed(pace);
    const waiting = this.survivorsLeft();
    if (waiting.length > 0 && this.candidate(waiting[0] as number) >= BELOW_64_BITS) {
      expectPowers(
        this.kernels,
        waiting.map((index) => this.candidate(index)),
      );
    }
    for (let k = 0; k < waiting.length; ) {
      const small = waiting.slice(k, k + SMALL_BATCH).filter((index) => this.candidate(index) < BELOW_64_BITS);
      if (small.length > 0) {
        k += small.length;
        this.decideSmall(small);
        yield;
        continue;
      }
      const indices = waiting.slice(k, k + 2);
      k += indices.length;
      this.running = this.screen(indices);
      yield* this.finish(pace);
      yield* this.confirmPassed(pace);
    }
    return this.state();
  }

  /** Valid between two yields and after the end. */
  state(): UnitState {
    const { nextIndex, tested, running } = this;
    const test = running?.stage === 'screen' ? running.pair : running?.confirmation;
    const disagreements = this.disagreements + (test?.faults ?? 0);
    const passed = [...this.passed];
    return { nextIndex, passed, active: this.active(), finds: [...this.finds], tested, disagreements };
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
    const first = { n: this.candidate(indices[0] as number), base: 2n };
    const second = { n: this.candidate(indices.at(-1) as number), base: 2n };
    return { stage: 'screen', indices: [...indices], pair: new StrongPair(this.kernels, [first, second], powers) };
  }

  private confirm(index: number, state?: ConfirmationState): Running {
    const n = this.candidate(index);
    const { seed, rounds } = this.task;
    const plan = { n, rounds, base: (round: number) => rabinBase(seed, n, round), screened: true };
    return { stage: 'confirm', index, confirmation: new Confirmation(this.kernels, plan, state) };
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

  private *confirmPassed(pace: Pace): Generator<void, void> {
    for (let index = this.passed.shift(); index !== undefined; index = this.passed.shift()) {
      this.running = this.confirm(index);
      yield* this.finish(pace);
    }
  }

  /** Runs what is running to its end and books the result. */
  private *finish(pace: Pace): Generator<void, void> {
    const running = this.running as Running;
    const work = running.stage === 'screen' ? running.pair : running.confirmation;
    while (!work.done) {
      work.advance(pace.squarings);
      if (!work.done) yield;
    }
    if (running.stage === 'screen') this.bookScreen(running);
    else this.bookConfirmation(running.index, running.confirmation);
    this.running = null;
    yield;
  }

  private bookScreen({ indices, pair }: { indices: number[]; pair: StrongPair }): void {
    const verdicts = pair.verdicts();
    this.disagreements += pair.faults;
    indices.forEach((index, lane) => {
      if (verdicts[lane as 0 | 1]) this.passed.push(index);
    });
    this.tested += indices.length;
    this.nextIndex = (indices.at(-1) as number) + 1;
  }

  private bookConfirmation(index: number, confirmation: Confirmation): void {
    const result = confirmation.result();
    this.disagreements += confirmation.faults;
    if (result.disagreement) this.disagreements++;
    if (result.verdict === 'composite') return;
    const { rounds, kernels, disagreement } = result;
    this.finds.push({ index, rounds, kernels, disagreement });
  }

  private decideSmall(indices: readonly number[]): void {
    for (const index of indices) {
      if (isPrimeBelow64Bits(this.candidate(index))) {
        this.finds.push({ index, rounds: 0, kernels: ['bigint'], disagreement: false });
      }
    }
    this.tested += indices.length;
    this.nextIndex = (indices.at(-1) as number) + 1;
  }

  private active(): ActiveTest | null {
    const { running } = this;
    if (running === null) return this.resume;
    if (running.stage === 'screen') return { stage: 'screen', indices: running.indices, powers: running.pair.states() };
    return { stage: 'confirm', index: running.index, state: running.confirmation.state() };
  }
}

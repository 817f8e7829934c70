/**
 * Everything that a number goes through before it is called a probable prime: Rabin rounds, two bases at a
 * time, until the stated error is reached; a strong Lucas test; and a check by a second implementation, one
 * strong test with a fresh base on another kernel.
 *
 * A number that passes every round and then fails Lucas or the check is either a wonder or, far more likely,
 * an arithmetic error of this computer. Then all of it is done once more on another kernel, whose word is
 * final: a prime is not lost to a bit flip, and a false one is not reported.
 *
 * It advances by slices, and its state is plain data.
 */

import { bitLength, type KernelName, type Lanes } from '../kernel/field.ts';
import type { Kernels } from '../kernel/kernels.ts';
import type { PowerState } from '../kernel/power.ts';
import { LUCAS_REGISTERS, LucasFault, type LucasState, LucasTest } from './lucas.ts';
import { StrongPair } from './strong.ts';

export interface ConfirmationPlan {
  /** Odd, above 2^64 (below that `small.ts` decides). */
  readonly n: bigint;
  /** Rabin rounds to do: the stated error is 4^-rounds. */
  readonly rounds: number;
  /** The base of a round, in [2, n − 2]: a fixed function, so that a verdict can be replayed. */
  readonly base: (round: number) => bigint;
}

export type ConfirmationState = { readonly opinion: 1 | 2 } & (
  | { readonly stage: 'rounds'; readonly round: number; readonly powers: Lanes<PowerState> }
  | { readonly stage: 'lucas'; readonly lucas: LucasState }
  | { readonly stage: 'check'; readonly powers: Lanes<PowerState> }
);

export type ConfirmationResult =
  | {
      readonly verdict: 'probable prime';
      readonly rounds: number;
      /** The kernel of the rounds and the kernel of the check. */
      readonly kernels: readonly [KernelName, KernelName];
      /** The first opinion was another one: this computer made an arithmetic error, or met a wonder. */
      readonly disagreement: boolean;
    }
  | {
      readonly verdict: 'composite';
      /** A base to which n is not a strong probable prime; null when only the Lucas test says so. */
      readonly witness: bigint | null;
      readonly rounds: number;
      readonly disagreement: boolean;
    };

type Step =
  | { stage: 'rounds'; round: number; pair: StrongPair }
  | { stage: 'lucas'; lucas: LucasTest }
  | { stage: 'check'; pair: StrongPair }
  | { stage: 'done'; result: ConfirmationResult };

export class Confirmation {
  private readonly kernels: Kernels;
  private readonly plan: ConfirmationPlan;
  private readonly bits: number;
  private opinion: 1 | 2 = 1;
  /** The kernel that really did the rounds: the one that serves the size may refuse a modulus. */
  private roundsKernel: KernelName | undefined;
  private step: Step;

  constructor(kernels: Kernels, plan: ConfirmationPlan, state?: ConfirmationState) {
    this.kernels = kernels;
    this.plan = plan;
    this.bits = bitLength(plan.n);
    this.opinion = state?.opinion ?? 1;
    this.step = state === undefined ? this.beginRounds(0) : this.restore(state);
  }

  get done(): boolean {
    return this.step.stage === 'done';
  }

  get stage(): 'rounds' | 'lucas' | 'check' | 'done' {
    return this.step.stage;
  }

  /** Share of the work done, 0 to 1: rounds, Lucas and check count a power each. */
  get fraction(): number {
    const { step } = this;
    const passes = Math.ceil(this.plan.rounds / 2) + 2;
    const within = (left: number) => 1 - Math.min(1, left / this.bits);
    if (step.stage === 'rounds') return (Math.floor(step.round / 2) + within(step.pair.stepsLeft)) / passes;
    if (step.stage === 'lucas') return (passes - 2 + within(step.lucas.stepsLeft)) / passes;
    if (step.stage === 'check') return (passes - 1 + within(step.pair.stepsLeft)) / passes;
    return 1;
  }

  /** Does about this many squarings. */
  advance(squarings: number): void {
    const { step } = this;
    switch (step.stage) {
      case 'rounds':
        step.pair.advance(squarings);
        if (step.pair.done) this.step = this.afterRounds(step.round, step.pair.verdicts());
        return;
      case 'lucas':
        this.step = this.advanceLucas(step.lucas, squarings);
        return;
      case 'check':
        step.pair.advance(squarings);
        if (step.pair.done) this.step = this.afterCheck(step.pair.verdicts()[0]);
        return;
      case 'done':
        return;
    }
  }

  /** Where it stands. @throws Error when it is done: there is a result then, not a state */
  state(): ConfirmationState {
    const { step, opinion } = this;
    switch (step.stage) {
      case 'rounds':
        return { opinion, stage: 'rounds', round: step.round, powers: step.pair.states() };
      case 'lucas':
        return { opinion, stage: 'lucas', lucas: step.lucas.state() };
      case 'check':
        return { opinion, stage: 'check', powers: step.pair.states() };
      case 'done':
        throw new Error('the confirmation is done');
    }
  }

  result(): ConfirmationResult {
    if (this.step.stage !== 'done') throw new Error(`the confirmation is still at ${this.step.stage}`);
    return this.step.result;
  }

  /** The first opinion comes from the kernel that serves the size, the second from another. */
  private get kernel(): KernelName {
    const own = this.kernels.choose(this.bits).kernel;
    return this.opinion === 1 ? own : this.kernels.chooseOther(this.bits);
  }

  /** The check is never done by the kernel that did the rounds. */
  private get checkKernel(): KernelName {
    return this.kernels.chooseOther(this.bits, this.roundsKernel ?? this.kernel);
  }

  private pair(first: bigint, second: bigint, powers?: Lanes<PowerState>, kernel = this.kernel): StrongPair {
    const { n } = this.plan;
    return new StrongPair(
      this.kernels,
      [
        { n, base: first },
        { n, base: second },
      ],
      powers,
      kernel === this.kernels.choose(this.bits).kernel ? undefined : kernel,
    );
  }

  /** Two rounds at once; an odd last round has the lane to itself, with the first spare base beside it. */
  private beginRounds(round: number, powers?: Lanes<PowerState>): Step {
    const pair = this.pair(this.plan.base(round), this.plan.base(round + 1), powers);
    this.roundsKernel = pair.kernel;
    return { stage: 'rounds', round, pair };
  }

  private beginLucas(state?: LucasState): Step {
    const { n } = this.plan;
    const chosen = this.kernel === this.kernels.choose(this.bits).kernel ? undefined : this.kernel;
    const lucas = new LucasTest(this.kernels.open([n, n], LUCAS_REGISTERS, chosen), n, state);
    return lucas.done ? this.afterLucas(lucas.verdict() === 'probable prime') : { stage: 'lucas', lucas };
  }

  /** The base of the check is one that no round has used. */
  private beginCheck(powers?: Lanes<PowerState>): Step {
    const fresh = this.plan.base(this.plan.rounds + 2);
    return { stage: 'check', pair: this.pair(fresh, fresh, powers, this.checkKernel) };
  }

  private afterRounds(round: number, verdicts: Lanes<boolean>): Step {
    const { rounds, base } = this.plan;
    for (const lane of [0, 1] as const) {
      // A spare base beside an odd last round still speaks the truth when it says composite.
      if (!verdicts[lane]) return this.composite(base(round + lane), Math.min(rounds, round + lane + 1));
    }
    return round + 2 < rounds ? this.beginRounds(round + 2) : this.beginLucas();
  }

  /** Lucas sequences check themselves; where one is broken, the other kernel is asked. */
  private advanceLucas(lucas: LucasTest, squarings: number): Step {
    try {
      lucas.advance(squarings);
    } catch (fault) {
      if (!(fault instanceof LucasFault) || this.opinion === 2) throw fault;
      return this.askAgain();
    }
    return lucas.done ? this.afterLucas(lucas.verdict() === 'probable prime') : { stage: 'lucas', lucas };
  }

  private afterLucas(passed: boolean): Step {
    if (passed) return this.beginCheck();
    return this.opinion === 1 ? this.askAgain() : this.composite(null, this.plan.rounds);
  }

  private afterCheck(passed: boolean): Step {
    if (!passed) {
      return this.opinion === 1
        ? this.askAgain()
        : this.composite(this.plan.base(this.plan.rounds + 2), this.plan.rounds);
    }
    const result: ConfirmationResult = {
      verdict: 'probable prime',
      rounds: this.plan.rounds,
      kernels: [this.roundsKernel ?? this.kernel, this.checkKernel],
      disagreement: this.opinion === 2,
    };
    return { stage: 'done', result };
  }

  private askAgain(): Step {
    this.opinion = 2;
    return this.beginRounds(0);
  }

  private composite(witness: bigint | null, rounds: number): Step {
    return { stage: 'done', result: { verdict: 'composite', witness, rounds, disagreement: this.opinion === 2 } };
  }

  private restore(state: ConfirmationState): Step {
    switch (state.stage) {
      case 'rounds':
        return this.beginRounds(state.round, state.powers);
      case 'lucas':
        return this.beginLucas(state.lucas);
      case 'check':
        return this.beginCheck(state.powers);
    }
  }
}

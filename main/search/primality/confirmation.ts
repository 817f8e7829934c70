/**
 * Everything that a number goes through before it is called a probable prime: Rabin rounds, two bases at a
 * time, until the stated error is reached; a strong Lucas test; and a check by a second implementation, one
 * strong test with a fresh base on another kernel.
 *
 * A number that passes anything (the screen, a base) and then fails anything is either a wonder or, far more
 * likely, an arithmetic error of this computer. Then all of it is done once more in BigInt arithmetic, whose word is
 * final: a prime is not lost to a bit flip, and a false one is not reported. What a single error can still lose is
 * a prime in the very first strong test that it meets, which is the screen.
 *
 * It advances by slices, and its state is plain data.
 */

import { bitLength, type KernelName, type Lanes } from '../../kernel/field.ts';
import type { Kernels } from '../../kernel/kernels.ts';
import type { PowerState } from '../../kernel/power.ts';
import { LUCAS_REGISTERS, LucasFault, type LucasState, LucasTest } from './lucas.ts';
import { StrongPair } from './strong.ts';

export interface ConfirmationPlan {
  /** Odd, above 2^64 (below that `small.ts` decides). */
  readonly n: bigint;
  /** Rabin rounds to do: the stated error is 4^-rounds. */
  readonly rounds: number;
  /** The base of a round, in [2, n − 2]: a fixed function, so that a verdict can be replayed. */
  readonly base: (round: number) => bigint;
  /** It has passed a strong test already, so that failing one now is worth a second opinion. */
  readonly screened?: boolean;
}

export type ConfirmationState = {
  readonly opinion: 1 | 2;
  /** The kernels of the rounds so far, of one under way too. It is not in states of earlier versions. */
  readonly by?: readonly KernelName[];
} & (
  | { readonly stage: 'rounds'; readonly round: number; readonly powers: Lanes<PowerState> }
  | { readonly stage: 'lucas'; readonly lucas: LucasState }
  | { readonly stage: 'check'; readonly powers: Lanes<PowerState> }
);

export type ConfirmationResult =
  | {
      readonly verdict: 'probable prime';
      readonly rounds: number;
      /** The kernels of the rounds, as a rule one, and that of the check. */
      readonly kernels: readonly KernelName[];
      /** The first opinion was another one: this computer made an arithmetic error. */
      readonly disagreement: boolean;
    }
  | {
      readonly verdict: 'composite';
      /** A base to which n is not a strong probable prime; null when only the Lucas test says so. */
      readonly witness: bigint | null;
      readonly rounds: number;
      /** Nobody said otherwise: where a second opinion was asked, the number is a pseudoprime. */
      readonly disagreement: false;
    };

type Step =
  | { stage: 'rounds'; round: number; pair: StrongPair }
  | { stage: 'lucas'; lucas: LucasTest }
  | { stage: 'check'; pair: StrongPair /** Kernels to ask next. */; others: readonly KernelName[] }
  | { stage: 'done'; result: ConfirmationResult };

export class Confirmation {
  private readonly kernels: Kernels;
  private readonly plan: ConfirmationPlan;
  private readonly bits: number;
  private opinion: 1 | 2;
  /** The kernel of the first opinion. The one that serves the size may refuse a modulus, so it is asked. */
  private readonly own: KernelName;
  private step: Step;
  /**
   * The kernels that did the rounds, so that another one checks: more than one where the arithmetic of the first was found
   * wrong, or where another one served this size when the state was saved.
   */
  private roundsBy: readonly KernelName[];
  /** Kernels that were to check. */
  private tried: readonly KernelName[] = [];
  /** Faults of the strong tests that are behind. */
  private faultsBefore = 0;

  /** @throws RangeError for a state that belongs to no confirmation of n */
  constructor(kernels: Kernels, plan: ConfirmationPlan, state?: ConfirmationState) {
    this.kernels = kernels;
    this.plan = plan;
    this.bits = bitLength(plan.n);
    this.opinion = state?.opinion ?? 1;
    this.own = kernels.serving(plan.n);
    this.roundsBy = state?.by ?? [];
    this.step = state === undefined ? this.beginRounds(0) : this.restore(state);
  }

  get done(): boolean {
    return this.step.stage === 'done';
  }

  /** Times that the arithmetic was found wrong and put right, inside the strong tests. */
  get faults(): number {
    const { step } = this;
    return this.faultsBefore + (step.stage === 'rounds' || step.stage === 'check' ? step.pair.faults : 0);
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
        if (step.pair.done) {
          this.roundsBy = this.withRoundsBy(step.pair);
          this.follow(step.pair, () => this.afterRounds(step.round, step.pair.verdicts()));
        }
        return;
      case 'lucas':
        this.step = this.advanceLucas(step.lucas, squarings);
        return;
      case 'check':
        step.pair.advance(squarings);
        if (step.pair.done) this.follow(step.pair, () => this.afterCheck(step.pair, step.others));
        return;
      case 'done':
        return;
    }
  }

  private follow(pair: StrongPair, next: () => Step): void {
    this.step = next();
    this.faultsBefore += pair.faults;
  }

  private withRoundsBy({ kernel }: StrongPair): readonly KernelName[] {
    return this.roundsBy.includes(kernel) ? this.roundsBy : [...this.roundsBy, kernel];
  }

  /** Where it stands. @throws Error when it is done: there is a result then, not a state */
  state(): ConfirmationState {
    const { step, opinion, roundsBy: by } = this;
    switch (step.stage) {
      case 'rounds': {
        const powers = step.pair.states();
        return { opinion, by: this.withRoundsBy(step.pair), stage: 'rounds', round: step.round, powers };
      }
      case 'lucas':
        return { opinion, by, stage: 'lucas', lucas: step.lucas.state() };
      case 'check':
        return { opinion, by, stage: 'check', powers: step.pair.states() };
      case 'done':
        throw new Error('the confirmation is done');
    }
  }

  result(): ConfirmationResult {
    if (this.step.stage !== 'done') throw new Error(`the confirmation is still at ${this.step.stage}`);
    return this.step.result;
  }

  /** The kernel of this opinion's rounds and Lucas test. BigInt has the second one: slow, but nobody here wrote it. */
  private get kernel(): KernelName {
    const { opinion, own } = this;
    if (opinion === 1) return own;
    return own === 'bigint' ? (this.kernels.servingOther(this.plan.n, [own]) ?? own) : 'bigint';
  }

  /**
   * The kernels that check, in order. The first opinion's check is by another kernel, the only other there is where
   * there is no more. In the second opinion one pass is enough, because it may be the kernel that checks that errs.
   */
  private checkers(): readonly [KernelName, ...KernelName[]] {
    const { own, kernel, opinion, kernels, roundsBy } = this;
    const other = kernels.servingOther(this.plan.n, [own, kernel, ...roundsBy]);
    if (opinion === 1) return [other ?? (roundsBy.includes('bigint') ? own : 'bigint')];
    return other === undefined ? [own, kernel] : [other, own, kernel];
  }

  private pair(bases: Lanes<bigint>, kernel: KernelName, powers?: Lanes<PowerState>): StrongPair {
    const { n } = this.plan;
    const [first, second] = bases;
    const tasks = [
      { n, base: first },
      { n, base: second },
    ] as const;
    return new StrongPair(this.kernels, tasks, powers, kernel);
  }

  /** Two rounds at once; an odd last round has the lane to itself, with the first spare base beside it. */
  private beginRounds(round: number, powers?: Lanes<PowerState>): Step {
    const { base } = this.plan;
    return { stage: 'rounds', round, pair: this.pair([base(round), base(round + 1)], this.kernel, powers) };
  }

  private beginLucas(state?: LucasState): Step {
    const { n } = this.plan;
    const lucas = new LucasTest(this.kernels.open([n, n], LUCAS_REGISTERS, this.kernel), n, state);
    return lucas.done ? this.afterLucas(lucas.verdict() === 'probable prime') : { stage: 'lucas', lucas };
  }

  /** The base of the check is one that no round has used. */
  private beginCheck([kernel, ...others] = this.checkers(), powers?: Lanes<PowerState>): Step {
    this.tried = [...this.tried, kernel];
    const fresh = this.plan.base(this.plan.rounds + 2);
    return { stage: 'check', pair: this.pair([fresh, fresh], kernel, powers), others };
  }

  private afterRounds(round: number, verdicts: Lanes<boolean>): Step {
    const { rounds, base, screened = false } = this.plan;
    if (verdicts[0] && verdicts[1]) return round + 2 < rounds ? this.beginRounds(round + 2) : this.beginLucas();
    const passedBefore = screened || round > 0 || verdicts[0] || verdicts[1];
    if (this.opinion === 1 && passedBefore) return this.askAgain();
    // A spare base beside an odd last round still speaks the truth when it says composite.
    const lane = verdicts[0] ? 1 : 0;
    return this.composite(base(round + lane), Math.min(rounds, round + lane + 1));
  }

  /** Lucas sequences check themselves; where one is broken, another kernel is asked. @throws LucasFault the second time */
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

  private afterCheck(pair: StrongPair, [next, ...others]: readonly KernelName[]): Step {
    const { rounds, base, n } = this.plan;
    // The kernel that should have checked computes wrongly, and that of the rounds took its place: a third one, once.
    const third =
      this.roundsBy.includes(pair.kernel) && pair.faults > 0
        ? this.kernels.servingOther(n, [...this.roundsBy, ...this.tried])
        : undefined;
    if (third !== undefined) return this.beginCheck([third, ...others, ...(next === undefined ? [] : [next])]);
    if (!pair.verdicts()[0]) {
      if (this.opinion === 1) return this.askAgain();
      return next === undefined ? this.composite(base(rounds + 2), rounds) : this.beginCheck([next, ...others]);
    }
    const roundsBy = this.roundsBy.length > 0 ? this.roundsBy : [this.kernel];
    const kernels = [...roundsBy, pair.kernel];
    const disagreement = this.opinion === 2;
    return { stage: 'done', result: { verdict: 'probable prime', rounds, kernels, disagreement } };
  }

  private askAgain(): Step {
    this.opinion = 2;
    this.roundsBy = [];
    return this.beginRounds(0);
  }

  private composite(witness: bigint | null, rounds: number): Step {
    return { stage: 'done', result: { verdict: 'composite', witness, rounds, disagreement: false } };
  }

  private restore(state: ConfirmationState): Step {
    switch (state.stage) {
      case 'rounds': {
        const { round, powers } = state;
        if (!Number.isInteger(round) || round < 0 || round % 2 !== 0 || round >= Math.max(2, this.plan.rounds)) {
          throw new RangeError(`expected an even round below ${this.plan.rounds}, got ${round}`);
        }
        return this.beginRounds(round, powers);
      }
      case 'lucas':
        return this.restoreLucas(state.lucas);
      case 'check':
        return this.beginCheck(this.checkers(), state.powers);
    }
  }

  /** A state that was saved after a fault is a fault found late. */
  private restoreLucas(state: LucasState): Step {
    try {
      return this.beginLucas(state);
    } catch (fault) {
      if (!(fault instanceof LucasFault)) throw fault;
      return this.askAgain();
    }
  }
}

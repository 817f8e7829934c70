import { checkPrimeSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KERNEL_NAMES, type KernelName } from '../../../main/kernel/field.ts';
import { Kernels } from '../../../main/kernel/kernels.ts';
import { evaluateExpression } from '../../../main/search/expression/expression.ts';
import { rabinBase } from '../../../main/search/prf.ts';
import {
  Confirmation,
  type ConfirmationPlan,
  type ConfirmationResult,
  type ConfirmationState,
} from '../../../main/search/primality/confirmation.ts';
import { composites, readTable } from '../../data/read.ts';
import { isStrongProbablePrime, oddOf, powerModulo, throughJson } from '../../support/big-integers.ts';
import { FaultyKernels } from '../../support/faulty-kernels.ts';

const SEED = new Uint8Array(32).fill(7);
/** A CPU that does not fuse multiply-add has two kernels. */
const UNFUSED = { simd: true, relaxedSimd: true, fusedMultiplyAdd: false };
const BELOW_64_BITS = 1n << 64n;
const kernels = new Kernels();

const planFor = (n: bigint, rounds = 4): ConfirmationPlan => ({
  n,
  rounds,
  base: (round) => rabinBase(SEED, n, round),
});

/** A plan whose bases are chosen: these in a circle. */
const planWith = (n: bigint, bases: readonly number[], rounds = bases.length): ConfirmationPlan => ({
  n,
  rounds,
  base: (round) => BigInt(bases[round % bases.length] as number),
});

function finish(confirmation: Confirmation, squarings = 1 << 16): ConfirmationResult {
  while (!confirmation.done) confirmation.advance(squarings);
  return confirmation.result();
}

const decide = (plan: ConfirmationPlan, on: Kernels = kernels): ConfirmationResult =>
  finish(new Confirmation(on, plan));

function value(expression: string): bigint {
  const result = evaluateExpression(expression);
  if (!result.ok) throw new Error(result.problem);
  return result.value;
}

const PRIME = value('10^60+7');
const TRAPS = composites().filter(({ n }) => n > BELOW_64_BITS);

describe('a composite', () => {
  test('of any family of pseudoprimes above 64 bits is found out, with a witness that is one', () => {
    expect(new Set(TRAPS.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(4);
    for (const { n, kind } of TRAPS) {
      const result = decide(planFor(n, 20));
      expect(result.verdict, `${kind} ${n}`).toBe('composite');
      if (result.verdict !== 'composite') continue;
      expect(result.witness).not.toBeNull();
      expect(isStrongProbablePrime(n, result.witness as bigint)).toBe(false);
    }
  });

  test('that passes every round, because it was made for their bases, fails the strong Lucas test', () => {
    const made = readTable('strong-pseudoprimes-many-bases.json').entries.filter(({ n }) => BigInt(n) > BELOW_64_BITS);
    expect(made.some(({ n }) => n.length === 397)).toBe(true);
    for (const { n, passes } of made) {
      const result = decide(planWith(BigInt(n), passes));
      // Asked twice, because it looked like an arithmetic error; but both opinions are the same.
      expect(result).toEqual({ verdict: 'composite', witness: null, rounds: passes.length, disagreement: false });
    }
  });

  test('drawn at random is told from a prime as OpenSSL does it, on every kernel', () => {
    const number = fc.integer({ min: 66, max: 300 }).chain(oddOf);
    fc.assert(
      fc.property(number, fc.constantFrom(...KERNEL_NAMES), (n, wanted) => {
        const { verdict } = decide(planFor(n), new Kernels({ wanted }));
        expect(verdict === 'probable prime').toBe(checkPrimeSync(n));
      }),
      { numRuns: 150 },
    );
  });

  test('that is the square of a prime, with bases to which it passes, fails for being a square', () => {
    const roots = readTable('few-factors.json').squares.map((text) => squareRoot(BigInt(text)));
    for (const p of roots.filter((root) => root < 1n << 200n && checkPrimeSync(root))) {
      const n = p * p;
      // b^p modulo p²: its order divides p − 1, and so n − 1.
      const base = (round: number) => powerModulo(BigInt(round) + 2n, p, n);
      expect(decide({ n, rounds: 2, base })).toMatchObject({ verdict: 'composite', witness: null });
    }
  });
});

/** The integer part, by Newton's method. */
function squareRoot(n: bigint): bigint {
  let x = 1n << BigInt((n.toString(2).length + 1) >> 1);
  for (;;) {
    const y = (x + n / x) >> 1n;
    if (y >= x) return x;
    x = y;
  }
}

describe('a prime', () => {
  test('that was published, of 1,000 and more digits, is accepted', () => {
    const large = readTable('primes.json').entries.filter(({ digits }) => digits >= 1000 && digits < 1300);
    expect(large.length).toBeGreaterThan(2);
    for (const { expression } of large) {
      const result = decide(planFor(value(expression), 2));
      expect(result).toEqual({
        verdict: 'probable prime',
        rounds: 2,
        kernels: ['fft', 'schoolbook'],
        disagreement: false,
      });
    }
  });

  test('below that too, by two kernels that are not the same', () => {
    for (const { expression } of readTable('primes.json').entries.filter(
      ({ digits }) => digits > 20 && digits < 1000,
    )) {
      const result = decide(planFor(value(expression), 3));
      if (result.verdict !== 'probable prime') expect.fail(expression);
      expect(result.rounds).toBe(3);
      expect(result.disagreement).toBe(false);
      expect(result.kernels[0]).not.toBe(result.kernels[1]);
    }
  });

  test('does the rounds that were asked for: no fewer, and the check with a base of its own', () => {
    for (const rounds of [1, 2, 5, 20]) {
      const asked = new Set<number>();
      const { base } = planFor(PRIME);
      const plan = {
        n: PRIME,
        rounds,
        base: (round: number) => {
          asked.add(round);
          return base(round);
        },
      };
      expect(decide(plan).verdict).toBe('probable prime');
      for (let round = 0; round < rounds; round++) expect(asked).toContain(round);
      expect(Math.max(...asked)).toBe(rounds + 2);
    }
  });
});

describe('a confirmation on the move', () => {
  const moves = fc.infiniteStream(
    fc.tuple(
      fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 2000 })),
      fc.constantFrom(...KERNEL_NAMES),
    ),
  );
  const onKernel = new Map(KERNEL_NAMES.map((wanted) => [wanted, new Kernels({ wanted })]));
  const numbers = [
    PRIME,
    value('3*2^189+1'),
    value('2^127-1'),
    value('31#+1') ** 7n,
    BigInt('318665857834031151167461'),
  ];

  test('comes to the same verdict, through plain data onto another kernel after every slice', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.constantFrom(...numbers), moves, (n, stream) => {
        const made = n === numbers[4];
        const plan = made ? planWith(n, [2, 3, 5, 7, 11, 13]) : planFor(n, 5);
        const next = () => stream.next().value as [number, KernelName];
        let confirmation = new Confirmation(onKernel.get(next()[1]) as Kernels, plan);
        let fraction = 0;
        while (!confirmation.done) {
          const [squarings, kernel] = next();
          confirmation.advance(squarings);
          if (confirmation.done) break;
          const state = throughJson(confirmation.state());
          seen.add(`${state.stage} ${state.opinion}`);
          if (state.opinion === 1) expect(confirmation.fraction).toBeGreaterThanOrEqual(fraction - 0.1);
          fraction = confirmation.fraction;
          expect(fraction).toBeLessThanOrEqual(1);
          confirmation = new Confirmation(onKernel.get(kernel) as Kernels, plan, state);
        }
        expect(confirmation.result().verdict).toBe(decide(plan).verdict);
      }),
      { numRuns: 60 },
    );
    for (const stage of ['rounds 1', 'lucas 1', 'check 1', 'rounds 2', 'lucas 2']) expect(seen).toContain(stage);
  });

  test.runIf(kernels.capabilities.fusedMultiplyAdd)(
    'is checked by a kernel that did no round, wherever it was stopped',
    () => {
      // Fields of one object end each other.
      const [first, again] = [new Kernels({ wanted: 'schoolbook' }), new Kernels({ wanted: 'schoolbook' })];
      const fft = new Kernels({ wanted: 'fft' });
      const plan = planFor(PRIME, 6);
      const moved = {
        rounds: ['schoolbook', 'fft', 'bigint'],
        lucas: ['schoolbook', 'bigint'],
        check: ['schoolbook', 'bigint'],
      } as const;
      const seen = new Set<string>();
      for (const begun = new Confirmation(first, plan); !begun.done; begun.advance(40)) {
        const state = throughJson(begun.state());
        seen.add(`${state.stage} ${state.stage === 'rounds' ? state.round : ''}`);
        const onAnother = finish(new Confirmation(fft, plan, state));
        expect(onAnother).toMatchObject({ verdict: 'probable prime', kernels: moved[state.stage] });
        const goneOn = finish(new Confirmation(again, plan, state));
        expect(goneOn).toMatchObject({ verdict: 'probable prime', kernels: ['schoolbook', 'bigint'] });
      }
      expect([...seen]).toEqual(['rounds 0', 'rounds 2', 'rounds 4', 'lucas ', 'check ']);
    },
  );

  test('refuses a state that is none of its own', () => {
    const confirmation = new Confirmation(kernels, planFor(PRIME, 6));
    confirmation.advance(50);
    const state = confirmation.state();
    if (state.stage !== 'rounds') throw new Error('expected rounds');
    const going = (other: ConfirmationState) => () => new Confirmation(kernels, planFor(PRIME, 6), other);
    expect(going(state)).not.toThrow();
    for (const round of [1, 6, 1000, -2, 0.5]) expect(going({ ...state, round })).toThrow(RangeError);
    const [first, second] = state.powers;
    expect(going({ ...state, powers: [{ ...first, bit: first.bit + 1 }, second] })).toThrow(RangeError);
    expect(going({ ...state, powers: [{ ...first, residue: PRIME }, second] })).toThrow(RangeError);
    expect(
      going({
        ...state,
        powers: [
          { ...first, bit: 100_000 },
          { ...second, bit: 100_000 },
        ],
      }),
    ).toThrow(RangeError);
  });

  test('has a result only at the end, and no state then', () => {
    const confirmation = new Confirmation(kernels, planFor(PRIME));
    expect(() => confirmation.result()).toThrow(/still at rounds/);
    finish(confirmation);
    expect(() => confirmation.state()).toThrow(/done/);
    confirmation.advance(10);
    expect([confirmation.stage, confirmation.fraction]).toEqual(['done', 1]);
  });
});

describe('a computer that makes an arithmetic error', () => {
  const screened = { ...planFor(PRIME, 4), screened: true };
  const count = (() => {
    const counting = new FaultyKernels(() => false);
    finish(new Confirmation(counting, screened), 37);
    return counting.operations;
  })();

  test('once, anywhere, in any bit, loses no prime; if the error mattered it is known', () => {
    let mattered = 0;
    fc.assert(
      fc.property(fc.nat(count - 1), fc.integer({ min: 0, max: 190 }), (at, bit) => {
        const faulty = new FaultyKernels(({ number }) => number === at, bit);
        const confirmation = new Confirmation(faulty, screened);
        const result = finish(confirmation, 37);
        expect(faulty.faults).toBe(1);
        expect(result).toMatchObject({ verdict: 'probable prime', rounds: 4 });
        if (result.disagreement || confirmation.faults > 0) mattered++;
      }),
      { numRuns: 150 },
    );
    expect(mattered).toBeGreaterThan(100);
  });

  // The check is BigInt's where that is cheaper than the FFT kernel, which then is not asked while the others agree.
  test.each([
    { n: PRIME, unasked: 'fft' },
    { n: 10n ** 199n + 153n, unasked: 'bigint' },
  ])('always, on one kernel, loses no prime, whichever kernel it is; $unasked is not asked', ({ n, unasked }) => {
    for (const liar of KERNEL_NAMES) {
      const plan = { ...planFor(n, 4), screened: true };
      const confirmation = new Confirmation(new FaultyKernels(({ kernel }) => kernel === liar), plan);
      const result = finish(confirmation, 37);
      if (result.verdict !== 'probable prime') expect.fail(liar);
      expect(confirmation.faults > 0).toBe(liar !== unasked);
      expect(result.kernels).not.toContain(liar);
      expect(result.kernels[0]).not.toBe(result.kernels[1]);
    }
  });

  test('always, on the only kernel beside BigInt, loses no prime', () => {
    const onlyTwo = new FaultyKernels(({ kernel }) => kernel === 'fft', 3, { wanted: 'fft', capabilities: UNFUSED });
    const result = finish(new Confirmation(onlyTwo, screened), 37);
    expect(result).toMatchObject({ verdict: 'probable prime', kernels: ['bigint', 'bigint'], disagreement: true });
  });

  test('in the first rounds of a number that nothing is known about loses no prime either', () => {
    const always = new FaultyKernels(({ number }) => number === 0);
    const result = decide(planFor(PRIME), always);
    expect(result).toMatchObject({ verdict: 'probable prime', disagreement: false });
  });

  test('never makes a composite prime', () => {
    const made = BigInt('3317044064679887385961981');
    const plan = { ...planWith(made, [2, 3, 5, 7, 11, 13]), screened: true };
    const counting = new FaultyKernels(() => false);
    finish(new Confirmation(counting, plan), 9);
    fc.assert(
      fc.property(fc.nat(counting.operations - 1), fc.integer({ min: 0, max: 80 }), (at, bit) => {
        const faulty = new FaultyKernels(({ number }) => number === at, bit);
        // This number passes the rounds, so both opinions are asked; a fault in the second Lucas test has nobody to ask.
        const verdict = (): string => {
          try {
            return finish(new Confirmation(faulty, plan), 9).verdict;
          } catch (fault) {
            return (fault as Error).name;
          }
        };
        expect(['composite', 'LucasFault']).toContain(verdict());
      }),
      { numRuns: 100 },
    );
  });

  test('and saves it, is found out when the state is read: the other kernel begins again', () => {
    const confirmation = new Confirmation(kernels, planFor(PRIME, 2));
    while (confirmation.stage !== 'lucas') confirmation.advance(1000);
    confirmation.advance(60);
    const state = confirmation.state();
    if (state.stage !== 'lucas') throw new Error('expected Lucas');
    const { lucas } = state;
    for (const damaged of [
      { ...lucas, v: lucas.v ^ 8n },
      { ...lucas, vNext: lucas.vNext ^ 1n },
      { ...lucas, bit: 5000 },
    ]) {
      for (const opinion of [1, 2] as const) {
        const resumed = new Confirmation(kernels, planFor(PRIME, 2), { stage: 'lucas', opinion, lucas: damaged });
        expect(resumed.state()).toMatchObject({ stage: 'rounds', round: 0, opinion: 2 });
        expect(finish(resumed)).toMatchObject({ verdict: 'probable prime', disagreement: true });
      }
    }
  });
});

describe('a modulus that the kernel of its size refuses', () => {
  // 2^4096 − 1 shares a factor with every R = 2^k + 1 that is tried.
  const n = (1n << 4096n) - 1n;

  test('is decided by others, twice', () => {
    expect(kernels.choose(4096).kernel).toBe('fft');
    expect(decide(planFor(n))).toMatchObject({ verdict: 'composite' });
    expect(decide({ ...planFor(n), screened: true })).toMatchObject({ verdict: 'composite', disagreement: false });
  });
});

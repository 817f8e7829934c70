/**
 * What a size costs on this computer, one core: measured parts, and what a prime comes to from them. Time is
 * passed in. Minima over repeats, because everything that disturbs a measurement makes it longer.
 */

import { blockCount } from './blocks.ts';
import { expectedTestsPerPrime, oddNumbersPerPrime } from './estimate.ts';
import { expectPowers, KERNEL_REGISTERS, type KernelName, Kernels } from './kernel-names.ts';
import { prfInteger, rabinBase } from './prf.ts';
import { StrongPair } from './primality/strong.ts';
import { bestDepth, expectedSurvivors, measuredSecondsPerPrime, primesBetween } from './sieve/depth.ts';
import { sieveBlock } from './sieve/sieve.ts';
import { freshSurvivors } from './sieve/survivors.ts';

export interface SizeCost {
  readonly kernel: KernelName;
  readonly bits: number;
  /** Seconds, each for one candidate. */
  readonly squaring: number;
  readonly setUp: number;
  readonly baseTwoTest: number;
  /** One Rabin round. */
  readonly round: number;
  readonly sievePrime: number;
  readonly sieveDepth: number;
  readonly testsPerPrime: number;
  readonly perPrime: number;
  /** Of a prime's time, what the sieve takes. */
  readonly sieveShare: number;
}

/** Seconds that only grow, in steps of a few microseconds at most. */
export type Clock = () => number;

const SEED = new Uint8Array(32).fill(19);
const REPEATS = 9;
/** A repeat takes about this long. */
const REPEAT_SECONDS = 0.02;
/** The engine's optimising compiler wants some hundred squarings first. */
const WARM_UP_SECONDS = 0.25;
/** Tests shorter than this are timed whole, longer ones are a multiple of their squarings. */
const WHOLE_TEST_SECONDS = 0.25;
const SIEVE_FROM = 2 ** 24;
const SIEVE_PRIMES_SECONDS = 0.15;
/** Rounds of the default error, and the powers that Lucas and the check count for. */
const ROUNDS = 40;

/** Odd numbers of a size that nothing is known about. */
function candidates(digits: number, count: number): bigint[] {
  const low = 10n ** BigInt(digits - 1);
  return Array.from({ length: count }, (_, k) => low + (prfInteger(SEED, 'bench', BigInt(k), 9n * low) | 1n));
}

/** Measures a size. Yields between repeats, so that messages can be looked at. */
export function* benchSize(digits: number, wanted: KernelName | undefined, clock: Clock): Generator<void, SizeCost> {
  const kernels = new Kernels({ wanted });
  const numbers = candidates(digits, 16);
  const [first, second] = [numbers[0] as bigint, numbers[1] as bigint];
  const bits = first.toString(2).length;
  const field = kernels.open([first, second], KERNEL_REGISTERS);
  const { kernel } = field;
  const zeros = new Uint8Array(1 << 16);
  const chain = (count: number) => {
    for (let left = count; left > 0; left -= zeros.length) field.squareChain(0, zeros, 0, Math.min(left, zeros.length));
  };
  field.write(0, [3n, 5n]);
  let steps = 1;
  for (const started = clock(); clock() - started < WARM_UP_SECONDS; ) {
    const before = clock();
    chain(steps);
    if (clock() - before < REPEAT_SECONDS) steps *= 2;
    yield;
  }
  const squaring = (yield* least(() => chain(steps), clock)) / steps / 2;

  const setUp = yield* setUpCost(kernels, numbers, clock);
  const estimated = bits * squaring + setUp;
  const baseTwoTest = estimated < WHOLE_TEST_SECONDS ? yield* wholeTest(kernels, numbers, clock) : estimated;
  const round = estimated < WHOLE_TEST_SECONDS ? yield* oneRound(kernels, first, clock) : 1.2 * estimated;
  const sievePrime = yield* sieveCost(first, clock);
  const count = blockCount(digits);
  const sieveDepth = bestDepth({ secondsPerTest: baseTwoTest, secondsPerPrime: sievePrime, count });
  const testsPerPrime = expectedTestsPerPrime(digits, expectedSurvivors(1, sieveDepth));
  const primesPerBlock = count / oddNumbersPerPrime(digits);
  const sieve = (sievePrime * primesBetween(3, sieveDepth)) / primesPerBlock;
  const perPrime = sieve + testsPerPrime * baseTwoTest + (ROUNDS + 4) * round;
  const sieveShare = sieve / perPrime;
  return {
    kernel,
    bits,
    squaring,
    setUp,
    baseTwoTest,
    round,
    sievePrime,
    sieveDepth,
    testsPerPrime,
    perPrime,
    sieveShare,
  };
}

function* least(work: () => void, clock: Clock): Generator<void, number> {
  let best = Number.POSITIVE_INFINITY;
  for (let k = 0; k < REPEATS; k++) {
    const before = clock();
    work();
    best = Math.min(best, clock() - before);
    yield;
  }
  return best;
}

/** Opening a pair, as the search does it: with the moduli of a unit announced first. */
function* setUpCost(kernels: Kernels, numbers: readonly bigint[], clock: Clock): Generator<void, number> {
  const open = () => {
    expectPowers(kernels, numbers);
    for (let k = 0; k + 1 < numbers.length; k += 2) new StrongPair(kernels, pairOf(numbers, k));
  };
  open();
  return (yield* least(open, clock)) / numbers.length;
}

const pairOf = (numbers: readonly bigint[], k: number) =>
  [
    { n: numbers[k] as bigint, base: 2n },
    { n: numbers[k + 1] as bigint, base: 2n },
  ] as const;

function* wholeTest(kernels: Kernels, numbers: readonly bigint[], clock: Clock): Generator<void, number> {
  const repeat = Math.max(1, numbers.length / 4);
  const run = () => {
    expectPowers(kernels, numbers.slice(0, 2 * repeat));
    for (let k = 0; k < repeat; k++) {
      const pair = new StrongPair(kernels, pairOf(numbers, 2 * k));
      while (!pair.done) pair.advance(pair.stepsLeft);
    }
  };
  return (yield* least(run, clock)) / repeat / 2;
}

/** A pair of rounds, with their bases from the pseudo-random function. */
function* oneRound(kernels: Kernels, n: bigint, clock: Clock): Generator<void, number> {
  const run = () => {
    const pair = new StrongPair(kernels, [
      { n, base: rabinBase(SEED, n, 0) },
      { n, base: rabinBase(SEED, n, 1) },
    ]);
    while (!pair.done) pair.advance(pair.stepsLeft);
  };
  return (yield* least(run, clock)) / 2;
}

function* sieveCost(start: bigint, clock: Clock): Generator<void, number> {
  const survivors = freshSurvivors(1 << 19);
  let to = SIEVE_FROM + 2 ** 18;
  for (;;) {
    const before = clock();
    const sieve = sieveBlock({ start, count: 1 << 19, from: SIEVE_FROM, to }, survivors);
    for (let step = sieve.next(); !step.done; step = sieve.next()) yield;
    const seconds = clock() - before;
    if (seconds > SIEVE_PRIMES_SECONDS || to > 2 ** 29)
      return measuredSecondsPerPrime({ from: SIEVE_FROM, to }, seconds);
    to = SIEVE_FROM + 4 * (to - SIEVE_FROM);
  }
}

/**
 * Base-2 tests, ours against a peer's, on the same random odd numbers: two candidates side by side as the search does
 * it, set-up included, against the power 2^(N − 1) mod N alone.
 */

import type { KernelName } from '../../main/search/kernel-names.ts';
import { expectPowers, Kernels } from '../../main/search/kernel-names.ts';
import { StrongPair } from '../../main/search/primality/strong.ts';
import type { Peer } from './peers.ts';
import type { RandomNumbers } from './random.ts';
import { type Spread, spreadOf } from './statistics.ts';

/** What issue 2 asks for: times faster than GMP. */
const GOALS: Readonly<Record<number, number>> = { 300: 1.5, 1000: 2.3, 2000: 3.3, 10000: 6.5 };

export interface BaseTwoRow {
  readonly digits: number;
  readonly kernel: KernelName;
  readonly peer: string;
  readonly pairs: number;
  /** Milliseconds for one candidate. */
  readonly ours: Spread;
  readonly theirs: Spread;
  /** Theirs by ours, pair by pair. */
  readonly ratios: Spread;
  readonly ratioOfMinima: number;
  readonly goal: number | null;
}

/** The compilers of the engine are done with a kernel after some hundred squarings. */
const WARM_UP_SECONDS = 0.8;
/** A measurement of ours takes about this long, so that the clock's steps of a few microseconds are nothing. */
const BATCH_SECONDS = 0.15;
const LARGEST_BATCH = 512;
/** Small sizes take more pairs than asked for, until they have taken this long: a noisy machine is noisy for seconds. */
const SIZE_SECONDS = 6;
const MOST_PAIRS = 51;
/** A peer gets a part of the numbers: it is the slower one. */
const PEER_SHARE = 1 / 4;

/** CPU time of this process, all threads. (That of one thread comes in steps of 4 ms.) */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Tests the numbers two by two; which of them passed. */
function testAll(kernels: Kernels, numbers: readonly bigint[]): boolean[] {
  expectPowers(kernels, numbers);
  const passed: boolean[] = [];
  for (let k = 0; k < numbers.length; k += 2) {
    const task = (n: bigint) => ({ n, base: 2n });
    const pair = new StrongPair(kernels, [task(numbers[k] as bigint), task(numbers[k + 1] as bigint)]);
    while (!pair.done) pair.advance(pair.stepsLeft);
    passed.push(...pair.verdicts());
  }
  return passed;
}

export async function compareBaseTwo(
  digits: number,
  pairs: number,
  peer: Peer & { powers: NonNullable<Peer['powers']> },
  random: RandomNumbers,
  tell: (pair: number) => void,
): Promise<BaseTwoRow> {
  const kernels = new Kernels();
  const numbers = (count: number): bigint[] => Array.from({ length: count }, () => random.odd(digits));
  let tests = 0;
  let last = 0;
  for (const began = cpuSeconds(); tests < 4 || cpuSeconds() - began < WARM_UP_SECONDS; tests += 2) {
    const before = cpuSeconds();
    testAll(kernels, numbers(2));
    last = cpuSeconds() - before;
  }
  const count = Math.min(LARGEST_BATCH, 2 * Math.ceil(BATCH_SECONDS / Math.max(last, 1e-6)));
  const peerCount = Math.ceil(count * PEER_SHARE);
  await peer.powers(numbers(1));

  const ours: number[] = [];
  const theirs: number[] = [];
  let spent = 0;
  for (let pair = 0; pair < pairs || (spent < SIZE_SECONDS && pair < MOST_PAIRS); pair++) {
    tell(pair + 1);
    const batch = numbers(count);
    let passed: boolean[] = [];
    const measureOurs = (): void => {
      const before = cpuSeconds();
      passed = testAll(kernels, batch);
      const seconds = cpuSeconds() - before;
      spent += seconds;
      ours.push((1000 * seconds) / count);
    };
    // Who is first changes from pair to pair.
    if (pair % 2 === 0) measureOurs();
    const answer = await peer.powers(batch.slice(0, peerCount));
    spent += answer.cpuSeconds;
    theirs.push((1000 * answer.cpuSeconds) / peerCount);
    if (pair % 2 === 1) measureOurs();
    // A strong probable prime is a Fermat probable prime; the converse fails for hardly any number of this size.
    const ones = passed.slice(0, peerCount).filter(Boolean).length;
    if (answer.ones !== ones) {
      throw new Error(`of ${peerCount} numbers ${ones} passed here and ${answer.ones} at ${peer.name}: one is wrong`);
    }
  }
  const ratios = theirs.map((time, k) => time / (ours[k] as number));
  return {
    digits,
    kernel: kernels.choose((10n ** BigInt(digits)).toString(2).length - 1).kernel,
    peer: `${peer.name} ${peer.version}`,
    pairs: ratios.length,
    ours: spreadOf(ours),
    theirs: spreadOf(theirs),
    ratios: spreadOf(ratios),
    ratioOfMinima: spreadOf(theirs).minimum / spreadOf(ours).minimum,
    goal: GOALS[digits] ?? null,
  };
}

/**
 * Base-2 tests, ours against the peers', on the same random odd numbers: two candidates side by side as the search does
 * it, set-up included, against the power 2^(N − 1) mod N alone.
 *
 * A test of 100,000 digits takes minutes. Where one takes too long a **stretch** stands for it: the same modulus, and of
 * the exponent the first bits only. Two stretches of a number, a long and a short one, give what a step costs and what the
 * set-up does; the whole test is the set-up and all its steps (`wholeFrom`). Both programs must come to the same residues.
 */

import { CheckedPower, expectPowers } from '../../main/kernel/checked-power.ts';
import { bitLength } from '../../main/kernel/field.ts';
import type { KernelName } from '../../main/search/kernel-names.ts';
import { Kernels } from '../../main/search/kernel-names.ts';
import { StrongPair } from '../../main/search/primality/strong.ts';
import type { Peer, PowerMaker } from './peers.ts';
import type { RandomNumbers } from './random.ts';
import { type Spread, spreadOf } from './statistics.ts';

/** What issue 6 asks for: times faster than GMP. */
const GOALS: Readonly<Record<number, number>> = {
  300: 1.8,
  1000: 2.8,
  2000: 4,
  5000: 6.5,
  10000: 8.5,
  25000: 11.5,
  100000: 14,
};

export type PowerPeer = Peer & { readonly powers: PowerMaker };

export interface BaseTwoRow {
  readonly digits: number;
  readonly kernel: KernelName;
  readonly peer: string;
  readonly pairs: number;
  /** Milliseconds for one candidate. */
  readonly ours: Spread;
  readonly theirs: Spread;
  /** Bits of the exponent that stood for all of it; null: whole tests. */
  readonly ourStretch: number | null;
  readonly theirStretch: number | null;
  /** Theirs by ours, pair by pair. */
  readonly ratios: Spread;
  readonly ratioOfMinima: number;
  readonly goal: number | null;
}

/** The compilers of the engine are done with a kernel after some hundred squarings. */
const WARM_UP_SECONDS = 0.8;
/** A measurement takes about this long, so that the clock's steps of microseconds (PARI: a millisecond) are nothing. */
const BATCH_SECONDS = 0.2;
const LARGEST_BATCH = 1024;
/** Small sizes take more pairs than asked for, until they have taken this long: a noisy machine is noisy for seconds. */
const SIZE_SECONDS = 6;
const MOST_PAIRS = 51;
/** Tests that take longer are measured by stretches, and these may take so long. */
const WHOLE_SECONDS = 4;
const STRETCH_SECONDS = 16;
const OTHERS_STRETCH_SECONDS = 2.5;
/** Bits of a short and a long stretch. Of both GMP's windows are as wide. */
const STRETCHES = [
  [4610, 11_520],
  [1794, 4608],
  [674, 1792],
  [242, 672],
  [82, 240],
  [26, 80],
] as const;
const PROBE_BITS = 80;
/** A power is looked at, and so read, after so many squarings (main/kernel/checked-power.ts). */
const VERIFY_EVERY = 16_384;
const OUR_STRETCH = 4096;

/** CPU time of this process, all threads. (That of one thread comes in steps of 4 ms.) */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function timed(work: () => void): number {
  const before = cpuSeconds();
  work();
  return cpuSeconds() - before;
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

const firstBits = (n: bigint, bits: number): bigint =>
  bits === 0 ? n - 1n : (n - 1n) >> BigInt(Math.max(0, bitLength(n - 1n) - bits));

/** Opens a pair and takes it through the first bits of its exponents. */
function beginPair(kernels: Kernels, numbers: readonly [bigint, bigint], bits: number): CheckedPower {
  const task = (n: bigint) => ({ modulus: n, base: 2n, exponent: firstBits(n, bits) });
  expectPowers(kernels, numbers);
  return new CheckedPower(kernels, [task(numbers[0]), task(numbers[1])]);
}

function finish(power: CheckedPower): readonly [bigint, bigint] {
  while (!power.done) power.advance(power.stepsLeft);
  return power.residues();
}

/** Seconds for one of two whole tests, from a stretch of both: opening, all squarings, and a reading for each look at them. */
function stretchOfOurs(kernels: Kernels, numbers: readonly [bigint, bigint]): number {
  let power: CheckedPower | undefined;
  const open = timed(() => {
    power = beginPair(kernels, numbers, OUR_STRETCH);
  });
  // The last squaring comes with a reading.
  const steps = OUR_STRETCH - 1;
  const squarings = timed(() => {
    for (let left = steps; left > 0; ) {
      const before = (power as CheckedPower).stepsLeft;
      (power as CheckedPower).advance(left);
      left -= before - (power as CheckedPower).stepsLeft;
    }
  });
  const reading = timed(() => void finish(power as CheckedPower));
  const bits = bitLength(numbers[0]);
  return (open + (squarings / steps) * bits + reading * Math.ceil(bits / VERIFY_EVERY)) / 2;
}

/** What all of an exponent costs, from what two stretches of it did: a set-up, and so much for each squaring's worth. */
export function wholeFrom(
  { squarings }: Pick<PowerMaker, 'squarings'>,
  bits: number,
  short: { readonly bits: number; readonly seconds: number },
  long: { readonly bits: number; readonly seconds: number },
): number {
  const each = (long.seconds - short.seconds) / (squarings(long.bits) - squarings(short.bits));
  const setUp = Math.max(0, long.seconds - each * squarings(long.bits));
  return setUp + each * squarings(bits);
}

/** How a peer is measured at a size: so many whole tests, or stretches of one. */
type Manner = { readonly whole: number } | { readonly stretch: readonly [number, number] };

async function mannerOf(peer: PowerPeer, n: bigint, longest: number): Promise<Manner> {
  const bits = bitLength(n);
  const { make, squarings } = peer.powers;
  const many = bits < 5000 ? 64 : 1;
  // The first one may have to start.
  if (many > 1) await make([n], PROBE_BITS);
  const { cpuSeconds: seconds } = await make(Array<bigint>(many).fill(n), PROBE_BITS);
  const each = seconds / many / squarings(Math.min(PROBE_BITS, bits));
  const test = Math.max(1e-6, each * squarings(bits));
  if (test <= WHOLE_SECONDS) return { whole: Math.max(1, Math.ceil(BATCH_SECONDS / test)) };
  const fits = STRETCHES.find(([short, long]) => each * (squarings(short) + squarings(long)) <= longest);
  return { stretch: fits ?? (STRETCHES.at(-1) as readonly [number, number]) };
}

interface Measured {
  readonly seconds: number;
  /** Of a test. */
  readonly each: number;
}

/** Measures a peer once, and compares what it computed with ours where that has not been done in `agreed`. */
async function measurePeer(
  peer: PowerPeer,
  manner: Manner,
  numbers: readonly bigint[],
  passed: readonly boolean[] | null,
): Promise<Measured> {
  const { powers, name } = peer;
  if ('whole' in manner) {
    const some = numbers.slice(0, manner.whole);
    const { cpuSeconds: seconds, residues } = await powers.make(some, 0);
    const ones = residues.filter((residue) => residue === 1n).length;
    const own = passed?.slice(0, some.length).filter(Boolean).length ?? ones;
    // A strong probable prime is a Fermat probable prime; the converse fails for hardly any number of this size.
    if (ones !== own)
      throw new Error(`of ${some.length} numbers ${own} passed here and ${ones} at ${name}: one is wrong`);
    return { seconds, each: seconds / some.length };
  }
  const n = numbers[0] as bigint;
  const [short, long] = manner.stretch;
  const brief = await powers.make([n], short);
  const far = await powers.make([n], long);
  const whole = wholeFrom(
    powers,
    bitLength(n),
    { bits: short, seconds: brief.cpuSeconds },
    { bits: long, seconds: far.cpuSeconds },
  );
  return { seconds: brief.cpuSeconds + far.cpuSeconds, each: whole };
}

/** @throws Error unless both come to the same residues */
async function requireAgreement(kernels: Kernels, peer: PowerPeer, manner: Manner, numbers: readonly bigint[]) {
  const bits = 'whole' in manner ? 0 : manner.stretch[1];
  const two = [numbers[0] as bigint, numbers[1] as bigint] as const;
  const { residues } = await peer.powers.make(two.slice(0, bits === 0 ? 2 : 1), bits);
  const own = finish(beginPair(kernels, two, bits));
  if (residues.some((residue, k) => residue !== own[k])) {
    throw new Error(`${peer.name} comes to another power of 2 modulo ${two[0]} than nice19`);
  }
}

export async function compareBaseTwo(
  digits: number,
  pairs: number,
  peers: readonly PowerPeer[],
  random: RandomNumbers,
  tell: (pair: number) => void,
): Promise<BaseTwoRow[]> {
  const kernels = new Kernels();
  const numbers = (count: number): bigint[] => Array.from({ length: count }, () => random.odd(digits));
  const bits = bitLength(10n ** BigInt(digits)) - 1;
  const two = () => numbers(2) as [bigint, bigint];
  const probe = (): number => {
    const power = beginPair(kernels, two(), Math.min(bits, 1024));
    return timed(() => void finish(power)) * (bits / Math.min(bits, 1024));
  };
  let pairSeconds = probe();
  for (let spent = 0; spent < WARM_UP_SECONDS; spent += pairSeconds * Math.min(1, 1024 / bits)) pairSeconds = probe();
  const ourStretch = pairSeconds > WHOLE_SECONDS ? OUR_STRETCH : null;
  const count = ourStretch === null ? Math.min(LARGEST_BATCH, 2 * Math.ceil(BATCH_SECONDS / pairSeconds)) : 2;

  const others = [];
  for (const peer of peers) {
    const longest = peer.name === 'GMP' ? STRETCH_SECONDS : OTHERS_STRETCH_SECONDS;
    const manner = await mannerOf(peer, random.odd(digits), longest);
    await requireAgreement(kernels, peer, manner, numbers(2));
    others.push({ peer, manner, times: [] as number[] });
  }

  const ours: number[] = [];
  let spent = 0;
  for (let pair = 0; pair < pairs || (spent < SIZE_SECONDS && pair < MOST_PAIRS); pair++) {
    tell(pair + 1);
    const batch = numbers(count);
    let passed: boolean[] | null = null;
    const measureOurs = (): void => {
      const seconds = timed(() => {
        if (ourStretch === null) passed = testAll(kernels, batch);
        else ours.push(stretchOfOurs(kernels, batch as [bigint, bigint]));
      });
      spent += seconds;
      if (ourStretch === null) ours.push(seconds / count);
    };
    // Who is first changes from pair to pair.
    if (pair % 2 === 0) measureOurs();
    for (const { peer, manner, times } of others) {
      const measured = await measurePeer(peer, manner, batch, passed);
      spent += measured.seconds / others.length;
      times.push(measured.each);
    }
    if (pair % 2 === 1) measureOurs();
  }
  const kernel = kernels.choose(bits).kernel;
  return others.map(({ peer, manner, times }) => {
    const ratios = times.map((time, k) => time / (ours[k] as number));
    const [our, their] = [spreadOf(ours.map((time) => 1000 * time)), spreadOf(times.map((time) => 1000 * time))];
    return {
      digits,
      kernel,
      peer: `${peer.name} ${peer.version}`,
      pairs: ratios.length,
      ours: our,
      theirs: their,
      ourStretch,
      theirStretch: 'whole' in manner ? null : manner.stretch[1],
      ratios: spreadOf(ratios),
      ratioOfMinima: their.minimum / our.minimum,
      goal: peer.name === 'GMP' ? (GOALS[digits] ?? null) : null,
    };
  });
}

/**
 * CPU seconds for a prime, everything included: our search to 2^-40 against each peer's own way to a random prime of
 * the size. They take turns, some primes each.
 *
 * The number of candidates before a prime is a matter of luck, exponentially distributed: the mean over n primes is off
 * by 1/√n. Where a program says how far it came, that luck is taken out by the known density of the primes
 * (`controlledMean`): "without luck" below.
 */

import { oddNumbersPerPrime } from '../../main/search/estimate.ts';
import { type FoundPrime, TurnedSearch } from './nice19.ts';
import type { Peer, PrimeCost, PrimeMaker } from './peers.ts';
import type { RandomNumbers } from './random.ts';
import { searchDirectory } from './search-directory.ts';
import { controlledMean, type Mean, meanOf, ratioOf } from './statistics.ts';

/** What issue 6 asks for: times the CPU time of our search. */
const GOALS: Readonly<Record<number, Readonly<Record<string, number>>>> = {
  100: { GMP: 2 },
  300: { GMP: 2 },
  1000: { GMP: 5, OpenSSL: 8 },
};

const ROUNDS = 5;
/** Ours are cheap, and more of them make our mean as sure as the others'. */
const OURS_FOR_EACH = 4;
/** Our finds are told when a unit of about a second is done, so several are taken together. */
const OURS_TOGETHER = 4;
/** Small primes take milliseconds: so many more of them as make a turn worth its while. OpenSSL's are told by the twenty. */
const MORE_BELOW = [
  { digits: 200, factor: 20 },
  { digits: 600, factor: 4 },
] as const;

export interface PrimeFigures {
  readonly primes: number;
  /** CPU seconds for a prime, as they came. */
  readonly asMeasured: Mean;
  /** The same without the luck of the draw; null where the program does not say how far it came. */
  readonly withoutLuck: Mean | null;
}

export interface SearchComparison {
  readonly digits: number;
  /** The program's own account: the cruncher, all threads, sieve included. */
  readonly ours: PrimeFigures;
  /** All processes, with the start of the program shared by all primes. */
  readonly oursWithStart: PrimeFigures;
  /** What the processes took that is not in the program's account: CPU seconds, once. */
  readonly start: number;
  readonly peers: readonly (PrimeFigures & {
    readonly peer: string;
    readonly way: string;
    /** Theirs by ours with start; both without luck where that is known. */
    readonly asMeasuredRatio: Mean;
    readonly ratio: Mean;
    readonly goal: number | null;
  })[];
}

export async function compareSearch(
  digits: number,
  primes: number,
  peers: readonly (Peer & { prime: PrimeMaker })[],
  { random, seed, directory }: { random: RandomNumbers; seed: string; directory: string },
  tell: (round: number, rounds: number, who: string) => void,
): Promise<SearchComparison> {
  const factor = MORE_BELOW.find((one) => digits < one.digits)?.factor ?? 1;
  const each = Math.ceil((primes * factor) / ROUNDS);
  const costs: PrimeCost[][] = peers.map(() => []);
  const data = await searchDirectory(directory);
  const search = new TurnedSearch(digits, OURS_FOR_EACH * each * ROUNDS, seed, data);
  for (let round = 1; round <= ROUNDS; round++) {
    tell(round, ROUNDS, 'nice19');
    await search.findUpTo(OURS_FOR_EACH * each * round);
    for (const [k, peer] of peers.entries()) {
      tell(round, ROUNDS, peer.name);
      for (let made = 0; made < each; ) {
        const cost = await peer.prime.make(random.odd(digits));
        made += cost.of ?? 1;
        (costs[k] as PrimeCost[]).push(cost);
      }
    }
  }
  const treeSeconds = await search.end();
  const expected = oddNumbersPerPrime(digits);
  const own = { ...figuresOf(together(search.found), expected), primes: search.found.length };
  // What the processes took beside the search is the same whatever the luck.
  const start = treeSeconds - own.asMeasured.mean * own.primes;
  const shifted = (mean: Mean): Mean => ({ ...mean, mean: mean.mean + start / own.primes });
  const withStart = {
    primes: own.primes,
    asMeasured: shifted(own.asMeasured),
    withoutLuck: own.withoutLuck === null ? null : shifted(own.withoutLuck),
  };
  return {
    digits,
    ours: own,
    oursWithStart: withStart,
    start,
    peers: peers.map((peer, k) => {
      const figures = figuresOf(costs[k] as PrimeCost[], expected);
      return {
        peer: `${peer.name} ${peer.version}`,
        way: peer.prime.way,
        ...figures,
        asMeasuredRatio: ratioOf(figures.asMeasured, withStart.asMeasured),
        ratio: ratioOf(figures.withoutLuck ?? figures.asMeasured, withStart.withoutLuck ?? withStart.asMeasured),
        goal: GOALS[digits]?.[peer.name] ?? null,
      };
    }),
  };
}

/** Means of several finds in a row. */
function together(finds: readonly FoundPrime[]): PrimeCost[] {
  const mean = (values: readonly number[]): number => meanOf(values).mean;
  return Array.from({ length: Math.ceil(finds.length / OURS_TOGETHER) }, (_, k) => {
    const some = finds.slice(k * OURS_TOGETHER, (k + 1) * OURS_TOGETHER);
    const oddNumbers = mean(some.map((find) => find.oddNumbers));
    return { cpuSeconds: mean(some.map(({ cpuSeconds }) => cpuSeconds)), oddNumbers };
  });
}

function figuresOf(costs: readonly PrimeCost[], expectedOddNumbers: number): PrimeFigures {
  const seconds = costs.map(({ cpuSeconds }) => cpuSeconds);
  const passed = costs.map(({ oddNumbers }) => oddNumbers);
  const known = passed.every((count) => count !== null);
  return {
    primes: costs.reduce((sum, { of = 1 }) => sum + of, 0),
    asMeasured: meanOf(seconds),
    withoutLuck: known ? controlledMean(passed, seconds, expectedOddNumbers) : null,
  };
}

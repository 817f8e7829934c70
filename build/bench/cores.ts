/**
 * Two workers on two cores against one: the same search from the same seed, with one worker and with two, in turns. Between one
 * find and a later one both have the same candidates to test and the same primes to confirm, so the times on the clock compare without
 * luck; CPU time for the same work says whether the cores stand in each other's way, and CPU time over the clock whether anything else
 * had them. (Rates of tests, alternately in one search, differ by 10 % from turn to turn: primes take as long as thirty tests each,
 * and come as they like.)
 */

import { BenchCruncher } from './cruncher.ts';
import { searchDirectory } from './search-directory.ts';
import { type Spread, spreadOf } from './statistics.ts';

const DIGITS = 1000;
const TURNS = 4;
/** From this find to that one. */
const FROM = 10;
const TO = 90;

export interface Stretch {
  /** On the clock, and CPU seconds of all threads. */
  readonly seconds: number;
  readonly cpuSeconds: number;
}

export interface CoresResult {
  readonly digits: number;
  readonly primes: number;
  readonly one: readonly Stretch[];
  readonly two: readonly Stretch[];
  /** Times as fast by the clock, neighbouring turns; and CPU time of two by that of one, for the same work. */
  readonly ratios: Spread;
  readonly cpuRatios: Spread;
  readonly goal: number;
}

export async function measureCores(
  seed: string,
  parent: string,
  tell: (turn: number, turns: number) => void,
): Promise<CoresResult> {
  const one: Stretch[] = [];
  const two: Stretch[] = [];
  for (let turn = 0; turn < 2 * TURNS; turn++) {
    tell(turn + 1, 2 * TURNS);
    const workers = turn % 2 === 0 ? 1 : 2;
    (workers === 1 ? one : two).push(await stretchOf(workers, seed, await searchDirectory(parent)));
  }
  const ratiosOf = (part: (stretch: Stretch) => number): number[] =>
    one.flatMap((stretch, k) =>
      // Each turn of one worker with the turns of two before and after it.
      [two[k - 1], two[k]].flatMap((other) => (other === undefined ? [] : [part(stretch) / part(other)])),
    );
  return {
    digits: DIGITS,
    primes: TO - FROM,
    one,
    two,
    ratios: spreadOf(ratiosOf(({ seconds }) => seconds)),
    cpuRatios: spreadOf(ratiosOf(({ cpuSeconds }) => cpuSeconds).map((ratio) => 1 / ratio)),
    goal: 1.95,
  };
}

async function stretchOf(workers: number, seed: string, directory: string): Promise<Stretch> {
  const cruncher = new BenchCruncher({ digits: DIGITS, workers, seed, directory });
  let found = 0;
  const at = async (wanted: number): Promise<Stretch> => {
    await cruncher.next('prime', () => ++found === wanted);
    return { seconds: performance.now() / 1000, cpuSeconds: cruncher.cpuMs() / 1000 };
  };
  const from = await at(FROM);
  const to = await at(TO);
  await cruncher.stop();
  return { seconds: to.seconds - from.seconds, cpuSeconds: to.cpuSeconds - from.cpuSeconds };
}

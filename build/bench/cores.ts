/**
 * Two workers on two cores against one: the same search, told again and again to compute on one core and on two. The rate of
 * tests is the slope of the tests done (and of those that the confirmations come to) over the time on the clock; CPU time a test says whether the cores stand in each
 * other's way, and CPU time over the clock whether anything else had them.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { BenchCruncher } from './cruncher.ts';
import { searchDirectory } from './search-directory.ts';
import { lineThrough, type Spread, spreadOf } from './statistics.ts';

const DIGITS = 1000;
const TURNS = 4;
const TURN_SECONDS = 25;
/** A prime's confirmation in tests, at 1,000 digits: ten pairs of rounds, Lucas and check take 122 ms, a test 3.8. */
const CONFIRMATION = 32;
/** Of a turn, that do not count: units that were begun before it are settled in it. */
const SETTLING_MS = 1500;

export interface Rate {
  readonly testsPerSecond: number;
  readonly cpuMsPerTest: number;
  /** CPU seconds a second on the clock. */
  readonly cores: number;
}

export interface CoresResult {
  readonly digits: number;
  readonly one: readonly Rate[];
  readonly two: readonly Rate[];
  /** Of the rates of neighbouring turns. */
  readonly ratios: Spread;
  readonly goal: number;
}

export async function measureCores(
  seed: string,
  parent: string,
  tell: (turn: number, turns: number) => void,
): Promise<CoresResult> {
  const directory = await searchDirectory(parent);
  const cruncher = new BenchCruncher({ digits: DIGITS, workers: 2, seed, directory });
  await cruncher.atWork();
  await sleep(5000);
  const one: Rate[] = [];
  const two: Rate[] = [];
  for (let turn = 0; turn < 2 * TURNS; turn++) {
    tell(turn + 1, 2 * TURNS);
    const workers = turn % 2 === 0 ? 1 : 2;
    cruncher.send({ type: 'pace', workers, share: 1 });
    await sleep(SETTLING_MS);
    (workers === 1 ? one : two).push(await rateOf(cruncher));
  }
  await cruncher.stop();
  const ratios = one.flatMap(({ testsPerSecond }, k) =>
    // Each turn of one core with the turns of two before and after it.
    [two[k - 1], two[k]].flatMap((other) => (other === undefined ? [] : [other.testsPerSecond / testsPerSecond])),
  );
  return { digits: DIGITS, one, two, ratios: spreadOf(ratios), goal: 1.95 };
}

async function rateOf(cruncher: BenchCruncher): Promise<Rate> {
  const times: number[] = [];
  const work: number[] = [];
  const silence = cruncher.listen((event) => {
    if (event.type !== 'progress') return;
    const { tested, found } = event.progress;
    times.push(performance.now() / 1000);
    // How many primes there are in a turn is luck, and each is as much work as many tests.
    work.push(tested + CONFIRMATION * found);
  });
  const [cpu, since] = [cruncher.cpuMs(), performance.now()];
  await sleep(1000 * TURN_SECONDS);
  silence();
  const seconds = (performance.now() - since) / 1000;
  const spent = (cruncher.cpuMs() - cpu) / 1000;
  const testsPerSecond = lineThrough(times, work).slope;
  return { testsPerSecond, cores: spent / seconds, cpuMsPerTest: (1000 * spent) / seconds / testsPerSecond };
}

/**
 * From the pause to the last CPU time: a search of 100,000 digits is told to pause at moments all through its start and its
 * first tests, and its threads' CPU time is looked at every few milliseconds. What the main thread does to save is in it.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { BenchCruncher, watchCpu } from './cruncher.ts';
import { searchDirectory } from './search-directory.ts';
import { type Spread, spreadOf } from './statistics.ts';

const GOAL_MS = 100;
const EARLY_PAUSES = 40;
const EARLY_MS = 150;
const LATER_PAUSES = 20;
const LATER_MS = 700;
/** How long to look after a pause. */
const LOOK_MS = 900;
/** CPU time that does not count in what is looked at: a message, a look of the garbage collector. */
const STILL_MS = 1;

export interface PauseRow {
  readonly when: string;
  /** Milliseconds from the command to the last CPU time. */
  readonly milliseconds: Spread;
  /** All of them, in the order of their moments. */
  readonly each: readonly number[];
  /** CPU milliseconds that were taken after the command: on a busy machine the clock says more about the other programs. */
  readonly cpuMilliseconds: Spread;
  readonly goal: number;
}

export async function measurePause(
  digits: number,
  seed: string,
  parent: string,
  tell: (what: string) => void,
): Promise<PauseRow[]> {
  const early: Pause[] = [];
  const options = { digits, workers: 1, seed, directory: await searchDirectory(parent) };
  // One search that is paused again and again as it starts: it goes through sieve and set-up between the pauses.
  const cruncher = new BenchCruncher(options);
  await cruncher.next('started');
  for (let k = 0; k < EARLY_PAUSES; k++) {
    tell(`pause ${k + 1} of ${EARLY_PAUSES} while it starts`);
    early.push(await pauseOnce(cruncher));
    await sleep(EARLY_MS);
  }
  await cruncher.atWork();
  const later: Pause[] = [];
  for (let k = 0; k < LATER_PAUSES; k++) {
    tell(`pause ${k + 1} of ${LATER_PAUSES} in tests`);
    await sleep(LATER_MS);
    later.push(await pauseOnce(cruncher));
  }
  await cruncher.stop();
  const row = (when: string, pauses: readonly Pause[]): PauseRow => {
    const each = pauses.map(({ milliseconds }) => milliseconds);
    const cpuMilliseconds = spreadOf(pauses.map(({ cpu }) => cpu));
    return { when, milliseconds: spreadOf(each), each, cpuMilliseconds, goal: GOAL_MS };
  };
  return [row('sieve, set-up and first test, every 150 ms', early), row('in tests', later)];
}

interface Pause {
  /** From the command to the last CPU time. */
  readonly milliseconds: number;
  /** CPU milliseconds meanwhile. */
  readonly cpu: number;
}

async function pauseOnce(cruncher: BenchCruncher): Promise<Pause> {
  cruncher.send({ type: 'pause', reason: 'user' });
  const looks = await watchCpu(cruncher, LOOK_MS);
  const end = looks.at(-1)?.cpu ?? 0;
  const still = looks.find(({ cpu }) => end - cpu < STILL_MS);
  cruncher.send({ type: 'resume', reason: 'user' });
  return { milliseconds: still?.at ?? LOOK_MS, cpu: end - (looks[0]?.cpu ?? end) };
}

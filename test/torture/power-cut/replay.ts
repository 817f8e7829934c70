/** Goes through a recording, cuts the power after every operation, and looks at what each state becomes. */

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Random } from '../random.ts';
import { Judge, Told } from './after-power-cut.ts';
import { crashStates, digestOf, type Files } from './crash-states.ts';
import { Disk } from './disk.ts';
import { type Opened, openAsProgram } from './opening.ts';
import type { Operation, Recording } from './operations.ts';
import { DATA, putFiles } from './record.ts';

export interface ReplayOptions {
  readonly seed: number;
  /** Random mixtures for every instant. */
  readonly mixtures: number;
  /** Of all instants this share is looked at, but always those at which something else than the logs is written. */
  readonly share?: number;
  /** Ends early when this says so. */
  readonly enough?: (replay: Replay) => boolean;
}

export interface Failure {
  /** The power went after this many operations. */
  readonly instant: number;
  readonly lost: string;
  readonly problem: string;
  readonly files: Files;
}

export interface Replay {
  /** Instants looked at. */
  instants: number;
  /** States that were opened, each another one. */
  states: number;
  /** States that were the same as an earlier one with the same things told. */
  repeated: number;
  /** Openings after which the user was told something, by its first words. */
  readonly told: Map<string, number>;
  readonly failures: Failure[];
  slowestMs: number;
  /** States by what was lost. */
  readonly kinds: Map<string, number>;
}

/** Linux keeps this in memory: opening a store syncs a dozen times. */
const IN_MEMORY = '/dev/shm';

export async function replay(recording: Recording, options: ReplayOptions): Promise<Replay> {
  const { seed, mixtures, share = 1, enough = () => false } = options;
  const random = new Random(`power cuts ${seed}`);
  const place = mkdtempSync(join(existsSync(IN_MEMORY) ? IN_MEMORY : tmpdir(), 'nice19-power-'));
  const result: Replay = {
    instants: 0,
    states: 0,
    repeated: 0,
    told: new Map(),
    failures: [],
    slowestMs: 0,
    kinds: new Map(),
  };
  try {
    const open = (files: Files, name: string) => tryOpening(files, join(place, name), random);
    const judge = await judgeOf(recording, (files) => open(files, 'whole'));
    const told = new Told();
    const disk = new Disk(recording.before);
    const seen = new Set<string>();
    for (const [k, operation] of recording.operations.entries()) {
      disk.apply(operation);
      told.hear(operation);
      if (!isRare(operation) && !random.chance(share)) continue;
      result.instants++;
      for (const { files, lost } of crashStates(disk, random, mixtures)) {
        const key = `${digestOf(files)} ${told.primes.size} ${told.checkpoint}`;
        if (seen.has(key)) {
          result.repeated++;
          continue;
        }
        seen.add(key);
        result.states++;
        count(result.kinds, lost);
        const started = performance.now();
        const opened = await open(files, String(result.states));
        result.slowestMs = Math.max(result.slowestMs, performance.now() - started);
        const problem = typeof opened === 'string' ? opened : judge.problem(opened, told);
        if (problem !== null) result.failures.push({ instant: k + 1, lost, problem, files });
        if (typeof opened !== 'string')
          for (const sentence of opened.sentences) count(result.told, inGeneral(sentence));
      }
      if (enough(result)) break;
    }
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
  return result;
}

/** Making the store, writing its log back, copying it. */
const isRare = (operation: Operation): boolean => operation.do !== 'tell' && !/-wal$|\.jsonl$/.test(operation.name);

const count = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);

/** A sentence without what differs from state to state. */
const inGeneral = (sentence: string): string =>
  sentence.replace(/\S*\/\S+/g, (path) => `…/${basename(path)}`).replace(/\d+(?:[-:.TZ]+\d*)*/g, 'N');

/** Learns the states that the run saved: those that are found when nothing is lost. */
async function judgeOf(recording: Recording, open: (files: Files) => Promise<Opened | string>): Promise<Judge> {
  const judge = new Judge();
  const disk = new Disk(recording.before);
  const learn = async (): Promise<void> => {
    const opened = await open(disk.files());
    if (typeof opened !== 'string') judge.learn(opened);
  };
  await learn();
  for (const operation of recording.operations) {
    disk.apply(operation);
    // Between two syncs nothing becomes part of the store for good.
    if (operation.do === 'sync') await learn();
  }
  return judge;
}

/** @returns what was opened, or why it could not be */
async function tryOpening(files: Files, directory: string, random: Random): Promise<Opened | string> {
  putFiles(files, directory);
  const data = join(directory, DATA);
  // The index of the log is memory: whatever stands in its file after a power cut.
  if (files.has(`${DATA}/nice19.sqlite-wal`) && random.chance(0.5)) {
    writeFileSync(join(data, 'nice19.sqlite-shm'), random.bytes(512));
  }
  try {
    const opened = await openAsProgram(data);
    // Mended is mended: whoever opens it next finds the same, and is told nothing.
    if (opened.sentences.length > 0 || random.chance(0.1)) {
      const again = await openAsProgram(data);
      if (again.sentences.length > 0) return `it is mended at each opening: ${again.sentences[0]}`;
      const same = isDeepStrictEqual([again.search, again.primes], [opened.search, opened.primes]);
      if (!same) return 'the second opening finds something else than the first';
    }
    return opened;
  } catch (error) {
    return `it does not open: ${(error as Error).message.replaceAll(directory, '…')}`;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * A number of 100,000 digits in the real program: what is said inside a test, and whether a test goes on after kill -9 where
 * it was saved. Both saved residues are compared with GMP's power of the same bits.
 */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readCheckpoint } from '../../main/cruncher/store/checkpoint-file.ts';
import { blockCount, blockInterval } from '../../main/search/blocks.ts';
import { run } from './children.ts';
import { BenchCruncher } from './cruncher.ts';
import type { PowerMaker } from './peers.ts';
import { searchDirectory } from './search-directory.ts';

const PROGRAM = fileURLToPath(new URL('../nice19.mjs', import.meta.url));
/** CPU seconds between two checkpoints: GMP has to do again what was done by the first two. */
const CHECKPOINT_EVERY = 1;
const LOOK_SECONDS = 20;

export interface LargeResult {
  readonly digits: number;
  /** Of the first test, as told each second. */
  readonly fractions: readonly number[];
  readonly expectedSecondsToNext: number | null;
  readonly testsPerSecond: number | null;
  /** Bits of the exponent behind it: saved before the kill, and saved next after it. */
  readonly bitBefore: number;
  readonly bitAfter: number;
  /** Whether they are those of GMP. */
  readonly residuesAreRight: boolean;
}

export async function measureLarge(
  digits: number,
  seed: string,
  parent: string,
  powers: PowerMaker,
  tell: (what: string) => void,
): Promise<LargeResult> {
  const directory = await searchDirectory(parent);
  const cruncher = new BenchCruncher({ digits, workers: 1, seed, directory, checkpointEvery: CHECKPOINT_EVERY });
  tell('waiting for a checkpoint inside a test');
  await cruncher.atWork();
  await cruncher.next('checkpoint', ({ reason }) => reason === 'timer');
  await cruncher.killed();
  const before = await saved(directory);
  tell('going on');
  cruncher.again();
  await cruncher.next('started', ({ resumed }) => resumed);
  await cruncher.next('checkpoint', ({ reason }) => reason === 'timer');
  await cruncher.killed();
  const after = await saved(directory);
  tell('comparing with GMP');
  const right = (await isRight(powers, before)) && (await isRight(powers, after));
  cruncher.again();
  tell('progress inside the test');
  const fractions: number[] = [];
  let last: { expectedSecondsToNext: number | null; testsPerSecond: number | null } | undefined;
  cruncher.listen((event) => {
    if (event.type !== 'progress') return;
    last = event.progress;
    fractions.push(event.progress.workers[0]?.fraction ?? 0);
  });
  await sleep(1000 * LOOK_SECONDS);
  await cruncher.stop();
  return {
    digits,
    fractions,
    expectedSecondsToNext: last?.expectedSecondsToNext ?? null,
    testsPerSecond: last?.testsPerSecond ?? null,
    bitBefore: before.bit,
    bitAfter: after.bit,
    residuesAreRight: right && after.bit > before.bit,
  };
}

interface Saved {
  readonly number: bigint;
  /** How many bits of the exponent of the strong test are taken. */
  readonly bit: number;
  readonly residue: bigint;
}

/** What the store of a search has of its first test in progress, by `nice19 checkpoint export`. */
async function saved(directory: string): Promise<Saved> {
  const file = join(directory, '..', 'exported');
  await run(process.execPath, [PROGRAM, 'checkpoint', 'export', file, '--data', directory]);
  const { spec, state } = readCheckpoint(file);
  rmSync(file);
  const unit = state.units.find(({ active }) => active?.stage === 'screen');
  if (unit?.active?.stage !== 'screen') throw new Error('no test was saved');
  const { indices, powers } = unit.active;
  const size = { digits: spec.digits, count: blockCount(spec.digits) };
  const { start } = blockInterval(size, Buffer.from(spec.seed, 'hex'), unit.block);
  const number = start + 2n * BigInt(indices[0] as number);
  const { bit, residue } = powers[0];
  return { number, bit, residue: BigInt(`0x${residue}`) };
}

/** The first bits of d are those of N − 1 = d·2^s. */
async function isRight(powers: PowerMaker, { number, bit, residue }: Saved): Promise<boolean> {
  const { residues } = await powers.make([number], bit);
  return residues[0] === residue;
}

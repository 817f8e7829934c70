/**
 * Data directories for searches as on a computer that has searched before: in its first seconds the first search measures where the
 * kernels cross and keeps that beside the store (main/cruncher/calibration). Here it is measured once, and copied.
 */

import { copyFileSync, existsSync, mkdtempSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CALIBRATION_FILE } from '../../main/cruncher/calibration/calibration.ts';
import { BenchCruncher } from './cruncher.ts';

const LONGEST_MS = 120_000;

/** By the number of cores, on which what is kept depends. */
const measured = new Map<number, Promise<string | null>>();

/** A new data directory. @param parent where it is made */
export async function searchDirectory(parent: string): Promise<string> {
  const cores = availableParallelism();
  const file = measured.get(cores) ?? calibration(parent);
  measured.set(cores, file);
  const directory = mkdtempSync(join(parent, 'search-'));
  const from = await file;
  if (from !== null) copyFileSync(from, join(directory, CALIBRATION_FILE));
  return directory;
}

/** Lets a search run until it has measured. @returns the file; null when there is none after a long time */
async function calibration(parent: string): Promise<string | null> {
  const directory = mkdtempSync(join(parent, 'calibration-'));
  const cruncher = new BenchCruncher({ digits: 1000, workers: 1, seed: '19'.padStart(64, '0'), directory });
  const file = join(directory, CALIBRATION_FILE);
  for (const limit = performance.now() + LONGEST_MS; !existsSync(file) && performance.now() < limit; ) await sleep(100);
  await cruncher.stop();
  return existsSync(file) ? file : null;
}

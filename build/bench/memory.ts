/** Memory of the cruncher with two workers, after it has sieved, tested and saved for a while: the most that was seen. */

import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BenchCruncher, memoryOf } from './cruncher.ts';

const CASES = [
  { digits: 1000, seconds: 20, limit: 150 },
  { digits: 100_000, seconds: 40, limit: 400 },
] as const;
const WORKERS = 2;
/** CPU seconds between two checkpoints: what saving takes shall be in it. */
const CHECKPOINT_EVERY = 4;

export interface MemoryRow {
  readonly digits: number;
  /** Megabytes, the most of all looks: proportional, and resident. */
  readonly pss: number;
  readonly rss: number;
  /** Of the last look, proportional. */
  readonly last: number;
  readonly checkpoints: number;
  readonly limit: number;
}

const MEGABYTE = 1e6;

export async function measureMemory(
  seed: string,
  parent: string,
  tell: (digits: number) => void,
): Promise<MemoryRow[]> {
  const rows: MemoryRow[] = [];
  for (const { digits, seconds, limit } of CASES) {
    tell(digits);
    // A first search: it measures its kernels as well, which takes memory of its own.
    const directory = mkdtempSync(join(parent, 'search-'));
    const cruncher = new BenchCruncher({
      digits,
      workers: WORKERS,
      seed,
      directory,
      checkpointEvery: CHECKPOINT_EVERY,
    });
    let checkpoints = 0;
    cruncher.listen(({ type }) => {
      if (type === 'checkpoint') checkpoints++;
    });
    const looks = [];
    for (const end = performance.now() + 1000 * seconds; performance.now() < end; ) {
      await sleep(200);
      looks.push(memoryOf(cruncher.pid));
    }
    await cruncher.stop();
    const most = (values: number[]): number => Math.max(...values) / MEGABYTE;
    rows.push({
      digits,
      pss: most(looks.map(({ pss }) => pss)),
      rss: most(looks.map(({ rss }) => rss)),
      last: (looks.at(-1)?.pss ?? 0) / MEGABYTE,
      checkpoints,
      limit,
    });
  }
  return rows;
}

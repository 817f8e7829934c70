/** The primes of a data directory as the program itself shows them: `nice19 primes --json`, oldest first. */

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { TortureFailure } from './failure.ts';
import type { Place } from './place.ts';

const CLI = fileURLToPath(new URL('../../main/cli/main.ts', import.meta.url));
const LARGEST_OUTPUT = 1 << 28;

/** @throws TortureFailure when the program cannot say */
export async function storedPrimes(data: string): Promise<Place[]> {
  try {
    const args = [CLI, 'primes', '--data', data, '--json'];
    const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: LARGEST_OUTPUT });
    return (JSON.parse(stdout) as Place[])
      .map(({ block, offset, decimal }) => ({ block, offset, decimal }))
      .toReversed();
  } catch (error) {
    throw new TortureFailure(`its primes cannot be read: ${(error as Error).message}`);
  }
}

/** The primes of a data directory as the program itself shows them: `nice19 primes --json`, oldest first. */

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { TortureFailure } from './failure.ts';
import type { Place } from './place.ts';

const CLI = fileURLToPath(new URL('../../main/cli/main.ts', import.meta.url));
const LARGEST_OUTPUT = 1 << 28;

/** What a user reads who asks a store that is damaged. */
const MENDED_BY_A_SEARCH = /^The store in .* is .*; "nice19 search" mends it from its backups when it starts\.\s*$/;

/** The program says that its store is damaged, and that a search mends it. */
export class ToBeMended extends TortureFailure {}

/** @param said on its standard error, with the exit code 1 */
export function refusal(said: string): TortureFailure {
  const problem = `its primes cannot be read: ${said.trim()}`;
  return MENDED_BY_A_SEARCH.test(said) ? new ToBeMended(problem) : new TortureFailure(problem);
}

/** @throws ToBeMended; TortureFailure when the program cannot say */
export async function storedPrimes(data: string): Promise<Place[]> {
  let said: string;
  try {
    const args = [CLI, 'primes', '--data', data, '--json'];
    ({ stdout: said } = await promisify(execFile)(process.execPath, args, { maxBuffer: LARGEST_OUTPUT }));
  } catch (error) {
    const { code, stderr = '', message } = error as Error & { code?: number; stderr?: string };
    throw code === 1 ? refusal(stderr) : new TortureFailure(`its primes cannot be read: ${message}`);
  }
  return (JSON.parse(said) as Place[]).map(({ block, offset, decimal }) => ({ block, offset, decimal })).toReversed();
}

/** Takes a search over from a checkpoint file. Nothing of it is believed before it is checked. */

import type { SearchJob } from '../../contract/messages.ts';
import type { SearchSpec } from '../../contract/search-spec.ts';
import { searchId } from '../run/search-identity.ts';
import { readCheckpoint } from '../store/checkpoint-file.ts';
import type { StoredSearch } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { begunAnew, checkedClaims } from './claims.ts';
import { type JobContext, Refusal } from './context.ts';

/**
 * @param file the checkpoint
 * @param at now, ISO 8601 in UTC
 * @throws Refusal when the file is not what it should be, does not fit the job, or the store has its search
 */
export async function adoptCheckpoint(
  job: SearchJob,
  file: string,
  store: Pick<Vault, 'search' | 'adopt'>,
  context: Pick<JobContext, 'isStopped'>,
  at: string,
): Promise<StoredSearch> {
  const { spec, state, primes } = readCheckpoint(file);
  const id = searchId(spec);
  requireFit(job, file, spec);
  if (store.search(id) !== null) {
    throw new Refusal(
      `${job.directory} has the search of ${file} already; leave out --restart to go on with it, or choose an empty directory with --data.`,
    );
  }
  const claim = { id, spec, state, primes, setAside: [] };
  const checks = { name: file, isKnown: () => false, tell: () => {}, context };
  for (const checked of await checkedClaims([claim], checks)) {
    store.adopt({ id, spec, state: begunAnew(state), primes: checked.primes, verifiedAt: at, at });
  }
  return store.search(id) as StoredSearch;
}

function requireFit(job: SearchJob, file: string, spec: SearchSpec): void {
  const others = [
    ['--digits', job.digits, spec.digits],
    ['--error', job.errorLog2, spec.errorLog2],
    ['--seed', job.seed, spec.seed],
  ] as const;
  for (const [option, given, inFile] of others) {
    if (given !== null && given !== inFile) {
      throw new Refusal(`${option} does not fit the checkpoint ${file}; leave it out, the checkpoint says what it is.`);
    }
  }
}

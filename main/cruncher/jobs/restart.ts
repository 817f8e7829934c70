/** Takes a search over from a checkpoint file. Nothing of it is believed before it is checked. */

import type { CheckpointContent, UnitData } from '../../contract/checkpoint.ts';
import type { SearchJob } from '../../contract/messages.ts';
import type { SearchSpec } from '../../contract/search-spec.ts';
import { Kernels } from '../../search/kernel-names.ts';
import { isPrimeBelow64Bits } from '../../search/primality/small.ts';
import { StrongPair } from '../../search/primality/strong.ts';
import { primeOf } from '../run/records.ts';
import { searchId } from '../run/search-identity.ts';
import { contentProblem } from '../run/state-check.ts';
import { readCheckpoint } from '../store/checkpoint-file.ts';
import type { StoredSearch } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { type JobContext, nextTurn, Refusal } from './context.ts';

const SQUARINGS_A_SLICE = 2000;

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
  const content = readCheckpoint(file);
  const { spec, state, primes } = content;
  const id = searchId(spec);
  const problem = contentProblem(content);
  if (problem !== null) throw new Refusal(`${file} does not hold what a checkpoint holds: ${problem}.`);
  requireFit(job, file, spec);
  if (store.search(id) !== null) {
    throw new Refusal(
      `${job.directory} has the search of ${file} already; leave out --restart to go on with it, or choose an empty directory with --data.`,
    );
  }
  await requirePrimes(content, id, file, context);
  const begun = { ...state, units: state.units.map(confirmAnew) };
  // One strong test each is enough to believe the file, not to call them verified.
  store.adopt({ id, spec, state: begun, primes, verifiedAt: null, at });
  return store.search(id) as StoredSearch;
}

/**
 * A screen in progress is gone on with: at worst its residue is wrong and a number is lost or confirmed in vain. A
 * confirmation begins again, because residues that came in a file cannot be believed to have passed anything.
 */
function confirmAnew(unit: UnitData): UnitData {
  const { active, passed } = unit;
  return active?.stage === 'confirm' ? { ...unit, active: null, passed: [active.index, ...passed] } : unit;
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

/** The primes that the file claims, those that wait for their turn included: each gets one strong test to base 2. */
async function requirePrimes(
  { spec, state, primes }: CheckpointContent,
  id: string,
  file: string,
  context: Pick<JobContext, 'isStopped'>,
): Promise<void> {
  const kernels = new Kernels();
  const refuse = (what: string) =>
    new Refusal(`${file} claims a prime that is none (${what}); it was not made by nice19 as it stands.`);
  for (const [k, prime] of primes.entries()) {
    const n = primeOf(spec, prime.block, prime.offset);
    const right = prime.searchId === id && prime.decimal === n.toString() && prime.digits === spec.digits;
    if (!right || !(await isPlausible(kernels, n, prime.rounds, spec, context))) throw refuse(`number ${k + 1}`);
  }
  for (const { block, finds } of state.units) {
    for (const { index, rounds } of finds) {
      const plausible = await isPlausible(kernels, primeOf(spec, block, index), rounds, spec, context);
      if (!plausible) throw refuse(`block ${block}, odd number ${index}`);
    }
  }
}

/** Whether it passed the rounds of its search, or none where it is decided with certainty, and a test now. */
async function isPlausible(
  kernels: Kernels,
  n: bigint,
  rounds: number,
  spec: SearchSpec,
  context: Pick<JobContext, 'isStopped'>,
): Promise<boolean> {
  if (n < 1n << 64n) return rounds === 0 && isPrimeBelow64Bits(n);
  if (rounds !== spec.rounds) return false;
  const task = { n, base: 2n };
  const pair = new StrongPair(kernels, [task, task]);
  while (!pair.done) {
    pair.advance(SQUARINGS_A_SLICE);
    await nextTurn();
    if (context.isStopped()) throw new Refusal('Stopped while the checkpoint was being checked; nothing was changed.');
  }
  return pair.verdicts()[0];
}

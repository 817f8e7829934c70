/**
 * `nice19 pool collect`: merges what the jobs of a pool have found, each from its two files, as `nice19 import` does: every
 * prime that is new here is tested again. A job whose files are not what they should be is named and left out; the others
 * are merged one after the other, so that what is held in memory at once is one job's.
 */

import type { CollectJob, CollectReport } from '../../contract/import.ts';
import { searchId } from '../run/search-identity.ts';
import { primesOfJob, readJobFiles } from '../store/job-files.ts';
import { type ClaimedSearch, checkedClaims, Stopped } from './claims.ts';
import { type JobContext, Refusal } from './context.ts';
import { lockPatience, takeDirectory, withVault } from './directory.ts';
import { type ImportVault, mergeWithoutBackup } from './import.ts';

export async function runCollect(job: CollectJob, context: JobContext): Promise<void> {
  context.lowerPriority();
  const now = () => new Date().toISOString();
  const owner = { pid: process.pid, since: now() };
  const lock = await takeDirectory(job.directory, owner, lockPatience(context.isStopped));
  const tell = (sentence: string) => context.emit({ type: 'warning', sentence });
  const report = await withVault({ directory: job.directory, lock, owner, tell }, async (vault) => {
    const collected = await collect(job.from, vault, context, now).catch((error) => {
      if (error instanceof Stopped) return null;
      throw error;
    });
    if (collected === null || collected.changed) vault.backUp();
    return collected?.report ?? null;
  });
  if (report !== null) context.emit({ type: 'collected', report });
}

/** @throws Stopped; what was merged before is whole, and the next time does the rest */
export async function collect(
  directories: readonly string[],
  vault: Omit<ImportVault, 'backUp'>,
  context: Pick<JobContext, 'emit' | 'isStopped'>,
  now: () => string,
): Promise<{ readonly report: CollectReport; readonly changed: boolean }> {
  const report = { jobs: 0, empty: 0, refused: [] as string[], primes: 0, added: 0 };
  let changed = false;
  for (const directory of directories) {
    try {
      const claim = readClaim(directory);
      if (claim === null) {
        report.empty++;
        continue;
      }
      const checked = await checkedClaims([claim], {
        name: directory,
        isKnown: (id, decimal) => vault.hasPrime(id, decimal),
        tell: (tested, of, fraction) => context.emit({ type: 'importing', tested, of, fraction }),
        context,
      });
      const { primes, added, adopted, advanced } = mergeWithoutBackup(checked, vault, now());
      report.jobs++;
      report.primes += primes;
      report.added += added;
      changed ||= added + adopted + advanced > 0;
    } catch (error) {
      if (!(error instanceof Refusal) || error instanceof Stopped) throw error;
      report.refused.push(error.message);
    }
  }
  return { report, changed };
}

function readClaim(directory: string): ClaimedSearch | null {
  const content = readJobFiles(directory);
  if (content === null) return null;
  const { spec, state, setAside } = content.state;
  return { id: searchId(spec), spec, state, primes: primesOfJob(content), setAside };
}

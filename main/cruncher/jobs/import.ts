/**
 * `nice19 import`: merges another data directory, or a checkpoint file, into this one. The primes of a search are always
 * a beginning of one and the same sequence, so of two states of a search the one that is further has all that the other
 * has; a search that is new is adopted as it stands. Everything is checked before anything is changed.
 */

import { lstatSync } from 'node:fs';
import type { SearchState } from '../../contract/checkpoint.ts';
import type { ImportJob, ImportReport } from '../../contract/import.ts';
import { searchId } from '../run/search-identity.ts';
import { readCheckpoint } from '../store/checkpoint-file.ts';
import type { StoredSearch } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { begunAnew, type ClaimedSearch, checkedClaims, Stopped } from './claims.ts';
import { type JobContext, Refusal } from './context.ts';
import { lockPatience, takeDirectory, withVault } from './directory.ts';
import { readForeignStore } from './foreign-store.ts';

/** What an import needs of the vault. */
export type ImportVault = Pick<
  Vault,
  'search' | 'latestSearch' | 'useSearch' | 'adopt' | 'save' | 'hasPrime' | 'countPrimes' | 'cpuSecondsInAll' | 'backUp'
>;

export async function runImport(job: ImportJob, context: JobContext): Promise<void> {
  // What is wrong with the source is said before anything is made or changed.
  const claims = readClaims(job.from);
  context.lowerPriority();
  const now = () => new Date().toISOString();
  const owner = { pid: process.pid, since: now() };
  const lock = await takeDirectory(job.directory, owner, lockPatience(context.isStopped));
  const tell = (sentence: string) => context.emit({ type: 'warning', sentence });
  const report = await withVault({ directory: job.directory, lock, owner, tell }, async (vault) => {
    const checked = await checkedClaims(claims, {
      name: job.from,
      isKnown: (id, decimal) => vault.hasPrime(id, decimal),
      tell: (tested, of, fraction) => context.emit({ type: 'importing', tested, of, fraction }),
      context,
    });
    return merge(checked, vault, now());
  }).catch((error) => {
    if (error instanceof Stopped) return null;
    throw error;
  });
  if (report !== null) context.emit({ type: 'imported', report });
}

/** @throws Refusal */
export function readClaims(from: string): ClaimedSearch[] {
  const found = statOf(from);
  if (found.isDirectory()) return readForeignStore(from);
  if (!found.isFile()) throw new Refusal(`${from} is a link or a device; give a data directory or a checkpoint file.`);
  const { spec, state, primes } = readCheckpoint(from);
  return [{ id: searchId(spec), spec, state, primes, setAside: [] }];
}

/** A link to a directory is the user's own; what is in the directory is not. */
function statOf(from: string): ReturnType<typeof lstatSync> & object {
  try {
    return lstatSync(from);
  } catch (error) {
    throw new Refusal(
      `${from} cannot be read (${(error as Error).message}); give a data directory or a checkpoint file.`,
    );
  }
}

/**
 * Merges searches that were checked.
 * @param at ISO 8601, UTC
 * @throws StorageFault; then what was merged before is whole, and an import of the same does the rest
 */
export function merge(claims: readonly ClaimedSearch[], vault: ImportVault, at: string): ImportReport {
  const report = mergeWithoutBackup(claims, vault, at);
  if (report.adopted + report.advanced + report.added > 0) vault.backUp();
  return report;
}

/** For those that merge many: a backup copies the whole store. @throws StorageFault as `merge` */
export function mergeWithoutBackup(claims: readonly ClaimedSearch[], vault: MergeVault, at: string): ImportReport {
  const latest = vault.latestSearch();
  const report = { searches: claims.length, primes: 0, adopted: 0, advanced: 0, added: 0 };
  for (const claim of claims) {
    report.primes += claim.primes.length;
    const own = vault.search(claim.id);
    if (own === null) {
      adopt(claim, vault, at);
      report.adopted++;
      report.added += claim.primes.length;
    } else {
      const { advanced, added } = advance(own, claim, vault, at);
      if (advanced) report.advanced++;
      report.added += added;
    }
  }
  // What is gone on with is for the user to change, not for a file.
  if (latest !== null && report.adopted > 0) vault.useSearch(latest.id, latest.spec, latest.state, at);
  return report;
}

type MergeVault = Omit<ImportVault, 'backUp'>;

function adopt({ id, spec, state, primes, setAside }: ClaimedSearch, vault: MergeVault, at: string): void {
  const begun = begunAnew(state);
  vault.adopt({ id, spec, state: begun, primes, verifiedAt: at, at });
  if (setAside.length === 0) return;
  vault.save({ id, state: begun, finds: [], setAside, cpuSecondsInAll: vault.cpuSecondsInAll, at });
}

/** Takes over what the other has more: the state when it is further, and primes that are not here in any case. */
function advance(own: StoredSearch, claim: ClaimedSearch, vault: MergeVault, at: string) {
  const { id, primes, setAside } = claim;
  const finds = primes.filter(({ decimal }) => !vault.hasPrime(id, decimal));
  const advanced = isFurther(claim.state, own.state);
  if (!advanced && finds.length === 0) return { advanced, added: 0 };
  const state = advanced ? begunAnew(claim.state) : own.state;
  const found = vault.countPrimes(id) + finds.length;
  const more = advanced ? Math.max(0, claim.state.counters.cpuSeconds - own.state.counters.cpuSeconds) : 0;
  vault.save({
    id,
    state: { ...state, counters: { ...state.counters, found } },
    finds,
    setAside,
    cpuSecondsInAll: vault.cpuSecondsInAll + more,
    at,
  });
  return { advanced, added: finds.length };
}

function isFurther({ position: a }: SearchState, { position: b }: SearchState): boolean {
  return a.block === b.block ? a.index > b.index : a.block > b.block;
}

/** Real files to spoil: searches of several sizes, made by the program itself, with tests in the middle. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckpointContent } from '../../main/contract/checkpoint.ts';
import { searchId } from '../../main/cruncher/run/search-identity.ts';
import { checkpointContent } from '../../main/cruncher/store/checkpoint-file.ts';
import { lockDirectory } from '../../main/cruncher/store/lock.ts';
import type { StoredSearch } from '../../main/cruncher/store/store.ts';
import { Vault } from '../../main/cruncher/store/vault.ts';
import { PaperRun, paperSpec } from '../support/paper-run.ts';
import { filesOf } from '../torture/power-cut/record.ts';

export interface Specimen {
  /** A data directory while the search ran: with a write-ahead log that is not written back. */
  readonly running: ReadonlyMap<string, Buffer>;
  /** After it was closed. */
  readonly closed: ReadonlyMap<string, Buffer>;
  readonly content: CheckpointContent;
}

/** Below 2^64, small, and so large that tests are under way when it stops. */
const SEARCHES = [
  { digits: 12, primes: 6, steps: 0 },
  { digits: 24, primes: 8, steps: 2 },
  { digits: 60, primes: 3, steps: 5 },
] as const;

/** A directory's vault, for tests: opened as the program does. */
export function openVault(directory: string, tell: (sentence: string) => void = () => {}): Vault {
  const owner = { pid: process.pid, since: '2026-01-02T03:04:05.678Z' };
  const taken = lockDirectory(directory, owner);
  if (!taken.ok) throw new Error(`somebody else has ${directory}`);
  return Vault.open({ directory, lock: taken.lock, owner, tell });
}

export async function makeCorpus(place: string): Promise<Specimen[]> {
  const corpus: Specimen[] = [];
  for (const { digits, primes, steps } of SEARCHES) {
    const directory = join(place, `search-${digits}`);
    mkdirSync(directory);
    const vault = openVault(directory);
    const spec = paperSpec(digits, 19);
    const paper = new PaperRun({ store: vault, spec, count: null }).start();
    await paper.until(() => paper.primes.length >= primes);
    for (let k = 0; k < steps; k++) await paper.step();
    void paper.run.stop();
    await paper.untilEnd();
    const search = vault.search(searchId(spec)) as StoredSearch;
    const content = checkpointContent(search, vault.primesOf(search.id), '2026-01-02T03:04:05.678Z');
    const running = filesOf(directory);
    await vault.close();
    corpus.push({ running, closed: filesOf(directory), content });
  }
  return corpus;
}

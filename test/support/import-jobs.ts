/** Importing as the tests do it: searches that are made once and copied, and what a directory has before and after. */

import { hash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';
import type { CruncherEvent } from '../../main/contract/messages.ts';
import { type JobContext, Refusal } from '../../main/cruncher/jobs/context.ts';
import { runImport } from '../../main/cruncher/jobs/import.ts';
import { searchId } from '../../main/cruncher/run/search-identity.ts';
import { Store, type StoredSearch } from '../../main/cruncher/store/store.ts';
import { PaperRun, paperSpec } from './paper-run.ts';

export const NOW = '2026-01-02T03:04:05.678Z';
export const spec = paperSpec(30, 11);
export const id = searchId(spec);
export const otherSpec = paperSpec(25, 12);
export const VERSION_1 = fileURLToPath(new URL('../data/stores/version-1.sqlite', import.meta.url));

const made = new Map<string, string>();
let shelf: string;
beforeAll(() => {
  shelf = mkdtempSync(join(tmpdir(), 'nice19-import-'));
});
afterAll(() => rmSync(shelf, { recursive: true, force: true }));

/** Searches, in a directory that is not there yet, until there are so many primes; the same is done once only. */
export async function searched(directory: string, primes: number, what = spec): Promise<string> {
  const key = `${searchId(what)} ${primes}`;
  const same = made.get(key) ?? (await searchedOn(join(shelf, key), primes, what));
  made.set(key, same);
  cpSync(same, directory, { recursive: true });
  return directory;
}

/** Goes on with a search until there are so many primes. */
export async function searchedOn(directory: string, primes: number, what = spec): Promise<string> {
  mkdirSync(directory, { recursive: true });
  const store = Store.open(directory);
  const paper = new PaperRun({ store, spec: what, count: null }).start();
  await paper.until(() => store.countPrimes(searchId(what)) >= primes && paper.workers[0]?.unit?.active != null);
  void paper.run.stop();
  await paper.untilEnd();
  store.close();
  return directory;
}

export function reading<T>(directory: string, read: (store: Store) => T): T {
  const store = Store.openToRead(directory);
  if (store === null) throw new Error(`there is no store in ${directory}`);
  try {
    return read(store);
  } finally {
    store.close();
  }
}

interface Kept {
  readonly searches: readonly StoredSearch[];
  readonly primes: readonly string[];
  readonly latest: string | undefined;
}

export const kept = (directory: string): Kept =>
  reading(directory, (store) => ({
    searches: store.searches().toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    primes: [...store.everyPrime()].map(({ prime }) => `${prime.searchId} ${prime.decimal}`),
    latest: store.latestSearch()?.id,
  }));

export const decimals = (directory: string): string[] =>
  reading(directory, (store) => store.primesOf(id).map(({ decimal }) => decimal));

export async function imported(directory: string, from: string, isStopped = () => false): Promise<CruncherEvent[]> {
  const events: CruncherEvent[] = [];
  const context = { emit: (event: CruncherEvent) => void events.push(event), isStopped, lowerPriority: () => ({}) };
  await runImport({ type: 'import', directory, from }, context as unknown as JobContext);
  return events;
}

export async function report(directory: string, from: string) {
  const events = await imported(directory, from);
  return events.flatMap((event) => (event.type === 'imported' ? [event.report] : []))[0];
}

export const refusal = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => Promise.reject(new Error('it was not refused')),
    (error: unknown) => (error instanceof Refusal ? error.message : Promise.reject(error)),
  );

/** Every file of a directory and the digest of its bytes. */
export const files = (directory: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => [join(parentPath, name), hash('sha256', readFileSync(join(parentPath, name)))]),
  );

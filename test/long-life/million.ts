/**
 * Queries of a store with very many primes. The records are shaped as real ones and in a real store; the numbers are
 * made up, since nobody has to believe them.
 */

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { CruncherEvent } from '../../main/contract/messages.ts';

import type { JobContext } from '../../main/cruncher/jobs/context.ts';
import { answerStatus } from '../../main/cruncher/jobs/queries.ts';
import { makeSpec, SEARCH_START, searchId } from '../../main/cruncher/run/search-identity.ts';
import { Store } from '../../main/cruncher/store/store.ts';
import { somePrime } from '../support/arbitrary-search.ts';

export interface QueryTimes {
  readonly records: number;
  readonly digits: number;
  /** Of the store's files. */
  readonly bytesPerPrime: number;
  readonly fillSeconds: number;
  /** Milliseconds, the median and the slowest of some. */
  readonly queries: readonly { readonly query: string; readonly medianMs: number; readonly slowestMs: number }[];
}

export const LONGEST_PAGE_MS = 20;
const PAGE = 100;
const BATCH = 10_000;
const REPETITIONS = 21;

export async function measureQueries(directory: string, records: number, digits: number): Promise<QueryTimes> {
  const fillSeconds = fill(directory, records, digits);
  const sizes = readdirSync(directory).map((name) => statSync(join(directory, name)).size);
  const store = Store.openToRead(directory);
  if (store === null) throw new Error('the store is empty');
  const id = searchId(specOf(digits));
  const [some] = store.primes(records / 2, 1);
  const context = { emit: (_: CruncherEvent) => {} } as JobContext;
  const queries = {
    'first page': () => store.primes(Number.POSITIVE_INFINITY, PAGE).length,
    'page in the middle': () => store.primes(Math.floor(records / 2), PAGE).length,
    'last page': () => store.primes(PAGE + 1, PAGE).length,
    'how many there are': () => store.countPrimes(),
    'whether a prime is there': () => store.hasPrime(id, some?.prime.decimal ?? ''),
    'the latest search': () => store.latestSearch(),
    'all of "nice19 status"': () => answerStatus({ type: 'status', directory }, context),
  };
  const times: QueryTimes['queries'][number][] = [];
  try {
    for (const [query, ask] of Object.entries(queries)) times.push({ query, ...(await timed(ask)) });
  } finally {
    store.close();
  }
  const bytesPerPrime = sizes.reduce((sum, size) => sum + size, 0) / records;
  return { records, digits, bytesPerPrime, fillSeconds, queries: times };
}

const specOf = (digits: number) => makeSpec(digits, -80, 'ab'.repeat(32));

/** @returns seconds */
function fill(directory: string, records: number, digits: number): number {
  const started = performance.now();
  const store = Store.open(directory);
  const spec = specOf(digits);
  const id = searchId(spec);
  const at = '2026-01-02T03:04:05.678Z';
  store.useSearch(id, spec, SEARCH_START, at);
  const tail = '7'.repeat(digits - 10);
  for (let from = 0; from < records; from += BATCH) {
    const finds = Array.from({ length: Math.min(BATCH, records - from) }, (_, k) => {
      const number = from + k;
      return somePrime(id, `${1_000_000_000 + number}${tail}`, {
        block: Math.floor(number / 900),
        offset: 1000 * (number % 900),
        rounds: spec.rounds,
        cpuSeconds: 0.5 + number / 1e6,
      });
    });
    const state = { ...SEARCH_START, counters: { ...SEARCH_START.counters, found: from + finds.length } };
    store.save({ id, state, finds, cpuSecondsInAll: 0, at });
  }
  store.close();
  return (performance.now() - started) / 1000;
}

async function timed(ask: () => unknown): Promise<{ medianMs: number; slowestMs: number }> {
  const times: number[] = [];
  for (let k = 0; k < REPETITIONS; k++) {
    const started = performance.now();
    await ask();
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  return { medianMs: times[REPETITIONS >> 1] as number, slowestMs: times.at(-1) as number };
}

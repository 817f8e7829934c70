/**
 * Queries of a store with very many primes, and pages of the window's table. The records are shaped as real ones and in a
 * real store, of two searches by turns; the numbers are made up, since nobody has to believe them, with random ends.
 */

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { NEWEST_FIRST, type PageQuery } from '../../main/contract/library.ts';
import type { CruncherEvent } from '../../main/contract/messages.ts';
import type { JobContext } from '../../main/cruncher/jobs/context.ts';
import { summaryOf } from '../../main/cruncher/jobs/prime-summary.ts';
import { answerStatus } from '../../main/cruncher/jobs/queries.ts';
import { ReadingRoom } from '../../main/cruncher/jobs/reading-room.ts';
import { makeSpec, SEARCH_START, searchId } from '../../main/cruncher/run/search-identity.ts';
import { Store } from '../../main/cruncher/store/store.ts';
import { somePrime } from '../support/arbitrary-search.ts';

export interface QueryTimes {
  readonly records: number;
  readonly digits: number;
  /** Of the store's files. */
  readonly bytesPerPrime: number;
  readonly fillSeconds: number;
  /** Milliseconds of CPU time, the median and the slowest of some: what else the machine does is not in it. */
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
  const room = new ReadingRoom({ directory, warn: () => {} });
  const table = (query: Partial<PageQuery>) => () =>
    room.read((there) => there?.page({ ...FIRST_PAGE, ...query }).rows.map(summaryOf).length);
  const deep = Math.floor(0.9 * records);
  const middle = Math.floor(records / 2);
  const one = { digitsAtLeast: digits, digitsAtMost: digits };
  const context = { emit: (_: CruncherEvent) => {} } as JobContext;
  const queries = {
    'first page': () => store.primes(Number.POSITIVE_INFINITY, PAGE).length,
    'page in the middle': () => store.primes(Math.floor(records / 2), PAGE).length,
    'last page': () => store.primes(PAGE + 1, PAGE).length,
    'how many there are': () => store.countPrimes(),
    'whether a prime is there': () => store.hasPrime(id, some?.prime.decimal ?? ''),
    'the latest search': () => store.latestSearch(),
    'all of "nice19 status"': () => answerStatus({ type: 'status', directory }, context),
    'table: newest first': table({}),
    'table: found, at 90 %': table({ descending: false, offset: deep }),
    'table: one size, at 80 %': table({ ...one, offset: Math.floor(0.8 * records) }),
    'table: digits, in the middle': table({ order: 'digits', offset: middle }),
    'table: CPU time, most first': table({ order: 'cpu' }),
    'table: CPU time, in the middle': table({ order: 'cpu', offset: middle }),
    'table: CPU time, at 90 %': table({ order: 'cpu', offset: deep }),
    'table: one size by CPU time': table({ ...one, order: 'cpu', offset: Math.floor(0.45 * records) }),
    'table: one digit typed': table({ typed: '7', offset: Math.floor(0.1 * records) }),
    'table: two digits typed': table({ typed: '71' }),
    'table: two digits, by CPU time': table({ typed: '71', order: 'cpu' }),
    'table: three digits typed': table({ typed: '317' }),
    'table: eight digits typed': table({ typed: (some?.prime.decimal ?? '').slice(-8) }),
    'table: a missing number': table({ typed: '123456789012' }),
  };
  const times: QueryTimes['queries'][number][] = [];
  try {
    for (const [query, ask] of Object.entries(queries)) times.push({ query, ...(await timed(ask)) });
  } finally {
    store.close();
    room.close();
  }
  const bytesPerPrime = sizes.reduce((sum, size) => sum + size, 0) / records;
  return { records, digits, bytesPerPrime, fillSeconds, queries: times };
}

const FIRST_PAGE: PageQuery = { ...NEWEST_FIRST, offset: 0, limit: PAGE };

/** Of every ten batches the last is of the other search. */
const isOther = (from: number): boolean => Math.floor(from / BATCH) % 10 === 9;

const specOf = (digits: number) => makeSpec(digits, -80, 'ab'.repeat(32));

/** @returns seconds */
function fill(directory: string, records: number, digits: number): number {
  const started = performance.now();
  const store = Store.open(directory);
  const at = '2026-01-02T03:04:05.678Z';
  const draw = uniform();
  const counts = new Map<string, number>();
  let cpuSecondsInAll = 0;
  for (let from = 0; from < records; from += BATCH) {
    const size = isOther(from) ? digits - 1 : digits;
    const spec = specOf(size);
    const id = searchId(spec);
    store.useSearch(id, spec, SEARCH_START, at);
    const middle = '7'.repeat(size - 18);
    const finds = Array.from({ length: Math.min(BATCH, records - from) }, (_, k) => {
      const number = from + k;
      const cpuSeconds = -0.5 * Math.log(1 - draw());
      cpuSecondsInAll += cpuSeconds;
      const [first, last] = [Math.floor(1e8 + 9e8 * draw()), String(Math.floor(1e9 * draw())).padStart(9, '0')];
      return somePrime(id, `${first}${middle}${last}`, {
        block: Math.floor(number / 900),
        offset: 1000 * (number % 900),
        rounds: spec.rounds,
        cpuSeconds,
      });
    });
    const found = (counts.get(id) ?? 0) + finds.length;
    counts.set(id, found);
    const state = { ...SEARCH_START, counters: { ...SEARCH_START.counters, found } };
    store.save({ id, state, finds, cpuSecondsInAll, at });
  }
  store.close();
  return (performance.now() - started) / 1000;
}

/** The same each time; Park and Miller's. @returns from 0 to below 1 */
function uniform(): () => number {
  let state = 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return (state - 1) / 2_147_483_646;
  };
}

async function timed(ask: () => unknown): Promise<{ medianMs: number; slowestMs: number }> {
  const times: number[] = [];
  for (let k = 0; k < REPETITIONS; k++) {
    const before = process.cpuUsage();
    await ask();
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  times.sort((a, b) => a - b);
  return { medianMs: times[REPETITIONS >> 1] as number, slowestMs: times.at(-1) as number };
}

/** The library job, below the process: every question, beside a search that writes, on good stores and bad. */

import { checkPrimeSync } from 'node:crypto';
import { cpSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as v from 'valibot';
import { expect, onTestFinished, test } from 'vitest';
import {
  type Answer,
  AnswerSchema,
  type AnswerTo,
  NEWEST_FIRST,
  type PageQuery,
  type Question,
} from '../../../main/contract/library.ts';
import { type Command, type CruncherEvent, EventSchema } from '../../../main/contract/messages.ts';
import type { JobContext } from '../../../main/cruncher/jobs/context.ts';
import { runLibrary } from '../../../main/cruncher/jobs/library.ts';
import { SEARCH_START, searchId } from '../../../main/cruncher/run/search-identity.ts';
import { STORE_VERSION } from '../../../main/cruncher/store/schema.ts';
import { Store } from '../../../main/cruncher/store/store.ts';
import { somePrime } from '../../support/arbitrary-search.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { firstPrimes } from '../../support/first-primes.ts';
import { PaperRun, paperSpec } from '../../support/paper-run.ts';
import { find, openVault, saving, searchedVault } from '../../support/vaults.ts';

const spec = paperSpec(30, 11);
const id = searchId(spec);

/** The job with a parent on paper; it is told to stop when the test ends. */
function openLibrary(directory: string) {
  const events: CruncherEvent[] = [];
  const heard: ((event: CruncherEvent) => void)[] = [];
  const stop = Promise.withResolvers<void>();
  let stopped = false;
  let tell: (command: Command) => void = () => {
    throw new Error('nobody listens');
  };
  const context = {
    emit(event: CruncherEvent) {
      events.push(v.parse(EventSchema, event));
      for (const hear of heard) hear(event);
    },
    onCommand: (listener: typeof tell) => {
      tell = listener;
    },
    stopped: stop.promise,
    isStopped: () => stopped,
  } as unknown as JobContext;
  const ended = runLibrary({ type: 'library', directory }, context);
  let asked = 0;
  const close = async () => {
    stopped = true;
    stop.resolve();
    await ended;
  };
  onTestFinished(close);
  const ask = (question: Question): Promise<Answer | string> => {
    const number = ++asked;
    return new Promise((resolve) => {
      heard.push((event) => {
        if (event.type === 'answer' && event.id === number) resolve(v.parse(AnswerSchema, event.answer));
        if (event.type === 'unanswered' && event.id === number) resolve(event.sentence);
      });
      tell({ type: 'ask', id: number, question });
    });
  };
  return {
    events,
    close,
    ended,
    ask,
    async answer<Q extends Question>(question: Q): Promise<AnswerTo<Q['ask']>> {
      const answer = await ask(question);
      if (typeof answer === 'string') throw new Error(answer);
      return answer as AnswerTo<Q['ask']>;
    },
    warnings: () => events.flatMap((event) => (event.type === 'warning' ? [event.sentence] : [])),
  };
}

const ALL: PageQuery = { ...NEWEST_FIRST, offset: 0, limit: 100 };
const QUESTIONS: readonly Question[] = [
  { ask: 'page', query: ALL },
  { ask: 'prime', number: 1 },
  { ask: 'history', range: 'all' },
  { ask: 'estimates', digits: [10, 1000, 100_000] },
  { ask: 'challenge', digits: null },
];

/** A directory that a search on paper was at, with primes. */
async function searched(count = 8): Promise<{ directory: string; primes: string[] }> {
  const directory = temporaryDirectory();
  const store = Store.open(directory);
  const paper = new PaperRun({ store, spec, count }).start();
  await paper.untilEnd();
  store.close();
  return { directory, primes: paper.primes };
}

test('where there is nothing everything is answered, with nothing, and no file is made', async () => {
  for (const directory of [temporaryDirectory(), join(temporaryDirectory(), 'not', 'there')]) {
    const { answer, ask } = openLibrary(directory);
    const [page, prime, history, estimates, challenge] = await Promise.all(
      QUESTIONS.map((question) => answer(question)),
    );
    expect([page, prime, history, challenge]).toEqual([
      { ask: 'page', page: { total: 0, rows: [] } },
      { ask: 'prime', prime: null },
      { ask: 'history', history: { points: [], since: null } },
      { ask: 'challenge', challenge: null },
    ]);
    expect(estimates).toMatchObject({ estimates: [{ measured: false }, { measured: false }, { measured: false }] });
    expect(await ask({ ask: 'recheck', number: 1 })).toBe('There is no prime with the number 1.');
    if (directory.endsWith('there')) continue;
    expect(readdirSync(directory)).toEqual([]);
  }
});

test('primes are shown as they were found, with bases, and their ends', async () => {
  const { directory, primes } = await searched();
  expect(primes).toEqual(firstPrimes(spec, 8));
  const { answer } = openLibrary(directory);
  const { page } = await answer({ ask: 'page', query: { ...ALL, offset: 2, limit: 3 } });
  expect(page.total).toBe(8);
  expect(page.rows.map(({ number, digits, first, last }) => [number, digits, first, last])).toEqual(
    [6, 5, 4].map((number) => {
      const decimal = primes[number - 1] as string;
      return [number, 30, decimal.slice(0, 12), decimal.slice(-12)];
    }),
  );
  const { prime } = await answer({ ask: 'prime', number: 6 });
  expect(prime?.summary).toEqual(page.rows[0]);
  expect(prime?.record.decimal).toBe(primes[5]);
  expect(prime?.record.bases.length).toBe(20);
  expect(await answer({ ask: 'prime', number: 9 })).toEqual({ ask: 'prime', prime: null });
});

test('a number of up to 24 digits has all of them in its first', async () => {
  const directory = temporaryDirectory();
  const store = Store.open(directory);
  store.useSearch(id, spec, SEARCH_START, 'now');
  const decimals = ['1234567891', '123456789012345678901234', '1234567890123456789012345'];
  const finds = decimals.map((decimal) => somePrime(id, decimal));
  store.save({ id, state: SEARCH_START, finds, cpuSecondsInAll: 0, at: 'now' });
  store.close();
  const { page } = await openLibrary(directory).answer({ ask: 'page', query: { ...ALL, descending: false } });
  expect(page.rows.map(({ first, last }) => [first, last])).toEqual([
    ['1234567891', ''],
    ['123456789012345678901234', ''],
    ['123456789012', '456789012345'],
  ]);
});

test('what a search saves meanwhile is on the next page, removed primes are not, and the search is never in the way', async () => {
  const { vault, directory } = searchedVault(2);
  const { answer } = openLibrary(directory);
  const numbers = async (query: Partial<PageQuery> = {}) =>
    (await answer({ ask: 'page', query: { ...ALL, ...query } })).page.rows.map(({ number }) => number);
  expect(await numbers()).toEqual([2, 1]);
  for (let k = 3; k <= 5; k++) vault.save(saving(k));
  vault.setRemoved(4, '2026-01-02T03:04:05.678Z');
  expect(await numbers()).toEqual([5, 3, 2, 1]);
  expect(await numbers({ removed: true })).toEqual([4]);
  const { prime } = await answer({ ask: 'prime', number: 4 });
  expect(prime?.summary.removed).toBe(true);
  vault.setRemoved(4, null);
  expect(await numbers()).toEqual([5, 4, 3, 2, 1]);
});

test('a store that takes the place of the one that was read is read from then on; a directory that begins, too', async () => {
  const first = await searched(3);
  const second = await searched(6);
  const { answer } = openLibrary(first.directory);
  const total = async () => (await answer({ ask: 'page', query: ALL })).page.total;
  expect(await total()).toBe(3);
  cpSync(join(second.directory, 'nice19.sqlite'), join(first.directory, 'new'));
  renameSync(join(first.directory, 'new'), join(first.directory, 'nice19.sqlite'));
  expect(await total()).toBe(6);
  rmSync(join(first.directory, 'nice19.sqlite'));
  expect(await total()).toBe(0);
  cpSync(join(second.directory, 'nice19.sqlite'), join(first.directory, 'nice19.sqlite'));
  expect(await total()).toBe(6);
});

test('a store of an older version is read, and read anew when a search has brought it up to date', async () => {
  const directory = temporaryDirectory();
  cpSync(new URL('../../data/stores/version-2.sqlite', import.meta.url), join(directory, 'nice19.sqlite'));
  const { answer } = openLibrary(directory);
  const total = async () => (await answer({ ask: 'page', query: ALL })).page.total;
  expect(await total()).toBe(30);
  const { vault } = openVault(directory);
  vault.setRemoved(7, '2026-01-02T03:04:05.678Z');
  expect(await total()).toBe(29);
});

test('damage is said in a sentence that says who mends it, nothing is mended, and afterwards it answers again', async () => {
  const { vault, directory } = searchedVault(3);
  const file = join(directory, 'nice19.sqlite');
  await vault.close();
  const { ask, answer } = openLibrary(directory);
  expect((await answer({ ask: 'page', query: ALL })).page.total).toBe(3);
  const whole = join(directory, 'whole');
  cpSync(file, whole);
  rmSync(file);
  writeFileSync(file, 'Dear diary');
  const damaged =
    /^The store in .* is damaged \(file is not a database\); "nice19 search" mends it from its backups when it starts\.$/;
  for (const question of QUESTIONS) expect(await ask(question)).toMatch(damaged);
  expect(await ask({ ask: 'recheck', number: 1 })).toMatch(damaged);
  rmSync(file);
  for (const question of QUESTIONS) expect(await ask(question)).toMatch(/^The store in .* is missing; .*\.$/);
  renameSync(whole, file);
  expect((await answer({ ask: 'page', query: ALL })).page.total).toBe(3);
  const newer = new DatabaseSync(file);
  newer.exec(`PRAGMA user_version = ${STORE_VERSION + 1}`);
  newer.close();
  const later = openLibrary(directory);
  for (const question of QUESTIONS)
    expect(await later.ask(question)).toMatch(/^The store .* is from a newer nice19 .*\.$/);
});

test('a prime that is damaged is left out of the page, and said once; digits that can be worked out again are', async () => {
  const { vault, directory } = searchedVault(4);
  await vault.close();
  const database = new DatabaseSync(join(directory, 'nice19.sqlite'));
  database.exec("UPDATE prime SET cpu_seconds = 7 WHERE number = 2; UPDATE prime SET decimal = '9' WHERE number = 3");
  database.close();
  const { answer, ask, warnings } = openLibrary(directory);
  for (let times = 0; times < 2; times++) {
    const { page } = await answer({ ask: 'page', query: ALL });
    expect(page).toMatchObject({ total: 4, rows: [{ number: 4 }, { number: 3, digits: 30 }, { number: 1 }] });
  }
  expect((await answer({ ask: 'prime', number: 3 })).prime?.record.decimal).toBe(find(3).decimal);
  expect(await ask({ ask: 'prime', number: 2 })).toMatch(/is damaged \(prime 2 is not what was written\)/);
  expect(warnings()).toEqual([
    `the store in ${directory} is damaged: the digits of prime 3 were worked out again`,
    expect.stringMatching(/is damaged: prime 2 cannot be read and is left out; "nice19 search" mends it/),
  ]);
});

test('what others wrote into records is text and stays as it is; sentences have none of it', async () => {
  const directory = temporaryDirectory();
  const store = Store.open(directory);
  const host = '<img src=x onerror=alert(1)>\u001b[2J\u202e';
  store.useSearch(id, spec, SEARCH_START, '<b>\u001b');
  const [decimal] = firstPrimes(spec, 1) as [string];
  const find = somePrime(id, decimal, { host, kernels: [host], foundAt: '<i>' });
  store.save({ id, state: SEARCH_START, finds: [find], cpuSecondsInAll: 0, at: host });
  store.setRemoved(1, host);
  store.close();
  const { answer } = openLibrary(directory);
  const { prime } = await answer({ ask: 'prime', number: 1 });
  expect(prime?.record.host).toBe(host);
  expect(prime?.summary.verifiedAt).toBeNull();
  expect((await answer({ ask: 'history', range: 'all' })).history).toEqual({ points: [], since: null });
  const { recheck } = await answer({ ask: 'recheck', number: 1 });
  expect(recheck.passed).toBe(true);
  expect(recheck.sentence).toMatch(/^[\w ,;.^’-]+$/);
});

test('a recheck tells how far it is, and other questions are answered meanwhile', async () => {
  const directory = temporaryDirectory();
  const store = Store.open(directory);
  store.useSearch(id, spec, SEARCH_START, 'now');
  const mersenne = (2n ** 1279n - 1n).toString();
  const finds = [somePrime(id, mersenne), somePrime(id, (2n ** 1279n - 3n).toString()), somePrime(id, '1000000007')];
  store.save({ id, state: SEARCH_START, finds, cpuSecondsInAll: 0, at: 'now' });
  store.close();
  const { ask, answer, events, close, ended } = openLibrary(directory);
  const rechecks = [1, 2, 3].map((number) => answer({ ask: 'recheck', number }));
  let pages = 0;
  for (let done = false; !done; pages++) {
    await ask({ ask: 'page', query: ALL });
    await new Promise((resolve) => setImmediate(resolve));
    done = events.some((event) => event.type === 'answer' && event.id === 1);
  }
  expect(pages).toBeGreaterThan(2);
  const [prime, composite, small] = await Promise.all(rechecks);
  expect(prime?.recheck.passed).toBe(true);
  expect(prime?.recheck.cpuSeconds).toBeGreaterThan(0);
  expect(composite?.recheck).toMatchObject({ passed: false, sentence: expect.stringMatching(/^It did not pass: /) });
  expect(small?.recheck.sentence).toMatch(/^It is prime, with certainty: /);
  const told = events.flatMap((event) => (event.type === 'rechecking' && event.id === 1 ? [event.fraction] : []));
  expect(told).toEqual([...told].sort((a, b) => a - b));
  expect(told.at(-1)).toBe(1);
  // Told to stop in the middle of one, it ends at once and says no more.
  void ask({ ask: 'recheck', number: 1 });
  await new Promise((resolve) => setImmediate(resolve));
  const before = events.length;
  await close();
  await ended;
  expect(events.length).toBe(before);
});

test('the library changes nothing: to remove is for whoever searches', async () => {
  const { directory } = await searched(2);
  const { ask, answer } = openLibrary(directory);
  for (const what of ['remove', 'restore'] as const) {
    expect(await ask({ ask: what, number: 1 })).toMatch(/^The library only reads; .*\.$/);
  }
  expect((await answer({ ask: 'page', query: ALL })).page.total).toBe(2);
});

test('a challenge is the product of two of its primes, to the digit', async () => {
  const { directory, primes } = await searched(8);
  const { answer } = openLibrary(directory);
  const { challenge } = await answer({ ask: 'challenge', digits: 60 });
  const [p, q] = (challenge?.factors ?? []).map((number) => BigInt(primes[number - 1] as string)) as [bigint, bigint];
  expect(challenge?.composite).toBe((p * q).toString());
  expect(challenge?.digits).toBe(challenge?.composite.length);
  expect(p).not.toBe(q);
  for (const factor of [p, q]) expect(checkPrimeSync(factor)).toBe(true);
});

/** The jobs about a data directory, below the process: what they refuse, and that nothing is changed then. */

import { checkPrimeSync, createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { CheckpointContent } from '../../main/contract/checkpoint.ts';
import type { CruncherEvent, SearchJob } from '../../main/contract/messages.ts';
import { type JobContext, Refusal } from '../../main/cruncher/jobs/context.ts';
import { takeDirectory, withStore, withVault } from '../../main/cruncher/jobs/directory.ts';
import { answerPrimes, answerStatus, exportCheckpoint, showCheckpoint } from '../../main/cruncher/jobs/queries.ts';
import { adoptCheckpoint } from '../../main/cruncher/jobs/restart.ts';
import { primeOf } from '../../main/cruncher/run/records.ts';
import { SEARCH_START, searchId } from '../../main/cruncher/run/search-identity.ts';
import { decodeCheckpoint, encodeCheckpoint, readCheckpoint } from '../../main/cruncher/store/checkpoint-file.ts';
import { lockDirectory } from '../../main/cruncher/store/lock.ts';
import { STORE_VERSION } from '../../main/cruncher/store/schema.ts';
import { StorageFault } from '../../main/cruncher/store/storage-fault.ts';
import { Store } from '../../main/cruncher/store/store.ts';
import { Vault } from '../../main/cruncher/store/vault.ts';
import { blockCount, blockInterval } from '../../main/search/blocks.ts';
import { somePrime } from '../support/arbitrary-search.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { firstPrimes } from '../support/first-primes.ts';
import { PaperRun, paperSpec } from '../support/paper-run.ts';

const spec = paperSpec(30, 11);
const id = searchId(spec);
const NOW = '2026-01-02T03:04:05.678Z';

function listening(): { context: JobContext; events: CruncherEvent[] } {
  const events: CruncherEvent[] = [];
  const context = { emit: (event: CruncherEvent) => void events.push(event), isStopped: () => false };
  return { context: context as unknown as JobContext, events };
}

/** A directory with a search that was stopped in the middle of a screen, after some primes. */
async function searched(directory = temporaryDirectory()): Promise<{ directory: string; primes: string[] }> {
  const store = Store.open(directory);
  const paper = new PaperRun({ store, spec, count: null }).start();
  await paper.until(() => paper.primes.length >= 3 && paper.workers[0]?.unit?.active?.stage === 'screen');
  void paper.run.stop();
  await paper.untilEnd();
  store.close();
  return { directory, primes: paper.primes };
}

const searchJob = (directory: string, changes: Partial<SearchJob> = {}): SearchJob => ({
  type: 'search',
  directory,
  digits: null,
  errorLog2: null,
  seed: null,
  restart: null,
  count: null,
  workers: null,
  checkpointEvery: 300,
  kernel: null,
  ...changes,
});

const refusal = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => Promise.reject(new Error('it was not refused')),
    (error: unknown) => (error instanceof Refusal ? error.message : Promise.reject(error)),
  );

test('a directory that is taken is tried again until it is free', async () => {
  const directory = temporaryDirectory();
  const first = lockDirectory(directory, { pid: 4711, since: NOW });
  if (!first.ok) throw new Error('the directory is taken');
  let looks = 0;
  const patience = {
    patienceMs: 60_000,
    retryMs: 1,
    isStopped: () => {
      // Asked after every attempt that failed.
      if (++looks === 3) first.lock.release();
      return false;
    },
  };
  const lock = await takeDirectory(directory, { pid: 1, since: NOW }, patience);
  expect(looks).toBe(3);
  lock.release();
});

test('a directory that stays taken is refused, with who has it; being stopped ends the waiting', async () => {
  const directory = temporaryDirectory();
  const first = lockDirectory(directory, { pid: 4711, since: NOW });
  const short = { patienceMs: 5, retryMs: 1, isStopped: () => false };
  const sentence = await refusal(takeDirectory(directory, { pid: 1, since: NOW }, short));
  expect(sentence).toBe(
    `Another nice19 (process 4711, since ${NOW}) is searching in ${directory}; stop it, or choose another directory with --data.`,
  );
  const stopped = { patienceMs: 1e9, retryMs: 1e9, isStopped: () => true };
  await refusal(takeDirectory(directory, { pid: 1, since: NOW }, stopped));
  if (first.ok) first.lock.release();
  const file = join(directory, 'file');
  writeFileSync(file, '');
  expect(await refusal(takeDirectory(file, { pid: 1, since: NOW }, short))).toMatch(/file cannot be used .*--data\.$/);
});

test('damage is refused with a sentence also when it shows only while the job works', async () => {
  const { directory } = await searched();
  const damaged = Object.assign(new Error('database disk image is malformed'), { errcode: 11 });
  let opened: Store | null = null;
  const work = withStore(directory, (store) => {
    opened = store;
    throw damaged;
  });
  expect(await refusal(work)).toMatch(/^The store in .* is damaged \(database disk image is malformed\); .*\.$/);
  expect(() => (opened as unknown as Store).countPrimes()).toThrow('not open');
  const other = withStore(directory, () => {
    throw new Error('something else');
  });
  await expect(other).rejects.toThrow('something else');
});

test('questions mend nothing: a damaged store, or one that is missing, is told with who mends it', async () => {
  const directory = temporaryDirectory();
  const lock = lockDirectory(directory, { pid: 1, since: NOW });
  if (!lock.ok) throw new Error('the directory is taken');
  const vault = Vault.open({ directory, lock: lock.lock, owner: { pid: 1, since: NOW }, tell: () => {} });
  vault.useSearch(id, spec, SEARCH_START, NOW);
  const decimal = primeOf(spec, 0, 5).toString();
  const state = { ...SEARCH_START, counters: { ...SEARCH_START.counters, found: 1 } };
  vault.save({ id, state, finds: [somePrime(id, decimal, { offset: 5 })], cpuSecondsInAll: 0, at: NOW });
  await vault.close();
  const { context, events } = listening();
  const change = new DatabaseSync(join(directory, 'nice19.sqlite'));
  change.exec("UPDATE prime SET decimal = '9'");
  change.close();
  await answerPrimes({ type: 'primes', directory }, context);
  expect(events).toMatchObject([
    {
      type: 'warning',
      sentence: `the store in ${directory} is damaged: the digits of prime 1 were worked out again`,
    },
    { type: 'primes', records: [{ decimal }], last: true },
  ]);
  const refused = (what: string) =>
    `The store in ${directory} is ${what}; "nice19 search" mends it from its backups when it starts.`;
  writeFileSync(join(directory, 'nice19.sqlite'), 'Dear diary');
  const status = () => answerStatus({ type: 'status', directory }, context);
  expect(await refusal(status())).toBe(refused('damaged (file is not a database)'));
  expect(readFileSync(join(directory, 'nice19.sqlite'), 'utf8')).toBe('Dear diary');
  rmSync(join(directory, 'nice19.sqlite'));
  expect(await refusal(status())).toBe(refused('missing'));
});

test('a vault that cannot be opened, or says no before there is a search, is a refusal; its end frees the directory', async () => {
  const directory = temporaryDirectory();
  const owner = { pid: 1, since: NOW };
  const take = () => takeDirectory(directory, owner, { patienceMs: 0, retryMs: 1, isStopped: () => false });
  const open = async (work: (vault: Vault) => unknown) =>
    withVault({ directory, lock: await take(), owner, tell: () => {} }, work);
  expect(
    await refusal(
      open(() => {
        throw new StorageFault('nothing can be saved here');
      }),
    ),
  ).toBe('Nothing can be saved here.');
  await expect(
    open(() => {
      throw new Error('something else');
    }),
  ).rejects.toThrow('something else');
  const newer = new DatabaseSync(join(directory, 'nice19.sqlite'));
  newer.exec(`PRAGMA user_version = ${STORE_VERSION + 1}`);
  newer.close();
  expect(await refusal(open(() => {}))).toMatch(/^The store .* is from a newer nice19 .*\.$/);
  (await take()).release();
});

test('status says what is saved and whether somebody works on it', async () => {
  const { directory, primes } = await searched();
  const { context, events } = listening();
  const lock = lockDirectory(directory, { pid: 4711, since: NOW });
  await answerStatus({ type: 'status', directory }, context);
  if (lock.ok) lock.lock.release();
  await answerStatus({ type: 'status', directory }, context);
  const [running, stopped] = events.flatMap((event) => (event.type === 'status' ? [event.status] : []));
  expect(running?.running).toEqual({ pid: 4711, since: NOW });
  expect(stopped).toMatchObject({ running: null, searches: 1, primes: primes.length, search: { searchId: id, spec } });
  expect(stopped?.search?.inProgress).toBeGreaterThan(0);
  expect(stopped?.cpuSecondsInAll).toBeCloseTo(stopped?.search?.cpuSeconds ?? Number.NaN, 9);
});

test('questions about an empty directory are answered, and leave it empty', async () => {
  const directory = temporaryDirectory();
  const { context, events } = listening();
  await answerStatus({ type: 'status', directory }, context);
  await answerPrimes({ type: 'primes', directory }, context);
  expect(events).toMatchObject([
    { type: 'status', status: { running: null, search: null, primes: 0 } },
    { type: 'primes', records: [], last: true },
  ]);
  const nothing = exportCheckpoint({ type: 'export', directory, file: join(directory, 'x') }, context);
  expect(await refusal(nothing)).toContain('There is no search');
  expect(readdirSync(directory)).toEqual([]);
});

test('primes are answered in pages, newest first, each with its bases', async () => {
  const directory = temporaryDirectory();
  const store = Store.open(directory);
  store.useSearch(id, spec, SEARCH_START, NOW);
  const decimals = Array.from({ length: 250 }, (_, k) => String(10n ** 29n + BigInt(2 * k + 1)));
  const finds = decimals.map((decimal) => somePrime(id, decimal));
  store.save({ id, state: SEARCH_START, finds, cpuSecondsInAll: 0, at: NOW });
  store.close();
  const { context, events } = listening();
  await answerPrimes({ type: 'primes', directory }, context);
  const pages = events.flatMap((event) => (event.type === 'primes' ? [event] : []));
  expect(pages.map(({ records, last }) => [records.length, last])).toEqual([
    [100, false],
    [100, false],
    [50, true],
  ]);
  const records = pages.flatMap((page) => page.records);
  expect(records.map(({ decimal }) => decimal)).toEqual(decimals.toReversed());
  expect(new Set(records.map(({ bases }) => bases.length))).toEqual(new Set([20]));
});

test('an exported search goes on in another directory, inside the test that was running', async () => {
  const { directory, primes } = await searched();
  const count = primes.length + 7;
  const file = join(directory, 'search.checkpoint');
  const { context, events } = listening();
  await exportCheckpoint({ type: 'export', directory, file }, context);
  showCheckpoint({ type: 'show', file }, context);
  const [exported, shown] = events;
  expect(exported).toMatchObject({ type: 'exported', file, found: primes.length });
  expect(shown).toMatchObject({ type: 'shown', status: { primes: primes.length, search: { searchId: id } } });
  const elsewhere = temporaryDirectory();
  const store = Store.open(elsewhere);
  const job = searchJob(elsewhere, { restart: file });
  const adopted = await adoptCheckpoint(job, file, store, context, NOW);
  const screens = adopted.state.units.filter(({ active }) => active?.stage === 'screen');
  expect(screens.length).toBeGreaterThan(0);
  expect(store.cpuSecondsInAll).toBe(adopted.state.counters.cpuSeconds);
  const paper = new PaperRun({ store, spec, count }).start();
  await paper.untilEnd();
  expect(store.primesOf(id).map(({ decimal }) => decimal)).toEqual(firstPrimes(spec, count));
  expect([...primes, ...paper.primes]).toEqual(firstPrimes(spec, count));
  // Once more: it is there already, and further.
  expect(await refusal(adoptCheckpoint(job, file, store, context, NOW))).toMatch(/already.*--restart/);
  expect(store.primesOf(id).length).toBe(count);
  store.close();
});

/** A checkpoint of a search with primes, finds that wait, and tests in progress. */
async function someCheckpoint(): Promise<CheckpointContent> {
  const { directory } = await searched();
  const file = join(directory, 'x.checkpoint');
  await exportCheckpoint({ type: 'export', directory, file }, listening().context);
  return readCheckpoint(file);
}

test('a checkpoint that is whole but makes no sense is refused, and nothing is adopted', async () => {
  const good = await someCheckpoint();
  const { state, primes } = good;
  const unit = state.units.at(-1);
  const prime = primes[0];
  if (unit === undefined || prime === undefined) throw new Error('expected a checkpoint with units and primes');
  const changed = (changes: Partial<typeof unit>) => ({
    ...good,
    state: { ...state, units: [...state.units.slice(0, -1), { ...unit, ...changes }] },
  });
  const claim = (changes: Partial<typeof prime>) => ({
    ...good,
    primes: [{ ...prime, ...changes }, ...primes.slice(1)],
  });
  const { counters } = state;
  const { start } = blockInterval({ digits: 30, count: blockCount(30) }, Buffer.from(spec.seed, 'hex'), unit.block);
  let composite = unit.from;
  while (checkPrimeSync(start + 2n * BigInt(composite))) composite++;
  const find = (rounds: number) => [{ index: composite, rounds, kernels: [], disagreement: false }];
  const inState = (changes: Partial<typeof state>) => ({ ...good, state: { ...state, ...changes } });
  const cases: [string, CheckpointContent, RegExp][] = [
    ['rounds not those of the error', { ...good, spec: { ...spec, rounds: 21 } }, /rounds do not reach/],
    ['a count not that of its primes', { ...good, primes: primes.slice(1) }, /counts \d+ primes/],
    ['a find after the end', inState({ counters: { ...counters, cpuSecondsAtFind: 1e9 } }), /later than itself/],
    ['a gap before the units', inState({ position: { block: 0, index: 0 } }), /gap before unit 1/],
    ['a gap behind the units', inState({ next: { block: 5, index: 0 } }), /gap behind/],
    ['a unit past its block', changed({ to: 2 ** 20 }), /outside its block/],
    ['a test of another unit’s number', changed({ passed: [unit.to] }), /outside itself/],
    ['a done unit with tests', changed({ done: true, passed: [unit.from] }), /is done and has tests/],
    ['a find without rounds', changed({ finds: find(0) }), /prime that is none/],
    ['a find that is composite', changed({ finds: find(20) }), /prime that is none/],
    ['a prime that is another number', claim({ decimal: String(BigInt(prime.decimal) + 2n) }), /prime that is none/],
    ['a prime at another place', claim({ offset: prime.offset + 1 }), /prime that is none/],
    ['a prime without rounds', claim({ rounds: 0 }), /prime that is none/],
    ['a prime of another search', claim({ searchId: 'another' }), /prime that is none/],
  ];
  const directory = temporaryDirectory();
  const store = Store.open(directory);
  const file = join(directory, 'bad.checkpoint');
  const { context } = listening();
  for (const [what, content, why] of cases) {
    writeFileSync(file, encodeCheckpoint(content));
    expect(decodeCheckpoint(encodeCheckpoint(content), file), what).toEqual(content);
    const sentence = await refusal(adoptCheckpoint(searchJob(directory), file, store, context, NOW));
    expect(sentence, what).toMatch(/^[^\n]*bad\.checkpoint[^\n]*\.$/);
    expect(sentence, what).toMatch(why);
    expect(store.countSearches(), what).toBe(0);
  }
  writeFileSync(file, encodeCheckpoint(good));
  for (const other of [{ digits: 31 }, { errorLog2: -80 }, { seed: 'ff'.repeat(32) }]) {
    const sentence = await refusal(adoptCheckpoint(searchJob(directory, other), file, store, context, NOW));
    expect(sentence).toContain('does not fit');
  }
  await adoptCheckpoint(searchJob(directory, { digits: 30, errorLog2: -40 }), file, store, context, NOW);
  expect(store.countSearches()).toBe(1);
  store.close();
});

test('a search’s name is a digest of what it is, that any program can work out', () => {
  const text = `[1,30,-40,20,"${spec.seed}"]`;
  expect(id).toBe(createHash('sha256').update(text).digest('hex').slice(0, 16));
});

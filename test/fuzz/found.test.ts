/** Damage that fuzzing found the store not to be mended from, or to crash at: each once more. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { parseError } from '../../main/contract/error.ts';
import { lockDirectory } from '../../main/cruncher/store/lock.ts';
import type { ByteMutation } from './byte-mutations.ts';
import { openVault } from './corpus.ts';
import { sentenceProblem } from './target.ts';
import { type StoreCase, storeTarget } from './targets/store.ts';

let place = '';
let target: Awaited<ReturnType<typeof storeTarget>>;

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'nice19-test-'));
  target = await storeTarget(place);
  return () => rmSync(place, { recursive: true, force: true });
});

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const closed = (...mutations: ByteMutation[]): StoreCase => ({
  specimen: 0,
  state: 'closed',
  journalToo: false,
  spoilt: [{ file: 0, mutations }],
});
/** The store of version 1. */
const old = (...mutations: ByteMutation[]): StoreCase => ({ ...closed(...mutations), specimen: 3, journalToo: true });

test.each<[string, StoreCase]>([
  ['a format that SQLite would only read', closed({ how: 'set', at: 18, bytes: bytes(3) })],
  ['a format that SQLite does not know', closed({ how: 'set', at: 42, bytes: bytes(0, 0, 0, 0, 0, 128) })],
  ['a list of free pages that leads nowhere', closed({ how: 'set', at: 32, bytes: bytes(1) })],
  ['an old store with a part of a row', old({ how: 'insert', at: 167_973_719, bytes: bytes(0, 0, 1) })],
  ['an old store with another number in a name', old({ how: 'flip', at: 1_063_541_398, bit: 0 })],
  ['an old store whose report of the priority is no JSON', old({ how: 'zero', at: 422_348_621, count: 1 })],
])('%s', async (_, input) => {
  const outcome = await target.run(input);
  if (!outcome.taken) expect(sentenceProblem(outcome.sentence)).toBeNull();
});

test('a header whose bytes have moved, so that version 2 reads as 512', async () => {
  const outcome = await target.run(closed({ how: 'delete', at: 27, count: 1 }));
  expect(outcome).toMatchObject({ taken: false, sentence: expect.stringContaining('damaged') });
});

test('a table whose text is spoilt: SQLite quotes all of it, the user reads the beginning', async () => {
  const directory = join(place, 'quoted');
  mkdirSync(directory);
  await openVault(directory).close();
  const store = join(directory, 'nice19.sqlite');
  const spoilt = readFileSync(store, 'latin1').replaceAll('CREATE TABLE prime (', 'CREATE TABLE prim` (');
  writeFileSync(store, spoilt, 'latin1');
  const told: string[] = [];
  await openVault(directory, (sentence) => told.push(sentence)).close();
  expect(told).toEqual([expect.stringContaining('was damaged (malformed database schema')]);
  expect(sentenceProblem(`${told[0]}.`)).toBeNull();
});

/** The log's header, and a page with what goes before it. */
const [LOG_HEADER, FRAME] = [32, 24 + 4096];

test('a log that ends before or in the middle of the upgrade, and a first page that it had hidden', async () => {
  for (let frame = 5; frame < 14; frame++) {
    const log: ByteMutation = { how: 'cut', at: LOG_HEADER + frame * FRAME };
    const first: ByteMutation = { how: 'flip', at: 0, bit: 0 };
    const spoilt = [
      { file: 1, mutations: [log] },
      { file: 0, mutations: [first] },
    ];
    for (const some of [spoilt.slice(0, 1), spoilt]) await target.run({ ...closed(), state: 'running', spoilt: some });
  }
});

test('a lock with something in it is a lock', () => {
  const directory = join(place, 'locked');
  mkdirSync(directory);
  writeFileSync(join(directory, 'running.lock'), 'Dear diary');
  const owner = { pid: process.pid, since: '2026-01-02T03:04:05.678Z' };
  const first = lockDirectory(directory, owner);
  expect(first.ok).toBe(true);
  expect(lockDirectory(directory, owner)).toEqual({ ok: false, owner });
  // Written over while it is held: whoever comes makes it empty, and does not get it.
  writeFileSync(join(directory, 'running.lock'), 'Dear diary');
  expect(lockDirectory(directory, owner).ok).toBe(false);
  if (first.ok) first.lock.release();
});

test.each(['\u007f', '\u009b31m', '\u0085', '\u001b[31m'])(
  'a control character in an option is quoted as an escape: %j',
  (text) => {
    const { problem } = parseError(text) as { problem: string };
    expect(sentenceProblem(problem)).toBeNull();
    expect(problem).toContain(`"\\u00${text.charCodeAt(0).toString(16).padStart(2, '0')}`);
  },
);

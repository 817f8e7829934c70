/** The journal: what was appended is read back, and damage costs the lines that it hits. */

import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { realDisk } from '../../../main/cruncher/store/disk.ts';
import { Journal, type JournalEntry, lastDigest, readJournal } from '../../../main/cruncher/store/journal.ts';
import { sha256 } from '../../../main/cruncher/store/seal.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { id, saving, spec } from '../../support/vaults.ts';

const entry = (k: number, changes: Partial<JournalEntry> = {}): JournalEntry => ({
  spec,
  setAside: [],
  verifiedAt: null,
  ...saving(k),
  ...changes,
});

/** The entry of the line whose digest is said to be the last. */
function lastRead(path: string): unknown {
  const digest = lastDigest(path);
  const lines = readFileSync(path, 'latin1').split('\n');
  return digest === null ? null : JSON.parse(lines.find((line) => line.startsWith(`${digest} `))?.slice(17) ?? '');
}

function journalOf(entries: readonly JournalEntry[]): string {
  const path = join(temporaryDirectory(), 'journal-0.jsonl');
  const journal = new Journal(path, realDisk);
  for (const one of entries) journal.append(one);
  expect(journal.size).toBe(readFileSync(path).length);
  journal.close();
  return path;
}

const entries = Array.from({ length: 12 }, (_, k) =>
  entry(k + 1, k % 3 === 0 ? { setAside: [{ block: k, offset: 2, why: 'the thread ended' }] } : {}),
);

test('what is appended is read back, across openings', () => {
  const path = journalOf(entries.slice(0, 5));
  const again = new Journal(path, realDisk);
  for (const one of entries.slice(5)) again.append(one);
  again.close();
  expect([...readJournal(path)]).toEqual(entries);
  expect(lastRead(path)).toEqual(entries.at(-1));
});

test('a line is 16 digits of the SHA-256 of its text, and that text', () => {
  const path = journalOf(entries);
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  expect(lines.length).toBe(entries.length);
  for (const [k, line] of lines.entries()) {
    const json = line.slice(17);
    expect(line.slice(0, 17)).toBe(`${sha256(json).toString('hex').slice(0, 16)} `);
    expect(JSON.parse(json)).toEqual(entries[k]);
  }
});

test('no journal has no entries', () => {
  const path = join(temporaryDirectory(), 'journal-0.jsonl');
  expect([...readJournal(path)]).toEqual([]);
  expect(lastDigest(path)).toBeNull();
  writeFileSync(path, '');
  expect([...readJournal(path)]).toEqual([]);
  expect(lastDigest(path)).toBeNull();
});

test('cut anywhere: the lines before the cut are whole, and what is appended then is too', () => {
  const whole = readFileSync(journalOf(entries));
  const path = join(temporaryDirectory(), 'journal-0.jsonl');
  const added = entry(99);
  fc.assert(
    fc.property(fc.nat(whole.length), (length) => {
      writeFileSync(path, whole.subarray(0, length));
      // A last line that lacks only its newline is whole.
      const lines =
        whole
          .subarray(0, length + 1)
          .toString()
          .split('\n').length - 1;
      expect([...readJournal(path)].filter((one) => one !== null)).toEqual(entries.slice(0, lines));
      expect(lastRead(path)).toEqual(entries[lines - 1] ?? null);
      const journal = new Journal(path, realDisk);
      journal.append(added);
      journal.close();
      expect([...readJournal(path)].filter((one) => one !== null)).toEqual([...entries.slice(0, lines), added]);
      expect(lastRead(path)).toEqual(added);
    }),
    { numRuns: 60 },
  );
});

test('bytes changed anywhere cost the lines that they hit, and no line that was never written is read', () => {
  const path = journalOf(entries);
  const whole = readFileSync(path);
  const change = fc.record({ at: fc.nat(whole.length - 1), bytes: fc.uint8Array({ minLength: 1, maxLength: 20 }) });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      const bytes = Buffer.from(whole);
      for (const { at, bytes: put } of changes) bytes.set(put.subarray(0, bytes.length - at), at);
      writeFileSync(path, bytes);
      const intact = whole.toString('latin1').split('\n').slice(0, -1);
      const kept = bytes.toString('latin1').split('\n');
      const expected = entries.filter((_, k) => kept.includes(intact[k] as string));
      expect([...readJournal(path)].filter((one) => one !== null)).toEqual(expected);
      expect(lastRead(path)).toEqual(expected.at(-1) ?? null);
    }),
    { numRuns: 100 },
  );
});

test('a text that is not an entry is not read as one, with a proper digest or not', () => {
  const path = journalOf(entries.slice(0, 1));
  for (const text of ['{}', 'null', '{"id":', JSON.stringify({ ...entry(2), spec: { ...spec, digits: 5 } })]) {
    appendFileSync(path, `${sha256(text).toString('hex').slice(0, 16)} ${text}\n`);
  }
  expect([...readJournal(path)]).toEqual([entries[0], null, null, null, null]);
  expect(lastRead(path)).toEqual(entries[0]);
});

test('many finds are spread over lines, the last of which has the state', () => {
  const finds = Array.from({ length: 1201 }, (_, k) => saving(k).finds[0] as never);
  const path = journalOf([entry(1201, { finds })]);
  const read = [...readJournal(path)] as JournalEntry[];
  expect(read.map(({ state, finds: some }) => [state === null, some.length])).toEqual([
    [true, 500],
    [true, 500],
    [false, 201],
  ]);
  expect(read.flatMap((one) => one.finds)).toEqual(finds);
  expect(new Set(read.map((one) => one.id))).toEqual(new Set([id]));
});

test('lines of megabytes are read, from the front and from the end', () => {
  const [unit] = [{ block: 0, from: 0, to: 9, done: false, nextIndex: 0, passed: [], finds: [], tested: 0 }];
  const power = { bit: 5, residue: 'f'.repeat(80_000) };
  const active = { stage: 'screen' as const, indices: [1], powers: [power, power] as [typeof power, typeof power] };
  const units = Array.from({ length: 20 }, () => ({ ...unit, active, disagreements: 0 })) as never[];
  const large = entry(3, { state: { ...saving(3).state, units } });
  const path = journalOf([entry(1), large, entry(2), large]);
  expect(readFileSync(path).length).toBeGreaterThan(6e6);
  expect([...readJournal(path)]).toEqual([entry(1), large, entry(2), large]);
  expect(lastRead(path)).toEqual(large);
});

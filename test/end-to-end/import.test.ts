/** Importing as a user does it, with processes of its own. */

import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nice19, places, primes, start } from '../support/nice19.ts';

let directory: string;
const at = (name: string) => join(directory, name);

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'nice19-import-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const SEARCH = ['search', '--digits', '60', '--seed', 'abc', '--workers', '1', '--data'];
const report = async (...args: string[]) => {
  const { code, out, err } = await nice19('import', ...args, '--json');
  expect(err).toBe('');
  expect(code).toBe(0);
  return JSON.parse(out) as Record<string, number>;
};

it('merges a directory, twice, then a further state of it as a file; the search that is gone on with stays', async () => {
  await nice19(...SEARCH, at('there'), '--count', '10');
  await nice19('search', '--digits', '40', '--seed', 'def', '--count', '2', '--data', at('here'));
  expect(await report(at('there'), '--data', at('here'))).toEqual({
    searches: 1,
    primes: 10,
    adopted: 1,
    advanced: 0,
    added: 10,
  });
  expect(await report(at('there'), '--data', at('here'))).toMatchObject({ adopted: 0, advanced: 0, added: 0 });
  await nice19(...SEARCH, at('there'), '--count', '15');
  await nice19('checkpoint', 'export', at('file'), '--data', at('there'));
  expect(await report(at('file'), '--data', at('here'))).toMatchObject({ adopted: 0, advanced: 1, added: 5 });

  const merged = await primes(at('here'));
  expect(merged).toHaveLength(17);
  expect(places(merged.filter(({ digits }) => digits === 60))).toEqual(places(await primes(at('there'))));
  const status = JSON.parse((await nice19('status', '--data', at('here'), '--json')).out) as {
    search: { spec: { digits: number } };
    searches: number;
  };
  expect(status.search.spec.digits).toBe(40);
  expect(status.searches).toBe(2);
});

it('reads a directory where a search runs, and writes to none', async () => {
  const running = start([...SEARCH, at('busy'), '--json']);
  for (let found = 0; found < 3; found++) await running.event('prime');
  const { added } = await report(at('busy'), '--data', at('beside'));
  expect(added).toBeGreaterThanOrEqual(3);
  const other = await nice19('import', at('beside'), '--data', at('busy'));
  expect(other.code).toBe(1);
  expect(other.err).toMatch(/Another nice19 \(process \d+, since .*\) .*stop it/);
  running.process.kill('SIGTERM');
  expect((await running.ended).code).toBe(0);
  const there = places(await primes(at('busy')));
  expect(there.slice(0, added)).toEqual(places(await primes(at('beside'))));
});

it('refuses what is hostile, with a sentence, and changes nothing', async () => {
  const before = places(await primes(at('here')));
  const database = new DatabaseSync(join(at('there'), 'nice19.sqlite'));
  database.exec('CREATE TRIGGER evil AFTER INSERT ON fact BEGIN DELETE FROM prime; END');
  database.close();
  const bytes = readFileSync(at('file'));
  writeFileSync(at('flipped'), bytes.with(bytes.length >> 1, (bytes[bytes.length >> 1] as number) ^ 1));
  writeFileSync(at('large'), '');
  truncateSync(at('large'), 500_000_000);
  for (const [from, why] of [
    ['there', /tables are not those/],
    ['flipped', /damaged/],
    ['large', /import the data directory itself/],
    ['missing', /cannot be read/],
  ] as const) {
    const { code, out, err } = await nice19('import', at(from), '--data', at('here'));
    expect(code, from).toBe(1);
    expect(out, from).toBe('');
    expect(err, from).toMatch(/^[^\n]+\.\n$/);
    expect(err, from).toMatch(why);
  }
  expect(places(await primes(at('here')))).toEqual(before);
});

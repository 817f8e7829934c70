/** When backups are made, what they are worth, and that they are in nobody's way. */

import { readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { storeFileProblem } from '../../../main/cruncher/store/check.ts';
import { realDisk } from '../../../main/cruncher/store/disk.ts';
import type { VaultOptions } from '../../../main/cruncher/store/vault.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { FaultyDisk, systemError } from '../../support/faulty-disk.ts';
import { crashed, expectSaved, filesIn, openVault, saving, searchedVault, setAsideIn } from '../../support/vaults.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.parse('2026-01-02T03:04:05.678Z');

/** Clocks that only the test moves; the one on the wall may be set by anybody. */
class Clocks {
  running = 5000;
  wall = START;
  readonly options: Pick<VaultOptions, 'monotonic' | 'now'> = {
    monotonic: () => this.running,
    now: () => new Date(this.wall),
  };

  pass(milliseconds: number): void {
    this.running += milliseconds;
    this.wall += milliseconds;
  }
}

const backupsIn = (directory: string): string[] =>
  filesIn(directory, 'backups').filter((name) => name.startsWith('store-'));
const journalsIn = (directory: string): string[] =>
  filesIn(directory, 'backups').filter((name) => name.startsWith('journal-'));

test('a new store is backed up after a day, and daily while it is saved to; three are kept with their journals', async () => {
  const clocks = new Clocks();
  const { vault, directory, told } = searchedVault(3, undefined, clocks.options);
  expect(filesIn(directory, 'backups')).toEqual(['journal-0.jsonl']);
  let k = 4;
  const made: string[][] = [];
  for (let day = 0; day < 5; day++) {
    clocks.pass(DAY - 1);
    vault.save(saving(k++));
    await vault.backupMade();
    made.push(backupsIn(directory));
    clocks.pass(1);
    vault.save(saving(k++));
    await vault.backupMade();
  }
  made.push(backupsIn(directory));
  expect(made).toEqual([
    [],
    ['store-1.sqlite'],
    ['store-1.sqlite', 'store-2.sqlite'],
    ['store-1.sqlite', 'store-2.sqlite', 'store-3.sqlite'],
    ['store-2.sqlite', 'store-3.sqlite', 'store-4.sqlite'],
    ['store-3.sqlite', 'store-4.sqlite', 'store-5.sqlite'],
  ]);
  expect(journalsIn(directory)).toEqual(['journal-3.jsonl', 'journal-4.jsonl', 'journal-5.jsonl']);
  expect(told).toEqual([]);
  for (const name of backupsIn(directory)) expect(storeFileProblem(join(directory, 'backups', name))).toBeNull();
  expectSaved({ vault }, k - 1);
});

test.each([
  ['an hour old', -HOUR, 0],
  ['a day old', -DAY, 1],
  ['from the future', 10 * 365 * DAY, 1],
  ['from years ago', -10 * 365 * DAY, 1],
])('at the start the newest backup is %s', async (_, age, expected) => {
  const clocks = new Clocks();
  const { vault, directory } = searchedVault(3, undefined, clocks.options);
  vault.backUp();
  await vault.close();
  const made = openVault(directory, clocks.options);
  made.vault.backUp();
  await made.vault.backupMade();
  await made.vault.close();
  const before = backupsIn(directory);
  const newest = join(directory, 'backups', before.at(-1) as string);
  utimesSync(newest, (START + age) / 1000, (START + age) / 1000);
  const again = openVault(directory, clocks.options);
  again.vault.save(saving(4));
  await again.vault.backupMade();
  expect(backupsIn(directory).length - before.length).toBe(expected);
});

test('a clock that is set back and forth by years while it runs changes nothing', async () => {
  const clocks = new Clocks();
  const { vault, directory } = searchedVault(1, undefined, clocks.options);
  for (const [k, wall] of [START - 20 * 365 * DAY, START + 20 * 365 * DAY, 0].entries()) {
    clocks.wall = wall;
    vault.save(saving(k + 2));
  }
  await vault.backupMade();
  expect(backupsIn(directory)).toEqual([]);
  clocks.running += DAY;
  vault.save(saving(5));
  await vault.backupMade();
  expect(backupsIn(directory)).toEqual(['store-1.sqlite']);
});

test('a long journal is reason enough', async () => {
  const clocks = new Clocks();
  const { vault, directory } = searchedVault(1, undefined, clocks.options);
  const { state, ...rest } = saving(2);
  const power = { bit: 5, residue: 'f'.repeat(80_000) };
  const active = { stage: 'screen' as const, indices: [1], powers: [power, power] as [typeof power, typeof power] };
  const unit = {
    block: 0,
    from: 0,
    to: 9,
    done: false,
    nextIndex: 0,
    passed: [],
    finds: [],
    tested: 0,
    disagreements: 0,
  };
  const large = { ...rest, state: { ...state, units: Array.from({ length: 64 }, () => ({ ...unit, active })) } };
  let savings = 0;
  for (; journalsIn(directory).length === 1; savings++) vault.save(large as never);
  await vault.backupMade();
  expect(backupsIn(directory)).toEqual(['store-1.sqlite']);
  const { length } = readFileSync(join(directory, 'backups', 'journal-0.jsonl'));
  expect(length).toBeGreaterThan(32 << 20);
  expect(length).toBeLessThan((32 << 20) * (1 + 1 / savings) + 1e6);
});

test('a backup and its journal together are everything, also what is saved while it is being made', async () => {
  const { vault, directory } = searchedVault(20);
  vault.backUp();
  for (let k = 21; k <= 30; k++) vault.save(saving(k));
  await vault.backupMade();
  for (let k = 31; k <= 33; k++) vault.save(saving(k));
  await vault.close();
  for (const name of ['nice19.sqlite', join('backups', 'journal-0.jsonl')]) rmSync(join(directory, name));
  const again = openVault(directory);
  expectSaved(again, 33);
  expect(again.told[0]).toContain('33 primes by the backup of');
});

test('a crash while a backup is being made leaves nothing of it at the next start', async () => {
  const { vault, directory } = searchedVault(5);
  vault.backUp();
  const copy = crashed(directory);
  await vault.backupMade();
  writeFileSync(join(copy, 'backups', 'store-1.sqlite.tmp'), 'half');
  writeFileSync(join(copy, 'backups', 'store-1.sqlite.tmp-journal'), 'half');
  writeFileSync(join(copy, 'nice19.sqlite.tmp'), 'half');
  const again = openVault(copy);
  expect([...filesIn(copy), ...filesIn(copy, 'backups')].filter((name) => name.includes('.tmp'))).toEqual([]);
  expectSaved(again, 5);
});

test('damage that the check of a backup finds is mended before the next saving', async () => {
  const opened = searchedVault(5);
  const { vault, directory, told } = opened;
  vault.backUp();
  await vault.backupMade();
  const database = new DatabaseSync(join(directory, 'nice19.sqlite'));
  database.exec("UPDATE prime SET wall_seconds = 7 WHERE number = 3; UPDATE prime SET decimal = '9' WHERE number = 4");
  database.close();
  vault.save(saving(6));
  vault.backUp();
  await vault.backupMade();
  expect(backupsIn(directory)).toEqual(['store-1.sqlite']);
  vault.save(saving(7));
  expectSaved(opened, 7);
  expect(told).toEqual([
    expect.stringMatching(/was damaged \(prime 3 is not what was written\) and set aside in .* 6 primes/),
  ]);
  expect(setAsideIn(directory).length).toBe(1);
});

test('without twice its size free no backup is begun; that is said once, and tried again every hour', async () => {
  const clocks = new Clocks();
  const faulty = new FaultyDisk();
  faulty.freeBytes = 1000;
  const { vault, directory, told } = searchedVault(1, undefined, { ...clocks.options, disk: faulty.disk });
  clocks.pass(DAY);
  const sentence = `no backup of the store in ${directory} could be made: the disk has less than twice its size free; it is tried again every hour`;
  for (let hour = 0; hour < 3; hour++) {
    vault.save(saving(hour + 2));
    expect(told).toEqual([sentence]);
    clocks.pass(HOUR);
  }
  faulty.freeBytes = null;
  vault.save(saving(5));
  await vault.backupMade();
  expect(backupsIn(directory).length).toBe(1);
  // Said again when it fails again.
  faulty.freeBytes = 1000;
  clocks.pass(DAY);
  vault.save(saving(6));
  expect(told).toEqual([sentence, sentence]);
  expectSaved({ vault }, 6);
});

test('a backup that cannot be written is told, and nothing else suffers', async () => {
  const opened = searchedVault(2);
  // A directory of its temporary name.
  realDisk.makeDirectory(join(opened.directory, 'backups', 'store-1.sqlite.tmp', 'x'));
  opened.vault.backUp();
  await opened.vault.backupMade();
  expect(opened.told).toEqual([expect.stringMatching(/^no backup of the store .* could be made: /)]);
  opened.vault.save(saving(3));
  expectSaved(opened, 3);
});

test('a disk on which nothing can be removed keeps too much, and nothing else suffers', async () => {
  const faulty = new FaultyDisk();
  const opened = searchedVault(2, undefined, { disk: faulty.disk });
  opened.vault.backUp();
  faulty.fails(['list', 'remove'], () => systemError('EIO', 'scandir'));
  await opened.vault.backupMade();
  faulty.works();
  expect(filesIn(opened.directory, 'backups')).toContain('store-1.sqlite');
  opened.vault.save(saving(3));
  expectSaved(opened, 3);
});

test('closing in the middle of a backup ends it, and leaves nothing half made', async () => {
  const { vault, directory } = searchedVault(2);
  vault.backUp();
  await vault.close();
  expect(filesIn(directory, 'backups').filter((name) => name.includes('.tmp'))).toEqual([]);
  expectSaved(openVault(directory), 2);
});

test('the check of a backup sees every kind of damage', () => {
  const { directory } = searchedVault(40);
  const file = join(temporaryDirectory(), 'copy.sqlite');
  const make = (): void => {
    const database = new DatabaseSync(join(directory, 'nice19.sqlite'));
    rmSync(file, { force: true });
    database.prepare('VACUUM INTO ?').run(file);
    database.close();
  };
  const after = (sql: string): string | null => {
    make();
    const database = new DatabaseSync(file);
    database.exec(sql);
    database.close();
    return storeFileProblem(file);
  };
  expect(after('')).toBeNull();
  expect(after("UPDATE prime SET decimal = '7' WHERE number = 9")).toContain('digits of prime 9');
  expect(after('UPDATE prime SET offset = 7 WHERE number = 9')).toContain('prime 9');
  expect(after('UPDATE search SET primes = 7')).toContain('has 40 primes and counts 7');
  expect(after('DELETE FROM prime WHERE number = 40')).toContain('found 40 primes and has 39');
  expect(after("UPDATE search SET state = replace(state, '280', '281')")).toContain('is not what was written');
  expect(after('DROP TRIGGER prime_added')).toContain('tables');
  expect(after('DELETE FROM search')).toContain('damaged');
  make();
  truncateSync(file, 8192);
  expect(storeFileProblem(file)).toMatch(/^damaged/);
  truncateSync(file, 0);
  expect(storeFileProblem(file)).toBe('empty');
});

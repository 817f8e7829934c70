/** What was saved survives whatever happens to the files, while they are in use and between two starts. */

import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { primeOf } from '../../../main/cruncher/run/records.ts';
import { makeSpec, SEARCH_START, searchId } from '../../../main/cruncher/run/search-identity.ts';
import { storeFileProblem } from '../../../main/cruncher/store/check.ts';
import { type Disk, realDisk } from '../../../main/cruncher/store/disk.ts';
import { lockDirectory } from '../../../main/cruncher/store/lock.ts';
import { STORE_VERSION } from '../../../main/cruncher/store/schema.ts';
import { StorageFault } from '../../../main/cruncher/store/storage-fault.ts';
import { StoreProblem } from '../../../main/cruncher/store/store.ts';
import { OutOfStep } from '../../../main/cruncher/store/vault.ts';
import { somePrime } from '../../support/arbitrary-search.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { systemError } from '../../support/faulty-disk.ts';
import {
  crashed,
  expectSaved,
  filesIn,
  find,
  id,
  openVault,
  saving,
  searchedVault,
  setAsideIn,
  spec,
} from '../../support/vaults.ts';

const store = (directory: string): string => join(directory, 'nice19.sqlite');
const log = (directory: string): string => join(directory, 'nice19.sqlite-wal');
const backups = (directory: string): string => join(directory, 'backups');

/** Ways to harm a store. */
const HARMS: [string, (directory: string) => void][] = [
  ['deleted', (directory) => rmSync(store(directory))],
  ['emptied', (directory) => truncateSync(store(directory), 0)],
  ['cut to a stump', (directory) => truncateSync(store(directory), 100)],
  ['cut inside a page', (directory) => truncateSync(store(directory), readFileSync(store(directory)).length - 1000)],
  ['replaced by text', (directory) => writeFileSync(store(directory), 'Dear diary, '.repeat(9999))],
  ['overwritten with zeros', (directory) => writeFileSync(store(directory), Buffer.alloc(200_000))],
  [
    'replaced by another database',
    (directory) => {
      rmSync(store(directory));
      const other = new DatabaseSync(store(directory));
      other.exec('CREATE TABLE recipe (name)');
      other.close();
    },
  ],
];

describe.each(HARMS)('a store %s', (_, harm) => {
  test('while it is in use: nothing that was saved is lost, and the search goes on', async () => {
    const opened = searchedVault(5);
    opened.vault.backUp();
    await opened.vault.backupMade();
    opened.vault.save(saving(6));
    harm(opened.directory);
    opened.vault.save(saving(7));
    expectSaved(opened, 7);
    expect(opened.told).toEqual([expect.stringMatching(/the store in .*(?:restored|written anew)/)]);
    expectSaved(openVault(crashed(opened.directory)), 7);
  });

  test('while it is in use, before the first backup: the journal has everything', () => {
    const opened = searchedVault(6);
    harm(opened.directory);
    opened.vault.save(saving(7));
    expectSaved(opened, 7);
    expectSaved(openVault(crashed(opened.directory)), 7);
  });

  test('between two starts: it is restored from the backup and the journal, and what it was is kept', async () => {
    const { vault, directory } = searchedVault(5);
    vault.backUp();
    await vault.backupMade();
    for (const k of [6, 7]) vault.save(saving(k));
    await vault.close();
    harm(directory);
    const again = openVault(directory);
    expectSaved(again, 7);
    expect(again.told).toEqual([
      expect.stringMatching(
        /^the store in .* was (?:missing|damaged \(.*\) and set aside in .*); restored are 7 primes by the backup of 20.*Z and 2 savings from the journal, and the work since the last saving is done again$/,
      ),
    ]);
    again.vault.save(saving(8));
    expectSaved(again, 8);
    await again.vault.close();
    expectSaved(openVault(directory), 8);
  });
});

test('damage is set aside as it was found', async () => {
  const { vault, directory } = searchedVault(3);
  await vault.close();
  writeFileSync(store(directory), 'Dear diary');
  openVault(directory);
  const [aside] = setAsideIn(directory) as [string];
  expect(readFileSync(join(directory, aside, 'nice19.sqlite'), 'utf8')).toBe('Dear diary');
});

test('a file that never was a store, and nothing to restore it from: it is set aside, a new one begun, and told', () => {
  const directory = temporaryDirectory();
  writeFileSync(store(directory), 'Dear diary');
  const { vault, told } = openVault(directory);
  expect(vault.countSearches()).toBe(0);
  expect(told).toEqual([
    `the store in ${directory} was damaged (file is not a database) and set aside in ${join(directory, setAsideIn(directory)[0] as string)}; there was nothing to restore it from, so an empty one is begun`,
  ]);
});

test('the whole directory removed while it is in use: it is made again, with everything', async () => {
  const opened = searchedVault(5);
  rmSync(opened.directory, { recursive: true });
  opened.vault.save(saving(6));
  expectSaved(opened, 6);
  expect(opened.told).toEqual([expect.stringMatching(/was deleted while it was in use; it is written anew/)]);
  // A second copy of it all is made at once.
  await opened.vault.backupMade();
  await opened.vault.close();
  rmSync(store(opened.directory));
  expectSaved(openVault(opened.directory), 6);
});

test.each(['removed again', 'failing'])('%s while its store is written anew: nothing is lost', (what) => {
  const directory = temporaryDirectory();
  let isArmed = false;
  const disk: Disk = {
    ...realDisk,
    database(path, options) {
      if (!isArmed || path !== store(directory)) return realDisk.database(path, options);
      if (what === 'removed again') rmSync(directory, { recursive: true });
      throw systemError('EIO', 'open');
    },
  };
  const opened = searchedVault(5, directory, { disk });
  rmSync(directory, { recursive: true });
  isArmed = true;
  for (let tries = 0; tries < 3; tries++) expect(() => opened.vault.save(saving(6))).toThrow(StorageFault);
  isArmed = false;
  opened.vault.save(saving(6));
  expectSaved(opened, 6);
  expectSaved(openVault(crashed(directory)), 6);
});

test('the directory moved away while it is in use: both places have everything', () => {
  const opened = searchedVault(5);
  const elsewhere = join(temporaryDirectory(), 'moved');
  renameSync(opened.directory, elsewhere);
  opened.vault.save(saving(6));
  expectSaved(opened, 6);
  expectSaved(openVault(crashed(elsewhere)), 5);
});

test.each(['backups', 'nice19.sqlite-wal', 'nice19.sqlite-shm', 'running.lock', 'running.json'])(
  '%s deleted while it is in use: nothing is lost, then or after a crash',
  async (name) => {
    const opened = searchedVault(5);
    opened.vault.backUp();
    await opened.vault.backupMade();
    opened.vault.save(saving(6));
    rmSync(join(opened.directory, name), { recursive: true });
    opened.vault.save(saving(7));
    expectSaved(opened, 7);
    await opened.vault.backupMade();
    const copy = crashed(opened.directory);
    expectSaved(openVault(copy), 7);
    // And the second copy is as good as the first.
    const other = crashed(opened.directory);
    rmSync(store(other));
    rmSync(log(other), { force: true });
    expectSaved(openVault(other), 7);
  },
);

test.each([0, 0.5, 0.95])(
  'the log cut to %s of it while it is in use: the hole does not get into the store',
  (share) => {
    const opened = searchedVault(30);
    truncateSync(log(opened.directory), Math.floor(share * statSync(log(opened.directory)).size));
    for (let k = 31; k <= 80; k++) opened.vault.save(saving(k));
    expectSaved(opened, 80);
    expect(opened.told).toEqual([
      expect.stringMatching(/was damaged \(its log is cut short\) .* restored are 30 primes/),
    ]);
    const copy = crashed(opened.directory);
    expect(storeFileProblem(store(copy))).toBeNull();
    expectSaved(openVault(copy), 80);
  },
);

test('a crash that loses the log: the journal has what was in it', () => {
  const { directory } = searchedVault(5);
  const copy = crashed(directory);
  rmSync(log(copy));
  const again = openVault(copy);
  expectSaved(again, 5);
});

test('the log lost after an import: the search that was adopted is there, though another was used last', async () => {
  const { vault, directory } = searchedVault(2);
  const other = makeSpec(31, -40, 'cd'.repeat(32));
  const otherId = searchId(other);
  const decimal = primeOf(other, 0, 1).toString();
  const primes = [somePrime(otherId, decimal, { block: 0, offset: 1 })];
  vault.adopt({ id: otherId, spec: other, state: saving(1).state, primes, verifiedAt: 'then', at: 'then' });
  vault.useSearch(id, spec, SEARCH_START, 'moment 2');
  await vault.backupMade();
  const copy = crashed(directory);
  rmSync(log(copy));
  const again = openVault(copy);
  expect(again.vault.primesOf(otherId)).toEqual(primes);
  expect(again.vault.latestSearch()?.id).toBe(id);
  expect(again.vault.primesOf(id)).toEqual([find(1), find(2)]);
});

test('a crash between the journal and the store: what the journal has counts', async () => {
  const { vault, directory } = searchedVault(5);
  await vault.close();
  const before = crashed(directory);
  const again = openVault(directory);
  again.vault.save(saving(6));
  await again.vault.close();
  copyFileSync(store(before), store(directory));
  const last = openVault(directory);
  expectSaved(last, 6);
  expect(last.told).toEqual([`the store in ${directory} was behind its journal; 1 prime was taken over from there`]);
});

test('a store that is older than what is whole of its journal: the backup has what is between', async () => {
  const { vault, directory } = searchedVault(2);
  await vault.close();
  const old = crashed(directory);
  const again = openVault(directory);
  again.vault.save(saving(3));
  await again.vault.backupMade();
  again.vault.save(saving(4));
  again.vault.backUp();
  await again.vault.backupMade();
  again.vault.save(saving(5));
  await again.vault.close();
  copyFileSync(store(old), store(directory));
  writeFileSync(join(backups(directory), 'journal-0.jsonl'), 'Dear diary');
  const last = openVault(directory);
  expectSaved(last, 5);
  expect(last.told).toEqual([
    expect.stringMatching(/was damaged \(it is behind its journal\).* 5 primes by the backup of/),
  ]);
});

test('a journal whose last line is torn is closed off, and what follows counts', async () => {
  const { vault, directory } = searchedVault(3);
  await vault.close();
  const journal = join(backups(directory), 'journal-0.jsonl');
  appendFileSync(journal, readFileSync(journal).subarray(0, 300));
  const again = openVault(directory);
  expectSaved(again, 3);
  again.vault.save(saving(4));
  await again.vault.close();
  for (const name of filesIn(backups(directory))) if (name.startsWith('store')) rmSync(join(backups(directory), name));
  rmSync(store(directory));
  const last = openVault(directory);
  expectSaved(last, 4);
  expect(last.told[0]).toContain('1 damaged line of the journal left out');
});

test('a missing line of the journal is not jumped over: what comes after it is searched again', async () => {
  const { vault, directory } = searchedVault(6);
  await vault.close();
  const journal = join(backups(directory), 'journal-0.jsonl');
  const lines = readFileSync(journal, 'utf8').split('\n');
  // Line 0 is the beginning of the search, line 4 has its fourth find.
  lines[4] = `${lines[4]?.slice(0, 100)}x${lines[4]?.slice(101)}`;
  writeFileSync(journal, lines.join('\n'));
  rmSync(store(directory));
  const again = openVault(directory);
  expectSaved(again, 3);
  expect(again.told[0]).toMatch(/1 damaged line of the journal left out.*saved after the damage is searched again/);
  for (const k of [4, 5, 6, 7]) again.vault.save(saving(k));
  await again.vault.close();
  // The search came there again: now the journal has it twice, once behind the gap and once whole.
  rmSync(store(directory));
  expectSaved(openVault(directory), 7);
});

test('the newest backup is damaged as well: the one before it and its journals do as well', async () => {
  const { vault, directory } = searchedVault(2);
  for (const k of [3, 4]) {
    vault.backUp();
    await vault.backupMade();
    vault.save(saving(k));
  }
  await vault.close();
  const newest = join(backups(directory), 'store-2.sqlite');
  truncateSync(newest, 5000);
  truncateSync(store(directory), 5000);
  const again = openVault(directory);
  expectSaved(again, 4);
  expect(again.told[0]).toContain('1 damaged backup passed over');
  expect(filesIn(directory, setAsideIn(directory)[0] as string)).toContain('store-2.sqlite');
});

test('a store of a newer version is refused, and nothing in the directory is changed', async () => {
  const { vault, directory } = searchedVault(2);
  await vault.close();
  const database = new DatabaseSync(store(directory));
  database.exec(`PRAGMA journal_mode = DELETE; PRAGMA user_version = ${STORE_VERSION + 1}`);
  database.close();
  const before = readFileSync(store(directory));
  const files = [filesIn(directory), filesIn(backups(directory))];
  expect(() => openVault(directory)).toThrow(StoreProblem);
  expect(() => openVault(directory)).toThrow(/is from a newer nice19/);
  expect(readFileSync(store(directory)).equals(before)).toBe(true);
  expect([filesIn(directory), filesIn(backups(directory))]).toEqual(files);
});

test('somebody else has taken the directory after its lock was removed: nothing is saved until that one ends', () => {
  const opened = searchedVault(2);
  rmSync(join(opened.directory, 'running.lock'));
  const other = lockDirectory(opened.directory, { pid: 4711, since: 'then' });
  if (!other.ok) throw new Error('the directory is taken');
  for (let k = 0; k < 2; k++) {
    expect(() => opened.vault.save(saving(3))).toThrow(StorageFault);
    expect(() => opened.vault.save(saving(3))).toThrow(/another nice19 \(process 4711\) has taken/);
  }
  expect(opened.vault.countPrimes()).toBe(2);
  other.lock.release();
  opened.vault.save(saving(3));
  expectSaved(opened, 3);
});

test('somebody else has gone on with the search: what was found there is not overwritten', async () => {
  const opened = searchedVault(2);
  rmSync(join(opened.directory, 'running.lock'));
  const other = openVault(opened.directory);
  for (const k of [3, 4, 5]) other.vault.save(saving(k));
  await other.vault.close();
  expect(() => opened.vault.save(saving(3))).toThrow(OutOfStep);
  await opened.vault.close();
  expectSaved(openVault(opened.directory), 5);
});

test('store, backups and journal all lost at once: the search begins again from what there is, and loses no more', async () => {
  const opened = searchedVault(3);
  rmSync(backups(opened.directory), { recursive: true });
  writeFileSync(store(opened.directory), Buffer.alloc(200_000));
  expect(() => opened.vault.save(saving(4))).toThrow(OutOfStep);
  expect(opened.told).toEqual([
    expect.stringContaining('nothing to restore it from'),
    '3 primes of this search could not be restored; the search finds them again',
  ]);
  await opened.vault.close();
  const again = openVault(opened.directory);
  again.vault.useSearch(id, spec, SEARCH_START, 'the beginning');
  for (let k = 1; k <= 4; k++) again.vault.save(saving(k));
  expectSaved(again, 4);
});

test('a search adopted with many primes is whole in the journal, or not there at all', async () => {
  const { vault, directory } = openVault();
  const count = 1234;
  const primes = Array.from({ length: count }, (_, j) => find(j + 1));
  vault.adopt({ id, spec, state: saving(count).state, primes, verifiedAt: null, at: `moment ${count}` });
  expectSaved({ vault }, count);
  expect(vault.primes(Number.POSITIVE_INFINITY, 1)[0]?.verifiedAt).toBeNull();
  await vault.backupMade();
  vault.save(saving(count + 1));
  await vault.close();
  const journal = join(backups(directory), 'journal-0.jsonl');
  const lines = readFileSync(journal, 'utf8').trimEnd().split('\n');
  expect(lines.length).toBe(3);
  // From the journal alone.
  const alone = temporaryDirectory();
  mkdirSync(backups(alone));
  for (const name of ['journal-0.jsonl', 'journal-1.jsonl']) {
    copyFileSync(join(backups(directory), name), join(backups(alone), name));
  }
  expectSaved(openVault(alone), count + 1);
  // Torn before its end came.
  const torn = temporaryDirectory();
  mkdirSync(backups(torn));
  writeFileSync(join(backups(torn), 'journal-0.jsonl'), `${lines.slice(0, 2).join('\n')}\n`);
  expect(openVault(torn).vault.countSearches()).toBe(0);
  // Then searched for from its beginning: what was torn is not mixed with it.
  const mixed = temporaryDirectory();
  mkdirSync(backups(mixed));
  const begun = searchedVault(2);
  const own = readFileSync(join(backups(begun.directory), 'journal-0.jsonl'), 'utf8');
  writeFileSync(join(backups(mixed), 'journal-0.jsonl'), `${lines.slice(0, 2).join('\n')}\n${own}`);
  expectSaved(openVault(mixed), 2);
});

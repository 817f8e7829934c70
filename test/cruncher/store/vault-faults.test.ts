/** A disk that says no: it is said in one sentence, nothing is half done, and afterwards everything is there. */

import { rmSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { realDisk } from '../../../main/cruncher/store/disk.ts';
import { StorageFault } from '../../../main/cruncher/store/storage-fault.ts';
import { StoreProblem } from '../../../main/cruncher/store/store.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { FaultyDisk, type Step, sqliteError, systemError } from '../../support/faulty-disk.ts';
import { crashed, expectSaved, filesIn, id, openVault, saving, searchedVault, spec } from '../../support/vaults.ts';

const FAULTS: [string, Step[], () => Error, RegExp][] = [
  ['full, to the journal', ['append'], () => systemError('ENOSPC', 'write'), /the disk is full .*free some space/],
  ['over quota', ['append'], () => systemError('EDQUOT', 'write'), /quota .*free some space/],
  // As Node throws it: libuv has no name for it.
  [
    'over quota, by its number',
    ['append'],
    () => Object.assign(systemError('UNKNOWN', 'write'), { errno: -constants.errno.EDQUOT }),
    /quota .*free some space/,
  ],
  ['failing to write', ['append'], () => systemError('EIO', 'write'), /reports errors .*look after it/],
  ['failing to sync', ['sync'], () => systemError('EIO', 'fdatasync'), /reports errors/],
  ['full at commit', ['sql COMMIT'], () => sqliteError(13, 'database or disk is full'), /the disk is full/],
  ['read-only', ['sql BEGIN'], () => sqliteError(8, 'attempt to write a readonly database'), /not allowed to write/],
  ['failing at commit', ['sql COMMIT'], () => sqliteError(10, 'disk I/O error'), /reports errors/],
  ['failing to sync the store', ['sql COMMIT'], () => sqliteError(1034, 'disk I/O error'), /reports errors/],
  ['taken by another program', ['sql BEGIN'], () => sqliteError(5, 'database is locked'), /another program holds it/],
  ['out of files', ['head'], () => systemError('EMFILE', 'open'), /too many files are open/],
  ['not there', ['identity'], () => systemError('ENOTDIR', 'stat'), /cannot be reached/],
];

test.each(FAULTS)('a disk that is %s', async (_, steps, error, sentence) => {
  const faulty = new FaultyDisk();
  const opened = searchedVault(3, undefined, { disk: faulty.disk });
  const { vault, directory, told } = opened;
  faulty.fails(steps, error);
  for (let tries = 0; tries < 3; tries++) {
    expect(() => vault.save(saving(4))).toThrow(StorageFault);
    expect(() => vault.save(saving(4))).toThrow(sentence);
    expect(() => vault.save(saving(4))).toThrow(
      /^nothing can be saved in [^;]*; the search goes on in memory and tries again: [^;.]*$/,
    );
  }
  // A crash now: what was saved is there. The journal may have the find that nobody has heard of.
  const during = openVault(crashed(directory));
  expect([3, 4]).toContain(during.vault.countPrimes());
  expectSaved(during, during.vault.countPrimes());
  faulty.works();
  // Meanwhile the search has found another.
  vault.save({ ...saving(5), finds: [...saving(4).finds, ...saving(5).finds] });
  expectSaved(opened, 5);
  expect(told).toEqual([]);
  await vault.close();
  expectSaved(openVault(directory), 5);
  rmSync(join(directory, 'nice19.sqlite'));
  expectSaved(openVault(crashed(directory)), 5);
});

/** A disk on which the next append finds room for half of it. */
function filling(faulty: FaultyDisk) {
  const state = { torn: 0 };
  const disk = {
    ...faulty.disk,
    append: (handle: number, bytes: Uint8Array) => {
      if (state.torn === 0) return realDisk.append(handle, bytes);
      state.torn--;
      realDisk.append(handle, bytes.subarray(0, bytes.length / 2));
      throw systemError('ENOSPC', 'write');
    },
  };
  return { disk, state };
}

test('what of a line found room on a full disk is taken back: tries that fail do not fill the disk', async () => {
  const { disk, state } = filling(new FaultyDisk());
  const { vault, directory } = searchedVault(3, undefined, { disk });
  const journal = join(directory, 'backups', 'journal-0.jsonl');
  const before = statSync(journal).size;
  state.torn = 5;
  for (let tries = 0; tries < 5; tries++) {
    expect(() => vault.save(saving(4))).toThrow(StorageFault);
    expect(statSync(journal).size).toBe(before);
  }
  vault.save(saving(4));
  await vault.close();
  rmSync(join(directory, 'nice19.sqlite'));
  const again = openVault(directory);
  expectSaved(again, 4);
  expect(again.told[0]).not.toContain('damaged line');
});

test('a torn line that cannot be taken back is closed off: what is saved afterwards is in the journal', async () => {
  const faulty = new FaultyDisk();
  const { disk, state } = filling(faulty);
  const { vault, directory } = searchedVault(3, undefined, { disk });
  faulty.fails(['truncate'], () => systemError('EIO', 'ftruncate'));
  state.torn = 1;
  expect(() => vault.save(saving(4))).toThrow(StorageFault);
  vault.save(saving(4));
  await vault.close();
  rmSync(join(directory, 'nice19.sqlite'));
  const again = openVault(directory);
  expectSaved(again, 4);
  expect(again.told[0]).toContain('1 damaged line');
});

test('a store that was opened while nothing could be written is opened anew for the next try', () => {
  const faulty = new FaultyDisk();
  const { vault } = searchedVault(3, undefined, { disk: faulty.disk });
  const openings = () => faulty.steps.filter((step) => step === 'database').length;
  faulty.fails(['sql BEGIN'], () => sqliteError(8, 'attempt to write a readonly database'));
  expect(() => vault.save(saving(4))).toThrow(StorageFault);
  faulty.works();
  const before = openings();
  vault.save(saving(4));
  expect(openings()).toBeGreaterThan(before);
});

test('a store whose syncing failed once is written anew: what was read back may never have reached the disk', () => {
  const faulty = new FaultyDisk();
  const opened = searchedVault(3, undefined, { disk: faulty.disk });
  const before = realDisk.identity(join(opened.directory, 'nice19.sqlite'))?.inode;
  opened.vault.save(saving(4));
  expect(realDisk.identity(join(opened.directory, 'nice19.sqlite'))?.inode).toBe(before);
  faulty.fails(['sql COMMIT'], () => sqliteError(1034, 'disk I/O error'));
  expect(() => opened.vault.save(saving(5))).toThrow(StorageFault);
  faulty.works();
  opened.vault.save(saving(5));
  expect(realDisk.identity(join(opened.directory, 'nice19.sqlite'))?.inode).not.toBe(before);
  expectSaved(opened, 5);
});

test('a page that cannot be read is damage: the store is restored', () => {
  const faulty = new FaultyDisk();
  const opened = searchedVault(3, undefined, { disk: faulty.disk });
  let failures = 1;
  faulty.before = (step) => {
    if (step === 'sql BEGIN' && failures-- > 0) throw sqliteError(266, 'disk I/O error');
  };
  opened.vault.save(saving(4));
  expectSaved(opened, 4);
  expect(opened.told).toEqual([expect.stringMatching(/restored are 4 primes by 5 savings from the journal/)]);
});

test('damage that cannot be mended now is a fault, and mended when the disk works again', () => {
  const faulty = new FaultyDisk();
  const opened = searchedVault(3, undefined, { disk: faulty.disk });
  const { vault, directory } = opened;
  rmSync(join(directory, 'nice19.sqlite'));
  // The store without a name cannot be written anew, and stays open: it is all there is.
  faulty.fails(['syncFile'], () => systemError('ENOSPC', 'fsync'));
  for (let tries = 0; tries < 3; tries++) expect(() => vault.save(saving(4))).toThrow(StorageFault);
  expect(vault.countPrimes()).toBe(3);
  rmSync(join(directory, 'backups'), { recursive: true });
  faulty.works();
  vault.save(saving(4));
  expectSaved(opened, 4);
});

test('questions and facts while nothing can be read', () => {
  const faulty = new FaultyDisk();
  const { vault } = searchedVault(2, undefined, { disk: faulty.disk });
  vault.saveSurvivors(id, 0, 100, Uint8Array.of(1));
  faulty.fails(['sql COMMIT', 'database'], () => sqliteError(14, 'unable to open database file'));
  expect(() => vault.save(saving(3))).toThrow(/its files cannot be opened/);
  expect(() => vault.hasPrime(id, '7')).toThrow(StorageFault);
  expect(vault.survivors(id, 0)).toBeNull();
  vault.saveSurvivors(id, 0, 100, Uint8Array.of(1));
  vault.forgetSurvivors(id, 7);
  vault.setFact('priority', 'x');
  expect(vault.fact('priority')).toBeNull();
  expect(vault.cpuSecondsInAll).toBe(2);
  faulty.works();
  expect(vault.hasPrime(id, '7')).toBe(false);
  expect(vault.survivors(id, 0)).toEqual({ depth: 100, bitmap: Uint8Array.of(1) });
});

test.each([
  ['opened', ['database'] as Step[], () => sqliteError(14, 'unable to open database file'), /cannot be opened/],
  ['made', ['makeDirectory'] as Step[], () => systemError('EROFS', 'mkdir'), /read-only/],
])('a store that cannot be %s is refused with what to do, and the directory is free again', (_, steps, error, why) => {
  const directory = temporaryDirectory();
  const faulty = new FaultyDisk();
  faulty.fails(steps, error);
  for (let tries = 0; tries < 2; tries++) {
    expect(() => openVault(directory, { disk: faulty.disk })).toThrow(StoreProblem);
    expect(() => openVault(directory, { disk: faulty.disk })).toThrow(why);
  }
  faulty.works();
  expectSaved(searchedVault(1, directory, { disk: faulty.disk }), 1);
});

test('nothing can be saved at the very beginning: what is said does not speak of a search', () => {
  const faulty = new FaultyDisk();
  const { vault } = openVault(undefined, { disk: faulty.disk });
  faulty.fails(['append'], () => systemError('ENOSPC', 'write'));
  const begin = () => vault.useSearch(id, spec, saving(1).state, 'the beginning');
  expect(begin).toThrow(/the disk is full .*; free some space, or choose another directory with --data$/);
});

test('a saving that fails at any step at all has happened or has not, and can be done again', () => {
  const faulty = new FaultyDisk();
  const opened = searchedVault(1, undefined, { disk: faulty.disk });
  faulty.steps.length = 0;
  opened.vault.save(saving(2));
  const { length } = faulty.steps;
  expect(length).toBeGreaterThan(8);
  for (let step = 0; step < length; step++) {
    const k = step + 3;
    let left = step;
    faulty.before = () => {
      if (left-- === 0) throw systemError('EIO', 'whatever');
    };
    expect(() => opened.vault.save(saving(k)), faulty.steps[step]).toThrow(StorageFault);
    faulty.works();
    opened.vault.save(saving(k));
    expectSaved(opened, k);
  }
  expect(filesIn(opened.directory).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test.each(['an empty directory', 'nothing'])('a disk that is taken out leaves %s: nothing is written there', (what) => {
  let isIn = true;
  // What the directory's disk has is not there, and what is there is on another device.
  const disk = {
    ...realDisk,
    identity: (path: string) => {
      const found = realDisk.identity(path);
      if (isIn || found === null) return found;
      if (path.startsWith(join(directory, '/')) || (what === 'nothing' && path === directory)) return null;
      return { ...found, device: found.device + 1 };
    },
  };
  const directory = temporaryDirectory();
  const opened = searchedVault(3, directory, { disk });
  const before = filesIn(directory);
  isIn = false;
  for (let tries = 0; tries < 3; tries++) {
    expect(() => opened.vault.save(saving(4))).toThrow(/cannot be reached \(its disk is not there\); .*: put it back$/);
    opened.vault.setFact('priority', '{}');
  }
  isIn = true;
  expect(filesIn(directory)).toEqual(before);
  opened.vault.save(saving(4));
  expectSaved(opened, 4);
  expect(opened.told).toEqual([]);
});

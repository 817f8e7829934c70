/** Importing: what is merged, and that the other directory is only read. */

import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { searchId } from '../../main/cruncher/run/search-identity.ts';
import { checkpointContent, encodeCheckpoint } from '../../main/cruncher/store/checkpoint-file.ts';
import { lockDirectory } from '../../main/cruncher/store/lock.ts';
import { Store, type StoredSearch } from '../../main/cruncher/store/store.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { firstPrimes } from '../support/first-primes.ts';
import {
  decimals,
  files,
  id,
  kept,
  NOW,
  otherSpec,
  reading,
  report,
  searched,
  searchedOn,
  spec,
  VERSION_1,
} from '../support/import-jobs.ts';

describe('merging', () => {
  test('a search that is new comes with its primes and its state, and is not the one gone on with', async () => {
    const home = temporaryDirectory();
    const [source, target] = [join(home, 'source'), join(home, 'target')];
    await searched(source, 5);
    await searched(target, 1, otherSpec);
    const before = kept(target);
    const there = kept(source);
    expect(await report(target, source)).toEqual({ searches: 1, primes: 5, adopted: 1, advanced: 0, added: 5 });
    const after = kept(target);
    expect(after.latest).toBe(searchId(otherSpec));
    expect(after.primes).toEqual([...before.primes, ...there.primes]);
    expect(decimals(target)).toEqual(firstPrimes(spec, 5));
    const [theirs, ours] = [there, after].map(({ searches }) => searches.find((search) => search.id === id));
    expect(ours?.state.position).toEqual(theirs?.state.position);
    expect(ours?.state.counters).toEqual(theirs?.state.counters);
    const verified = reading(target, (store) => store.primes(Number.POSITIVE_INFINITY, 5).map((row) => row.verifiedAt));
    expect(verified.every((at) => at !== null)).toBe(true);
    const cpu = (directory: string) => reading(directory, (store) => store.cpuSecondsInAll);
    expect(cpu(target)).toBeGreaterThan(cpu(source));
    expect(await report(target, source)).toEqual({ searches: 1, primes: 5, adopted: 0, advanced: 0, added: 0 });
    expect(kept(target)).toEqual(after);
  });

  test('of two states of a search the further one stays, whichever side it is on, and goes on to the same primes', async () => {
    const home = temporaryDirectory();
    const [early, late, target] = [join(home, 'early'), join(home, 'late'), join(home, 'target')];
    await searched(early, 2);
    cpSync(early, late, { recursive: true });
    await searchedOn(late, 6);
    cpSync(early, target, { recursive: true });
    const more = decimals(late).length - decimals(early).length;
    expect(more).toBeGreaterThan(0);
    expect(await report(target, late)).toMatchObject({ adopted: 0, advanced: 1, added: more });
    expect(decimals(target)).toEqual(decimals(late));
    const after = kept(target);
    expect(await report(target, early)).toMatchObject({ adopted: 0, advanced: 0, added: 0 });
    expect(kept(target)).toEqual(after);
    await searchedOn(target, 9);
    expect(decimals(target).slice(0, 9)).toEqual(firstPrimes(spec, 9));
  });

  test('a checkpoint file does as a directory does', async () => {
    const home = temporaryDirectory();
    const source = await searched(join(home, 'source'), 4);
    const file = join(home, 'file');
    const content = reading(source, (store) =>
      checkpointContent(store.search(id) as StoredSearch, store.primesOf(id), NOW),
    );
    writeFileSync(file, encodeCheckpoint(content));
    expect(await report(join(home, 'target'), file)).toMatchObject({ adopted: 1, added: content.primes.length });
    expect(decimals(join(home, 'target'))).toEqual(decimals(source));
    expect(await report(join(home, 'target'), source)).toMatchObject({ adopted: 0, advanced: 0, added: 0 });
  });

  test('a store of version 1 is imported, and stays one', async () => {
    const home = temporaryDirectory();
    const source = join(home, 'source');
    mkdirSync(source);
    cpSync(VERSION_1, join(source, 'nice19.sqlite'));
    const there = kept(source);
    const before = files(source);
    expect(there.primes.length).toBeGreaterThan(0);
    expect(await report(join(home, 'target'), source)).toMatchObject({
      searches: there.searches.length,
      added: there.primes.length,
    });
    expect(kept(join(home, 'target')).primes.toSorted()).toEqual(there.primes.toSorted());
    expect(files(source)).toEqual(before);
  });

  test('the other directory is only read: closed, with the log of a crash, and while somebody searches there', async () => {
    const home = temporaryDirectory();
    const source = await searched(join(home, 'source'), 3);
    const crashed = join(home, 'crashed');
    const store = Store.open(source);
    store.setFact('priority', 'null');
    cpSync(source, crashed, { recursive: true });
    const lock = lockDirectory(source, { pid: 4711, since: NOW });
    const running = files(source);
    expect(await report(join(home, 'one'), source)).toMatchObject({ added: 3 });
    const readerMarks = join(source, 'nice19.sqlite-shm');
    expect({ ...files(source), [readerMarks]: '' }).toEqual({ ...running, [readerMarks]: '' });
    if (lock.ok) lock.lock.release();
    store.close();

    expect(readdirSync(crashed)).toContain('nice19.sqlite-wal');
    for (const [from, to] of [
      [crashed, 'two'],
      [source, 'three'],
    ] as const) {
      const before = files(from);
      expect(await report(join(home, to), from)).toMatchObject({ added: 3 });
      expect(files(from)).toEqual(before);
    }
  });
});

/** One cruncher a directory, whatever happens to the processes. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type DirectoryLock, directoryOwner, lockDirectory } from '../../../main/cruncher/store/lock.ts';
import { temporaryDirectory } from '../../support/directory.ts';

const since = '2026-11-12T13:14:15.161Z';
const ours = { pid: process.pid, since };

function locked(directory: string): DirectoryLock {
  const result = lockDirectory(directory, ours);
  if (!result.ok) throw new Error('the directory is taken');
  return result.lock;
}

async function holderOf(directory: string): Promise<ChildProcess> {
  const child = fork(new URL('../../support/lock-holder.ts', import.meta.url), [directory], { execArgv: [] });
  onTestFinished(() => void child.kill('SIGKILL'));
  expect((await once(child, 'message'))[0]).toBe(true);
  return child;
}

test('the second taker is refused and told who has the directory, in this process and in another', async () => {
  const directory = temporaryDirectory();
  const child = await holderOf(directory);
  expect(lockDirectory(directory, ours)).toEqual({
    ok: false,
    owner: { pid: child.pid, since: '2026-01-02T03:04:05.678Z' },
  });
  expect(directoryOwner(directory)?.pid).toBe(child.pid);

  const own = temporaryDirectory();
  const lock = locked(own);
  expect(lockDirectory(own, { pid: 1, since })).toEqual({ ok: false, owner: ours });
  lock.release();
});

test('the directory is free again when its holder is killed without a chance to clean up', async () => {
  const directory = temporaryDirectory();
  const child = await holderOf(directory);
  child.kill('SIGKILL');
  await once(child, 'exit');
  // It left its name behind: nobody believes that.
  expect(existsSync(join(directory, 'running.json'))).toBe(true);
  expect(directoryOwner(directory)).toBeNull();
  locked(directory).release();
});

test('released, it is free, and nothing says that somebody runs', () => {
  const directory = temporaryDirectory();
  locked(directory).release();
  expect(existsSync(join(directory, 'running.json'))).toBe(false);
  expect(directoryOwner(directory)).toBeNull();
  locked(directory).release();
});

test('a directory that is missing is made', () => {
  const directory = join(temporaryDirectory(), 'deep', 'down');
  locked(directory).release();
  expect(existsSync(directory)).toBe(true);
});

test('asking who runs changes nothing: no file appears, and a lock can be taken while somebody asks', () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'running.json'), JSON.stringify({ pid: 999_999, since }));
  expect(directoryOwner(directory)).toBeNull();
  expect(readdirSync(directory)).toEqual(['running.json']);
});

test('a refusal without a name: the holder is just starting, or its name is damaged', () => {
  const directory = temporaryDirectory();
  const lock = locked(directory);
  for (const damage of ['', '{"pid":', '{"pid":"x"}', 'null', '[]']) {
    writeFileSync(join(directory, 'running.json'), damage);
    expect(lockDirectory(directory, ours)).toEqual({ ok: false, owner: null });
    expect(directoryOwner(directory)).toBeNull();
  }
  lock.release();
});

test('a directory that cannot be written leaves no lock behind', () => {
  const directory = temporaryDirectory();
  // A directory of the owner's name: the lock is there already when this fails.
  mkdirSync(join(directory, 'running.json'));
  expect(() => lockDirectory(directory, ours)).toThrow('EISDIR');
  rmSync(join(directory, 'running.json'), { recursive: true });
  locked(directory).release();

  const file = join(directory, 'file');
  writeFileSync(file, '');
  expect(() => lockDirectory(file, ours)).toThrow('EEXIST');
});

/**
 * A lock between processes of one checkout: two set-ups at once would delete each other's files.
 *
 * The lock is a file with a random token, created only if it is not there. Its holder touches it every second; a waiter
 * that sees neither the token nor the date change for ten seconds of its own clock takes the holder for dead. (No process
 * numbers: they are used again, and mean nothing between containers that share a folder.) Two waiters can in theory break
 * the same dead lock within one millisecond; then both install, and the next set-up repairs what comes of it.
 */

import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const BEAT_MS = 1000;

/**
 * Runs `work` while holding the lock.
 * @template T
 * @param {string} path of the lock file
 * @param {() => Promise<T>} work
 * @param {{ onWait?: () => void, pollMs?: number, deadAfterMs?: number }} [options] `onWait` is called once if another
 *   process holds the lock
 * @returns {Promise<T>}
 */
export async function withLock(path, work, { onWait = () => {}, pollMs = 200, deadAfterMs = 10 * BEAT_MS } = {}) {
  const token = randomUUID();
  /** @type {{ state: string | undefined, since: number } | undefined} */
  let seen;
  while (!create(path, token)) {
    const state = look(path);
    if (!seen) onWait();
    if (!seen || seen.state !== state) seen = { state, since: performance.now() };
    else if (performance.now() - seen.since > deadAfterMs) rmSync(path, { force: true });
    await delay(pollMs);
  }
  const release = () => {
    if (look(path)?.startsWith(token)) rmSync(path, { force: true });
  };
  const beat = setInterval(() => touch(path), BEAT_MS);
  process.once('exit', release);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    process.off('exit', release);
    release();
  }
}

/**
 * @param {string} path
 * @param {string} token
 */
function create(path, token) {
  try {
    writeFileSync(path, token, { flag: 'wx' });
    return true;
  } catch (error) {
    // Windows answers EPERM while a deleted file is still open somewhere.
    if (isCode(error, 'EEXIST') || (process.platform === 'win32' && isCode(error, 'EPERM'))) return false;
    throw error;
  }
}

/**
 * Token and date of the lock; undefined if it has just gone.
 * @param {string} path
 */
function look(path) {
  try {
    return `${readFileSync(path, 'utf8')} ${statSync(path).mtimeMs}`;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** @param {string} path */
function touch(path) {
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
  }
}

/**
 * @param {unknown} error
 * @param {string} code
 */
function isCode(error, code) {
  return error instanceof Error && 'code' in error && error.code === code;
}

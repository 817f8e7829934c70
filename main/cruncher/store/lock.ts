/**
 * One cruncher a directory. The lock is an exclusive SQLite transaction held open on a file of its own: the
 * operating system lets go of it when the process ends, however it ends, so there is no stale lock to clean up.
 */

import { existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makeDirectory } from './disk.ts';

const LOCK_FILE = 'running.lock';
const OWNER_FILE = 'running.json';

export interface Owner {
  readonly pid: number;
  /** ISO 8601, UTC. */
  readonly since: string;
}

export interface DirectoryLock {
  release(): void;
}

export type LockResult =
  | { readonly ok: true; readonly lock: DirectoryLock }
  | { readonly ok: false; readonly owner: Owner | null };

/** The file whose lock it is. */
export const lockFile = (directory: string): string => join(directory, LOCK_FILE);

/** SQLITE_BUSY: somebody else holds the lock. */
const BUSY = 5;
/** SQLITE_CORRUPT, SQLITE_NOTADB. */
const DAMAGED = new Set([11, 26]);

/**
 * Takes the directory, or says who has it. Makes the directory when it is missing.
 * @throws Error when the directory cannot be made or written
 */
export function lockDirectory(directory: string, owner: Owner): LockResult {
  makeDirectory(directory);
  let database = new DatabaseSync(lockFile(directory));
  try {
    let busy: boolean;
    try {
      busy = isBusy(database, 'BEGIN EXCLUSIVE');
    } catch (error) {
      if (!DAMAGED.has((error as { errcode?: number }).errcode ?? 0)) throw error;
      // There is nothing in it to lose, and whoever holds it goes on doing so: the lock is on the file, not in it.
      database.close();
      truncateSync(lockFile(directory));
      database = new DatabaseSync(lockFile(directory));
      busy = isBusy(database, 'BEGIN EXCLUSIVE');
    }
    if (busy) {
      database.close();
      return { ok: false, owner: readOwner(directory) };
    }
    writeFileSync(join(directory, OWNER_FILE), JSON.stringify(owner));
  } catch (error) {
    database.close();
    throw error;
  }
  return {
    ok: true,
    lock: {
      release: () => {
        try {
          // The lock may have been deleted, and somebody else have taken it since.
          const named = readOwner(directory);
          if (named?.pid === owner.pid && named.since === owner.since)
            rmSync(join(directory, OWNER_FILE), { force: true });
        } catch {
          // The disk cannot be written: a name without a lock misleads nobody.
        } finally {
          database.close();
        }
      },
    },
  };
}

/**
 * Who works on the directory now, or null. Only reads: a cruncher that starts at this moment must not be refused
 * because somebody looked, and the directory may be on a disk that cannot be written.
 */
export function directoryOwner(directory: string): Owner | null {
  const owner = readOwner(directory);
  if (owner === null || !existsSync(lockFile(directory))) return null;
  const database = new DatabaseSync(lockFile(directory), { readOnly: true });
  try {
    return isBusy(database, 'SELECT count(*) FROM sqlite_schema') ? owner : null;
  } finally {
    database.close();
  }
}

function isBusy(database: DatabaseSync, statement: string): boolean {
  try {
    database.exec(`PRAGMA busy_timeout = 0; ${statement}`);
    return false;
  } catch (error) {
    if ((error as { errcode?: number }).errcode === BUSY) return true;
    throw error;
  }
}

function readOwner(directory: string): Owner | null {
  try {
    const { pid, since } = JSON.parse(readFileSync(join(directory, OWNER_FILE), 'utf8')) as Partial<Owner>;
    return typeof pid === 'number' && typeof since === 'string' ? { pid, since } : null;
  } catch {
    return null;
  }
}

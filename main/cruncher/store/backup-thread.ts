/**
 * The thread that makes a backup: SQLite's online backup of one moment of the store, while the cruncher goes on
 * writing; then the copy is checked as a whole, and only then it gets its name.
 */

import { dirname } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { BackupOrder, BackupOutcome } from './backup-job.ts';
import { storeFileProblem } from './check.ts';
import { realDisk } from './disk.ts';
import { faultOf } from './faults.ts';

/** Pages between two looks at whether to stop. */
const STRETCH = 2048;

class Stopped extends Error {}

async function copyStore({ source, temporary }: BackupOrder, isStopped: () => boolean): Promise<void> {
  const database = new DatabaseSync(source, { readOnly: true });
  try {
    database.exec('PRAGMA busy_timeout = 5000; BEGIN');
    // The transaction holds the moment fast: without it the copying begins anew at each saving.
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    await backup(database, temporary, {
      rate: STRETCH,
      progress: () => {
        if (isStopped()) throw new Stopped();
      },
    });
  } finally {
    database.close();
  }
  // One file that needs no other: the copy has taken over that the store has a write-ahead log.
  const copy = new DatabaseSync(temporary);
  copy.exec('PRAGMA journal_mode = DELETE');
  copy.close();
}

async function makeBackup(order: BackupOrder): Promise<BackupOutcome> {
  const { source, temporary, target, stop } = order;
  const flag = new Uint8Array(stop);
  const isStopped = () => Atomics.load(flag, 0) !== 0;
  try {
    await copyStore(order, isStopped);
    const problem = storeFileProblem(temporary, realDisk, isStopped);
    if (isStopped()) return { type: 'stopped' };
    if (problem !== null) {
      // The copy may have been damaged on its way.
      const atSource = storeFileProblem(source, realDisk, isStopped);
      if (isStopped()) return { type: 'stopped' };
      return atSource === null
        ? { type: 'failed', why: `the copy is ${problem}` }
        : { type: 'damaged', what: atSource };
    }
    realDisk.syncFile(temporary);
    realDisk.rename(temporary, target);
    realDisk.syncDirectory(dirname(target));
    return { type: 'made' };
  } catch (error) {
    if (error instanceof Stopped) return { type: 'stopped' };
    const fault = faultOf(error);
    if (fault.kind === 'damage') return { type: 'damaged', what: fault.what };
    if (fault.kind === 'disk') return { type: 'failed', why: `${fault.obstacle.what} (${fault.detail})` };
    throw error;
  } finally {
    // After a success there is nothing of these names.
    for (const suffix of ['', '-journal', '-wal', '-shm']) realDisk.remove(`${temporary}${suffix}`);
  }
}

const outcome = await makeBackup(workerData as BackupOrder);
parentPort?.postMessage(outcome);

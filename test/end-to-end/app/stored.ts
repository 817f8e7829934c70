/** What is in a data directory: as the terminal says it, and, where it is asked often, from the store itself. */

import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Status } from '../../../main/contract/messages.ts';
import { storeFile } from '../../../main/cruncher/store/opening.ts';
import { nice19 } from '../../support/nice19.ts';

export async function statusOf(directory: string): Promise<Status> {
  const { out, err } = await nice19('status', '--data', directory, '--json');
  if (out === '') throw new Error(err);
  return JSON.parse(out) as Status;
}

/** The process that searches. @throws where none does */
export async function cruncherOf(directory: string): Promise<number> {
  const { running } = await statusOf(directory);
  if (running === null) throw new Error(`Nobody searches in ${directory}.`);
  return running.pid;
}

/** Primes in the store, looked at while it is written to. */
export function primesIn(directory: string): number {
  const store = storeFile(directory);
  if (!existsSync(store)) return 0;
  const database = new DatabaseSync(store, { readOnly: true, timeout: 5000 });
  try {
    return Number(database.prepare('SELECT count(*) AS count FROM prime').get()?.['count']);
  } finally {
    database.close();
  }
}

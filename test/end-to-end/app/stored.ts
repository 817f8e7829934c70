/** What is in a data directory, as the terminal says it. */

import type { Status } from '../../../main/contract/messages.ts';
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

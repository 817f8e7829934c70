/**
 * `nice19 pool collect`: brings what HTCondor holds of each job into the job's folder, and merges the finds of all jobs into
 * the data directory, each tested again.
 */

import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CollectReport } from '../../contract/import.ts';
import { FINDS_FILE, STATE_FILE } from '../../contract/job-files.ts';
import { readProgress } from '../../pool/job-state.ts';
import { jobFolder } from '../../pool/plan.ts';
import { count, plural } from '../format.ts';
import { runMerge } from '../import.ts';
import type { Outcome } from '../session.ts';
import type { Terminal } from '../terminal.ts';
import { jobsNow, readPlan } from './folder.ts';

export async function collectPool(
  folder: string,
  directory: string,
  json: boolean,
  terminal: Terminal,
): Promise<Outcome> {
  const plan = readPlan(folder);
  if (!plan.ok) return { end: 'refused', sentence: plan.sentence };
  const { jobs, problem } = await jobsNow(folder, plan.value);
  if (problem !== null) terminal.say(`Only finished jobs and what was collected before: ${problem}`);
  const from: string[] = [];
  for (const job of jobs) {
    const own = join(folder, jobFolder(job.job));
    if (job.folder !== own && !bringHere(job.folder, own)) {
      terminal.say(`Warning: the checkpoint of job ${job.job} changes or is damaged; it is left for the next time.`);
    }
    from.push(own);
  }
  return runMerge({ type: 'collect', directory, from }, terminal, (event) => {
    if (event.type !== 'collected') return null;
    return json ? [JSON.stringify(event.report)] : collectLines(directory, event.report);
  });
}

export function collectLines(directory: string, { jobs, empty, refused, primes, added }: CollectReport): string[] {
  const nothing = empty === 0 ? '' : `; ${plural(empty, 'job has', 'jobs have')} nothing yet`;
  const tested = added === 0 ? 'nothing of it is new' : `${count(added)} new, each tested again`;
  return [
    `${plural(jobs, 'job has', 'jobs have')} ${plural(primes, 'prime')}; in ${directory} ${tested}${nothing}.`,
    ...refused.map((sentence) => `Left out: ${sentence}`),
  ];
}

/** HTCondor may put the next checkpoint in the place of one that is being read. */
const TRIES = 3;

/**
 * Copies a pair of files that belong together, the finds first: what is there is never half of one and half of another for longer
 * than two renames, and if it ends between them, the next time mends it.
 */
function bringHere(from: string, to: string): boolean {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const pair = readPair(from);
    if (pair === null) continue;
    const files = [
      [FINDS_FILE, pair.finds],
      [STATE_FILE, pair.state],
    ] as const;
    for (const [name, bytes] of files) writeBeside(join(to, name), bytes);
    for (const [name] of files) renameSync(join(to, `${name}.new`), join(to, name));
    return true;
  }
  return false;
}

function readPair(folder: string): { readonly state: Buffer; readonly finds: Buffer } | null {
  try {
    const [state, finds] = [readFileSync(join(folder, STATE_FILE)), readFileSync(join(folder, FINDS_FILE))];
    const wanted = readProgress(state.toString('utf8'))?.finds;
    if (wanted === undefined) return null;
    const own = finds.subarray(0, wanted.bytes);
    return createHash('sha256').update(own).digest('hex') === wanted.sha256 ? { state, finds: own } : null;
  } catch {
    return null;
  }
}

function writeBeside(file: string, bytes: Buffer): void {
  writeFileSync(`${file}.new`, bytes);
  const handle = openSync(`${file}.new`, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** `nice19 pool submit`: writes a pool's folder and hands its description to HTCondor. */

import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FINDS_FILE, STATE_FILE } from '../../contract/job-files.ts';
import { DEFAULT_ERROR_LOG2 } from '../../contract/search-spec.ts';
import { VERSION } from '../../contract/version.ts';
import { submitDescription } from '../../pool/description.ts';
import { DESCRIPTION_FILE, jobFolder, PLAN_FILE, type Plan } from '../../pool/plan.ts';
import { plural } from '../format.ts';
import type { Outcome } from '../session.ts';
import type { Terminal } from '../terminal.ts';
import { carryInto, whatIsCarried } from './carried.ts';
import { isInstalled, NOT_INSTALLED, queueOf, submit } from './condor.ts';
import { readPlan } from './folder.ts';

/** A new pool. */
export interface NewPool {
  readonly digits: number;
  readonly jobs: number;
  readonly count: number | null;
  readonly errorLog2: number | null;
  /** CPU seconds between two checkpoints. */
  readonly every: number;
  readonly seed: string | null;
  readonly node: string | null;
  /** null: a folder of its own here. */
  readonly folder: string | null;
}

const refused = (sentence: string): Outcome => ({ end: 'refused', sentence });

export async function submitPool(wanted: NewPool, dryRun: boolean, terminal: Terminal): Promise<Outcome> {
  const plan = planOf(wanted);
  const numbers = Array.from({ length: plan.jobs }, (_, job) => job);
  const carried = whatIsCarried(plan.node);
  if (carried === null) return refused(NO_PROGRAM);
  if (carried.architectures.length === 0) {
    return refused(
      'There is no Node to carry from this computer: run "npm run bundle", or say where it is on the pool’s with --node PATH.',
    );
  }
  const description = submitDescription(plan, numbers, carried);
  if (dryRun) {
    terminal.print(description.trimEnd());
    return { end: 'answered' };
  }
  if (!isInstalled('condor_submit')) return refused(NOT_INSTALLED);
  const folder = wanted.folder ?? `nice19-pool-${plan.id}`;
  if (existsSync(join(folder, PLAN_FILE))) {
    return refused(
      `${folder} has a pool already; choose another folder, or submit some of its jobs again with --again.`,
    );
  }
  try {
    mkdirSync(folder, { recursive: true });
    carryInto(folder, carried, plan.node);
    for (const job of numbers) makeJobFolder(folder, job);
    writeFileSync(join(folder, DESCRIPTION_FILE), description);
    writeFileSync(join(folder, PLAN_FILE), `${JSON.stringify(plan, null, 2)}\n`);
  } catch (error) {
    return refused(`${folder} cannot be made (${(error as Error).message}); choose another with --folder.`);
  }
  return handOver(folder, DESCRIPTION_FILE, numbers, terminal);
}

/** Some jobs of a pool once more, from what is in their folders. */
export async function submitAgain(
  folder: string,
  jobs: readonly number[],
  dryRun: boolean,
  terminal: Terminal,
): Promise<Outcome> {
  const answer = readPlan(folder);
  if (!answer.ok) return refused(answer.sentence);
  const plan = answer.value;
  const unknown = jobs.find((job) => job >= plan.jobs);
  if (unknown !== undefined)
    return refused(`There is no job ${unknown}: the jobs of ${folder} are 0 to ${plan.jobs - 1}.`);
  const carried = whatIsCarried(plan.node);
  if (carried === null) return refused(NO_PROGRAM);
  const description = submitDescription(plan, jobs, carried);
  if (dryRun) {
    terminal.print(description.trimEnd());
    return { end: 'answered' };
  }
  const queue = await queueOf(plan.id);
  if (!queue.ok) return refused(queue.sentence);
  const queued = queue.value.find(({ job }) => jobs.includes(job));
  if (queued !== undefined) {
    return refused(
      `Job ${queued.job} is in the queue as ${queued.name}: run "nice19 pool collect ${folder}", then "condor_rm ${queued.name}", and then submit it again.`,
    );
  }
  const file = `nice19-again-${jobs.join('-').slice(0, 60)}.submit`;
  try {
    carryInto(folder, carried, plan.node);
    for (const job of jobs) makeJobFolder(folder, job);
    writeFileSync(join(folder, file), description);
  } catch (error) {
    return refused(`${folder} cannot be written (${(error as Error).message}).`);
  }
  return handOver(folder, file, jobs, terminal);
}

const NO_PROGRAM = 'The program that jobs carry has not been made: run "npm run bundle" in nice19’s folder first.';

function planOf({ digits, jobs, count: each, errorLog2, every, seed, node }: NewPool): Plan {
  return {
    format: 'nice19-pool',
    version: 1,
    id: randomBytes(4).toString('hex'),
    seed: seed ?? randomBytes(32).toString('hex'),
    digits,
    errorLog2: errorLog2 ?? DEFAULT_ERROR_LOG2,
    jobs,
    count: each,
    every,
    node,
    createdAt: new Date().toISOString(),
    program: `nice19 ${VERSION}`,
  };
}

/** With both files, empty where there are none: HTCondor holds a job whose files are missing. */
function makeJobFolder(folder: string, job: number): void {
  const own = join(folder, jobFolder(job));
  mkdirSync(own, { recursive: true });
  for (const file of [STATE_FILE, FINDS_FILE]) closeSync(openSync(join(own, file), 'a'));
}

async function handOver(folder: string, file: string, jobs: readonly number[], terminal: Terminal): Promise<Outcome> {
  const answer = await submit(folder, file);
  if (!answer.ok) {
    const byHand = `cd ${folder} && condor_submit ${file}`;
    return refused(`${answer.sentence} Everything is in ${folder}; when that is mended: ${byHand}`);
  }
  for (const line of answer.value.trim().split('\n')) if (!line.startsWith('Submitting job')) terminal.say(line);
  terminal.print(`${plural(jobs.length, 'job is', 'jobs are')} in the queue: ${folder}`);
  terminal.say(`How it goes: nice19 pool status ${folder}   The finds, at any time: nice19 pool collect ${folder}`);
  return { end: 'answered' };
}

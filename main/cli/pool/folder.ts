/** A pool's folder: its plan, its log, and a folder for each job. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { STATE_FILE } from '../../contract/job-files.ts';
import { type JobHistory, readJobLog } from '../../pool/job-log.ts';
import { type JobProgress, readProgress } from '../../pool/job-state.ts';
import { jobFolder, LOG_FILE, PLAN_FILE, type Plan, PlanSchema } from '../../pool/plan.ts';
import { type Answer, checkpointFolders, queueOf } from './condor.ts';

export function readPlan(folder: string): Answer<Plan> {
  let text: string;
  try {
    text = readFileSync(join(folder, PLAN_FILE), 'utf8');
  } catch {
    return {
      ok: false,
      sentence: `There is no pool in ${folder}; name the folder that "nice19 pool submit" has made.`,
    };
  }
  try {
    const parsed = v.safeParse(PlanSchema, JSON.parse(text));
    if (parsed.success) return { ok: true, value: parsed.output };
  } catch {
    // Said below.
  }
  return {
    ok: false,
    sentence: `${join(folder, PLAN_FILE)} is not what "nice19 pool submit" writes; is it of a newer nice19?`,
  };
}

export interface JobNow {
  readonly job: number;
  readonly state: 'running' | 'idle' | 'held' | 'suspended' | 'done' | 'removed' | 'never submitted';
  readonly host: string | null;
  readonly holdReason: string | null;
  readonly history: JobHistory | null;
  /** Of its last checkpoint that is here. */
  readonly progress: JobProgress | null;
  /** The folder with that: its own, or HTCondor's while it is in the queue. */
  readonly folder: string;
}

/**
 * All jobs of a pool as they are now.
 * @returns also why the queue could not be asked: then the log says what it can
 */
export async function jobsNow(folder: string, plan: Plan): Promise<{ jobs: JobNow[]; problem: string | null }> {
  const histories = new Map(readJobLog(textOf(join(folder, LOG_FILE))).map((one) => [one.job, one]));
  const answer = await queueOf(plan.id);
  const queue = new Map((answer.ok ? answer.value : []).map((one) => [one.job, one]));
  const carried = await checkpointFolders([...queue.values()].map(({ name }) => name));
  const jobs = Array.from({ length: plan.jobs }, (_, job): JobNow => {
    const [queued, history] = [queue.get(job), histories.get(job) ?? null];
    const own = join(folder, jobFolder(job));
    const spooled = queued === undefined ? undefined : carried.get(queued.name);
    const progress = spooled === undefined ? null : readProgress(textOf(join(spooled, STATE_FILE)));
    return {
      job,
      state: queued?.state ?? stateInLog(history),
      host: queued?.host ?? null,
      holdReason: queued?.holdReason ?? null,
      history,
      progress: progress ?? readProgress(textOf(join(own, STATE_FILE))),
      folder: progress === null || spooled === undefined ? own : spooled,
    };
  });
  return { jobs, problem: answer.ok ? null : answer.sentence };
}

function stateInLog(history: JobHistory | null): JobNow['state'] {
  switch (history?.state) {
    case undefined:
      return 'never submitted';
    case 'waits':
      return 'idle';
    case 'runs':
      return 'running';
    default:
      return history?.state as 'held' | 'done' | 'removed';
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

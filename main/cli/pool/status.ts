/** `nice19 pool status`: what the queue, the log and the last checkpoints say of a pool's jobs. */

import type { Plan } from '../../pool/plan.ts';
import { count, duration, plural } from '../format.ts';
import type { Outcome } from '../session.ts';
import type { Terminal } from '../terminal.ts';
import { type JobNow, jobsNow, readPlan } from './folder.ts';

/** With more jobs only those that need somebody are listed. */
const MOST_LISTED = 40;

export async function poolStatus(folder: string, json: boolean, terminal: Terminal): Promise<Outcome> {
  const plan = readPlan(folder);
  if (!plan.ok) return { end: 'refused', sentence: plan.sentence };
  const { jobs, problem } = await jobsNow(folder, plan.value);
  if (json) terminal.print(JSON.stringify({ plan: plan.value, problem, totals: totalsOf(jobs), jobs }));
  else {
    for (const line of statusLines(plan.value, jobs)) terminal.print(line);
    if (problem !== null) terminal.say(`The queue cannot be asked, this is what the log says: ${problem}`);
  }
  return { end: 'answered' };
}

export interface Totals {
  readonly states: Readonly<Partial<Record<JobNow['state'], number>>>;
  readonly starts: number;
  readonly checkpoints: number;
  readonly evictions: number;
  readonly failures: number;
  readonly primes: number;
  readonly cpuSeconds: number;
}

export function totalsOf(jobs: readonly JobNow[]): Totals {
  const sum = (of: (job: JobNow) => number | undefined) => jobs.reduce((total, job) => total + (of(job) ?? 0), 0);
  const states: Partial<Record<JobNow['state'], number>> = {};
  for (const { state } of jobs) states[state] = (states[state] ?? 0) + 1;
  return {
    states,
    starts: sum(({ history }) => history?.starts),
    checkpoints: sum(({ history }) => history?.checkpoints),
    evictions: sum(({ history }) => history?.evictions),
    failures: sum(({ history }) => history?.failures),
    primes: sum(({ progress }) => progress?.primes),
    cpuSeconds: sum(({ progress }) => progress?.cpuSeconds),
  };
}

export function statusLines(plan: Plan, jobs: readonly JobNow[]): string[] {
  const totals = totalsOf(jobs);
  const { starts, checkpoints, evictions, failures, primes, cpuSeconds } = totals;
  const states = Object.entries(totals.states).map(([state, number]) => `${count(number)} ${state}`);
  const rate = cpuSeconds > 0 && primes > 0 ? `, one each ${duration(cpuSeconds / primes)} of it` : '';
  const listed =
    jobs.length <= MOST_LISTED ? jobs : jobs.filter(({ state }) => state === 'held' || state === 'removed');
  return [
    `Pool        ${plan.id}: ${plural(plan.jobs, 'job')}, primes of ${count(plan.digits)} digits${plan.count === null ? '' : `, ${count(plan.count)} by each`}`,
    `Jobs        ${states.join(', ')}`,
    `So far      ${plural(starts, 'start')}, ${plural(checkpoints, 'checkpoint')} here, ${plural(evictions, 'eviction')}, ${plural(failures, 'failure')}`,
    `Checkpoints ${plural(primes, 'prime')}, ${duration(cpuSeconds)} of CPU time${rate}`,
    ...(listed.length === 0 ? [] : ['', ...table(listed)]),
  ];
}

const HEAD = ['job', 'as', 'state', 'starts', 'checkpoints', 'evicted', 'failed', 'primes', 'CPU time', 'where or why'];

function table(jobs: readonly JobNow[]): string[] {
  const rows = jobs.map(({ job, state, history, progress, host, holdReason }) => [
    String(job),
    history?.name ?? '–',
    state,
    ...[history?.starts, history?.checkpoints, history?.evictions, history?.failures, progress?.primes].map((number) =>
      count(number ?? 0),
    ),
    duration(progress?.cpuSeconds ?? 0),
    holdReason ?? host ?? '',
  ]);
  const widths = HEAD.map((_, k) => Math.max(...[HEAD, ...rows].map((row) => (row[k] as string).length)));
  const last = HEAD.length - 1;
  return [HEAD, ...rows].map((row) =>
    row
      .map((cell, k) =>
        k === last ? cell : k >= 3 ? cell.padStart(widths[k] as number) : cell.padEnd(widths[k] as number),
      )
      .join('  ')
      .trimEnd(),
  );
}

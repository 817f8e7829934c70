/**
 * HTCondor's log of a pool, one event after another: what happened to each job. The format:
 * https://htcondor.readthedocs.io/en/latest/users-manual/managing-a-job.html (events are told by their numbers; a line of
 * three dots ends one).
 */

/** What one job went through. Counts are events seen. */
export interface JobHistory {
  /** As it was told at its submission. */
  readonly job: number;
  /** HTCondor's own name of it, such as 7.0; of the last submission. */
  readonly name: string;
  readonly starts: number;
  /** Checkpoints that arrived on the submit node, those of evictions included. */
  readonly checkpoints: number;
  readonly evictions: number;
  /** Times that the job ended by a signal or with a code that is neither success nor checkpoint. */
  readonly failures: number;
  /** Times that the submit node lost its computer. */
  readonly disconnections: number;
  readonly state: 'waits' | 'runs' | 'held' | 'done' | 'removed';
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Tracked = Mutable<JobHistory> & { arrived: boolean };

const HEAD = /^(\d{3}) \((\d+)\.(\d+)\.\d+\) (.*)$/;
const NOTE = /^\s+job (\d+)$/m;

/** @returns the jobs by their numbers; events of jobs that were not submitted in this log are left out */
export function readJobLog(text: string): JobHistory[] {
  const byName = new Map<string, Tracked>();
  const byJob = new Map<number, Tracked>();
  // What is behind the last dots is being written.
  for (const event of text.split(/^\.\.\.$/m).slice(0, -1)) {
    const [head = '', ...rest] = event.trimStart().split('\n');
    const match = HEAD.exec(head.trimEnd());
    if (match === null) continue;
    const [, code, cluster, proc, words = ''] = match;
    const name = `${Number(cluster)}.${Number(proc)}`;
    if (code === '000') submitted(name, rest.join('\n'), byName, byJob);
    const job = byName.get(name);
    if (job !== undefined) take(job, code as string, `${words}\n${rest.join('\n')}`);
  }
  return [...byJob.values()]
    .map(({ arrived, ...history }) => ({ ...history, checkpoints: history.checkpoints + (arrived ? 1 : 0) }))
    .toSorted((a, b) => a.job - b.job);
}

function submitted(name: string, rest: string, byName: Map<string, Tracked>, byJob: Map<number, Tracked>): void {
  const note = NOTE.exec(rest)?.[1];
  if (note === undefined) return;
  const before = byJob.get(Number(note));
  const none = { starts: 0, checkpoints: 0, evictions: 0, failures: 0, disconnections: 0, arrived: false };
  const job: Tracked = { ...none, ...before, job: Number(note), name, state: 'waits' };
  if (before !== undefined) byName.delete(before.name);
  byName.set(name, job);
  byJob.set(job.job, job);
}

const EVICTED = '004';
const HELD = '012';
/** Events by their numbers, and what a job does after them. */
const STATE_AFTER: Readonly<Record<string, JobHistory['state']>> = {
  '001': 'runs', // executing
  [EVICTED]: 'waits',
  '007': 'waits', // its shadow failed
  '009': 'removed',
  [HELD]: 'held',
  '013': 'waits', // released
  '024': 'waits', // its computer did not come back
};
const TERMINATED = '005';
const DISCONNECTED = '022';
const FILES = '040';
/** They come at any time, and mean nothing for what came before: image size, attributes. */
const ASIDE = new Set(['006', '028']);

/** Files that arrive just before a job ends, well or not, are what it left, and no checkpoint. */
function take(job: Tracked, code: string, text: string): void {
  if (ASIDE.has(code)) return;
  const requeued = code === EVICTED && text.includes('terminated and was requeued');
  if (job.arrived && !requeued && code !== TERMINATED && code !== HELD) job.checkpoints++;
  job.arrived = code === FILES && text.includes('Finished transferring output files');
  job.state = STATE_AFTER[code] ?? job.state;
  if (code === '001') job.starts++;
  else if (code === DISCONNECTED) job.disconnections++;
  // What is to be tried again after a failure is told of as an eviction.
  else if (requeued) job.failures++;
  else if (code === EVICTED) job.evictions++;
  else if (code === TERMINATED) {
    const success = text.includes('(return value 0)');
    if (!success) job.failures++;
    job.state = success ? 'done' : 'waits';
  }
}

/** What `condor_q -json` says of a pool's jobs. */

import * as v from 'valibot';

/** JobStatus of a job's ad: https://htcondor.readthedocs.io/en/latest/classad-attributes/job-classad-attributes.html */
const STATES = { 1: 'idle', 2: 'running', 3: 'removed', 4: 'done', 5: 'held', 6: 'running', 7: 'suspended' } as const;
export type QueueState = (typeof STATES)[keyof typeof STATES];

export const QUEUE_ATTRIBUTES = ['ClusterId', 'ProcId', 'JobStatus', 'Nice19Job', 'RemoteHost', 'HoldReason'] as const;

const EntrySchema = v.object({
  ClusterId: v.pipe(v.number(), v.integer()),
  ProcId: v.pipe(v.number(), v.integer()),
  JobStatus: v.number(),
  Nice19Job: v.pipe(v.number(), v.integer(), v.minValue(0)),
  RemoteHost: v.optional(v.string()),
  HoldReason: v.optional(v.string()),
});

export interface QueuedJob {
  readonly job: number;
  /** Such as 7.0. */
  readonly name: string;
  readonly state: QueueState;
  /** The computer that it runs on. */
  readonly host: string | null;
  readonly holdReason: string | null;
}

/**
 * @param text all that it printed: nothing where there are no jobs
 * @returns null when it is not what condor_q prints
 */
export function readQueue(text: string): QueuedJob[] | null {
  if (text.trim() === '') return [];
  const parsed = v.safeParse(v.array(EntrySchema), json(text));
  if (!parsed.success) return null;
  return parsed.output.map((entry) => ({
    job: entry.Nice19Job,
    name: `${entry.ClusterId}.${entry.ProcId}`,
    state: STATES[entry.JobStatus as keyof typeof STATES] ?? 'idle',
    host: entry.RemoteHost ?? null,
    holdReason: entry.HoldReason ?? null,
  }));
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

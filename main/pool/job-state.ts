/** What a job's state says of it, for a look at how far it is: whoever takes its finds over checks all of it (`pool collect`). */

import * as v from 'valibot';
import { JobStateSchema } from '../contract/job-files.ts';

export interface JobProgress {
  readonly primes: number;
  readonly cpuSeconds: number;
  /** When it was written, ISO 8601 in UTC. */
  readonly savedAt: string;
  /** Digest of the finds that belong to it, and how many bytes they are. */
  readonly finds: { readonly bytes: number; readonly sha256: string };
}

/** @returns null where nothing was saved yet, or it cannot be read */
export function readProgress(text: string): JobProgress | null {
  try {
    const parsed = v.safeParse(JobStateSchema, JSON.parse(text.split('\n')[1] ?? ''));
    if (!parsed.success) return null;
    const { finds, state, writtenAt } = parsed.output;
    const { count, bytes, sha256 } = finds;
    return { primes: count, cpuSeconds: state.counters.cpuSeconds, savedAt: writtenAt, finds: { bytes, sha256 } };
  } catch {
    return null;
  }
}

/** The job of a search, as it is given again after a crash. */

import type { Job } from '../contract/messages.ts';

/** Once the search is in the store a restart goes on with it, and does not begin it again. */
export function afterStart<J extends Job>(job: J, spec: { digits: number; errorLog2: number; seed: string }): J {
  if (job.type !== 'search') return job;
  const { digits, errorLog2, seed } = spec;
  return { ...job, digits, errorLog2, seed, restart: null };
}

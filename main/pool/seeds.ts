/**
 * One seed a job, derived from the seed of the pool (docs/blocks.md). Jobs then search blocks that have nothing to do with each
 * other, without asking anybody, and the seed of a job that was lost can be worked out again from its number.
 */

import { prfBytes, SEED_BYTES } from '../search/prf.ts';

/** Its own label: no block and no base of any search is drawn from the same stream. */
const LABEL = 'pool job';

/**
 * @param poolSeed 64 hexadecimal digits
 * @param job 0, 1, 2, …
 * @returns 64 hexadecimal digits
 * @throws RangeError for a seed of another length or a job below 0
 */
export function jobSeed(poolSeed: string, job: number): string {
  const seed = prfBytes(Buffer.from(poolSeed, 'hex'), LABEL, BigInt(job), SEED_BYTES);
  return Buffer.from(seed).toString('hex');
}

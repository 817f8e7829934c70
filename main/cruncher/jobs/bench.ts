/** `nice19 bench`: what each size costs on one core, at the priority that the user gave. */

import type { Job } from '../../contract/messages.ts';
import { benchSize } from '../../search/bench.ts';
import { type JobContext, nextTurn } from './context.ts';

/**
 * The clock on the wall, of which the bench takes minima: CPU time is read from the kernel's ticks, too coarse for
 * a test of microseconds.
 */
const wallSeconds = (): number => performance.now() / 1000;

export async function runBench(job: Extract<Job, { type: 'bench' }>, { emit, isStopped }: JobContext): Promise<void> {
  for (const [k, digits] of job.digits.entries()) {
    const bench = benchSize(digits, job.kernel ?? undefined, wallSeconds);
    let step = bench.next();
    for (; !step.done; step = bench.next()) {
      await nextTurn();
      if (isStopped()) return;
    }
    const cost = step.value;
    emit({
      type: 'benched',
      last: k === job.digits.length - 1,
      row: {
        kernel: cost.kernel,
        digits,
        bits: cost.bits,
        nsPerSquaring: cost.squaring * 1e9,
        base2TestMs: cost.baseTwoTest * 1e3,
        setUpMs: cost.setUp * 1e3,
        sieveNsPerPrime: cost.sievePrime * 1e9,
        sieveDepth: cost.sieveDepth,
        sieveShare: cost.sieveShare,
        testsPerPrime: cost.testsPerPrime,
        cpuSecondsPerPrime: cost.perPrime,
      },
    });
  }
}

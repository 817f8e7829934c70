/** `nice19 test`: one number, chosen by somebody, so only the worst-case bound speaks about it. */

import { checkPrime, randomBytes } from 'node:crypto';
import type { Job, Verdict } from '../../contract/messages.ts';
import { evaluateExpression } from '../../search/expression/expression.ts';
import { Kernels } from '../../search/kernel-names.ts';
import { rabinBase } from '../../search/prf.ts';
import { roundsFor, worstCaseLog2 } from '../../search/primality/bounds.ts';
import { Confirmation, type ConfirmationResult } from '../../search/primality/confirmation.ts';
import { smallDivisor } from '../../search/primality/divisor.ts';
import { isPrimeBelow64Bits, passesStrongTest } from '../../search/primality/small.ts';
import { type JobContext, nextTurn, Refusal } from './context.ts';

/** The FFT kernel's tables reach a little further than the search goes. */
const LARGEST_DIGITS = 100_000;
const SLICE_MS = 30;
const TELL_MS = 250;

type TestJob = Extract<Job, { type: 'test' }>;
type Finding = Pick<Verdict, 'verdict' | 'rounds' | 'witness' | 'divisor' | 'lucas' | 'kernels'>;

export async function testNumber(job: TestJob, context: JobContext): Promise<void> {
  const evaluated = evaluateExpression(job.number, { digits: LARGEST_DIGITS + 1 });
  if (!evaluated.ok) throw new Refusal(evaluated.problem);
  const n = evaluated.value;
  if (n < 2n) throw new Refusal('Numbers below 2 are neither prime nor composite; give a whole number from 2 on.');
  context.lowerPriority();
  const cpuBefore = process.cpuUsage();
  const finding = await decide(n, roundsFor(job.errorLog2), job, context);
  if (finding === null) return;
  const thorough = job.thorough && finding.divisor === false ? await askOpenSsl(n, context) : null;
  const { user, system } = process.cpuUsage(cpuBefore);
  context.emit({
    type: 'verdict',
    verdict: {
      ...finding,
      digits: n.toString().length,
      bits: n.toString(2).length,
      worstCaseLog2: finding.verdict === 'probable prime' ? worstCaseLog2(finding.rounds) : null,
      averageCaseLog2: null,
      thorough,
      cpuSeconds: (user + system) / 1e6,
    },
  });
}

/** null when it was stopped. */
async function decide(n: bigint, rounds: number, job: TestJob, context: JobContext): Promise<Finding | null> {
  const plain = { rounds: 0, lucas: null, kernels: [] as string[] };
  const divisor = smallDivisor(n);
  if (divisor !== null) return { ...plain, verdict: 'composite', witness: String(divisor), divisor: true };
  if (n < 1n << 64n) {
    if (isPrimeBelow64Bits(n)) return { ...plain, verdict: 'prime', witness: null, divisor: false };
    return { ...plain, verdict: 'composite', witness: String(smallWitness(n)), divisor: false };
  }
  const result = await confirm(n, rounds, job, context);
  if (result === null) return null;
  if (result.verdict === 'composite') {
    const witness = result.witness === null ? null : String(result.witness);
    const lucas = result.witness === null ? 'composite' : null;
    return { verdict: 'composite', rounds: result.rounds, witness, divisor: false, lucas, kernels: [] };
  }
  const { kernels } = result;
  return {
    verdict: 'probable prime',
    rounds,
    witness: null,
    divisor: false,
    lucas: 'probable prime',
    kernels: [...kernels],
  };
}

/** The least base that shows an odd composite below 2^64: one of the first twelve primes does (Sorenson, Webster). */
function smallWitness(n: bigint): bigint {
  for (let base = 2n; ; base++) if (!passesStrongTest(n, base)) return base;
}

async function confirm(
  n: bigint,
  rounds: number,
  job: TestJob,
  context: JobContext,
): Promise<ConfirmationResult | null> {
  // Nobody can have chosen the number against bases that are drawn now.
  const seed = randomBytes(32);
  const base = (round: number) => rabinBase(seed, n, round);
  const kernels = new Kernels({ wanted: job.kernel ?? undefined });
  const confirmation = new Confirmation(kernels, { n, rounds, base });
  let squarings = 16;
  let told = performance.now();
  while (!confirmation.done) {
    const started = performance.now();
    confirmation.advance(squarings);
    const now = performance.now();
    if (now - started > 2 * SLICE_MS) squarings = Math.max(1, squarings >> 1);
    else if (now - started < SLICE_MS / 2) squarings *= 2;
    if (now - told > TELL_MS) {
      told = now;
      context.emit({ type: 'testing', stage: confirmation.stage, fraction: confirmation.fraction });
    }
    await nextTurn();
    if (context.isStopped()) return null;
  }
  return confirmation.result();
}

/** A different implementation altogether, by other people. */
async function askOpenSsl(n: bigint, context: JobContext): Promise<Verdict['thorough']> {
  context.emit({ type: 'testing', stage: 'OpenSSL', fraction: 0 });
  const answer = new Promise<boolean>((resolve, reject) => {
    checkPrime(n, (error, prime) => (error ? reject(error) : resolve(prime)));
  });
  try {
    const prime = await Promise.race([answer, context.stopped.then(() => null)]);
    if (prime === null) return null;
    return prime ? 'probable prime' : 'composite';
  } catch {
    // BoringSSL, in Electron, takes up to 16,384 bits.
    return 'not asked: too large for it';
  }
}

/** Some thousand cases of one target in this process, and what they cost. */

import fc from 'fast-check';
import { sentenceProblem, type Target } from './target.ts';

export interface Findings {
  readonly target: string;
  readonly cases: number;
  readonly taken: number;
  readonly refused: number;
  /** Different refusals, numbers and quoted texts left out. */
  readonly sentences: number;
  readonly slowestMs: number;
  /** How far the process grew, in MB of resident memory, after the first cases had been seen. */
  readonly grownMb: number;
  /** The first case that was not as it must be, made as small as could be; null: none. */
  readonly failure: string | null;
}

export interface CampaignOptions {
  readonly cases: number;
  readonly seed: number;
  /** Called now and then: it is still alive. */
  readonly onCase?: (done: number) => void;
}

/** A case may take this long. */
export const LONGEST_CASE_MS = 1000;
/** The process may grow by this much. */
export const LARGEST_GROWTH_MB = 200;
/** Cases after which everything is compiled and every table made. */
const WARM_UP = 200;

const residentMb = (): number => process.resourceUsage().maxRSS / 1024;

export async function runCampaign(target: Target, { cases, seed, onCase }: CampaignOptions): Promise<Findings> {
  let taken = 0;
  let refused = 0;
  let slowestMs = 0;
  const sentences = new Set<string>();
  const once = async (input: unknown): Promise<void> => {
    const started = performance.now();
    const before = process.cpuUsage();
    const outcome = await target.run(input);
    const { user, system } = process.cpuUsage(before);
    // On a busy machine the clock on the wall tells of the others.
    const tookMs = Math.min(performance.now() - started, (user + system) / 1000);
    slowestMs = Math.max(slowestMs, tookMs);
    if (tookMs > LONGEST_CASE_MS) throw new Error(`it took ${tookMs.toFixed(0)} ms`);
    onCase?.(taken + refused);
    if (outcome.taken) {
      taken++;
      return;
    }
    refused++;
    const problem = sentenceProblem(outcome.sentence);
    if (problem !== null) throw new Error(`the refusal ${JSON.stringify(outcome.sentence.slice(0, 700))}: ${problem}`);
    sentences.add(outcome.sentence.replace(/"[^"]*"|\d+/g, '…').slice(0, 60));
  };
  await fc
    .assert(fc.asyncProperty(target.cases, once), { seed, numRuns: Math.min(Math.ceil(cases / 5), WARM_UP) })
    .catch(() => {});
  const residentBefore = residentMb();
  taken = refused = slowestMs = 0;
  const details = await fc.check(fc.asyncProperty(target.cases, once), { seed: seed + 1, numRuns: cases });
  const failure = details.failed ? describe(details) : null;
  return {
    target: target.name,
    cases: taken + refused,
    taken,
    refused,
    sentences: sentences.size,
    slowestMs,
    grownMb: Math.max(0, residentMb() - residentBefore),
    failure,
  };
}

function describe(details: fc.RunDetails<[unknown]>): string {
  const { counterexample, errorInstance, seed, counterexamplePath } = details;
  const error = errorInstance instanceof Error ? (errorInstance.stack ?? errorInstance.message) : String(errorInstance);
  const input = fc.stringify(counterexample?.[0]);
  return `${input.length > 1500 ? `${input.slice(0, 1500)}…` : input}\n(seed ${seed}, path ${counterexamplePath})\n${error}`;
}

/**
 * `nice19 search --exit-on-checkpoint`: a search for a pool of computers. It goes on with the two files of its working
 * directory (docs/pool.md), and ends when it has computed for long enough, or on a signal, with the exit code that says
 * "saved, start me again": HTCondor then carries the files to safety and starts it anew, here or elsewhere.
 */

import type { CruncherEvent, SearchJob } from '../contract/messages.ts';
import type { StopLimits } from '../supervisor/supervisor.ts';
import type { ExitOnCheckpoint } from './command-line.ts';
import { duration, plural } from './format.ts';
import { jsonTeller, textTeller } from './search.ts';
import { type Outcome, runJob } from './session.ts';
import type { Terminal } from './terminal.ts';

/**
 * Ten seconds in all, also where the cruncher hangs: what was saved last then stands. A pool that wants its computer back
 * kills soon after it has asked.
 */
const STOP_LIMITS: StopLimits = { askedMs: 8000, terminatedMs: 1000 };

export async function searchToCheckpoint(
  job: SearchJob,
  { code, every }: ExitOnCheckpoint,
  json: boolean,
  terminal: Terminal,
): Promise<Outcome> {
  const teller = json ? jsonTeller(terminal) : quietTeller(job, terminal);
  const due = new Due(every);
  let end = (): void => {};
  let refusal: string | null = null;
  let last: Totals = { found: 0, cpuSeconds: 0 };
  const outcome = await runJob(job, {
    ...teller,
    stopLimits: STOP_LIMITS,
    onBegun: (begun) => {
      end = begun.end;
    },
    onEvent(event) {
      teller.onEvent(event);
      if (event.type === 'refused') refusal = event.sentence;
      last = totalsOf(event) ?? last;
      if (due.hears(event)) end();
    },
  });
  terminal.settle();
  if (refusal !== null) return { end: 'refused', sentence: refusal };
  const saved = outcome.end === 'interrupted' || (outcome.end === 'answered' && due.isOver);
  if (!saved) return outcome;
  if (!json) {
    const why = outcome.end === 'interrupted' ? outcome.signal : `${duration(every)} of CPU time`;
    terminal.say(
      `Checkpoint (${why}): ${plural(last.found, 'prime')}, ${duration(last.cpuSeconds)} of CPU time in all; exit code ${code}.`,
    );
  }
  return { end: 'checkpointed', code };
}

interface Totals {
  readonly found: number;
  readonly cpuSeconds: number;
}

function totalsOf(event: CruncherEvent): Totals | null {
  if (event.type === 'progress') return event.progress;
  return event.type === 'started' || event.type === 'done' ? event : null;
}

/** Whether this start has had its CPU time. A cruncher that crashed and was started again goes on counting. */
export class Due {
  private readonly every: number;
  private begunAt: number | null = null;
  isOver = false;

  /** @param every CPU seconds */
  constructor(every: number) {
    this.every = every;
  }

  /** @returns true once, when the time is over and the search has not ended by itself */
  hears(event: CruncherEvent): boolean {
    if (event.type === 'started') this.begunAt ??= event.cpuSeconds;
    const now =
      event.type === 'progress' ? event.progress.cpuSeconds : event.type === 'checkpoint' ? event.cpuSeconds : 0;
    if (this.isOver || this.begunAt === null || now - this.begunAt < this.every) return false;
    this.isOver = true;
    return true;
  }
}

/** In words, but for the finds: they are in their file, and what is said here travels too. */
function quietTeller(job: SearchJob, terminal: Terminal): ReturnType<typeof textTeller> {
  const teller = textTeller(job, { ...terminal, print: () => {} });
  return {
    ...teller,
    onEvent(event) {
      if (event.type !== 'done') teller.onEvent(event);
      else if (event.reason !== 'stopped')
        terminal.say(`Done: ${plural(event.found, 'prime')}, all there were to find.`);
    },
  };
}

/**
 * One job of the cruncher as the terminal sees it: starts the process, gives it the job, passes its events on,
 * and stops it on a signal. A search that crashes is begun again from its last checkpoint; a question is not.
 */

import * as v from 'valibot';
import { type Command, type CruncherEvent, EventSchema, type Job } from '../contract/messages.ts';
import { afterStart } from '../host/job.ts';
import { forkCruncher } from '../supervisor/fork-port.ts';
import { type StopLimits, Supervisor } from '../supervisor/supervisor.ts';

export type Outcome =
  | { readonly end: 'answered' }
  /** There is an answer, and it is a bad one. */
  | { readonly end: 'failed' }
  | { readonly end: 'refused'; readonly sentence: string }
  | { readonly end: 'interrupted'; readonly signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP' }
  /** A search has saved, and ends with this exit code to be started again. */
  | { readonly end: 'checkpointed'; readonly code: number }
  | { readonly end: 'crashed'; readonly lastWords: readonly string[] };

/** A job that is being done, for those that take commands. */
export interface Begun {
  readonly send: (command: Command) => void;
  /** There is nothing more to ask. */
  readonly end: () => void;
}

export interface SessionHooks {
  readonly onEvent: (event: CruncherEvent) => void;
  /** The cruncher has the job. */
  readonly onBegun?: (begun: Begun) => void;
  /** The cruncher died and is started again. */
  readonly onRestart?: (inMs: number, lastWords: readonly string[]) => void;
  /** A signal was heard: it saves and ends. */
  readonly onStopping?: () => void;
  /** How long it may take to; the usual limits unless given. */
  readonly stopLimits?: StopLimits;
}

export const CRUNCHER = new URL('../cruncher/main.ts', import.meta.url);

type Session = Supervisor<Command, unknown>;

/** Runs a job to its end. */
export async function runJob(job: Job, hooks: SessionHooks): Promise<Outcome> {
  const supervisor: Session = new Supervisor({
    spawn: () => forkCruncher({ module: CRUNCHER }),
    stopMessage: { type: 'stop' },
    ...(hooks.stopLimits !== undefined && { stopLimits: hooks.stopLimits }),
  });
  const outcome = Promise.withResolvers<Outcome>();
  let current = job;
  let refusal = '';
  supervisor.onMessage((message) => {
    const event = v.parse(EventSchema, message);
    if (event.type === 'refused') refusal = event.sentence;
    if (event.type === 'started') current = afterStart(current, event.spec);
    hooks.onEvent(event);
    if (event.type === 'unanswered') outcome.resolve({ end: 'refused', sentence: event.sentence });
    if (endsJob(event)) outcome.resolve({ end: 'answered' });
  });
  let lastWords: readonly string[] = [];
  supervisor.onEvent((event) => {
    switch (event.type) {
      case 'started':
        supervisor.send({ type: 'job', job: current });
        hooks.onBegun?.({
          send: (command) => void supervisor.send(command),
          end: () => outcome.resolve({ end: 'answered' }),
        });
        return;
      case 'refused':
        outcome.resolve({ end: 'refused', sentence: refusal });
        return;
      case 'crashed':
      case 'left':
        lastWords = event.lastWords;
        if (job.type !== 'search') outcome.resolve({ end: 'crashed', lastWords });
        return;
      case 'restarting':
        hooks.onRestart?.(event.inMs, lastWords);
        return;
      case 'stopped':
        return;
    }
  });
  const stopListening = listenToSignals({
    stop(signal) {
      hooks.onStopping?.();
      // A search that could not save its last work says so with its last word.
      const stopped = () =>
        refusal === '' ? { end: 'interrupted' as const, signal } : { end: 'refused' as const, sentence: refusal };
      void supervisor.stop().then(() => outcome.resolve(stopped()));
    },
    standStill: (still) => void supervisor.send({ type: still ? 'pause' : 'resume', reason: 'user' }),
  });
  supervisor.start();
  const end = await outcome.promise;
  await supervisor.stop();
  stopListening();
  return end;
}

function endsJob(event: CruncherEvent): boolean {
  switch (event.type) {
    case 'done':
      return event.reason !== 'stopped';
    case 'status':
    case 'verdict':
    case 'exported':
    case 'shown':
    case 'imported':
    case 'collected':
      return true;
    case 'primes':
    case 'benched':
      return event.last;
    case 'selftested':
      // Ended early without an error: it was interrupted.
      return event.report.complete || event.report.errors > 0;
    default:
      return false;
  }
}

export type EndSignal = Extract<Outcome, { end: 'interrupted' }>['signal'];

/** What signals ask for. */
export interface SignalHooks {
  /** Ctrl-C and its like: save and end. Once. */
  readonly stop: (signal: EndSignal) => void;
  /** Ctrl-Z, before this process stands still, and after the shell lets it go on. */
  readonly standStill: (still: boolean) => void;
}

/** @returns no longer listens */
export function listenToSignals(hooks: SignalHooks): () => void {
  let stopping = false;
  const stopOnce = (signal: NodeJS.Signals) => {
    if (stopping) return;
    stopping = true;
    hooks.stop(signal as EndSignal);
  };
  const suspend = () => {
    hooks.standStill(true);
    process.kill(process.pid, 'SIGSTOP');
  };
  const goOn = () => hooks.standStill(false);
  const ends = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of ends) process.on(signal, stopOnce);
  if (process.platform !== 'win32') process.on('SIGTSTP', suspend).on('SIGCONT', goOn);
  return () => {
    for (const signal of ends) process.off(signal, stopOnce);
    process.off('SIGTSTP', suspend).off('SIGCONT', goOn);
  };
}

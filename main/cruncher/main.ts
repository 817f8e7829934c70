/**
 * The cruncher: a process that does one job for its parent, the search above all, and ends. It saves and ends
 * when it is told to, on SIGTERM and SIGINT, and when its parent is gone, however that went.
 */

import { setFlagsFromString } from 'node:v8';
import * as v from 'valibot';
import { EXIT_DONE, EXIT_REFUSED } from '../contract/exit.ts';
import { type Command, CommandSchema, type CruncherEvent, type Job } from '../contract/messages.ts';
import { runBench } from './jobs/bench.ts';
import { runCollect } from './jobs/collect.ts';
import { type JobContext, Refusal } from './jobs/context.ts';
import { runImport } from './jobs/import.ts';
import { runLibrary } from './jobs/library.ts';
import { answerPrimes, answerStatus, exportCheckpoint, showCheckpoint } from './jobs/queries.ts';
import { runSearch } from './jobs/search.ts';
import { runSelfTest } from './jobs/selftest.ts';
import { testNumber } from './jobs/test-number.ts';
import { endOnMistakes } from './mistakes.ts';
import { endWithin, ignoreBrokenOutput, isUtilityProcess, parentPort } from './parent-port.ts';
import { hurryToEnd, lowerPriority } from './priority.ts';

/** Saving takes milliseconds; a process that still runs after this hangs, and must not be left behind. */
const LONGEST_FAREWELL_MS = 30_000;

ignoreBrokenOutput();
// Threads that wait for days should sleep: fork-port.ts says why. An Electron utility process takes no such option.
setFlagsFromString('--no-memory-reducer');
const port = parentPort<CruncherEvent, unknown>();
const stop = Promise.withResolvers<void>();
const listeners: ((command: Command) => void)[] = [];
/** Commands that came before the job or before it listens: what pauses a search must come before it begins. */
const early: Command[] = [];
let stopped = false;
let begun = false;

function requestStop(): void {
  if (stopped) return;
  stopped = true;
  endWithin(LONGEST_FAREWELL_MS, 1);
  hurryToEnd();
  stop.resolve();
}

const context: JobContext = {
  emit: (event) => void port.send(event),
  onCommand(listener) {
    listeners.push(listener);
    for (const command of early.splice(0)) listener(command);
  },
  stopped: stop.promise,
  isStopped: () => stopped,
  lowerPriority,
};

async function runJob(job: Job): Promise<void> {
  switch (job.type) {
    case 'search':
      return runSearch(job, context);
    case 'primes':
      return answerPrimes(job, context);
    case 'status':
      return answerStatus(job, context);
    case 'test':
      return testNumber(job, context);
    case 'export':
      return exportCheckpoint(job, context);
    case 'show':
      return showCheckpoint(job, context);
    case 'bench':
      return runBench(job, context);
    case 'import':
      return runImport(job, context);
    case 'collect':
      return runCollect(job, context);
    case 'selftest':
      return runSelfTest(job, context);
    case 'library':
      return runLibrary(job, context);
  }
}

function end(code: number): void {
  process.exitCode = code;
  port.close();
  endWithin(LONGEST_FAREWELL_MS, code);
}

async function begin(job: Job): Promise<void> {
  try {
    await runJob(job);
    end(EXIT_DONE);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    context.emit({ type: 'refused', sentence: error.message });
    end(EXIT_REFUSED);
  }
}

function receive(message: unknown): void {
  const parsed = v.safeParse(CommandSchema, message);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    const sentence = `The cruncher did not understand a message (${v.getDotPath(issue) ?? 'message'}: ${issue.message}).`;
    context.emit({ type: begun ? 'warning' : 'refused', sentence });
    if (!begun) end(EXIT_REFUSED);
    return;
  }
  const command = parsed.output;
  if (command.type === 'stop') requestStop();
  else if (command.type !== 'job' && listeners.length === 0) early.push(command);
  else if (command.type !== 'job') for (const listener of listeners) listener(command);
  else if (!begun) {
    begun = true;
    void begin(command.job);
  }
  // Stopped before there was anything to do.
  if (stopped && !begun) end(EXIT_DONE);
}

port.onMessage(receive);
port.onClose(requestStop);
process.on('SIGTERM', requestStop);
process.on('SIGINT', requestStop);
process.on('SIGHUP', requestStop);
endOnMistakes(isUtilityProcess());

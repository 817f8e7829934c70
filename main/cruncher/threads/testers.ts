/** The threads of the self-test as its job sees them. */

import { Worker } from 'node:worker_threads';
import type { TesterSettings } from './selftest-worker.ts';
import type { FromTester } from './tester.ts';

export interface TesterListener {
  readonly onMessage: (message: FromTester) => void;
  /** It is gone: because it was asked to end, or for the reason given. */
  readonly onGone: (why: string | null) => void;
  /** It has come up, and may have brought helper threads. */
  readonly onOnline: () => void;
}

export interface Tester {
  /** Asks it to end. */
  end(): void;
}

export type StartTester = (settings: TesterSettings, listener: TesterListener) => Tester;

export const startTesterThread: StartTester = (settings, { onMessage, onGone, onOnline }) => {
  const thread = new Worker(new URL('./selftest-worker.ts', import.meta.url), { workerData: settings });
  let why: string | null = null;
  thread.once('online', onOnline);
  thread.on('message', onMessage);
  thread.on('error', (error) => {
    why = error instanceof Error ? error.message : String(error);
  });
  thread.once('exit', (code) => onGone(why ?? (code === 0 ? null : `it ended with code ${code}`)));
  return { end: () => thread.postMessage('end') };
};

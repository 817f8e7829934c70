/**
 * A thread of the self-test. Like the search's workers it ends only when asked, by having nothing left to do, and has the
 * lowest priority from the thread that starts it.
 */

import { parentPort, workerData } from 'node:worker_threads';
import { Kernels } from '../../search/kernel-names.ts';
import { bindThisThread } from './affinity.ts';
import { type FromTester, runTester } from './tester.ts';

export interface TesterSettings {
  /** The core to be bound to; null to run wherever the system likes. */
  readonly core: number | null;
}

if (parentPort === null) throw new Error('this file runs as a worker thread of the cruncher');
const port = parentPort;
const { core } = workerData as TesterSettings;
let ended = false;
port.once('message', () => {
  ended = true;
  port.close();
});
const tell = (message: FromTester): void => port.postMessage(message);

tell({ type: 'ready', bound: core !== null && bindThisThread(core) });
await runTester({
  tell,
  turn: () => new Promise((resolve) => setImmediate(() => resolve(!ended))),
  now: () => performance.now(),
  random: Math.random,
  kernels: (wanted) => new Kernels({ wanted }),
});

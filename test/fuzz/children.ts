/** Starts a target's process, with little memory, and watches it: one that hangs is ended. */

import { fork } from 'node:child_process';
import type { Findings } from './campaign.ts';
import type { TargetName } from './targets.ts';

/** V8's heap; what is beside it is seen in the resident memory. */
const HEAP_MB = 256;
/** A case may take a second; this also covers making the target ready on a busy machine. */
const LONGEST_SILENCE_MS = 60_000;

export interface Watcher {
  /** How many cases are done. */
  readonly onProgress?: (done: number) => void;
}

/** @throws Error when the process crashes, runs out of memory or hangs */
export function fuzzInChild(
  target: TargetName,
  cases: number,
  seed: number,
  { onProgress }: Watcher = {},
): Promise<Findings> {
  const child = fork(new URL('./child.ts', import.meta.url), [target, String(cases), String(seed)], {
    execArgv: [`--max-old-space-size=${HEAP_MB}`],
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  let lastWords = '';
  child.stderr?.on('data', (chunk) => {
    lastWords = `${lastWords}${chunk}`.slice(-2000);
  });
  return new Promise((resolve, reject) => {
    let findings: Findings | null = null;
    let done = 0;
    const silence = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`${target}: a case hung, number ${done} or soon after (seed ${seed})`));
    }, LONGEST_SILENCE_MS);
    child.on('message', (message: { done: number } | { findings: Findings }) => {
      silence.refresh();
      if ('findings' in message) findings = message.findings;
      else {
        done = message.done;
        onProgress?.(done);
      }
    });
    child.once('exit', (code, signal) => {
      clearTimeout(silence);
      if (findings !== null) resolve(findings);
      else reject(new Error(`${target}: the process ended with ${signal ?? code} after ${done} cases: ${lastWords}`));
    });
  });
}

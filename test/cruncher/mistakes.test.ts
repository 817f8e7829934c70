import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';

const MISTAKES = new URL('../../main/cruncher/mistakes.ts', import.meta.url);

/** A process with a thread that computes, and then this happens. */
async function endOf(inUtilityProcess: boolean, mistake: string) {
  const code = `
    import { Worker } from 'node:worker_threads';
    import { endOnMistakes } from '${MISTAKES}';
    endOnMistakes(${inUtilityProcess});
    const worker = new Worker('require("node:worker_threads").parentPort.postMessage(0); for (;;);', { eval: true, execArgv: [] });
    worker.once('message', () => { ${mistake} });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'ignore', 'pipe'] });
  const [words, [exitCode, signal]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return { words, exitCode, signal };
}

test.each([
  ['an exception', 'throw new Error("a mistake")'],
  ['a rejection', 'void Promise.reject(new Error("a mistake"))'],
])('%s that nobody catches ends the process, which says what it was', async (_, mistake) => {
  const forked = await endOf(false, mistake);
  expect(forked).toMatchObject({ exitCode: 1, signal: null });
  const utility = await endOf(true, mistake);
  expect(utility).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
  for (const { words } of [forked, utility]) expect(words).toMatch(/Error: a mistake\n +at /);
});

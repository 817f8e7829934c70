/** A cruncher as its parent has it: commands that come before there is a search are kept for it. */

import { expect, onTestFinished, test } from 'vitest';
import type { Command, CruncherEvent, Progress } from '../../main/contract/messages.ts';
import { forkCruncher } from '../../main/supervisor/fork-port.ts';
import { temporaryDirectory } from '../support/directory.ts';

const CRUNCHER = new URL('../../main/cruncher/main.ts', import.meta.url);

function start() {
  const cruncher = forkCruncher<Command, CruncherEvent>({ module: CRUNCHER });
  const exited = new Promise<number | null>((resolve) => cruncher.onExit(({ code }) => resolve(code)));
  onTestFinished(async () => {
    cruncher.kill('SIGKILL');
    await exited;
  });
  const progress = (is: (progress: Progress) => boolean) =>
    new Promise<Progress>((resolve) => {
      const unsubscribe = cruncher.port.onMessage((event) => {
        if (event.type !== 'progress' || !is(event.progress)) return;
        unsubscribe();
        resolve(event.progress);
      });
    });
  return { send: (command: Command) => cruncher.port.send(command), progress, exited };
}

test('paces and pauses that come before the job and with it hold from the beginning, until they are taken back', async () => {
  const { send, progress, exited } = start();
  const directory = temporaryDirectory();
  const nothing = { digits: 200, errorLog2: null, seed: null, restart: null, count: null, kernel: null } as const;
  const both = progress(({ paused }) => paused.length === 2);
  send({ type: 'pause', reason: 'heat' });
  send({ type: 'job', job: { type: 'search', directory, ...nothing, workers: 2, checkpointEvery: 300 } });
  send({ type: 'pace', workers: 1, share: 0.5 });
  send({ type: 'pause', reason: 'schedule' });
  expect(await both).toMatchObject({ tested: 0, paused: ['heat', 'schedule'], pace: { workers: 1, share: 0.5 } });
  const goesOn = progress(({ paused }) => paused.length === 0);
  send({ type: 'resume', reason: 'schedule' });
  send({ type: 'resume', reason: 'heat' });
  const { workers, pace } = await goesOn;
  expect(pace).toEqual({ workers: 1, share: 0.5 });
  expect(workers.map(({ rests }) => rests)).toEqual([false, true]);
  const all = progress((now) => now.pace?.workers === 2);
  send({ type: 'pace', workers: 64, share: 1 });
  expect((await all).workers.every(({ rests }) => rests === false)).toBe(true);
  send({ type: 'stop' });
  expect(await exited).toBe(0);
});

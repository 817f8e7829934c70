/** Real processes: what passes between a parent and a cruncher, and what is left when either dies. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { EXIT_REFUSED } from '../../main/contract/exit.ts';
import type { CruncherProcess, ProcessExit } from '../../main/supervisor/cruncher-process.ts';
import { forkCruncher } from '../../main/supervisor/fork-port.ts';
import { Supervisor, type SupervisorEvent } from '../../main/supervisor/supervisor.ts';
import type { Answer, Order } from '../support/cruncher-stand-in.ts';

const STAND_IN = new URL('../support/cruncher-stand-in.ts', import.meta.url);

let directory = '';
const started: CruncherProcess<Order, Answer>[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'nice19-test-'));
});

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  rmSync(directory, { recursive: true });
});

function start(...args: string[]): CruncherProcess<Order, Answer> {
  const child = forkCruncher<Order, Answer>({ module: STAND_IN, args });
  started.push(child);
  return child;
}

const answer = (child: CruncherProcess<Order, Answer>): Promise<Answer> =>
  new Promise((resolve) => {
    const unsubscribe = child.port.onMessage((message) => {
      unsubscribe();
      resolve(message);
    });
  });

const exitOf = (child: CruncherProcess<Order, Answer>): Promise<ProcessExit> =>
  new Promise((resolve) => void child.onExit(resolve));

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('a forked cruncher', () => {
  test('gets and gives bigint and typed arrays unchanged', async () => {
    const child = start();
    await answer(child);
    const value = { residue: 2n ** 3321n - 1n, words: new Float64Array([0.5, -0, 2 ** 53]), none: null };
    child.port.send({ do: 'echo', value });
    expect(await answer(child)).toEqual({ is: 'echo', value });
  });

  test('leads a session of its own, without a terminal', async () => {
    const child = start();
    await answer(child);
    // its process group is its own: a signal to the group -pid reaches it
    expect(exists(-(child.pid as number))).toBe(true);
  });

  test('is not handed the parent’s debugger options', async () => {
    vi.stubEnv('NODE_OPTIONS', '--no-such-option');
    const child = start();
    vi.unstubAllEnvs();
    expect(await answer(child)).toEqual({ is: 'ready', pid: child.pid });
  });

  test('that crashes says its last words, twenty lines of them', async () => {
    const child = start();
    await answer(child);
    child.port.send({ do: 'say', lines: Array.from({ length: 40 }, (_, line) => `line ${line}`) });
    child.port.send({ do: 'throw' });
    const exit = await exitOf(child);
    expect(exit).toMatchObject({ code: 1, signal: null });
    expect(exit.lastWords.length).toBe(20);
    expect(exit.lastWords.join('\n')).toContain('the stand-in was told to crash');
  });

  test('that was killed is gone for its port too', async () => {
    const child = start();
    await answer(child);
    const closed = new Promise<void>((resolve) => void child.port.onClose(resolve));
    child.kill('SIGKILL');
    expect(await exitOf(child)).toMatchObject({ code: null, signal: 'SIGKILL' });
    await closed;
    expect(child.port.send({ do: 'echo', value: 1 })).toBe(false);
    // whoever asks later is told too
    await new Promise<void>((resolve) => void child.port.onClose(resolve));
  });

  test('that cannot be started exits with the reason', async () => {
    const execPath = join(directory, 'no-node-here');
    const child = forkCruncher<Order, Answer>({ module: STAND_IN, execPath });
    const exit = await exitOf(child);
    expect(exit.code).toBeNull();
    expect(exit.lastWords.join()).toContain('ENOENT');
  });

  test('says all that it has to say before it closes', async () => {
    const child = start();
    await answer(child);
    let bytes = 0;
    child.port.onMessage((message) => {
      if (message.is === 'echo') bytes += (message.value as Uint8Array).length;
    });
    // far more than a pipe holds
    child.port.send({ do: 'answer-and-close', answers: 40, bytes: 500_000 });
    const bytesAtExit = await new Promise<number>((resolve) => void child.onExit(() => resolve(bytes)));
    expect(bytesAtExit).toBe(40 * 500_000);
  });

  test('hears all that was said before its parent closed', async () => {
    const child = start();
    await answer(child);
    child.port.send({ do: 'echo', value: new Uint8Array(5_000_000) });
    child.port.send({ do: 'say', lines: ['heard to the end'] });
    child.port.close();
    expect((await exitOf(child)).lastWords).toContain('heard to the end');
  });

  test('saves and ends when the port is closed', async () => {
    const file = join(directory, 'saved');
    const child = start(file);
    await answer(child);
    child.port.close();
    child.port.close();
    expect(await exitOf(child)).toMatchObject({ code: 0 });
    expect(readFileSync(file, 'utf8')).toBe(String(child.pid));
  });
});

describe('a supervised cruncher', () => {
  function supervise(stopMessage: Order = { do: 'exit', code: 0 }) {
    const events: SupervisorEvent[] = [];
    const supervisor = new Supervisor<Order, Answer>({
      spawn: () => start(),
      stopMessage,
      backOff: { firstMs: 1, longestMs: 4, healthyMs: 60_000 },
      stopLimits: { askedMs: 50, terminatedMs: 50 },
    });
    supervisor.onEvent((event) => events.push(event));
    const next = (): Promise<Answer> =>
      new Promise((resolve) => {
        const unsubscribe = supervisor.onMessage((message) => {
          unsubscribe();
          resolve(message);
        });
      });
    return { supervisor, events, next };
  }

  test('comes back after kill -9, as another process', async () => {
    const { supervisor, events, next } = supervise();
    const first = next();
    supervisor.start();
    const { pid } = (await first) as { pid: number };
    const second = next();
    process.kill(pid, 'SIGKILL');
    expect((await second) as { pid: number }).not.toMatchObject({ pid });
    await supervisor.stop();
    expect(events.map((event) => event.type)).toEqual(['started', 'crashed', 'restarting', 'started', 'stopped']);
    expect(events[1]).toMatchObject({ signal: 'SIGKILL' });
  });

  test('that refuses stays away', async () => {
    const { supervisor, events, next } = supervise();
    const ready = next();
    supervisor.start();
    await ready;
    const refused = new Promise<void>((resolve) => {
      supervisor.onEvent((event) => event.type === 'refused' && resolve());
    });
    supervisor.send({ do: 'exit', code: EXIT_REFUSED });
    await refused;
    expect(events.map((event) => event.type)).toEqual(['started', 'refused']);
  });

  test.runIf(process.platform !== 'win32')('that hears neither message nor SIGTERM is ended all the same', async () => {
    // the message that should stop it is one that it only answers
    const { supervisor, events, next } = supervise({ do: 'echo', value: 'as if' });
    const ready = next();
    supervisor.start();
    await ready;
    const deaf = next();
    supervisor.send({ do: 'ignore-everything' });
    await deaf;
    await supervisor.stop();
    expect(events.at(-1)).toMatchObject({ type: 'stopped', by: 'SIGKILL', clean: false, signal: 'SIGKILL' });
  });
});

test('a cruncher whose parent is killed by SIGKILL saves, ends and leaves nothing running', async () => {
  const file = join(directory, 'saved');
  const parent: ChildProcess = fork(new URL('../support/cruncher-parent.ts', import.meta.url), [file], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const [ready] = (await once(parent, 'message')) as [{ pid: number }];
  expect(exists(ready.pid)).toBe(true);
  expect(existsSync(file)).toBe(false);
  parent.kill('SIGKILL');
  await vi.waitFor(() => expect(exists(ready.pid)).toBe(false), { timeout: 30_000, interval: 20 });
  expect(readFileSync(file, 'utf8')).toBe(String(ready.pid));
});

/**
 * The cruncher as a utility process, with a paper Electron that does what its sources do: the number comes with `spawn`, and
 * at `exit` every listener of the output is taken off while lines are still on their way.
 */

import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import type { App, UtilityProcess } from 'electron';
import { beforeEach, describe, expect, test } from 'vitest';
import { forkUtility, readExit, type UtilityEdges } from '../../main/app/utility-port.ts';
import type { ProcessExit } from '../../main/supervisor/cruncher-process.ts';

class PaperUtility extends EventEmitter {
  pid: number | undefined;
  readonly stdout = new PassThrough();
  readonly stderr = new PassThrough();
  readonly posted: unknown[] = [];

  postMessage(message: unknown): void {
    this.posted.push(message);
  }

  spawned(pid: number): void {
    this.pid = pid;
    this.emit('spawn');
  }

  exits(code: number): void {
    this.pid = undefined;
    this.emit('exit', code);
    this.stdout.removeAllListeners();
    this.stderr.removeAllListeners();
  }
}

let child: PaperUtility;
let app: EventEmitter;
let forks: { module: string; args: string[]; options: Electron.ForkOptions }[];
let signals: [number, string][];
let lines: string[];

const edges = (): UtilityEdges => ({
  fork: (module, args, options) => {
    forks.push({ module, args: args ?? [], options: options ?? {} });
    return child as unknown as UtilityProcess;
  },
  app: app as unknown as App,
  signal: (pid, signal) => signals.push([pid, signal]),
  environment: { HOME: '/people/ada', NODE_OPTIONS: '--inspect' },
  platform: 'linux',
});

const start = () =>
  forkUtility<string, string>(
    { module: '/cruncher.js', name: 'search', args: ['--own-session=7'], onOutput: (line) => lines.push(line) },
    edges(),
  );

const goneWith = (reason: Electron.Details['reason'], exitCode: number) =>
  app.emit('child-process-gone', {}, { type: 'Utility', name: forks[0]?.options.serviceName, reason, exitCode });

const exitOf = (process: ReturnType<typeof start>): Promise<ProcessExit> =>
  new Promise((resolve) => process.onExit(resolve));

beforeEach(() => {
  child = new PaperUtility();
  app = new EventEmitter();
  forks = [];
  signals = [];
  lines = [];
});

describe('starting', () => {
  test('it is read through pipes, has a name of its own, and none of the parent’s options for Node', () => {
    start();
    start();
    expect(forks[0]).toMatchObject({
      module: '/cruncher.js',
      args: ['--own-session=7'],
      options: { stdio: ['ignore', 'pipe', 'pipe'], execArgv: [], env: { HOME: '/people/ada' } },
    });
    expect(forks[0]?.options.env).not.toHaveProperty('NODE_OPTIONS');
    expect(forks[0]?.options.serviceName).toMatch(/^nice19 search \d+$/);
    expect(forks[1]?.options.serviceName).not.toBe(forks[0]?.options.serviceName);
  });

  test('its number is known once it runs, and no signal is sent to nobody', () => {
    const process = start();
    process.kill('SIGTERM');
    expect([process.pid, signals]).toEqual([undefined, []]);
    child.spawned(4711);
    process.kill('SIGTERM');
    process.kill('SIGKILL');
    expect(lines).toEqual(['runs as process 4711']);
    expect([process.pid, signals]).toEqual([
      4711,
      [
        [4711, 'SIGTERM'],
        [4711, 'SIGKILL'],
      ],
    ]);
  });
});

test('a signal to one that ended a moment ago is none', () => {
  const gone = Object.assign(new Error('kill ESRCH'), { code: 'ESRCH' });
  const process = forkUtility<string, string>(
    { module: '/cruncher.js', name: 'search', args: [], onOutput: () => {} },
    {
      ...edges(),
      signal: () => {
        throw gone;
      },
    },
  );
  child.spawned(4711);
  expect(() => process.kill('SIGKILL')).not.toThrow();
});

describe('messages', () => {
  test('go both ways, those from before anybody listened first', async () => {
    const { port } = start();
    child.emit('message', 'early');
    const heard: string[] = [];
    port.onMessage((message) => heard.push(message));
    await Promise.resolve();
    child.emit('message', 'late');
    expect(heard).toEqual(['early', 'late']);
    expect(port.send('job')).toBe(true);
    expect(child.posted).toEqual(['job']);
  });

  test('to a process that is gone are dropped, and the other side’s end is told once', () => {
    const { port } = start();
    let closes = 0;
    port.onClose(() => {
      closes++;
    });
    child.exits(0);
    child.exits(0);
    expect([port.send('job'), closes]).toEqual([false, 1]);
  });
});

describe('its end', () => {
  test('comes with the lines that were still in the pipe when Electron let go of it', async () => {
    const process = start();
    const exit = exitOf(process);
    child.stderr.write('first\nhalf of ');
    child.exits(1);
    goneWith('abnormal-exit', 256);
    child.stderr.write('the second\nthe last, without an end');
    child.stderr.end();
    child.stdout.end();
    expect(await exit).toEqual({
      code: 1,
      signal: null,
      lastWords: ['first', 'half of the second', 'the last, without an end'],
    });
    expect(lines).toHaveLength(3);
  });

  test.each([
    ['before', 'killed', 9, 'SIGKILL'],
    ['after', 'killed', 15, 'SIGTERM'],
    ['after', 'crashed', 139, 'SIGSEGV'],
    ['before', 'crashed', 6, 'SIGABRT'],
  ] as const)(
    'by a signal is told apart from an exit code, whether the reason comes %s it (%s, %i)',
    async (order, reason, code, signal) => {
      const exit = exitOf(start());
      if (order === 'before') goneWith(reason, code);
      child.exits(code);
      if (order === 'after') goneWith(reason, code);
      child.stdout.end();
      child.stderr.end();
      expect(await exit).toEqual({ code: null, signal, lastWords: [] });
    },
  );

  test('another process’s reason is not taken for its own', async () => {
    const exit = exitOf(start());
    app.emit('child-process-gone', {}, { type: 'GPU', name: 'GPU', reason: 'crashed', exitCode: 11 });
    child.exits(3);
    goneWith('abnormal-exit', 3 << 8);
    child.stdout.end();
    child.stderr.end();
    expect(await exit).toMatchObject({ code: 3, signal: null });
    expect(app.listenerCount('child-process-gone')).toBe(0);
  });

  test('a process that could not be started is told, though it never exits', async () => {
    const exit = exitOf(start());
    goneWith('launch-failed', 1002);
    expect(await exit).toEqual({ code: null, signal: null, lastWords: ['The process could not be started.'] });
  });

  test('a fatal error of V8 is among its last words', async () => {
    const exit = exitOf(start());
    child.emit('error', 'FatalError', 'v8::ToLocalChecked', '{}');
    child.exits(5);
    goneWith('crashed', 5);
    child.stdout.end();
    child.stderr.end();
    expect(await exit).toEqual({ code: null, signal: 'SIGTRAP', lastWords: ['FatalError at v8::ToLocalChecked'] });
  });
});

test('on Windows there are no signals: a code is a code', () => {
  expect(readExit(1, 'killed', 'win32')).toEqual({ code: 1, signal: null });
  expect(readExit(0xc0000005, 'crashed', 'win32')).toEqual({ code: 0xc0000005, signal: null });
});

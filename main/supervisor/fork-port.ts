/**
 * Starts the cruncher as a forked Node process, in a session of its own: on Linux its autogroup can then be
 * lowered without touching the user's shell, and Ctrl-C in the terminal reaches only the parent, which asks it
 * properly to stop.
 *
 * It gets no terminal: its output is read through pipes, so that it never holds a closed terminal open. The
 * message channel breaks when the parent dies, however it dies: that is how it learns to save and end.
 */

import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Once } from '../contract/once.ts';
import { Outbox } from '../contract/outbox.ts';
import type { Port } from '../contract/port.ts';
import type { CruncherProcess, ProcessExit } from './cruncher-process.ts';

export interface ForkOptions {
  /** The program that runs in it: a path or a file: URL. */
  readonly module: string | URL;
  readonly args?: readonly string[];
  /** Node to run it with; the one that runs this process unless given. */
  readonly execPath?: string;
  /** Called with each line that it writes; the last ones come with its exit anyway. */
  readonly onOutput?: (line: string) => void;
}

const LAST_WORDS = 20;
/** How long its output may outlive it, when a process that it left behind holds the pipe. */
const OUTPUT_LIMIT_MS = 1000;

function portOf<Out, In>(child: ChildProcess): Port<Out, In> {
  const closed = new Once();
  const outbox = new Outbox();
  child.once('disconnect', () => closed.happen());
  child.once('exit', () => closed.happen());
  return {
    send(message) {
      if (outbox.closing || !child.connected) return false;
      // an error here means that it died between the check and the write; its exit tells that
      child.send(message as never, outbox.sending());
      return true;
    },
    onMessage(listener) {
      const received = (message: unknown): void => listener(message as In);
      child.on('message', received);
      return () => child.off('message', received);
    },
    onClose: (listener) => closed.listen(listener),
    close() {
      outbox.closeWhenEmpty(() => {
        if (child.connected) child.disconnect();
      });
    },
  };
}

function watch(child: ChildProcess, onOutput: (line: string) => void): Once<ProcessExit> {
  const exited = new Once<ProcessExit>();
  const lastWords: string[] = [];
  const heard = (line: string): void => {
    lastWords.push(line);
    if (lastWords.length > LAST_WORDS) lastWords.shift();
    onOutput(line);
  };
  // Gone is when it has exited, its output is read and so are its last messages, such as why it refuses. Not the
  // child's own 'close', which leaves the messages out and does not come after a disconnect from here (Node 24.21).
  let open = 2;
  let end: { code: number | null; signal: string | null } = { code: null, signal: null };
  const ended = (): void => {
    open--;
    if (open === 0) exited.happen({ ...end, lastWords });
  };
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    open++;
    createInterface({ input: stream }).on('line', heard).once('close', ended);
  }
  child.once('disconnect', ended);
  child.on('error', (error) => {
    heard(error.message);
    if (child.pid === undefined) exited.happen({ code: null, signal: null, lastWords });
  });
  child.once('exit', (code, signal) => {
    end = { code, signal };
    const limit = setTimeout(() => exited.happen({ code, signal, lastWords }), OUTPUT_LIMIT_MS);
    exited.listen(() => clearTimeout(limit));
    ended();
  });
  return exited;
}

/**
 * V8 looks every eight seconds whether the heap of a process that does little could be smaller, for as long as it runs
 * (seen with Node 24.21): a search that is paused for a week should not wake anybody. The others keep a guest small: young
 * objects get 2 MB for each thread instead of 16, and old ones are collected when there are 30 percent more of them
 * (docs/performance.md, "Memory").
 */
const ENGINE_OPTIONS = [
  '--no-memory-reducer',
  '--max-semi-space-size=2',
  '--heap-growing-percent=30',
  '--initial-heap-size=1',
];

/** glibc gives threads pools of their own, and keeps in them what the compiler's threads have had: one is enough. */
const MEMORY_POOLS = { MALLOC_ARENA_MAX: '1' };

/** Options for the debugger, preloads and the like are the parent's own affair. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, ...environment } = process.env;
  return { ...MEMORY_POOLS, ...environment };
}

/** @throws where the system cannot start any process at all (other failures come through `onExit`) */
export function forkCruncher<Out, In>(options: ForkOptions): CruncherProcess<Out, In> {
  const child = fork(options.module, [...(options.args ?? [])], {
    detached: process.platform !== 'win32',
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
    execPath: options.execPath ?? process.execPath,
    execArgv: ENGINE_OPTIONS,
    env: cleanEnvironment(),
  } as Parameters<typeof fork>[2]);
  const exited = watch(child, options.onOutput ?? (() => {}));
  return {
    pid: child.pid,
    port: portOf<Out, In>(child),
    kill: (signal) => void child.kill(signal),
    onExit: (listener) => exited.listen(listener),
  };
}

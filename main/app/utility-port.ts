/**
 * Starts the cruncher as Electron's utility process, behind the same interface as the terminal's forked one. What
 * Electron does differently (its sources: lib/browser/api/utility-process.ts, electron_api_utility_process.cc):
 *
 * - its number is known only once it has started, and messages sent before that are kept for it;
 * - when it ends, Electron takes every listener off its output at once, with the last lines still in the pipe;
 * - `kill()` sends SIGTERM and, two seconds later, SIGKILL by itself: too soon for a cruncher that saves, so signals are
 *   sent by its number;
 * - its exit code is that of `process.exit`, or, after a signal, what waitpid said; which of the two it was is told by
 *   `child-process-gone`, before or after, under the name that it was started with.
 */

import { constants } from 'node:os';
import type { App, UtilityProcess, utilityProcess } from 'electron';
import { Once } from '../contract/once.ts';
import type { Port } from '../contract/port.ts';
import type { CruncherProcess, ProcessExit } from '../supervisor/cruncher-process.ts';
import { Lines } from './lines.ts';

export interface UtilityOptions {
  /** The program that runs in it. */
  readonly module: string;
  /** What it does, such as "search": part of the name that the system's task manager shows. */
  readonly name: string;
  readonly args: readonly string[];
  readonly onOutput: (line: string) => void;
}

/** What of Electron is used. */
export interface UtilityEdges {
  readonly fork: typeof utilityProcess.fork;
  readonly app: Pick<App, 'on' | 'off'>;
  readonly signal: (pid: number, signal: 'SIGTERM' | 'SIGKILL') => void;
  readonly environment: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
}

/** Why Electron says that a process is gone (electron.d.ts: Details). */
export type GoneReason = Electron.Details['reason'];

const LAST_WORDS = 20;
/** How long its output and the reason of its end may come after it. */
const AFTERWARDS_MS = 1000;

/** Every process has a name of its own, so that nobody is told another's end. */
let started = 0;

/**
 * The end of a process in the words of the supervisor.
 * @param code as Electron tells it
 * @param reason from `child-process-gone`; null where that did not come
 */
export function readExit(
  code: number,
  reason: GoneReason | null,
  platform: NodeJS.Platform,
): Pick<ProcessExit, 'code' | 'signal'> {
  if (reason === 'launch-failed') return { code: null, signal: null };
  if (platform === 'win32') return { code, signal: null };
  if (reason === 'killed' || reason === 'crashed' || reason === 'oom') {
    // as waitpid has it: the signal, and a bit for a core dump
    const number = code & 0x7f;
    const name = Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
    if (name !== undefined) return { code: null, signal: name };
  }
  // an exit code as waitpid has it
  if (code > 0xff && (code & 0xff) === 0) return { code: code >> 8, signal: null };
  return { code, signal: null };
}

function portOf<Out, In>(child: UtilityProcess, gone: Once): Port<Out, In> {
  const closed = new Once();
  gone.listen(() => closed.happen());
  /** Messages that came before anybody listened; null afterwards. */
  let kept: unknown[] | null = [];
  const keep = (message: unknown): void => void kept?.push(message);
  child.on('message', keep);
  return {
    send(message) {
      if (closed.happened) return false;
      child.postMessage(message);
      return true;
    },
    onMessage(listener) {
      const received = (message: unknown): void => listener(message as In);
      if (kept !== null) {
        child.off('message', keep);
        const before = kept;
        kept = null;
        for (const message of before) queueMicrotask(() => received(message));
      }
      child.on('message', received);
      return () => child.off('message', received);
    },
    onClose: (listener) => closed.listen(listener),
    // nothing closes this side but the end of the process, which is asked for by a message
    close: () => closed.happen(),
  };
}

/** Calls for each line that the process writes, those after its end included. @returns when there is no more */
function readOutput(child: UtilityProcess, heard: (line: string) => void): Promise<void> {
  const readings = [child.stdout, child.stderr].map((stream) => {
    if (stream === null) return Promise.resolve();
    const lines = new Lines(heard);
    const { promise, resolve } = Promise.withResolvers<void>();
    const listen = (): void => {
      stream.on('data', (chunk: Buffer) => lines.write(chunk));
      stream.once('end', () => {
        lines.end();
        resolve();
      });
    };
    listen();
    // Electron takes the listeners away right after this; what comes in between is kept for those that follow
    child.once('exit', () => {
      stream.pause();
      process.nextTick(() => {
        stream.removeAllListeners('data');
        stream.removeAllListeners('end');
        listen();
        stream.resume();
      });
    });
    return promise;
  });
  return Promise.all(readings).then(() => {});
}

/** After Electron is ready. */
export function forkUtility<Out, In>(options: UtilityOptions, edges: UtilityEdges): CruncherProcess<Out, In> {
  started++;
  const name = `nice19 ${options.name} ${started}`;
  const { NODE_OPTIONS: _, ...env } = edges.environment;
  const child = edges.fork(options.module, [...options.args], {
    serviceName: name,
    stdio: ['ignore', 'pipe', 'pipe'],
    execArgv: [],
    env: env as Record<string, string>,
  });
  const gone = new Once();
  const exited = new Once<ProcessExit>();
  const lastWords: string[] = [];
  const heard = (line: string): void => {
    lastWords.push(line);
    if (lastWords.length > LAST_WORDS) lastWords.shift();
    options.onOutput(line);
  };
  const read = readOutput(child, heard);

  const reason = Promise.withResolvers<GoneReason>();
  let known: GoneReason | null = null;
  const told = (_: unknown, details: Electron.Details): void => {
    // the documentation calls it serviceName, in the event it is the name
    if (details.name !== name && details.serviceName !== name) return;
    edges.app.off('child-process-gone', told);
    known = details.reason;
    reason.resolve(known);
    if (details.reason === 'launch-failed') ended(details.exitCode);
  };
  edges.app.on('child-process-gone', told);

  let over = false;
  const ended = (code: number): void => {
    if (over) return;
    over = true;
    gone.happen();
    // of a process that never was there is nothing to read
    const all = known === 'launch-failed' ? reason.promise : code === 0 ? read : Promise.all([read, reason.promise]);
    const limit = setTimeout(finish, AFTERWARDS_MS);
    void all.then(finish);
    function finish(): void {
      clearTimeout(limit);
      edges.app.off('child-process-gone', told);
      if (known === 'launch-failed') heard('The process could not be started.');
      exited.happen({ ...readExit(code, known, edges.platform), lastWords });
    }
  };
  child.once('exit', ended);
  child.once('spawn', () => options.onOutput(`runs as process ${child.pid}`));
  // V8 gave up: Electron's report says where; the exit follows
  child.on('error', (type, location) => heard(`${type} at ${location}`));

  return {
    get pid() {
      return child.pid;
    },
    port: portOf<Out, In>(child, gone),
    kill(signal) {
      if (child.pid === undefined) return;
      try {
        edges.signal(child.pid, signal);
      } catch (error) {
        // it ended, and Electron has not told yet
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    },
    onExit: (listener) => exited.listen(listener),
  };
}

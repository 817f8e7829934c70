/**
 * strace's fault injection on a running process or a new one: errors and SIGKILL at the n-th call of a kind (strace(1),
 * "Tampering"). Only calls about the files of one data directory count, so that a full disk does not break pipes.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const FILE_CALLS = [
  'openat',
  'write',
  'pwrite64',
  'fdatasync',
  'fsync',
  'ftruncate',
  'rename',
  'unlink',
] as const;
export type FileCall = (typeof FILE_CALLS)[number];

export interface Target {
  readonly call: FileCall;
  /** The how many-th of its kind. */
  readonly nth: number;
}

/** `error=ENOSPC` or `signal=KILL`. */
export interface Injection {
  readonly target: Target;
  readonly what: string;
  /** Also every call of the kind after that. */
  readonly lasting: boolean;
}

const ATTACH_LIMIT_MS = 10_000;
const STORE = ['nice19.sqlite', 'nice19.sqlite-wal', 'nice19.sqlite-shm', 'nice19.sqlite-journal', 'nice19.sqlite.tmp'];

/** The files that matter: those that are there, and those that the program may make next. */
function pathsOf(data: string): string[] {
  const there = existsSync(data) ? readdirSync(data, { recursive: true, encoding: 'utf8' }) : [];
  const generations = [0, 1, 2, 3, 4].flatMap((n) => [
    `journal-${n}.jsonl`,
    `store-${n}.sqlite`,
    `store-${n}.sqlite.tmp`,
  ]);
  const names = [...STORE, 'running.json', 'backups', ...generations.map((name) => join('backups', name)), ...there];
  const wanted = names.filter((name) => !name.startsWith('running.lock'));
  return [data, ...new Set(wanted.map((name) => join(data, name)))];
}

function optionsOf(data: string, log: string, injection: Injection | null): string[] {
  const calls = injection === null ? FILE_CALLS.join(',') : injection.target.call;
  const options = ['-o', log, '-e', `trace=${calls}`, '-e', 'signal=none'];
  if (injection !== null) {
    const { target, what, lasting } = injection;
    options.push('-e', `inject=${target.call}:${what}:when=${target.nth}${lasting ? '+' : ''}`);
  }
  return [...options, ...pathsOf(data).flatMap((path) => ['-P', path])];
}

/** The command that runs another one, children and threads included, with a fault in it. */
export function straced(data: string, log: string, injection: Injection): string[] {
  return ['strace', '-f', ...optionsOf(data, log, injection)];
}

/** How often a fault was injected, as a log says: calls that were made to fail, and processes that were killed. */
export function injectionsIn(log: string): number {
  return existsSync(log) ? (readFileSync(log, 'utf8').match(/\(INJECTED\)|= \?$/gm) ?? []).length : 0;
}

/** strace at one thread of a running process: the one that saves. */
export class Tracer {
  private readonly child: ChildProcess;
  private readonly log: string;

  private constructor(child: ChildProcess, log: string) {
    this.child = child;
    this.log = log;
  }

  /** @returns null when the process is gone */
  static async attach(pid: number, data: string, log: string, injection: Injection | null): Promise<Tracer | null> {
    const child = spawn('strace', [...optionsOf(data, log, injection), '-p', String(pid)], {
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
    const attached = new Promise<boolean>((resolve) => {
      child.stderr?.setEncoding('utf8').on('data', (text: string) => text.includes('attached') && resolve(true));
      child.once('exit', () => resolve(false));
      setTimeout(() => resolve(false), ATTACH_LIMIT_MS).unref();
    });
    if (await attached) return new Tracer(child, log);
    child.kill('SIGTERM');
    return null;
  }

  /** The calls seen so far, each kind numbered. */
  get calls(): Target[] {
    const counts = new Map<FileCall, number>();
    return readFileSync(this.log, 'utf8')
      .split('\n')
      .flatMap((line) => FILE_CALLS.filter((name) => line.startsWith(`${name}(`)))
      .map((call) => {
        const nth = (counts.get(call) ?? 0) + 1;
        counts.set(call, nth);
        return { call, nth };
      });
  }

  /** Lets go of the process. */
  async detach(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await gone;
  }
}

/** Programs run to their end with the CPU time of their whole tree, and none left behind when the benchmark ends. */

import { type ChildProcess, spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

const running = new Set<ChildProcess>();

/** Ends it with this process, if it has not ended by itself. @param child the leader of a process group */
export function keep(child: ChildProcess): void {
  running.add(child);
  child.once('close', () => running.delete(child));
}

/** Ends every program that still runs, with its children: for the end of the process. */
export function endChildren(): void {
  for (const child of running) {
    try {
      process.kill(-(child.pid as number), 'SIGTERM');
      // One that stands still ends when it goes on.
      process.kill(-(child.pid as number), 'SIGCONT');
    } catch {
      // It has just ended by itself.
    }
  }
}

export interface Ended {
  readonly stdout: string;
  /** User and system time of the program and of every child that it waited for. */
  readonly cpuSeconds: number;
}

/**
 * Runs a program and waits for it. The shell's `times` has the CPU time, in steps of 10 ms at worst.
 * @throws Error when it fails, with what it said
 */
export async function run(command: string, args: readonly string[]): Promise<Ended> {
  const script = '"$@"; code=$?; times >&2; exit $code';
  const child = spawn('sh', ['-c', script, 'sh', command, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  keep(child);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  if (code !== 0) throw new Error(`${command} ${args[0] ?? ''} failed (${code ?? 'by a signal'}): ${stderr.trim()}`);
  return { stdout, cpuSeconds: childrenTime(stderr) };
}

/** The last line of the shell's `times`: "1m2.345s 0m0.678s", user and system time of its children. */
export function childrenTime(output: string): number {
  const line = output.trimEnd().split('\n').at(-1) as string;
  const parts = [...line.matchAll(/(\d+)m([\d.,]+)s/g)];
  if (parts.length !== 2) throw new Error(`expected two times from the shell, got ${JSON.stringify(line)}`);
  return parts.reduce((sum, part) => sum + 60 * Number(part[1]) + Number((part[2] as string).replace(',', '.')), 0);
}

/** The processes of a measurement: the programs of the foreground, and what the system says of any process. Linux only. */

import { type ChildProcess, type ForkOptions, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { descendsFrom, readProcesses } from '../../main/cruncher/priority/autogroup.ts';
import { parseStat } from '../../main/cruncher/priority/stat.ts';
import { thisLinux } from '../../main/cruncher/priority/system.ts';
import type { Order } from './program.ts';

/** Starts a program of these and waits until it says that it is ready. */
export async function start(file: URL, args: readonly string[], detached: boolean): Promise<ChildProcess> {
  const options: ForkOptions = { detached, execArgv: [] };
  const child = fork(file, [...args], options);
  await once(child, 'message');
  return child;
}

/** @param ownSessions each in a session of its own, or all in that of this process */
export function startForeground(count: number, ownSessions: boolean): Promise<ChildProcess[]> {
  const file = new URL('./program.ts', import.meta.url);
  return Promise.all(Array.from({ length: count }, () => start(file, [], ownSessions)));
}

/** All of them at the same time: what each answers. */
export async function go(programs: readonly ChildProcess[], order: Order): Promise<number[]> {
  const answers = programs.map(async (program) => (await once(program, 'message'))[0] as number[]);
  for (const program of programs) program.send(order);
  return (await Promise.all(answers)).flat();
}

export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** The process and all that it started, as far as they still have their parents. */
export function familyOf(pid: number): number[] {
  const processes = readProcesses(thisLinux());
  return [...processes.keys()].filter((other) => descendsFrom(processes, other, pid));
}

interface Spent {
  /** CPU time in milliseconds. */
  readonly cpu: number;
  /** Times that a thread got a core. */
  readonly turns: number;
}

/** What a process has had so far. What threads had that have ended is not in it. */
export function spentBy(pid: number): Spent {
  const spent = { cpu: 0, turns: 0 };
  for (const thread of listed(`/proc/${pid}/task`)) {
    const [cpu = 0, , turns = 0] = textOf(`/proc/${pid}/task/${thread}/schedstat`).split(' ').map(Number);
    spent.cpu += cpu / 1e6;
    spent.turns += turns;
  }
  return spent;
}

/** What the scheduler is told of a process: its session's autogroup, and the nice values of its threads. */
export function priorityOf(pid: number): string {
  const nices = listed(`/proc/${pid}/task`).map(
    (thread) => parseStat(textOf(`/proc/${pid}/task/${thread}/stat`))?.nice,
  );
  const autogroup = textOf(`/proc/${pid}/autogroup`).trim().replace(/^\S+ /, '');
  return `nice ${[...new Set(nices)].toSorted().join(' ')}, autogroup ${autogroup === '' ? 'none' : autogroup}`;
}

function listed(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

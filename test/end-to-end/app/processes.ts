/** The app's processes as Linux has them: which they are, how much they compute, how often they wake, how they are nice. */

import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly session: number;
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

const numbersIn = (directory: string): number[] => {
  try {
    return readdirSync(directory).map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
};

/** proc_pid_stat(5), from field 3 on: the name in field 2 ends at the last parenthesis. */
function statOf(path: string): string[] | null {
  const stat = read(`${path}/stat`);
  return stat === null ? null : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

export function allProcesses(): Process[] {
  return numbersIn('/proc').flatMap((pid) => {
    const stat = statOf(`/proc/${pid}`);
    return stat === null || stat[0] === 'Z' ? [] : [{ pid, parent: Number(stat[1]), session: Number(stat[3]) }];
  });
}

/** A process and all that it started and that is still there. */
export function treeOf(root: number): number[] {
  const all = allProcesses();
  const tree = all.filter(({ pid }) => pid === root).map(({ pid }) => pid);
  for (let i = 0; i < tree.length; i++) {
    tree.push(...all.filter(({ parent }) => parent === tree[i]).map(({ pid }) => pid));
  }
  return tree;
}

/** All at once, as when the power goes; outside of Linux the first, and the others follow it. */
export function endTree(root: number): void {
  for (const pid of process.platform === 'linux' ? treeOf(root) : [root]) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It went with its parent.
    }
  }
}

export const sessionOf = (pid: number): number => Number(statOf(`/proc/${pid}`)?.[3]);

/** The niceness of every thread. */
export function nicesOf(pid: number): number[] {
  return numbersIn(`/proc/${pid}/task`).map((thread) => Number(statOf(`/proc/${pid}/task/${thread}`)?.[16]));
}

/** What the kernel has of the process's autogroup; empty: it is in none; null: this kernel has none. */
export const autogroupOf = (pid: number): string | null => read(`/proc/${pid}/autogroup`)?.trim() ?? null;

export interface Use {
  /** CPU seconds. */
  readonly cpu: number;
  /** Times that a thread waited for something and was woken. */
  readonly wakes: number;
}

/** What a process has used so far; the name says which it is. */
function useOf(pid: number): Use {
  return numbersIn(`/proc/${pid}/task`)
    .map((thread) => `/proc/${pid}/task/${thread}`)
    .map((path) => ({
      // sched-stats: nanoseconds on the processor
      cpu: Number((read(`${path}/schedstat`) ?? '0').split(' ')[0]) / 1e9,
      wakes: Number(/^voluntary_ctxt_switches:\s*(\d+)/m.exec(read(`${path}/status`) ?? '')?.[1] ?? 0),
    }))
    .reduce((sum, { cpu, wakes }) => ({ cpu: sum.cpu + cpu, wakes: sum.wakes + wakes }), { cpu: 0, wakes: 0 });
}

/** What the app's processes use in a stretch of time, by process. */
export async function useDuring(root: number, milliseconds: number): Promise<Map<number, Use>> {
  const before = new Map(treeOf(root).map((pid) => [pid, useOf(pid)]));
  await wait(milliseconds);
  return new Map(
    treeOf(root).map((pid) => {
      const { cpu, wakes } = useOf(pid);
      const { cpu: cpuBefore, wakes: wakesBefore } = before.get(pid) ?? { cpu: 0, wakes: 0 };
      return [pid, { cpu: cpu - cpuBefore, wakes: wakes - wakesBefore }];
    }),
  );
}

export const total = (uses: Iterable<Use>): Use =>
  [...uses].reduce((sum, { cpu, wakes }) => ({ cpu: sum.cpu + cpu, wakes: sum.wakes + wakes }), { cpu: 0, wakes: 0 });

/** What a process is, for a message. */
export const commandOf = (pid: number): string => read(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ').trim() ?? '';

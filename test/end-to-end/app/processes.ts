/** The app's processes as Linux has them: which they are, how much they compute, how they are nice. */

import { readdirSync, readFileSync } from 'node:fs';

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

/** CPU seconds that a process and what it started have used so far (sched-stats: nanoseconds of each thread); 0 off Linux. */
export function cpuOf(root: number): number {
  const threads = treeOf(root).flatMap((pid) => numbersIn(`/proc/${pid}/task`).map((id) => `/proc/${pid}/task/${id}`));
  return threads.reduce((sum, thread) => sum + Number(read(`${thread}/schedstat`)?.split(' ')[0] ?? 0) / 1e9, 0);
}

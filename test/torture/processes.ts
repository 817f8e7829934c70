/**
 * Processes as Linux shows them in /proc: who is whose child, what each has spent, and which are ours. A process is
 * its number and the moment it was born, so that a number that was given again is never hit.
 */

import { readdirSync, readFileSync } from 'node:fs';

/** In the environment of everything that a run starts, with the run's directory: nothing else is ever ended. */
export const MARK = 'NICE19_TORTURE';

const TICKS_PER_SECOND = 100;

interface Stat {
  readonly state: string;
  readonly cpuSeconds: number;
  readonly born: string;
}

function statOf(pid: number): Stat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // proc_pid_stat(5); the second field may hold anything, brackets too
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    return { state: fields[0] as string, cpuSeconds: ticks / TICKS_PER_SECOND, born: fields[19] as string };
  } catch {
    return null;
  }
}

export class Process {
  readonly pid: number;
  private readonly born: string | null;

  constructor(pid: number) {
    this.pid = pid;
    this.born = statOf(pid)?.born ?? null;
  }

  private get stat(): Stat | null {
    const stat = statOf(this.pid);
    return stat !== null && stat.born === this.born ? stat : null;
  }

  /** A zombie that nobody has reaped is dead. */
  get isAlive(): boolean {
    const { stat } = this;
    return stat !== null && !/^[ZX]/.test(stat.state);
  }

  /** Of all its threads so far, in steps of 10 ms; null when it is gone. */
  get cpuSeconds(): number | null {
    return this.stat?.cpuSeconds ?? null;
  }

  /** @returns false when it was gone already */
  signal(signal: NodeJS.Signals): boolean {
    if (!this.isAlive) return false;
    try {
      process.kill(this.pid, signal);
      return true;
    } catch {
      return false;
    }
  }

  get children(): Process[] {
    try {
      const text = readFileSync(`/proc/${this.pid}/task/${this.pid}/children`, 'utf8').trim();
      return text === '' ? [] : text.split(' ').map((pid) => new Process(Number(pid)));
    } catch {
      return [];
    }
  }
}

/** Every living process whose mark is this directory or one below it, whoever its parent is now. */
export function marked(directory: string): Process[] {
  const wanted = `${MARK}=${directory}`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => environmentOf(pid).some((entry) => entry === wanted || entry.startsWith(`${wanted}/`)))
    .map((pid) => new Process(Number(pid)))
    .filter((process) => process.isAlive);
}

function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Looks until it is so. @returns false when the time was over first */
export async function until(isSo: () => boolean, limitMs: number, everyMs = 10): Promise<boolean> {
  for (const end = performance.now() + limitMs; !isSo(); await pause(everyMs)) {
    if (performance.now() > end) return false;
  }
  return true;
}

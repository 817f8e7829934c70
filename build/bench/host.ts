/** Where and when it was measured, and on which cores. */

import { execFileSync } from 'node:child_process';
import os from 'node:os';

export interface Host {
  readonly cpu: string;
  readonly cores: number;
  readonly node: string;
  readonly system: string;
  readonly date: string;
  /** Processes that wanted a core in the last minute: above 1 or so the figures are those of a busy machine. */
  readonly loadBefore: number;
}

export function thisHost(): Host {
  const cpus = os.cpus();
  return {
    cpu: cpus[0]?.model.trim() ?? 'unknown',
    cores: cpus.length,
    node: process.versions.node,
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    date: new Date().toISOString(),
    loadBefore: os.loadavg()[0] as number,
  };
}

function bind(cores: string): boolean {
  try {
    execFileSync('taskset', ['-a', '-c', '-p', cores, String(process.pid)], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/**
 * Binds this process, all its threads and so the programs that it starts, to the last core.
 * @returns which; null where there is no `taskset`
 */
export function bindToOneCore(): number | null {
  const core = os.cpus().length - 1;
  return bind(String(core)) ? core : null;
}

/** All cores again, for this process and what it starts from now on. */
export function bindToAllCores(): void {
  bind(`0-${os.cpus().length - 1}`);
}

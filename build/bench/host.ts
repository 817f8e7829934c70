/** Where and when it was measured, and on one core. */

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
  /** The core that everything runs on; null where `taskset` is missing. */
  readonly core: number | null;
}

/** Binds this process, all its threads and so the programs that it starts, to the last core. */
export function pinToOneCore(): number | null {
  const core = os.cpus().length - 1;
  try {
    execFileSync('taskset', ['-a', '-c', '-p', String(core), String(process.pid)], { stdio: 'ignore' });
    return core;
  } catch {
    return null;
  }
}

export function thisHost(): Host {
  const cpus = os.cpus();
  const loadBefore = os.loadavg()[0] as number;
  return {
    cpu: cpus[0]?.model.trim() ?? 'unknown',
    cores: cpus.length,
    node: process.versions.node,
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    date: new Date().toISOString(),
    loadBefore,
    core: pinToOneCore(),
  };
}

/**
 * The lowest priority that this system has, and what it really gave. `lowerPriority()` is the first statement of
 * the cruncher, and called again when a worker has started: threads bring helpers. docs/priority.md has the measurements.
 *
 * It never fails a start: what cannot be had is in the report, in words. For an ordinary user nice is one-way, a
 * higher one needs a new process.
 */

import { execFileSync } from 'node:child_process';
import os from 'node:os';
import type { PriorityReport } from '../contract/priority.ts';
import { lowerAutogroup, raiseAutogroup } from './priority/autogroup.ts';
import { lowerCpuGroup } from './priority/cpu-group.ts';
import { type LinuxSystem, thisLinux } from './priority/system.ts';
import { LOWEST_NICE, readThreads, sweepThreads } from './priority/threads.ts';
import { withVerdict } from './priority/verdict.ts';

/** What systems other than Linux are asked. */
export interface PlainSystem {
  readonly platform: NodeJS.Platform;
  readonly pid: number;
  /** Nice value of this process. */
  getNice(): number;
  /** @returns false when refused */
  setNice(nice: number): boolean;
  /** Runs a program to its end. @returns false when it is missing or failed */
  run(program: string, args: readonly string[]): boolean;
}

function succeeds(action: () => void): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}

function thisSystem(): PlainSystem {
  return {
    platform: process.platform,
    pid: process.pid,
    getNice: () => os.getPriority(),
    setNice: (nice) => succeeds(() => os.setPriority(nice)),
    run: (program, args) => succeeds(() => execFileSync(program, args, { stdio: 'ignore', timeout: 10_000 })),
  };
}

/** Linux: every thread, then the session's autogroup, then the CPU group. */
export function lowerOnLinux(system: LinuxSystem): PriorityReport {
  sweepThreads(system);
  return withVerdict({
    platform: 'linux',
    autogroup: lowerAutogroup(system),
    cpuGroup: lowerCpuGroup(system),
    ...readThreads(system),
  });
}

/** macOS, Windows and the rest, where nice belongs to the process. */
export function lowerElsewhere(system: PlainSystem): PriorityReport {
  system.setNice(LOWEST_NICE);
  const background =
    system.platform === 'darwin' && system.run('/usr/sbin/taskpolicy', ['-b', '-p', String(system.pid)]);
  const nice = system.getNice();
  const enough = nice === LOWEST_NICE;
  const still = `Low priority, but not the lowest: the system left it at nice ${nice}`;
  switch (system.platform) {
    case 'darwin':
      return {
        platform: 'darwin',
        nice,
        background,
        enough: enough && background,
        sentence: enough
          ? background
            ? 'Lowest priority: nice 19, background.'
            : 'Low priority, but not the lowest: nice 19, and the system refused to make it a background task.'
          : `${still}.`,
      };
    case 'win32':
      return {
        platform: 'win32',
        nice,
        enough,
        sentence: enough ? 'Lowest priority: the idle class.' : `${still} (19 is the idle class).`,
      };
    default:
      return {
        platform: 'other',
        system: system.platform,
        nice,
        enough,
        sentence: enough ? 'Lowest priority: nice 19.' : `${still}.`,
      };
  }
}

/**
 * Lowers this process as far as the system allows, threads, session and group, and reads back what is so. About
 * 5 ms on Linux. Called again when the workers are up, it changes nothing and reports them too.
 */
export function lowerPriority(): PriorityReport {
  return process.platform === 'linux' ? lowerOnLinux(thisLinux()) : lowerElsewhere(thisSystem());
}

/**
 * For a process that was told to save and end: takes the session's usual share for these last moments. At the lowest
 * priority a busy machine leaves so little that saving, a tenth of a second's work, takes half a minute
 * (docs/priority.md). Threads stay at nice 19. Does nothing off Linux.
 */
export function hurryToEnd(): void {
  if (process.platform === 'linux') raiseAutogroup(thisLinux());
}

/**
 * Nice value 19 for every thread of this process. On Linux nice belongs to a thread: setting it for the process
 * changes the calling thread only, later threads inherit it from the one that starts them, and the threads that
 * V8 and libuv started before the first statement ran stay at 0.
 */

import { SCHEDULING_POLICIES, type SchedulingPolicy, type ThreadPriorities } from '../../contract/priority.ts';
import { parseStat, type Stat } from './stat.ts';
import type { LinuxSystem } from './system.ts';

export const LOWEST_NICE = 19;

/** A thread not yet lowered may start another while the list is being read; nobody needs more than two passes. */
const MOST_PASSES = 4;

function threads(system: LinuxSystem): Stat[] {
  const directory = `/proc/${system.pid}/task`;
  return system
    .list(directory)
    .map((thread) => parseStat(system.read(`${directory}/${thread}/stat`)))
    .filter((stat) => stat !== null);
}

/** Lowers every thread that is not at 19. About 20 µs a thread; called again after new threads were started. */
export function sweepThreads(system: LinuxSystem): void {
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const higher = threads(system).filter((thread) => thread.nice < LOWEST_NICE);
    if (higher.length === 0) return;
    for (const thread of higher) system.setNice(thread.pid, LOWEST_NICE);
  }
}

export function readThreads(system: LinuxSystem): { threads: ThreadPriorities; policy: SchedulingPolicy } {
  const all = threads(system);
  const nices = all.map((thread) => thread.nice);
  const policies = new Set(all.map((thread) => thread.policy));
  const [policy = -1] = policies;
  return {
    threads: {
      count: all.length,
      atLowest: nices.filter((nice) => nice === LOWEST_NICE).length,
      minimumNice: Math.min(...nices),
      maximumNice: Math.max(...nices),
    },
    policy: policies.size > 1 ? 'mixed' : (SCHEDULING_POLICIES[policy] ?? 'unknown'),
  };
}

/**
 * Binds a thread to one processor core, on Linux, where `taskset` is installed (util-linux: on every distribution). For
 * the self-test: an error should name a core, and every core should have its turn. A search never does it, a guest
 * must be free to move out of the way.
 */

import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';

/** The cores that this process may run on, as the system numbers them; none where that cannot be told. */
export function allowedCores(): number[] {
  try {
    const status = readFileSync('/proc/self/status', 'latin1');
    return coreList(/^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? '');
  } catch {
    return [];
  }
}

/** Reads a list such as "0-3,8,10-11". */
export function coreList(text: string): number[] {
  return text.split(',').flatMap((part) => {
    const range = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part);
    if (range === null) return [];
    const first = Number(range[1]);
    return Array.from({ length: Number(range[2] ?? first) - first + 1 }, (_, k) => first + k);
  });
}

/** Binds the thread that calls. @returns false where that cannot be done */
export function bindThisThread(core: number): boolean {
  try {
    const thread = /\/task\/(\d+)$/.exec(readlinkSync('/proc/thread-self'))?.[1];
    if (thread === undefined) return false;
    execFileSync('taskset', ['--pid', '--cpu-list', String(core), thread], { stdio: 'ignore', timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}

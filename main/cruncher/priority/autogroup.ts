/**
 * The session's autogroup at nice 19. Desktop kernels make every session a scheduling group with an equal share,
 * and nice values count only inside a group: without this step a search at nice 19 takes a third of the machine
 * from two busy programs, with it less than one per cent (docs/priority.md). Source: sched(7).
 *
 * The autogroup belongs to the whole session, so it is lowered only when the session is this program's own, has
 * no terminal, and holds nobody else: a user's shell or desktop is never reniced. In the terminal the cruncher is forked
 * into a session of its own. Electron has no way to do that: there the app starts itself again in one, and says so
 * (`LinuxSystem.leader`). It must be said: a desktop, too, may be a session without a terminal whose processes all
 * descend from its leader.
 */

import type { Autogroup, AutogroupObstacle } from '../../contract/priority.ts';
import { parseStat, type Stat } from './stat.ts';
import type { LinuxSystem } from './system.ts';
import { LOWEST_NICE } from './threads.ts';

/** The kernel lets unprivileged users change one autogroup in HZ/10 ticks, system-wide, and says EAGAIN else. */
const RETRY_EVERY_MS = 110;
const MOST_TRIES = 20;

/** Every process that can be seen, by its id. */
export function readProcesses(system: LinuxSystem): Map<number, Stat> {
  const found = system
    .list('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => parseStat(system.read(`/proc/${name}/stat`)))
    .filter((stat) => stat !== null);
  return new Map(found.map((stat) => [stat.pid, stat]));
}

/** Whether a process is `ancestor` or was started by it or its children. */
export function descendsFrom(processes: ReadonlyMap<number, Stat>, pid: number, ancestor: number): boolean {
  // ids may be used again while the list is read: a chain longer than the list is a loop
  for (let current = pid, steps = processes.size + 1; steps > 0; steps--) {
    if (current === ancestor) return true;
    const parent = processes.get(current)?.parent;
    if (parent === undefined) return false;
    current = parent;
  }
  return false;
}

function obstacle(system: LinuxSystem): AutogroupObstacle | null {
  const { pid, leader } = system;
  const processes = readProcesses(system);
  if ([pid, leader].some((one) => processes.get(one)?.session !== leader)) return 'not-session-leader';
  const members = [...processes.values()].filter((process) => process.session === leader);
  // `exec nice19` in a shell: the session is ours in name, but its terminal and its jobs are the user's
  if (members.some((member) => member.terminal !== 0)) return 'terminal';
  return members.every((member) => descendsFrom(processes, member.pid, leader)) ? null : 'foreign-process';
}

function readNice(system: LinuxSystem): number | null {
  const nice = / nice (-?\d+)/.exec(system.read(`/proc/${system.pid}/autogroup`) ?? '')?.[1];
  return nice === undefined ? null : Number(nice);
}

function write(system: LinuxSystem, nice: number, mostTries: number): AutogroupObstacle | null {
  for (let attempt = 1; ; attempt++) {
    const error = system.write(`/proc/${system.pid}/autogroup`, String(nice));
    if (error === null) return null;
    if (error !== 'EAGAIN' || attempt === mostTries) return 'refused-by-system';
    system.wait(RETRY_EVERY_MS);
  }
}

/**
 * Lowers this session's autogroup where that touches nobody else. Takes a few milliseconds (one look at /proc);
 * at worst, when other programs keep the kernel's rate limit busy, two seconds.
 * @returns what is so now, or null where this process is in no autogroup: a kernel without them, or a session in the
 *   default group, whose file is empty and where nice counts against every session
 */
export function lowerAutogroup(system: LinuxSystem): Autogroup | null {
  const before = readNice(system);
  if (before === null) return null;
  const enabled = system.read('/proc/sys/kernel/sched_autogroup_enabled')?.trim() !== '0';
  const found = obstacle(system);
  const refused = found === null && before < LOWEST_NICE && enabled ? write(system, LOWEST_NICE, MOST_TRIES) : null;
  return {
    enabled,
    nice: readNice(system) ?? before,
    ownSession: found !== 'not-session-leader',
    obstacle: found ?? refused,
  };
}

/**
 * Gives the session back the share of any other, which the kernel allows down to 0 without privileges: for the last
 * moments of a process that has been told to end.
 */
export function raiseAutogroup(system: LinuxSystem): void {
  if (readNice(system) === LOWEST_NICE && obstacle(system) === null) write(system, 0, 3);
}

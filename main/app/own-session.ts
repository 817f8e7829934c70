/**
 * On Linux the app wants to lead a session of its own: the desktop kernel shares the processor out by session first
 * (autogroups), and the lowest niceness counts only inside one. In a session that is all ours the cruncher can lower it
 * without touching the user's other programs (docs/priority.md). A program that was started from a menu or a terminal
 * mostly shares its session, so it starts itself again, detached, and leaves; a terminal gets its prompt back.
 *
 * It happens once: the second start is told by its environment. Started by systemd, as at login on most desktops, it leads
 * its session already. In Flatpak leaving would end the sandbox and everything in it, so it stays.
 */

import { type SpawnOptions, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { givenArguments, ownProgram, type Start } from './own-program.ts';

/** `own`: started by itself. `shared`: stay, as whoever owns this process wants it. */
const VARIABLE = 'NICE19_SESSION';

/**
 * Whether a process leads its session, from its `/proc/PID/stat`; null where that cannot be read.
 * The name in it may hold blanks and brackets, so the numbers are those after the last bracket: state, parent, group, session.
 */
export function leadsSession(stat: string, pid: number): boolean | null {
  const session = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3]);
  return Number.isInteger(session) ? session === pid : null;
}

export interface SessionEdges {
  readonly platform: NodeJS.Platform;
  readonly pid: number;
  readonly readStat: () => string;
  readonly spawn: (program: string, args: readonly string[], options: SpawnOptions) => SpawnedAgain;
}

interface SpawnedAgain {
  readonly pid?: number | undefined;
  unref(): void;
  once(event: 'error', listener: () => void): unknown;
}

const systemEdges: SessionEdges = {
  platform: process.platform,
  pid: process.pid,
  readStat: () => readFileSync('/proc/self/stat', 'utf8'),
  spawn: (program, args, options) => spawn(program, [...args], options),
};

/** null: no such sessions here, or it cannot be told. */
function leads(edges: SessionEdges): boolean | null {
  if (edges.platform !== 'linux') return null;
  try {
    return leadsSession(edges.readStat(), edges.pid);
  } catch {
    return null;
  }
}

function wantsAnother({ env }: Start, edges: SessionEdges): boolean {
  const told = env[VARIABLE];
  // it is said to this process, not to what it starts, itself after a crash perhaps
  if (told === 'own') delete env[VARIABLE];
  if (told !== undefined || env['FLATPAK_ID'] !== undefined) return false;
  return leads(edges) === false;
}

/** What the cruncher is told: whose session it may take for its own (main/cruncher/priority). It looks for itself too. */
export function sessionArguments(edges: SessionEdges = systemEdges): readonly string[] {
  return leads(edges) === true ? [`--own-session=${edges.pid}`] : [];
}

/**
 * Starts the program again in a session of its own where that is wanted and possible.
 * @returns true when it was started: this process has nothing left to do
 */
export function movedToOwnSession(start: Start, edges: SessionEdges = systemEdges): boolean {
  if (!wantsAnother(start, edges)) return false;
  const { program, args } = ownProgram(start);
  const again = edges.spawn(program, [...args, ...givenArguments(start)], {
    detached: true,
    stdio: 'ignore',
    env: { ...start.env, [VARIABLE]: 'own' },
  });
  // it could not be started: better in a shared session than not at all
  again.once('error', () => {});
  if (again.pid === undefined) return false;
  again.unref();
  return true;
}

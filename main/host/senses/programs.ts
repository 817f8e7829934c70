/**
 * Of the names that a setting lists, those of which a program runs. Case does not count, nor does ".exe": people write names
 * as they know them. On Linux from /proc, on macOS from ps, on Windows from tasklist.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Ask, askSystem } from './command.ts';

/** The kernel keeps this many characters of a name in `comm`. */
const COMM_LENGTH = 15;

const comparable = (name: string): string => name.toLowerCase().replace(/\.exe$/, '');
const fileName = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);

/** Names that are among those wanted, as they were written. */
export function wantedAmong(wanted: readonly string[], running: Iterable<string>): string[] {
  const names = new Set<string>();
  for (const name of running) names.add(comparable(name));
  return wanted.filter((name) => names.has(comparable(name)));
}

/** Names of all processes, from a folder like /proc. */
export function* linuxProgramNames(folder: string): Generator<string> {
  for (const pid of readdirSync(folder)) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      const name = readFileSync(join(folder, pid, 'comm'), 'utf8').trimEnd();
      yield name;
      // a name that may have been cut, or a script whose interpreter gave it: the first words of its command line tell
      const words = readFileSync(join(folder, pid, 'cmdline'), 'utf8').split('\0', 2);
      for (const word of words)
        if (word !== '' && (word.includes('/') || name.length >= COMM_LENGTH)) yield fileName(word);
    } catch {
      // it ended while it was looked at
    }
  }
}

/** From `ps -A -o comm=`: a path a line. */
export function readPs(text: string): string[] {
  return text.split('\n').map((line) => fileName(line.trim()));
}

/** From `tasklist /fo csv /nh`: the first column. */
export function readTasklist(text: string): string[] {
  return [...text.matchAll(/^"([^"]*)"/gm)].map((match) => match[1] ?? '');
}

export async function systemPrograms(
  wanted: readonly string[],
  platform: NodeJS.Platform = process.platform,
  ask: Ask = askSystem,
): Promise<string[] | null> {
  switch (platform) {
    case 'linux':
      try {
        return wantedAmong(wanted, linuxProgramNames('/proc'));
      } catch {
        return null;
      }
    case 'darwin': {
      const text = await ask('/bin/ps', ['-A', '-o', 'comm=']);
      return text === null ? null : wantedAmong(wanted, readPs(text));
    }
    case 'win32': {
      const text = await ask('tasklist.exe', ['/fo', 'csv', '/nh']);
      return text === null ? null : wantedAmong(wanted, readTasklist(text));
    }
    default:
      return null;
  }
}

/** What this computer has that some faults need. */

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface Tools {
  readonly linux: boolean;
  /** May mount file systems and set attributes. */
  readonly root: boolean;
  readonly strace: boolean;
  readonly chattr: boolean;
  /** May make a file system in a file. */
  readonly ext4: boolean;
  /** libfaketime's library for programs with threads; null when it is not there. */
  readonly faketime: string | null;
}

export function findTools(): Tools {
  return {
    linux: process.platform === 'linux',
    root: process.getuid?.() === 0,
    strace: runs('strace', '--version'),
    chattr: isThere('chattr'),
    ext4: isThere('mkfs.ext4') && isThere('losetup'),
    faketime: findFaketime(),
  };
}

/** Whether a program of the system is there; some of them do not like to be tried. */
function isThere(program: string): boolean {
  return ['/bin', '/sbin', '/usr/bin', '/usr/sbin'].some((folder) => existsSync(join(folder, program)));
}

function runs(program: string, ...args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function findFaketime(): string | null {
  const libraries = '/usr/lib';
  if (!existsSync(libraries)) return null;
  const folders = [libraries, ...readdirSync(libraries).map((name) => join(libraries, name))];
  const files = folders.map((folder) => join(folder, 'faketime', 'libfaketimeMT.so.1'));
  return files.find((file) => existsSync(file)) ?? null;
}

/**
 * What the store does to the disk, as an interface: tests pass in one that fails as disks do. Every call throws what
 * the system says.
 */

import {
  closeSync,
  constants,
  copyFileSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Which file a name leads to, and its bytes. */
export interface FileIdentity {
  readonly device: number;
  readonly inode: number;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

export interface Disk {
  /** null when there is nothing of this name. */
  identity(path: string): FileIdentity | null;
  /** With those above it that are missing; all of it lasts. */
  makeDirectory(path: string): void;
  /** Names in a directory; none when it is missing. */
  list(directory: string): string[];
  /** Opens for appending, making it when it is missing. */
  openToAppend(path: string): number;
  append(handle: number, bytes: Uint8Array): void;
  /** Cuts the file off. @param size bytes that stay */
  truncate(handle: number, size: number): void;
  /** Makes what was written through the handle last. */
  sync(handle: number): void;
  close(handle: number): void;
  /** The first bytes of a file. */
  head(path: string, bytes: number): Uint8Array;
  copy(from: string, to: string): void;
  /** Makes a whole file last. */
  syncFile(path: string): void;
  /** Makes the names in a directory last. */
  syncDirectory(path: string): void;
  rename(from: string, to: string): void;
  remove(path: string): void;
  /** Bytes that this user may still write. */
  free(directory: string): number;
  database(path: string, options: { readOnly: boolean }): DatabaseSync;
}

/** The disk of this computer. */
export const realDisk: Disk = {
  identity(path) {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return null;
    return { device: found.dev, inode: found.ino, size: found.size, modified: found.mtimeMs };
  },
  makeDirectory,
  list(directory) {
    try {
      return readdirSync(directory);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  },
  openToAppend: (path) => openSync(path, 'a+'),
  append(handle, bytes) {
    for (let written = 0; written < bytes.length; ) written += writeSync(handle, bytes, written);
  },
  truncate: ftruncateSync,
  sync: fdatasyncSync,
  close: closeSync,
  head(path, bytes) {
    const handle = openSync(path, 'r');
    try {
      const buffer = new Uint8Array(bytes);
      return buffer.subarray(0, readSync(handle, buffer, 0, bytes, 0));
    } finally {
      closeSync(handle);
    }
  },
  copy: (from, to) => copyFileSync(from, to, constants.COPYFILE_EXCL),
  syncFile: (path) => syncPath(path, 'r+'),
  syncDirectory,
  rename: renameSync,
  remove: (path) => rmSync(path, { force: true, recursive: true }),
  free(directory) {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize;
  },
  database: (path, options) => new DatabaseSync(path, options),
};

/** Makes a directory, with those above it that are missing, and makes their names last. */
export function makeDirectory(path: string): void {
  const first = mkdirSync(path, { recursive: true });
  if (first === undefined) return;
  // Of a relative path it is relative, and may be shorter than every absolute one.
  const top = resolve(first);
  for (let made = resolve(path); made.length >= top.length; made = dirname(made)) syncDirectory(dirname(made));
}

function syncDirectory(path: string): void {
  // Windows has no such thing for directories.
  if (process.platform !== 'win32') syncPath(path, 'r');
}

function syncPath(path: string, flags: string): void {
  const handle = openSync(path, flags);
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

export const sameFile = (a: FileIdentity | null, b: FileIdentity | null): boolean =>
  a !== null && b !== null && a.device === b.device && a.inode === b.inode;

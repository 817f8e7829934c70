/** File systems that a run mounts, as root, and that are gone when the campaign ends, however it ends. */

import { execFileSync } from 'node:child_process';
import { closeSync, openSync, truncateSync } from 'node:fs';

const mounted: string[] = [];

function command(program: string, ...args: string[]): void {
  execFileSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** A file system in memory. @param bytes its size */
export function mountMemory(path: string, bytes: number): void {
  command('mount', '-t', 'tmpfs', '-o', `size=${bytes}`, 'nice19-torture', path);
  mounted.push(path);
}

/** A file system in a file, as a disk of its own. @param bytes its size, from 8 MB */
export function makeDisk(image: string, bytes: number): void {
  closeSync(openSync(image, 'w'));
  truncateSync(image, bytes);
  command('mkfs.ext4', '-q', '-F', image);
}

export function mountDisk(image: string, path: string): void {
  command('mount', '-o', 'loop', image, path);
  mounted.push(path);
}

/**
 * ext4 meets an error that it cannot mend, as on a failing disk: from now on nothing can be written, in files that are
 * open neither, until it is mounted anew.
 */
export function failDisk(path: string): void {
  command('mount', '-o', 'remount,abort', path);
}

/** The same directory over itself, where nothing can be written. What is open already stays as it was. */
export function mountReadOnly(path: string): void {
  command('mount', '--bind', path, path);
  mounted.push(path);
  command('mount', '-o', 'remount,ro,bind', path);
}

/** Takes down what was mounted there last. */
export function unmount(path: string): void {
  const last = mounted.lastIndexOf(path);
  if (last < 0) return;
  mounted.splice(last, 1);
  // Lazily: whoever still has a file open there keeps it, and nobody else finds it.
  command('umount', '--lazy', path);
}

export function unmountAll(): void {
  for (const path of [...mounted].reverse()) unmount(path);
}

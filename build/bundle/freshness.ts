/**
 * Whether `out/` was made from the sources as they are: a fingerprint of all that goes into it, kept beside it. Contents,
 * not dates: a checkout changes dates only. Takes a few hundredths of a second.
 */

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What goes into `out/`: folders and files of the checkout. The lockfile stands for the packages. */
const INGREDIENTS = ['main', 'renderer', 'build/bundle', 'build/icons', 'package.json', 'package-lock.json'];
const STAMP = 'out/.made-from';

export function fingerprint(root: string): string {
  const hash = createHash('sha256');
  const add = (path: string): void => {
    const place = join(root, path);
    if (statSync(place).isDirectory()) {
      for (const name of readdirSync(place).sort()) add(`${path}/${name}`);
    } else {
      hash.update(`${path}\0`).update(readFileSync(place)).update('\0');
    }
  };
  for (const path of INGREDIENTS) if (existsSync(join(root, path))) add(path);
  return hash.digest('hex');
}

export function isFresh(root: string, print: string): boolean {
  const stamp = join(root, STAMP);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === print;
}

/** Before the first change, so that a build that was interrupted is seen to be incomplete. */
export function takeStampOff(root: string): void {
  rmSync(join(root, STAMP), { force: true });
}

export function stamp(root: string, print: string): void {
  writeFileSync(join(root, STAMP), print);
}

/**
 * Puts this package's own command into `node_modules/.bin`.
 *
 * npm links the commands of dependencies there, but not the package's own, and npx looks there first. Without the link
 * npx installs the checkout into its cache, which needs the network.
 */

import { lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const TARGET = '../../build/nice19.mjs';

/** For Windows, where links need a privilege: the two files that npm would write (one for sh, one for cmd). */
const SHIMS = {
  nice19: `#!/bin/sh\nexec node "$(dirname "$0")/${TARGET}" "$@"\n`,
  'nice19.cmd': `@node "%~dp0\\${TARGET.replaceAll('/', '\\')}" %*\r\n`,
};

/** @param {string} root the checkout */
export function ownBinIsLinked(root) {
  const bin = join(root, 'node_modules', '.bin');
  try {
    if (process.platform !== 'win32') return lstatSync(join(bin, 'nice19')).isSymbolicLink();
    return Object.entries(SHIMS).every(([name, text]) => readFileSync(join(bin, name), 'utf8') === text);
  } catch {
    return false;
  }
}

/** @param {string} root the checkout */
export function linkOwnBin(root) {
  const bin = join(root, 'node_modules', '.bin');
  mkdirSync(bin, { recursive: true });
  if (process.platform === 'win32') {
    for (const [name, text] of Object.entries(SHIMS)) writeFileSync(join(bin, name), text);
    return;
  }
  const link = join(bin, 'nice19');
  rmSync(link, { force: true });
  try {
    symlinkSync(TARGET, link);
  } catch (error) {
    if (!ownBinIsLinked(root)) throw error; // else another set-up was quicker
  }
}

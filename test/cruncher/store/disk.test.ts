/** Directories that are made, wherever the process stands. */

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { realDisk } from '../../../main/cruncher/store/disk.ts';

const before = process.cwd();
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'nice19-disk-'));
  process.chdir(directory);
});
afterEach(() => {
  process.chdir(before);
  rmSync(directory, { recursive: true, force: true });
});

// A name of one letter once never came to an end: the root's is no longer.
test.each(['d', 'a/b', 'a/b/c', './x', 'directory'])(
  '%s is made, with those above it, and a second time it is there',
  (name) => {
    realDisk.makeDirectory(name);
    expect(existsSync(join(directory, name))).toBe(true);
    realDisk.makeDirectory(name);
  },
);

#!/usr/bin/env node
/**
 * The command `nice19`: runs main/cli/main.ts, in this process if its Node is new enough, else in a child process
 * with the Node that the set-up installed.
 *
 * The entry file runs when it is imported and reads its arguments from `process.argv.slice(2)`.
 */

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { endLike, runChild } from './lib/child.mjs';
import { isMain, nodeIfSetUp, ROOT, runningNodeIsNewEnough, say } from './setup.mjs';

/**
 * Runs a TypeScript entry file with the right Node, to its end.
 * @param {string} node the Node to use if the running one is too old
 * @param {string} entry absolute path
 * @param {readonly string[]} args
 */
export async function launch(node, entry, args) {
  const parentWatch = new URL('./lib/parent.mjs', import.meta.url).href;
  if (runningNodeIsNewEnough()) {
    // Started by npm or npx; from a shell it may outlive its parent (nohup).
    if (process.env['npm_lifecycle_event']) await import(parentWatch);
    process.argv = [process.execPath, entry, ...args];
    await import(pathToFileURL(entry).href);
  } else {
    endLike(await runChild(node, ['--import', parentWatch, entry, ...args]));
  }
}

/** The terminal program. */
export const CLI = join(ROOT, 'main', 'cli', 'main.ts');

if (isMain(import.meta.url)) {
  const node = nodeIfSetUp();
  if (node) {
    await launch(node, CLI, process.argv.slice(2));
  } else {
    say('not set up yet, or not up to date: run "npm run setup" first.');
    process.exitCode = 1;
  }
}

#!/usr/bin/env node
/**
 * The command `nice19`: runs main/cli/main.ts, in this process if its Node is new enough, else in a child process
 * with the Node that the set-up installed.
 *
 * The entry file runs when it is imported and reads its arguments from `process.argv.slice(2)`.
 */

import module from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBundle } from './lib/bundle.mjs';
import { endLike, runChild } from './lib/child.mjs';
import { isMain, nodeIfSetUp, ROOT, runningNodeIsNewEnough, say } from './setup.mjs';

/**
 * Runs a TypeScript entry file with the right Node, to its end.
 * @param {string} node the Node to use if the running one is too old
 * @param {string} entry absolute path
 * @param {readonly string[]} args
 */
export async function launch(node, entry, args) {
  keepCompiledCode();
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

/**
 * Keeps the sources as V8 compiled them, for the next start of this program and of the processes that it starts:
 * 0.9 s of CPU time for a short command become 0.3 s. Beside the packages, so that it goes when they go.
 */
function keepCompiledCode() {
  process.env['NODE_COMPILE_CACHE'] ??= join(ROOT, 'node_modules', '.cache', 'nice19');
  // Node 22.1 and later; where the directory cannot be written it does nothing.
  module.enableCompileCache?.(process.env['NODE_COMPILE_CACHE']);
}

const SET_UP_FIRST = 'not set up yet, or not up to date: run "npm run setup" first.';

/**
 * What serves the window (`search --web`) needs it made from the sources.
 * @param {string} node
 * @param {readonly string[]} args
 */
async function windowProblem(node, args) {
  const problem = args.includes('--web') ? await ensureBundle(node, ROOT) : undefined;
  return problem && `the window is missing: ${problem}`;
}

/**
 * What jobs of a pool carry is made from the sources as they are.
 * @param {string} node
 * @param {readonly string[]} args
 */
async function programProblem(node, [command, action]) {
  if (command !== 'pool' || action !== 'submit') return undefined;
  const made = await runChild(node, [join(ROOT, 'build', 'pool.ts'), '--program-only'], { cwd: ROOT, capture: true });
  return made.code === 0 ? undefined : `the program for the pool could not be made:\n${made.output.trimEnd()}`;
}

/** The terminal program. */
export const CLI = join(ROOT, 'main', 'cli', 'main.ts');

if (isMain(import.meta.url)) {
  const node = nodeIfSetUp();
  const args = process.argv.slice(2);
  const problem =
    node === undefined ? SET_UP_FIRST : ((await windowProblem(node, args)) ?? (await programProblem(node, args)));
  if (node && problem === undefined) {
    await launch(node, CLI, args);
  } else {
    say(problem ?? SET_UP_FIRST);
    process.exitCode = 1;
  }
}

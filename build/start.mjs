#!/usr/bin/env node
/**
 * `npm start`: sets up what is missing, then starts the desktop app where it can run, and else the search in the terminal
 * with its window in the browser. Arguments after `npm start --` go to what is started.
 */

import { ensureBundle } from './lib/bundle.mjs';
import { endLike, runChild } from './lib/child.mjs';
import { findElectron, hasDisplay, sandboxIsForbidden } from './lib/electron.mjs';
import { CLI, launch } from './nice19.mjs';
import { isMain, ROOT, say, setUp } from './setup.mjs';

/**
 * @param {string} node
 * @param {readonly string[]} args
 * @returns {Promise<string | undefined>} why it could not run; undefined if it ran and has ended
 */
async function runDesktop(node, args) {
  const electron = await findElectron(node, ROOT, say);
  if ('why' in electron) return electron.why;
  const problem = await ensureBundle(node, ROOT);
  if (problem !== undefined) return `the window is missing: ${problem}`;
  say('starting the desktop app.');
  const env = { ...process.env };
  delete env['ELECTRON_RUN_AS_NODE']; // some editors' terminals set it, and Electron would be a Node
  const end = await runChild(electron.program, [ROOT, ...args], { env });
  if (sandboxIsForbidden(end, process.platform)) {
    return 'this system does not let Electron start its sandbox (docs/desktop.md says what to do)';
  }
  endLike(end);
  return undefined;
}

/** Words of `nice19 search` that its window has no place for. */
const WITHOUT_WINDOW = /^--(?:seed|restart|count|kernel|json|web|help)(?:=|$)|^-h$/;

/**
 * The search in this terminal, in its window in the browser unless the user's words are against it.
 * @param {string} node
 * @param {string} why there is no desktop app, without a full stop
 * @param {readonly string[]} args
 */
async function runTerminal(node, why, args) {
  const wanted = !args.some((word) => WITHOUT_WINDOW.test(word));
  const problem = wanted ? await ensureBundle(node, ROOT) : undefined;
  const web = wanted && problem === undefined;
  say(`no desktop app: ${why}. The search runs in this terminal${web ? ', with its window in the browser' : ''}.`);
  if (problem !== undefined) say(`the window is missing: ${problem}`);
  // Where nobody sees a browser nobody may ever answer the window's first page.
  const begin = web && !hasDisplay(process.platform, process.env) && !args.includes('--begin');
  await launch(node, CLI, ['search', ...(web ? ['--web'] : []), ...(begin ? ['--begin'] : []), ...args]);
}

if (isMain(import.meta.url)) {
  const args = process.argv.slice(2);
  const node = await setUp();
  if (node) {
    const why = await runDesktop(node, args);
    if (why !== undefined) await runTerminal(node, why, args);
  }
}

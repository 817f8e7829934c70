#!/usr/bin/env node
/**
 * `npm start`: sets up what is missing, then starts the desktop app where it can run, and else the search in the terminal.
 * Arguments after `npm start --` go to what is started.
 */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endLike, runChild } from './lib/child.mjs';
import { CLI, launch } from './nice19.mjs';
import { isMain, ROOT, say, setUp } from './setup.mjs';

/**
 * The program of an Electron that can show the desktop app: the app is there, Electron's binary has been downloaded (its
 * package notes the path in `path.txt`), and there is a display.
 * @param {string} root the checkout
 * @param {string} platform
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined}
 */
export function usableElectron(root, platform, env) {
  const note = join(root, 'node_modules', 'electron', 'path.txt');
  if (!existsSync(join(root, 'main', 'app', 'main.ts')) || !existsSync(note)) return undefined;
  if (platform === 'linux' && !env['DISPLAY'] && !env['WAYLAND_DISPLAY']) return undefined;
  const program = join(root, 'node_modules', 'electron', 'dist', readFileSync(note, 'utf8').trim());
  return existsSync(program) ? program : undefined;
}

if (isMain(import.meta.url)) {
  const args = process.argv.slice(2);
  const node = await setUp();
  if (node) {
    const electron = usableElectron(ROOT, process.platform, process.env);
    if (electron) {
      say('starting the desktop app.');
      endLike(await runChild(electron, [ROOT, ...args]));
    } else {
      say('the desktop app cannot run here, so the search runs in this terminal; Ctrl-C stops it and keeps its state.');
      await launch(node, CLI, ['search', ...args]);
    }
  }
}

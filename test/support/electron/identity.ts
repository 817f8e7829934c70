/**
 * Which app it is and how it was started: `electron [SWITCHES] APP [ARGUMENTS]`, as Electron's own default app reads it. With
 * ELECTRON_STAND_IN_PACKAGED=1 the app counts as packaged: its folder is given in ELECTRON_STAND_IN_APP, and the command
 * line has only arguments.
 */

import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { AppIdentity } from './app.ts';

/** Whose types the stand-in is written against. */
export const ELECTRON_VERSION = '45.5.0';
export const CHROME_VERSION = '153.0.0.0';

interface Manifest {
  readonly name?: string;
  readonly productName?: string;
  readonly version?: string;
  readonly main?: string;
}

function manifestOf(directory: string): Manifest {
  try {
    return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest;
  } catch {
    return {};
  }
}

/** Node's own program; boot.ts then gives `process.execPath` the stand-in's. */
export const nodeExecutable = process.execPath;

const packaged = process.env['ELECTRON_STAND_IN_PACKAGED'] === '1';
const executable = process.env['ELECTRON_STAND_IN_EXECUTABLE'] ?? process.execPath;
const given = process.argv.slice(2);

/** Chromium reads switches anywhere on the command line; the app sees them all the same. */
const switches = new Map<string, string>(
  given.flatMap((word) => {
    const match = /^--([^=]+)(?:=([\s\S]*))?$/.exec(word);
    return match ? [[match[1] as string, match[2] ?? '']] : [];
  }),
);

const at = given.findIndex((word) => !word.startsWith('-'));
const path = packaged ? process.env['ELECTRON_STAND_IN_APP'] : given[at];
if (path === undefined) throw new Error('Usage: electron [SWITCHES] APP [ARGUMENTS]');

const appPath = resolve(path);
const isFile = statSync(appPath).isFile();
// given a file, Electron looks for no package.json: the app is called Electron and has Electron's version
const manifest = isFile ? {} : manifestOf(appPath);

/** The program to load. */
export const mainFile = isFile ? appPath : join(appPath, manifest.main ?? 'index.js');

/** What the app finds in `process.argv`. */
export const appArguments = [executable, ...given];

export const identity: AppIdentity = {
  executable,
  appPath: isFile ? dirname(appPath) : appPath,
  name: manifest.productName ?? manifest.name ?? 'Electron',
  version: manifest.version ?? ELECTRON_VERSION,
  packaged,
  switches,
};

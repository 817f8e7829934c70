/**
 * The end-to-end steps of the app, each on the Electron stand-in and on Electron itself. Where a machine cannot be had its
 * steps are skipped, and their names say what is missing.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { ensureBundle } from '../../../build/lib/bundle.mjs';
import { DEFAULT_SETTINGS, SETTINGS_VERSION, type Settings } from '../../../main/contract/settings.ts';
import { chromiumPath } from '../../support/electron/chromium.ts';
import { ROOT } from '../../support/files.ts';
import { electronMachine, electronProgram } from './electron-machine.ts';
import type { Machine } from './machine.ts';
import { standInMachine } from './stand-in-machine.ts';

interface Kind {
  readonly name: string;
  /** What is missing; null: nothing. */
  readonly missing: string | null;
  readonly open: (environment: NodeJS.ProcessEnv) => Promise<Machine>;
}

const linux = process.platform === 'linux' ? null : 'it looks into Linux';
const KINDS: readonly Kind[] = [
  {
    name: 'on the stand-in',
    missing: linux ?? (chromiumPath() === null ? 'it needs Chromium: apt-get install chromium' : null),
    open: standInMachine,
  },
  {
    name: 'on Electron',
    missing: linux ?? ((await electronProgram()) === null ? 'it needs Electron: npx electron --version' : null),
    open: electronMachine,
  },
];

/** A user of the machine: a home, and a place for the app's data. */
export interface User {
  readonly machine: Machine;
  readonly home: string;
  /** A new data directory, for one app. */
  data(name: string): Promise<string>;
}

/** What the desktop of the user has, and a test must not touch. */
function homeOf(home: string): NodeJS.ProcessEnv {
  return { HOME: home, XDG_CONFIG_HOME: join(home, '.config'), XDG_DATA_HOME: join(home, '.local', 'share') };
}

/**
 * Steps on each machine.
 * @param steps defines the tests; what it is given can be used inside them
 * @param only the stand-in: why Electron cannot do it
 */
export function onEachMachine(what: string, steps: (user: () => User) => void, only: string | null = null): void {
  for (const { name, missing, open } of KINDS) {
    const why = missing ?? (name === 'on Electron' ? only : null);
    describe.skipIf(why !== null)(`${what}, ${name}${why === null ? '' : ` (skipped: ${why})`}`, () => {
      let user: User;
      beforeAll(async () => {
        // what a user has after `npm install` and the first `npm start`
        expect(await ensureBundle(process.execPath, ROOT)).toBeUndefined();
        const home = mkdtempSync(join(tmpdir(), 'nice19-home-'));
        const machine = await open(homeOf(home));
        user = {
          machine,
          home,
          async data(folder) {
            const directory = join(home, folder);
            await mkdir(directory, { recursive: true });
            return directory;
          },
        };
      });
      afterAll(async () => {
        await user.machine.close();
        rmSync(user.home, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
      });
      steps(() => user);
    });
  }
}

/** Settings as a user left them who answered the first page a while ago. */
export function leaveSettings(directory: string, settings: Partial<Settings>, state: object = {}): void {
  const content = {
    version: SETTINGS_VERSION,
    settings: { ...DEFAULT_SETTINGS, digits: 100, ...settings },
    state: { firstStartDone: true, pausedByUser: false, snooze: null, ...state },
  };
  writeFileSync(join(directory, 'config.json'), JSON.stringify(content));
}

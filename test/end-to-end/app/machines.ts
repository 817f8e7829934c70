/**
 * The end-to-end steps of the app, each on the Electron stand-in and on Electron itself. Where a machine cannot be had its
 * steps are skipped, and their names say what is missing.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { ensureBundle } from '../../../build/lib/bundle.mjs';
import { planDesktop } from '../../../build/lib/electron.mjs';
import { DEFAULT_SETTINGS, SETTINGS_VERSION, type Settings } from '../../../main/contract/settings.ts';
import { chromiumPath } from '../../support/electron/chromium.ts';
import { ROOT } from '../../support/files.ts';
import { electronMachine } from './electron-machine.ts';
import type { Machine } from './machine.ts';
import { standInMachine } from './stand-in-machine.ts';

interface Kind {
  readonly name: string;
  /** What is missing; null: nothing. */
  readonly missing: string | null;
  readonly open: (app: string, environment: NodeJS.ProcessEnv) => Promise<Machine>;
}

const isLinux = process.platform === 'linux';

function missingForStandIn(): string | null {
  if (!isLinux) return 'it is for Linux';
  return chromiumPath() === null ? 'its windows need Chromium: apt-get install chromium' : null;
}

function missingForElectron(): string | null {
  const plan = planDesktop({ root: ROOT, platform: process.platform, env: process.env, user: process.getuid?.() });
  if (plan.kind === 'none') return plan.why;
  return plan.kind === 'run' ? null : 'Electron is not downloaded: npm run test:electron does it';
}

const KINDS: readonly Kind[] = [
  { name: 'on the stand-in', missing: missingForStandIn(), open: standInMachine },
  { name: 'on Electron', missing: missingForElectron(), open: electronMachine },
];

/** A user of the machine: a home, and a place for the app's data. */
export interface User {
  readonly machine: Machine;
  readonly home: string;
  /** A new data directory, for one app. */
  data(name: string): Promise<string>;
}

/** Puts into a folder what a package has in its own: the app as it was bundled, and its manifest. @returns the folder */
async function install(folder: string): Promise<string> {
  expect(await ensureBundle(process.execPath, ROOT)).toBeUndefined();
  await cp(join(ROOT, 'out'), join(folder, 'out'), { recursive: true });
  await cp(join(ROOT, 'package.json'), join(folder, 'package.json'));
  return folder;
}

/** What the desktop of the user has, and a test must not touch. */
function homeOf(home: string): NodeJS.ProcessEnv {
  return { HOME: home, XDG_CONFIG_HOME: join(home, '.config'), XDG_DATA_HOME: join(home, '.local', 'share') };
}

export interface Where {
  /** They look into Linux itself. */
  readonly linux?: boolean;
  /** Why they cannot be done on Electron. */
  readonly notOnElectron?: string;
}

/**
 * Steps on each machine.
 * @param steps defines the tests; what it is given can be used inside them
 */
export function onEachMachine(what: string, steps: (user: () => User) => void, where: Where = {}): void {
  for (const { name, missing, open } of KINDS) {
    const elsewhere = where.linux && !isLinux ? 'it looks into Linux' : null;
    const impossible = name === 'on Electron' ? where.notOnElectron : undefined;
    const why = elsewhere ?? impossible ?? missing;
    describe.skipIf(why !== null)(`${what}, ${name}${why === null ? '' : ` (skipped: ${why})`}`, () => {
      let user: User;
      beforeAll(async () => {
        const home = mkdtempSync(join(tmpdir(), 'nice19-home-'));
        const machine = await open(await install(join(home, 'nice19')), homeOf(home));
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

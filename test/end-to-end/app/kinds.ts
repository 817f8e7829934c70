/** The machines that the app can be tried on, and what each of them lacks here. */

import { join } from 'node:path';
import { planDesktop } from '../../../build/lib/electron.mjs';
import { chromiumPath } from '../../support/electron/chromium.ts';
import { ROOT } from '../../support/files.ts';
import { electronMachine } from './electron-machine.ts';
import type { Machine } from './machine.ts';
import { standInMachine } from './stand-in-machine.ts';

export interface Kind {
  readonly name: string;
  /** What is missing; null: nothing. */
  readonly missing: string | null;
  /**
   * @param app the app's folder
   * @param environment for every app that is started
   */
  readonly open: (app: string, environment: NodeJS.ProcessEnv) => Promise<Machine>;
}

export const isLinux = process.platform === 'linux';

function missingForStandIn(): string | null {
  if (!isLinux) return 'it is for Linux';
  return chromiumPath() === null ? 'its windows need Chromium: apt-get install chromium' : null;
}

function missingForElectron(): string | null {
  const plan = planDesktop({ root: ROOT, platform: process.platform, env: process.env, user: process.getuid?.() });
  if (plan.kind === 'none') return plan.why;
  return plan.kind === 'run' ? null : 'Electron is not downloaded: npm run test:electron does it';
}

export const ON_STAND_IN: Kind = { name: 'on the stand-in', missing: missingForStandIn(), open: standInMachine };
export const ON_ELECTRON: Kind = { name: 'on Electron', missing: missingForElectron(), open: electronMachine };

/** A user's own desktop, which no test may touch. */
export function homeOf(home: string): NodeJS.ProcessEnv {
  return { HOME: home, XDG_CONFIG_HOME: join(home, '.config'), XDG_DATA_HOME: join(home, '.local', 'share') };
}

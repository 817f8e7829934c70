/** Which way to start at login this system has. */

import { homedir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'electron';
import type { LoginItem } from '../../contract/bridge.ts';
import type { LoginItemEdge } from '../../host/edges.ts';
import type { OwnProgram } from '../own-program.ts';
import { SystemLoginItem } from './system.ts';
import { XdgAutostart } from './xdg.ts';

export const AUTOSTART_FILE = 'nice19.desktop';

/** Where it cannot be had: a sentence. */
export class NoLoginItem implements LoginItemEdge {
  readonly #item: LoginItem;

  constructor(sentence: string) {
    this.#item = { state: 'unavailable', sentence };
  }

  async read(): Promise<LoginItem> {
    return this.#item;
  }

  async set(): Promise<LoginItem> {
    return this.#item;
  }
}

/** Flatpak's portal can be asked to start an app at login, but nobody can be asked whether it will. */
const FLATPAK =
  'In Flatpak the desktop decides: allow nice19 to start there, with "--hidden" to start without its window.';

export function loginItem(
  app: Pick<App, 'getLoginItemSettings' | 'setLoginItemSettings'>,
  program: OwnProgram,
  args: readonly string[],
  platform: NodeJS.Platform = process.platform,
  env: NodeJS.ProcessEnv = process.env,
): LoginItemEdge {
  if (platform === 'darwin' || platform === 'win32')
    return new SystemLoginItem(app, platform, { program: program.program, args: [...program.args, ...args] });
  if (env['FLATPAK_ID'] || env['container'] === 'flatpak') return new NoLoginItem(FLATPAK);
  // snapd looks in the snap's own folder, and starts the snap's program whatever Exec names (snapcraft: autostart)
  const snap = env['SNAP_USER_DATA'];
  if (env['SNAP'] && snap && env['SNAP_NAME'])
    return new XdgAutostart({
      file: join(snap, '.config', 'autostart', AUTOSTART_FILE),
      program: { program: env['SNAP_NAME'], args: [] },
      args,
    });
  const config = env['XDG_CONFIG_HOME'] || join(env['HOME'] || homedir(), '.config');
  return new XdgAutostart({ file: join(config, 'autostart', AUTOSTART_FILE), program, args });
}

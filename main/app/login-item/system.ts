/**
 * Start at login on macOS and Windows, where Electron does it. What it says is asked again after each change: macOS may want
 * the user's consent, and both have a switch of their own.
 */

import type { App, LoginItemSettingsOptions } from 'electron';
import type { LoginItem } from '../../contract/bridge.ts';
import type { LoginItemEdge } from '../../host/edges.ts';

export class SystemLoginItem implements LoginItemEdge {
  readonly #app: Pick<App, 'getLoginItemSettings' | 'setLoginItemSettings'>;
  readonly #platform: 'darwin' | 'win32';
  readonly #options: LoginItemSettingsOptions;

  /** @param start what Windows starts; macOS starts the app as it is */
  constructor(
    app: Pick<App, 'getLoginItemSettings' | 'setLoginItemSettings'>,
    platform: 'darwin' | 'win32',
    start: { readonly program: string; readonly args: readonly string[] },
  ) {
    this.#app = app;
    this.#platform = platform;
    // Electron puts the words one after the other: those with blanks want their quotes
    const args = start.args.map((word) => (/\s/.test(word) ? `"${word}"` : word));
    this.#options = platform === 'win32' ? { path: start.program, args } : {};
  }

  async read(): Promise<LoginItem> {
    const item = this.#app.getLoginItemSettings(this.#options);
    if (this.#platform === 'darwin') {
      if (item.status === 'requires-approval')
        return { state: 'off', sentence: 'macOS asks you to allow it: System Settings, General, Login Items.' };
      return item.openAtLogin
        ? { state: 'on', sentence: 'It starts at login, without its window.' }
        : { state: 'off', sentence: 'It does not start by itself.' };
    }
    if (item.openAtLogin && !item.executableWillLaunchAtLogin)
      return { state: 'off', sentence: 'Windows has switched it off: Settings, Apps, Startup.' };
    return item.openAtLogin
      ? { state: 'on', sentence: 'It starts at login, without its window.' }
      : { state: 'off', sentence: 'It does not start by itself.' };
  }

  async set(on: boolean): Promise<LoginItem> {
    this.#app.setLoginItemSettings({ ...this.#options, openAtLogin: on });
    return this.read();
  }
}

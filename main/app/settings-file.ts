/**
 * The settings' file, written by electron-store: as a whole, through a new file and a rename. What is in it is the host's
 * affair, its schema and defaults too (main/host/settings). A damaged file is not cleared, as electron-store would: it is set
 * aside, and the user is told where.
 */

import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { IpcMain } from 'electron';
import ElectronStore from 'electron-store';
import type { SettingsFile } from '../host/edges.ts';

const NAME = 'config';

export class StoredSettings implements SettingsFile {
  readonly #directory: string;
  readonly #file: string;
  readonly #ipcMain: Pick<IpcMain, 'removeAllListeners'>;

  constructor(directory: string, ipcMain: Pick<IpcMain, 'removeAllListeners'>) {
    this.#directory = directory;
    this.#file = join(directory, `${NAME}.json`);
    this.#ipcMain = ipcMain;
  }

  read(): Record<string, unknown> | null {
    if (!existsSync(this.#file)) return null;
    // electron-store takes what is no object for an empty one
    const content: unknown = JSON.parse(readFileSync(this.#file, 'utf8'));
    if (typeof content !== 'object' || content === null || Array.isArray(content))
      throw new Error(`${this.#file} holds no settings`);
    return { ...this.#store().store };
  }

  write(content: Record<string, unknown>): void {
    this.#store().store = content;
  }

  setAside(): string {
    const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
    const place = join(this.#directory, `${NAME}.damaged-${stamp}.json`);
    renameSync(this.#file, place);
    return place;
  }

  /** Made when used: it reads the file as it is then, and does not keep it. */
  #store(): ElectronStore<Record<string, unknown>> {
    const store = new ElectronStore<Record<string, unknown>>({ cwd: this.#directory, name: NAME });
    // electron-store would answer any page that asks where the data are; ours asks nobody but us
    this.#ipcMain.removeAllListeners('electron-store-get-data');
    return store;
  }
}

/**
 * The data directory: Electron's own for this user, which is the terminal's too (main/cli/data-directory.ts), or the one of
 * `--data`. What Chromium keeps for itself goes into a folder of its own in it.
 */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'electron';
import type { AppOptions } from './options.ts';

/** Before anything asks for a path. @returns the data directory */
export function setupDirectories(app: Pick<App, 'setName' | 'getPath' | 'setPath'>, options: AppOptions): string {
  app.setName('nice19');
  if (options.data !== null) app.setPath('userData', options.data);
  const directory = app.getPath('userData');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  app.setPath('sessionData', join(directory, 'window'));
  return directory;
}

/**
 * The data directory: Electron's own for this user, which is the terminal's too (main/cli/data-directory.ts), or the one of
 * `--data`. What Chromium keeps for itself goes into a folder of its own in it.
 */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'electron';
import type { AppOptions } from './options.ts';

/** Before anything asks for a path. Electron takes only directories that are there. @returns the data directory */
export function setupDirectories(app: Pick<App, 'setName' | 'getPath' | 'setPath'>, options: AppOptions): string {
  app.setName('nice19');
  const directory = options.data ?? app.getPath('userData');
  const window = join(directory, 'window');
  // both at once; the primes are the user's own affair
  mkdirSync(window, { recursive: true, mode: 0o700 });
  app.setPath('userData', directory);
  app.setPath('sessionData', window);
  return directory;
}

/**
 * The data directory: Electron's own for this user, which is the terminal's too (main/cli/data-directory.ts), or the one of
 * `--data`. What Chromium keeps for itself goes into a folder of its own in it.
 */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'electron';
import type { AppOptions } from './options.ts';

/** The data directory cannot be used. The message is a sentence for the user. */
export class DirectoryUnusable extends Error {
  override readonly name = 'DirectoryUnusable';
}

/** Before anything asks for a path. Electron takes only directories that are there. @returns the data directory @throws DirectoryUnusable */
export function setupDirectories(app: Pick<App, 'setName' | 'getPath' | 'setPath'>, options: AppOptions): string {
  app.setName('nice19');
  const directory = options.data ?? app.getPath('userData');
  const window = join(directory, 'window');
  try {
    // both at once; the primes are the user's own affair
    mkdirSync(window, { recursive: true, mode: 0o700 });
  } catch (error) {
    const { message } = error as Error;
    throw new DirectoryUnusable(
      `nice19 keeps its primes in ${directory}, which cannot be used (${message}). Make it a directory that you can write to, or start nice19 with --data and another one.`,
    );
  }
  app.setPath('userData', directory);
  app.setPath('sessionData', window);
  return directory;
}

/** One desktop app a data directory: a second start shows the window of the first and leaves. */

import type { App } from 'electron';
import { readOptions } from './options.ts';

/**
 * Once the data directory is known and the session is final, and before anything is opened there.
 * @param show shows the window of this instance, when another was started
 * @returns false when there is one already: this one has nothing to do
 */
export function isOnlyInstance(app: Pick<App, 'requestSingleInstanceLock' | 'on'>, show: () => void): boolean {
  if (!app.requestSingleInstanceLock()) return false;
  app.on('second-instance', (_, argv, directory) => {
    // one that was started at login while this one runs has nobody who looks
    if (!readOptions(argv, directory).hidden) show();
  });
  return true;
}

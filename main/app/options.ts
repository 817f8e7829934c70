/** The desktop app's command line. It has few words, and Chromium's own among them: what is not ours is left alone. */

import { resolve } from 'node:path';

export interface AppOptions {
  /** Starts without its window, as at login. */
  readonly hidden: boolean;
  /** The data directory, absolute; null: where Electron keeps the user's data. */
  readonly data: string | null;
}

/** @param directory that a relative path is relative to */
export function readOptions(args: readonly string[], directory: string): AppOptions {
  let hidden = false;
  let data: string | null = null;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg === '--hidden') hidden = true;
    else if (arg === '--data' && args[i + 1] !== undefined) data = resolve(directory, args[++i] ?? '');
    else if (arg?.startsWith('--data=')) data = resolve(directory, arg.slice('--data='.length));
  }
  return { hidden, data };
}

/** What the login item adds to the program: the same data, and no window. */
export function loginArguments(options: AppOptions): readonly string[] {
  return options.data === null ? ['--hidden'] : ['--hidden', '--data', options.data];
}

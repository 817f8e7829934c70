/**
 * How this program is started: by the login item, and by itself when it wants a session of its own. Under AppImage it is
 * the image, for the path of the running program is a mount that vanishes; from a checkout it is Electron and the checkout.
 */

import { basename, resolve } from 'node:path';

export interface OwnProgram {
  readonly program: string;
  readonly args: readonly string[];
}

/** The part of `process` and `app` that tells. */
export interface Start {
  readonly execPath: string;
  readonly execArgv: readonly string[];
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly packaged: boolean;
  /** That a relative path in `argv` is relative to. */
  readonly directory: string;
}

export function ownProgram(start: Start): OwnProgram {
  const { execPath, execArgv, argv, directory } = start;
  if (start.packaged) return { program: ownImage(start) ?? execPath, args: [] };
  const end = scriptEnd(start);
  const words = argv.slice(1, end);
  // `electron .` means another folder to whoever starts it at login
  const script = words.at(-1);
  const at = script === undefined || script.startsWith('-') ? [] : [resolve(directory, script)];
  return { program: execPath, args: [...execArgv, ...words.slice(0, words.length - at.length), ...at] };
}

/** What an AppImage says of itself is also in the environment of all that it starts, such as a terminal: that is not ours. */
function ownImage({ env, execPath }: Start): string | null {
  const { APPIMAGE: image, APPDIR: mount } = env;
  if (!image) return null;
  return mount && !execPath.split('/').includes(basename(mount)) ? null : image;
}

/** What the user gave beyond the program itself. */
export function givenArguments(start: Start): readonly string[] {
  return start.argv.slice(start.packaged ? 1 : scriptEnd(start));
}

/** From a checkout the command line is Electron, its switches, the checkout, and then what is the app's. */
function scriptEnd({ argv }: Start): number {
  const script = argv.findIndex((word, i) => i > 0 && !word.startsWith('-'));
  return script < 0 ? argv.length : script + 1;
}

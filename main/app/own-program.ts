/**
 * How this program is started: by the login item, and by itself when it wants a session of its own. Under AppImage it is
 * the image, for the path of the running program is a mount that vanishes; from a checkout it is Electron and the checkout.
 */

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
}

export function ownProgram(start: Start): OwnProgram {
  if (start.packaged) return { program: start.env['APPIMAGE'] || start.execPath, args: [] };
  return { program: start.execPath, args: [...start.execArgv, ...start.argv.slice(1, scriptEnd(start))] };
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

/**
 * The desktop app's main process, in the order in which things happen. Until Electron is ready only what must come first is
 * done; the rest is in desktop.ts.
 */

import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { app, dialog, protocol } from 'electron';
import { VERSION } from '../contract/version.ts';
import { LogFile } from '../host/log.ts';
import { APP_ID } from './app-id.ts';
import { exitOnCrash } from './crash.ts';
import { Desktop } from './desktop.ts';
import { DirectoryUnusable, setupDirectories } from './directories.ts';
import { type AppOptions, loginArguments, readOptions } from './options.ts';
import { givenArguments, ownProgram, type Start } from './own-program.ts';
import { movedToOwnSession } from './own-session.ts';
import { PRIVILEGES } from './page.ts';
import { guardContents, lockNetwork } from './security.ts';
import { isOnlyInstance } from './single-instance.ts';

function run(start: Start): void {
  // an app that sits in the tray for days should sleep: V8 would look every eight seconds whether its heap could be smaller
  setFlagsFromString('--no-memory-reducer');
  const options = readOptions(givenArguments(start), process.cwd());
  const program = ownProgram(start);
  // paths first: the lock of the single instance lies in the data directory, and so does the log
  const directory = usableDirectory(options);
  if (directory === null) return;
  const { write: log } = new LogFile(join(directory, 'logs'));
  exitOnCrash(app, { program: program.program, args: [...program.args, ...loginArguments(options)] }, log);

  let desktop: Desktop | null = null;
  if (!isOnlyInstance(app, () => desktop?.raise())) {
    app.exit(0);
    return;
  }
  log(
    `nice19 ${VERSION} starts, process ${process.pid}, Electron ${process.versions['electron']}, ${process.platform}.`,
  );

  // Chromium reads its switches, and takes new schemes, only before it is ready
  lockNetwork(app);
  protocol.registerSchemesAsPrivileged([PRIVILEGES]);
  // before the first page
  guardContents(app, log);
  if (process.platform === 'win32') app.setAppUserModelId(APP_ID);
  // macOS: in the menu bar, not in the dock; the package says so too, but not while developing
  if (process.platform === 'darwin') app.setActivationPolicy('accessory');
  logEnds(log);

  void app.whenReady().then(() => {
    const atLogin = process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin;
    desktop = new Desktop({ directory, options, program, log });
    desktop.begin(options.hidden || atLogin);
  });
}

/** Says so where there is none, and ends: without it nothing could be saved. */
function usableDirectory(options: AppOptions): string | null {
  try {
    return setupDirectories(app, options);
  } catch (error) {
    if (!(error instanceof DirectoryUnusable)) throw error;
    const { message } = error;
    // sooner, Linux would only print it, where nobody may look
    void app.whenReady().then(() => {
      dialog.showErrorBox('nice19 cannot start', message);
      app.exit(1);
    });
    return null;
  }
}

/** Why a process of Electron's own is gone; the cruncher's is told by what started it. */
function logEnds(log: (text: string) => void): void {
  app.on('child-process-gone', (_, { type, name, reason, exitCode }) =>
    log(`A process is gone: ${name ?? type}, ${reason}, ${exitCode}.`),
  );
}

const start: Start = {
  execPath: process.execPath,
  execArgv: process.execArgv,
  argv: process.argv,
  env: process.env,
  packaged: app.isPackaged,
  directory: process.cwd(),
};
// before anything else: the process that stays must be the one that takes the lock and shows the tray
if (movedToOwnSession(start)) app.exit(0);
else run(start);

/** The stand-in's main process: makes Node's surroundings Electron's, then loads the app, as Electron does. */

import { registerHooks } from 'node:module';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MessageChannel } from 'node:worker_threads';
import { appArguments, CHROME_VERSION, ELECTRON_VERSION, identity, mainFile } from './identity.ts';
import { watchTimers } from './timers.ts';

const MODULE = new URL('electron.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' || specifier === 'electron/main'
      ? { url: MODULE, shortCircuit: true }
      : next(specifier, context),
});

Object.defineProperties(process, {
  type: { value: 'browser', enumerable: true },
  defaultApp: { value: identity.packaged ? undefined : true, enumerable: true },
  resourcesPath: { value: dirname(identity.appPath), enumerable: true },
});
Object.defineProperties(process.versions, {
  electron: { value: ELECTRON_VERSION, enumerable: true },
  chrome: { value: CHROME_VERSION, enumerable: true },
});
const { obey, standInApp } = await import('./running.ts');
watchTimers();
process.execPath = identity.executable;
process.execArgv = [];
process.argv = [...appArguments];

// Electron does not end because nothing is left to do. A port that is listened to holds Node, without a timer.
new MessageChannel().port1.on('message', () => {});

const control = process.env['ELECTRON_STAND_IN_CONTROL'];
if (control) {
  const { listenToTest } = await import('./desktop.ts');
  await listenToTest(control, obey);
}
await import(pathToFileURL(mainFile).href);
setImmediate(() => standInApp.becomeReady());

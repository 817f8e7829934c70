/** Before Electron is ready: one instance, directories, where the app's own files are, and what an unexpected error does. */

import { EventEmitter } from 'node:events';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'electron';
import { describe, expect, test } from 'vitest';
import { APP_ID as PACKAGED_ID } from '../../build/package/identity.ts';
import { APP_ID } from '../../main/app/app-id.ts';
import { exitOnCrash } from '../../main/app/crash.ts';
import { DirectoryUnusable, setupDirectories } from '../../main/app/directories.ts';
import { CRUNCHER, outsideArchive } from '../../main/app/places.ts';
import { isOnlyInstance } from '../../main/app/single-instance.ts';
import { defaultDataDirectory } from '../../main/cli/data-directory.ts';
import { temporaryDirectory } from '../support/directory.ts';

describe('one instance', () => {
  const start = (first: boolean) => {
    const app = Object.assign(new EventEmitter(), { requestSingleInstanceLock: () => first });
    let shown = 0;
    const only = isOnlyInstance(app as unknown as App, () => {
      shown++;
    });
    return { app, only, shown: () => shown };
  };

  test('the second one is told to go', () => {
    expect([start(true).only, start(false).only]).toEqual([true, false]);
  });

  test('a second start shows the window, one at login does not', () => {
    const { app, shown } = start(true);
    app.emit('second-instance', {}, ['nice19', '--hidden'], '/');
    expect(shown()).toBe(0);
    app.emit('second-instance', {}, ['nice19'], '/');
    expect(shown()).toBe(1);
  });
});

describe('directories', () => {
  function paperApp(userData: string) {
    const paths: Record<string, string> = { userData };
    let name = 'Electron';
    const app = {
      setName: (given: string) => {
        name = given;
      },
      getPath: (which: string) => paths[which] as string,
      setPath: (which: string, path: string) => {
        // as Electron does
        if (!existsSync(path)) throw new Error(`${path} does not exist`);
        paths[which] = path;
      },
    };
    return { app: app as unknown as App, paths, name: () => name };
  }

  test('the data are where Electron keeps them, or where they were asked to be, for the user alone', () => {
    const place = join(temporaryDirectory(), 'nice19');
    const { app, paths, name } = paperApp(place);
    expect(setupDirectories(app, { hidden: false, data: null })).toBe(place);
    expect([name(), paths['sessionData']]).toEqual(['nice19', join(place, 'window')]);
    if (process.platform !== 'win32') expect(statSync(place).mode & 0o777).toBe(0o700);
    const other = join(temporaryDirectory(), 'other');
    expect(setupDirectories(app, { hidden: false, data: other })).toBe(other);
    expect(paths).toEqual({ userData: other, sessionData: join(other, 'window') });
  });

  test('where there can be none, a sentence says which and what to do', () => {
    const file = join(temporaryDirectory(), 'a file');
    writeFileSync(file, '');
    const { app } = paperApp(join(file, 'nice19'));
    expect(() => setupDirectories(app, { hidden: false, data: null })).toThrow(DirectoryUnusable);
    expect(() => setupDirectories(app, { hidden: false, data: null })).toThrow(
      /^nice19 keeps its primes in .*a file.nice19, which cannot be used \(ENOTDIR.*\)\. Make it a directory .* --data /,
    );
  });

  test('that is the terminal’s directory too', () => {
    // electron.d.ts, getPath: userData is appData and the app's name; appData is XDG_CONFIG_HOME or ~/.config on Linux
    expect(defaultDataDirectory('linux', {}, homedir())).toBe(join(homedir(), '.config', 'nice19'));
  });
});

describe('an error that nobody expected', () => {
  function crash(uptime: number) {
    const listeners: Record<string, (error: unknown) => void> = {};
    const did: unknown[] = [];
    const app = { exit: (code: number) => did.push(code), relaunch: (options: object) => did.push(options) };
    exitOnCrash(
      app as unknown as App,
      { program: '/nice19.AppImage', args: ['--hidden'] },
      (line) => did.push(line),
      (event, listener) => {
        listeners[event] = listener;
      },
      () => uptime,
    );
    return { did, listeners };
  }

  test('is logged and ends the process', () => {
    const { did, listeners } = crash(5);
    listeners['uncaughtException']?.(new Error('a mistake'));
    expect(did).toEqual([expect.stringContaining('a mistake'), 1]);
  });

  test('of one that ran well for long starts it again, hidden', () => {
    const { did, listeners } = crash(3600);
    listeners['unhandledRejection']?.('a mistake');
    expect(did.slice(1)).toEqual([{ execPath: '/nice19.AppImage', args: ['--hidden'] }, 1]);
  });
});

describe('places', () => {
  test('the cruncher is the source itself in a checkout, and outside of the archive in a package', () => {
    expect(existsSync(CRUNCHER)).toBe(true);
    expect(outsideArchive('/usr/lib/nice19/resources/app.asar/out/cruncher/main.js', '/')).toBe(
      '/usr/lib/nice19/resources/app.asar.unpacked/out/cruncher/main.js',
    );
  });

  test('the app has one name to Windows, here and in the package', () => {
    expect(APP_ID).toBe(PACKAGED_ID);
  });
});

/** Autostart entries. The judges of what is written are desktop-file-validate and GLib, which starts it as GNOME does. */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quoteExec, readExec, readKey, withKey } from '../../main/app/login-item/desktop-entry.ts';
import { loginItem } from '../../main/app/login-item/login-item.ts';
import { watched } from '../../main/app/login-item/watched.ts';
import { XdgAutostart } from '../../main/app/login-item/xdg.ts';
import type { OwnProgram } from '../../main/app/own-program.ts';
import { temporaryDirectory } from '../support/directory.ts';

const character = fc.constantFrom(
  'a',
  'B',
  '1',
  '/',
  '-',
  ' ',
  '"',
  "'",
  '\\',
  '$',
  '`',
  '%',
  '&',
  ';',
  '(',
  '*',
  'é',
  '#',
  '~',
);
const word = fc.string({ unit: character, maxLength: 12 });

describe('Exec', () => {
  test('any words are read back as they were written, through the escapes of the file too', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), (words) => {
        const text = withKey('[Desktop Entry]\nName=x\n', 'Exec', quoteExec(words));
        expect(readExec(readKey(text, 'Exec') ?? '')).toEqual(words);
      }),
    );
  });

  test('is written as the specification’s examples are', () => {
    const text = withKey('[Desktop Entry]', 'Exec', quoteExec(['/a b/$x', '--hidden', '100%']));
    expect(text).toBe('[Desktop Entry]\nExec="/a b/\\\\$x" --hidden 100%%');
  });

  test('field codes are no words, and quotes that do not close are no command', () => {
    expect(readExec('nice19 %U --x "a b"')).toEqual(['nice19', '--x', 'a b']);
    expect(readExec('"nice19')).toBeNull();
    expect(readExec('')).toEqual([]);
  });
});

test('a key is changed in its group alone, and everything else stays', () => {
  const text = '# mine\n[Desktop Entry]\nName=x\nName[de]=y\nHidden = false\n\n[Desktop Action Quit]\nHidden=false\n';
  expect(withKey(text, 'Hidden', 'true')).toBe(text.replace('Hidden = false', 'Hidden=true'));
  expect(readKey('[Other]\nHidden=true\n[Desktop Entry]\nName=x', 'Hidden')).toBeNull();
});

const program = { program: '/usr/lib/nice 19/nice19', args: [] };
const file = () => join(temporaryDirectory(), 'autostart', 'nice19.desktop');
const autostart = (at: string, which: OwnProgram = program) =>
  new XdgAutostart({ file: at, program: which, args: ['--hidden'] });
const put = (at: string, ...lines: string[]) => {
  mkdirSync(dirname(at), { recursive: true });
  writeFileSync(at, ['[Desktop Entry]', 'Type=Application', ...lines, ''].join('\n'));
};

describe('start at login', () => {
  test('is on when it was switched on, off when it was switched off, and leaves nothing behind', async () => {
    const at = file();
    const item = autostart(at);
    expect((await item.read()).state).toBe('off');
    expect(await item.set(true)).toMatchObject({ state: 'on', sentence: expect.stringContaining(at) });
    expect(readdirSync(dirname(at))).toEqual(['nice19.desktop']);
    expect((await item.set(false)).state).toBe('off');
    expect(readdirSync(dirname(at))).toEqual([]);
  });

  test('the entry is valid, in the eyes of freedesktop.org’s own validator', async () => {
    const at = file();
    await autostart(at, { program: '/people/Ada’s "$x" `y`/nice19.AppImage', args: [] }).set(true);
    expect(execFileSync('desktop-file-validate', [at], { encoding: 'utf8' })).toBe('');
  });

  test('GLib starts what was meant, whatever is in its path', async () => {
    const directory = join(temporaryDirectory(), 'a $HOME `b` "c" \\d (e); é');
    mkdirSync(directory);
    const script = join(directory, 'nice19');
    const said = join(directory, 'said');
    writeFileSync(script, '#!/bin/sh\nprintf "%s\\n" "$@" > "$(dirname "$0")/said"\n', { mode: 0o755 });
    const at = file();
    const item = new XdgAutostart({
      file: at,
      program: { program: script, args: [] },
      args: ['--hidden', '--data', '50% "y" $z \\'],
    });
    expect((await item.set(true)).state).toBe('on');
    execFileSync('gio', ['launch', at]);
    await expect.poll(() => existsSync(said) && readFileSync(said, 'utf8')).toBe('--hidden\n--data\n50% "y" $z \\\n');
  });

  test.each([
    ['Hidden=true', 'off'],
    ['X-GNOME-Autostart-enabled=false', 'off'],
    ['X-GNOME-Autostart-enabled=true', 'on'],
    ['Hidden=false', 'on'],
  ])('the desktop’s own switch %s means %s', async (line, state) => {
    const at = file();
    await autostart(at).set(true);
    writeFileSync(at, withKey(readFileSync(at, 'utf8'), line.split('=')[0] ?? '', line.split('=')[1] ?? ''));
    expect((await autostart(at).read()).state).toBe(state);
  });

  test('another program’s entry of that name is left as it is', async () => {
    const at = file();
    put(at, 'Exec=/usr/bin/other --nice19');
    const before = readFileSync(at, 'utf8');
    for (const item of [await autostart(at).read(), await autostart(at).set(true), await autostart(at).set(false)])
      expect(item).toMatchObject({ state: 'unavailable', sentence: expect.stringContaining('left alone') });
    expect(readFileSync(at, 'utf8')).toBe(before);
  });

  test('an entry that somebody else wrote for this program is switched, and kept', async () => {
    const at = file();
    put(at, 'Exec="/usr/lib/nice 19/nice19" %U', 'Name=Primes', 'X-Mine=1');
    expect((await autostart(at).read()).state).toBe('on');
    expect((await autostart(at).set(false)).state).toBe('off');
    expect(readFileSync(at, 'utf8')).toContain('X-Mine=1');
    expect((await autostart(at).set(true)).state).toBe('on');
    expect(readFileSync(at, 'utf8')).toContain('Name=Primes');
  });

  test('the program moved: the entry of before is off here, and switching it on leads it here', async () => {
    const at = file();
    await autostart(at, { program: '/old/nice19.AppImage', args: [] }).set(true);
    expect(await autostart(at).read()).toMatchObject({
      state: 'off',
      sentence: expect.stringContaining('another place'),
    });
    expect((await autostart(at).set(true)).state).toBe('on');
    expect(readExec(readKey(readFileSync(at, 'utf8'), 'Exec') ?? '')).toEqual([program.program, '--hidden']);
  });

  test('what cannot be written or named is a sentence, not an error', async () => {
    const at = file();
    writeFileSync(dirname(at), 'in the way');
    expect(await autostart(at).set(true)).toMatchObject({ state: 'unavailable' });
    const other = file();
    expect(await autostart(other, { program: '/a=b/nice19', args: [] }).set(true)).toMatchObject({
      state: 'unavailable',
    });
    expect(existsSync(other)).toBe(false);
  });
});

describe('which way there is', () => {
  const app = { getLoginItemSettings: () => ({}), setLoginItemSettings: () => {} } as never;

  test('on Linux the user’s autostart folder', async () => {
    const config = temporaryDirectory();
    const item = loginItem(app, program, ['--hidden'], 'linux', { XDG_CONFIG_HOME: config });
    await item.set(true);
    expect(readdirSync(join(config, 'autostart'))).toEqual(['nice19.desktop']);
    const home = temporaryDirectory();
    await loginItem(app, program, [], 'linux', { HOME: home }).set(true);
    expect(readdirSync(join(home, '.config', 'autostart'))).toEqual(['nice19.desktop']);
  });

  test('in a snap the snap’s own folder, and its name for a program', async () => {
    const data = temporaryDirectory();
    const env = { SNAP: '/snap/nice19/1', SNAP_NAME: 'nice19', SNAP_USER_DATA: data, XDG_CONFIG_HOME: '/elsewhere' };
    await loginItem(app, program, ['--hidden'], 'linux', env).set(true);
    const text = readFileSync(join(data, '.config', 'autostart', 'nice19.desktop'), 'utf8');
    expect(readKey(text, 'Exec')).toBe('nice19 --hidden');
  });

  test('in Flatpak none that could be read back, and it says so', async () => {
    const item = loginItem(app, program, [], 'linux', { FLATPAK_ID: 'org.nice19.nice19', HOME: '/nowhere' });
    expect(await item.set(true)).toMatchObject({ state: 'unavailable', sentence: expect.stringContaining('Flatpak') });
  });
});

describe('macOS and Windows', () => {
  /** An app whose system does what it is told, unless the user said no. */
  function paperApp(facts: Partial<Electron.LoginItemSettings>) {
    const calls: Electron.Settings[] = [];
    let open = false;
    return {
      calls,
      getLoginItemSettings: () =>
        ({
          openAtLogin: open,
          executableWillLaunchAtLogin: open,
          status: open ? 'enabled' : 'not-registered',
          ...facts,
        }) as Electron.LoginItemSettings,
      setLoginItemSettings: (settings: Electron.Settings) => {
        calls.push(settings);
        open = settings.openAtLogin === true;
      },
    };
  }

  test('Windows is told program and words, and asked again', async () => {
    const app = paperApp({});
    const item = loginItem(
      app,
      { program: 'C:\\nice19\\nice19.exe', args: [] },
      ['--hidden', '--data', 'D:\\my data'],
      'win32',
    );
    expect((await item.set(true)).state).toBe('on');
    expect(app.calls).toEqual([
      { openAtLogin: true, path: 'C:\\nice19\\nice19.exe', args: ['--hidden', '--data', '"D:\\my data"'] },
    ]);
    expect((await item.set(false)).state).toBe('off');
  });

  test('what the user switched off in the system’s own settings is off', async () => {
    const windows = loginItem(paperApp({ executableWillLaunchAtLogin: false }), program, [], 'win32');
    expect(await windows.set(true)).toMatchObject({ state: 'off', sentence: expect.stringContaining('Startup') });
    const mac = loginItem(paperApp({ status: 'requires-approval' }), program, [], 'darwin');
    expect(await mac.set(true)).toMatchObject({ state: 'off', sentence: expect.stringContaining('Login Items') });
  });

  test('who watches hears what was read and what was set', async () => {
    const told: string[] = [];
    const item = watched(loginItem(paperApp({}), program, [], 'darwin'), ({ state }) => told.push(state));
    await item.read();
    await item.set(true);
    expect(told).toEqual(['off', 'on']);
  });
});

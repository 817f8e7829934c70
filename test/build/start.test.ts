/** `npm start`: when the desktop app runs, when Electron is downloaded for it, and what is said when neither can be. */

import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { downloadElectron, planDesktop, sandboxIsForbidden } from '../../build/lib/electron.mjs';

const scratch = mkdtempSync(join(tmpdir(), 'nice19-start-'));
afterAll(() => rmSync(scratch, { recursive: true }));

function write(path: string, text = ''): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** A checkout, with the app in it, and with Electron if it is said. */
function checkout(name: string, { electron = false } = {}): string {
  const root = join(scratch, name);
  write(join(root, 'main/app/main.ts'));
  if (electron) {
    write(join(root, 'node_modules/electron/path.txt'), 'electron');
    write(join(root, 'node_modules/electron/dist/electron'));
  }
  return root;
}

describe('the desktop app', () => {
  const desk = { platform: 'linux', env: { DISPLAY: ':0' }, user: 1000 };
  const bare = checkout('bare');
  const ready = checkout('ready', { electron: true });
  const program = join(ready, 'node_modules', 'electron', 'dist', 'electron');

  test('runs where Electron is, under X and Wayland', () => {
    expect(planDesktop({ ...desk, root: ready })).toEqual({ kind: 'run', program });
    expect(planDesktop({ ...desk, root: ready, env: { WAYLAND_DISPLAY: 'wayland-0' } })).toEqual({
      kind: 'run',
      program,
    });
  });

  test('is got where it is not, and also where a download was interrupted', () => {
    expect(planDesktop({ ...desk, root: bare })).toMatchObject({ kind: 'download' });
    const half = checkout('half', { electron: true });
    rmSync(join(half, 'node_modules/electron/path.txt')); // written last
    expect(planDesktop({ ...desk, root: half })).toMatchObject({ kind: 'download' });
    for (const [platform, name] of [
      ['darwin', 'Electron.app/Contents/MacOS/Electron'],
      ['win32', 'electron.exe'],
    ] as const) {
      expect(planDesktop({ root: bare, platform, env: {}, user: undefined })).toEqual({
        kind: 'download',
        program: join(bare, 'node_modules', 'electron', 'dist', name),
      });
    }
  });

  test.each([
    ['a machine without a display', { env: {} }, 'no display'],
    ['a Mac at the other end of ssh', { platform: 'darwin', env: { SSH_CONNECTION: '10.0.0.1' } }, 'no display'],
    ['root', { user: 0 }, 'root'],
    ['another system', { platform: 'freebsd' }, 'freebsd'],
    ['a download that is not wanted', { env: { DISPLAY: ':0', ELECTRON_SKIP_BINARY_DOWNLOAD: '1' } }, 'SKIP'],
  ])('is neither run nor downloaded: %s', (_, machine, word) => {
    const plan = planDesktop({ ...desk, ...machine, root: bare });
    expect(plan).toMatchObject({ kind: 'none', why: expect.stringContaining(word) });
  });

  test('runs by the Electron that ELECTRON_OVERRIDE_DIST_PATH names, and by no other', () => {
    const other = join(scratch, 'other');
    const env = { ...desk.env, ELECTRON_OVERRIDE_DIST_PATH: other };
    expect(planDesktop({ ...desk, root: ready, env })).toMatchObject({ kind: 'none' });
    write(join(other, 'electron'));
    expect(planDesktop({ ...desk, root: ready, env })).toEqual({ kind: 'run', program: join(other, 'electron') });
  });

  test('that may not have its sandbox is known by its end', () => {
    expect(sandboxIsForbidden({ code: null, signal: 'SIGTRAP' }, 'linux')).toBe(true);
    expect(sandboxIsForbidden({ code: 133, signal: null }, 'linux')).toBe(true);
    expect(sandboxIsForbidden({ code: 0, signal: null }, 'linux')).toBe(false);
    expect(sandboxIsForbidden({ code: null, signal: 'SIGTERM' }, 'linux')).toBe(false);
  });
});

describe('downloading Electron', () => {
  const patient = { startMs: 60_000, stallMs: 60_000, pollMs: 10 };

  /** Downloads with another script in the place of the `electron` package's own. */
  async function download(name: string, script: string, limits = patient) {
    const root = checkout(name);
    write(join(root, 'node_modules/electron/install.js'), script);
    const seen: number[] = [];
    const failure = await downloadElectron(process.execPath, root, (megabytes) => void seen.push(megabytes), limits);
    expect(readdirSync(join(root, 'node_modules/.cache/nice19'))).toEqual([]);
    return { root, failure, seen };
  }

  test('shows how much came', async () => {
    const { root, failure, seen } = await download(
      'whole',
      `const { mkdirSync, appendFileSync, rmSync, writeFileSync } = require('node:fs');
       const folder = require('node:os').tmpdir() + '/electron-download-1';
       mkdirSync(folder);
       let count = 0;
       const timer = setInterval(() => {
         appendFileSync(folder + '/electron.zip', Buffer.alloc(1e6));
         if (++count < 4) return;
         clearInterval(timer);
         rmSync(folder, { recursive: true });
         mkdirSync(__dirname + '/dist');
         writeFileSync(__dirname + '/dist/electron', '');
         writeFileSync(__dirname + '/path.txt', 'electron');
       }, 50);`,
    );
    expect(failure).toBeUndefined();
    expect(seen.length).toBeGreaterThan(1);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(planDesktop({ root, platform: 'linux', env: { DISPLAY: ':0' }, user: 1 })).toMatchObject({ kind: 'run' });
  });

  test('says why it failed', async () => {
    const { failure } = await download(
      'failed',
      `console.error(new TypeError('fetch failed').stack); process.exit(1);`,
    );
    expect(failure).toBe('fetch failed');
  });

  test.each([
    ['nothing came from the network', { startMs: 50 }, ''],
    [
      'the network stopped',
      { stallMs: 50 },
      `require('node:fs').writeFileSync(require('node:os').tmpdir() + '/part', 'x');`,
    ],
  ])('gives up: %s', async (sentence, limit, first) => {
    const { root, failure } = await download(sentence.replaceAll(' ', '-'), `${first} setInterval(() => {}, 1000);`, {
      ...patient,
      ...limit,
    });
    expect(failure).toBe(sentence);
    expect(existsSync(join(root, 'node_modules/electron/path.txt'))).toBe(false);
  });
});

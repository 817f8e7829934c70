/**
 * Whether the desktop app can run on this machine, and how to get what it needs for that: Electron's program, which is no
 * npm package but a download (about 110 MB) by the `electron` package's own script, checked against the hashes in it.
 *
 * Plain JavaScript for Node 18, like all that comes before the set-up.
 */

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * @typedef {object} Desktop
 * @property {string} root the checkout
 * @property {string} platform as in `process.platform`
 * @property {NodeJS.ProcessEnv} env
 * @property {number | undefined} user its number; undefined where users have none
 *
 * @typedef {{ kind: 'run', program: string } | { kind: 'download', program: string } | { kind: 'none', why: string }} Plan
 */

/**
 * What to do about the desktop app.
 * @param {Desktop} desktop
 * @returns {Plan}
 */
export function planDesktop({ root, platform, env, user }) {
  if (!existsSync(join(root, 'main', 'app', 'main.ts'))) return no('the desktop app is not built yet');
  if (!hasDisplay(platform, env)) return no('there is no display here');
  if (platform === 'linux' && user === 0) return no('Electron does not run for root');
  const name = programName(platform);
  if (name === undefined) return no(`there is no Electron for ${platform}`);
  const other = env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (other) {
    const program = join(other, name);
    return existsSync(program) ? { kind: 'run', program } : no(`there is no ${name} in ELECTRON_OVERRIDE_DIST_PATH`);
  }
  const program = join(root, 'node_modules', 'electron', 'dist', name);
  if (isDownloaded(root, name)) return { kind: 'run', program };
  if (env['ELECTRON_SKIP_BINARY_DOWNLOAD'])
    return no('Electron is not there, and ELECTRON_SKIP_BINARY_DOWNLOAD is set');
  return { kind: 'download', program };
}

/**
 * Whether the user can see a window of this machine.
 * @param {string} platform
 * @param {NodeJS.ProcessEnv} env
 */
export function hasDisplay(platform, env) {
  if (platform === 'linux') return Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
  return !(env['SSH_CONNECTION'] || env['SSH_TTY']);
}

/** @param {string} why @returns {Plan} */
function no(why) {
  return { kind: 'none', why };
}

/** As the `electron` package has it. @param {string} platform @returns {string | undefined} */
function programName(platform) {
  if (platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  if (platform === 'win32') return 'electron.exe';
  return platform === 'linux' ? 'electron' : undefined;
}

/**
 * All of it: the script writes `path.txt` when the rest is there.
 * @param {string} root
 * @param {string} name
 */
function isDownloaded(root, name) {
  const home = join(root, 'node_modules', 'electron');
  return existsSync(join(home, 'path.txt')) && existsSync(join(home, 'dist', name));
}

/**
 * Electron's program, downloaded if that is needed and possible.
 * @param {string} node new enough
 * @param {string} root the checkout
 * @param {(line: string) => void} say
 * @returns {Promise<{ program: string } | { why: string }>} `why` without a full stop
 */
export async function findElectron(node, root, say) {
  const { platform, env, getuid } = process;
  const plan = planDesktop({ root, platform, env, user: getuid?.() });
  if (plan.kind === 'none') return { why: plan.why };
  if (plan.kind === 'run') return { program: plan.program };
  say(`downloading Electron ${electronVersion(root)} for the desktop app (about 110 MB, once) …`);
  const failure = await downloadElectron(node, root, showMegabytes);
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  return failure === undefined ? { program: plan.program } : { why: `Electron could not be downloaded (${failure})` };
}

/** @param {number} megabytes */
function showMegabytes(megabytes) {
  if (process.stderr.isTTY) process.stderr.write(`\r${megabytes.toFixed(0)} MB …`);
}

/** @typedef {{ startMs: number, stallMs: number, pollMs: number }} Limits */
/** A network that drops packets says nothing for minutes; so the first byte must come soon, and then more of them. */
const LIMITS = { startMs: 8000, stallMs: 30_000, pollMs: 500 };

/**
 * Downloads Electron.
 * @param {string} node new enough
 * @param {string} root the checkout
 * @param {(megabytes: number) => void} [onProgress]
 * @param {Limits} [limits]
 * @returns {Promise<string | undefined>} why it could not be done; undefined if it was
 */
export async function downloadElectron(node, root, onProgress = () => {}, limits = LIMITS) {
  // The script tells nothing for half a minute, but its file grows in a folder that this one gives it.
  const cache = join(root, 'node_modules', '.cache', 'nice19');
  mkdirSync(cache, { recursive: true });
  const scratch = mkdtempSync(join(cache, 'electron-'));
  const env = { ...process.env, TMPDIR: scratch, TEMP: scratch, TMP: scratch, ELECTRON_GET_NO_PROGRESS: '1' };
  const script = join(root, 'node_modules', 'electron', 'install.js');
  const child = spawn(node, [script], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
    errors += text;
  });
  /** @type {Promise<string | undefined>} */
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code) => resolve(code === 0 ? undefined : reasonIn(errors)));
  });
  let given = '';
  const watch = async () => {
    let size = 0;
    let since = performance.now();
    while (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
      await Promise.race([ended, delay(limits.pollMs, undefined, { ref: false })]);
      const now = sizeOf(scratch);
      if (now !== size) {
        since = performance.now();
        // When it is complete it goes to the cache, and is unpacked from there.
        if (now > size) onProgress(now / 1e6);
        size = now;
      } else if (performance.now() - since > (size === 0 ? limits.startMs : limits.stallMs)) {
        given = size === 0 ? 'nothing came from the network' : 'the network stopped';
        child.kill('SIGKILL');
        return;
      }
    }
  };
  await Promise.all([ended, watch()]);
  rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
  return given || (await ended);
}

/** Bytes in a folder. @param {string} folder @returns {number} */
function sizeOf(folder) {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .map(({ name }) => join(folder, name))
      .reduce((sum, path) => sum + (statSync(path).isDirectory() ? sizeOf(path) : statSync(path).size), 0);
  } catch {
    return 0; // it has just been moved
  }
}

/** The first line of an error's stack, without its class. @param {string} stack */
function reasonIn(stack) {
  const line = /^(?:\w*Error: )?(.+)$/m.exec(stack)?.[1];
  return line ?? 'its script failed';
}

/**
 * Whether Electron ended because this Linux forbids its sandbox: it says so at length, and dies by SIGTRAP.
 * @param {{ code: number | null, signal: string | null }} end
 * @param {string} platform
 */
export function sandboxIsForbidden({ code, signal }, platform) {
  return platform === 'linux' && (signal === 'SIGTRAP' || code === 133);
}

/** The version that the checkout has, for a sentence. @param {string} root */
function electronVersion(root) {
  /** @type {{ version: string }} */
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules', 'electron', 'package.json'), 'utf8'));
  return version;
}

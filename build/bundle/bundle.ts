/**
 * Makes `out/`: what Electron runs (it does not run TypeScript) and what the window is, for `npm start`, for packages and
 * for tests of the app. The terminal program and the cruncher that it starts run from the sources and need none of it.
 *
 *     out/app/main.js, preload.cjs     Electron's main process and preload
 *     out/cruncher/main.js, …          the cruncher and its worker threads
 *     out/renderer/index.html, …       the window
 *     out/icons/                       what the app shows in tray and task bar
 *
 * The same sources give the same bytes. No source maps: names are kept, so a stack can be read.
 */

import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type InputOptions, type OutputOptions, type Plugin, rolldown } from 'rolldown';
import { withLock } from '../lib/lock.mjs';
import { addresses } from './addresses.ts';
import { fingerprint, isFresh, stamp, takeStampOff } from './freshness.ts';
import { type Program, programsThere } from './programs.ts';
import { buildWindow } from './window.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Makes `out/` if the sources are others than those it was made from. @returns whether it did */
export async function bundle(root = ROOT): Promise<boolean> {
  if (isFresh(root, fingerprint(root))) return false;
  // Beside out/, which is emptied. Several tests, or a test and an `npm start`, may want it at once.
  return await withLock(join(root, '.bundle-lock'), async () => {
    const print = fingerprint(root);
    if (isFresh(root, print)) return false;
    takeStampOff(root);
    for (const folder of ['app', 'cruncher', 'renderer', 'icons']) {
      rmSync(join(root, 'out', folder), { recursive: true, force: true });
    }
    mkdirSync(join(root, 'out'), { recursive: true });
    await Promise.all([...programsThere(root).map((program) => buildProgram(root, program)), buildWindow(root)]);
    copyIcons(root);
    stamp(root, print);
    return true;
  });
}

/** For each program of its own: what two of them share is in both, and neither needs the other's folder. */
async function buildProgram(root: string, program: Program): Promise<void> {
  const commonjs = program.format === 'commonjs';
  const input: InputOptions = {
    cwd: root,
    input: { [basename(program.output).replace(/\.c?js$/, '')]: program.source },
    platform: 'node',
    external: ['electron', /^node:/],
    transform: { target: 'node24' },
    // No comments that name the sources' places: they differ between machines where node_modules is a link.
    experimental: { attachDebugInfo: 'none' },
    plugins: [versionOnly(root), addresses(root, program.output)],
    onLog(level, log) {
      if (level === 'warn') throw new Error(`${program.source}: ${log.message}`);
    },
  };
  const output: OutputOptions = {
    dir: join(root, dirname(program.output)),
    format: commonjs ? 'cjs' : 'esm',
    entryFileNames: basename(program.output),
    // Not by their hash: the names are the same in every version, and are seen in stacks.
    chunkFileNames: 'shared-[name].js',
    codeSplitting: !commonjs,
    sourcemap: false,
    minify: false,
  };
  await using build = await rolldown(input);
  await build.write(output);
}

/** `main/contract/version.ts` imports package.json: of all that, the version alone. */
export function versionOnly(root: string): Plugin {
  return {
    name: 'version only',
    transform(code, id) {
      if (id !== join(root, 'package.json')) return null;
      const { version } = JSON.parse(code) as { version: string };
      return { code: `export default ${JSON.stringify({ version })};`, moduleType: 'js' };
    },
  };
}

function copyIcons(root: string): void {
  const icons = join(root, 'build/icons/made/app');
  if (existsSync(icons)) cpSync(icons, join(root, 'out/icons'), { recursive: true });
}

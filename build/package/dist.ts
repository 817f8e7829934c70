/**
 * `npm run dist`: packages and installers for the system it runs on, in dist/, with their SHA-256 sums. Needs Electron's
 * binaries and the packers' tools, which electron-builder downloads from GitHub.
 */

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { bundle, ROOT } from '../bundle/bundle.ts';
import { downloadElectron } from '../lib/electron.mjs';
import { packForThisSystem } from './pack.ts';
import { sums } from './sums.ts';

const PACKAGE = /\.(?:AppImage|deb|exe|dmg)$/;

async function main(root: string): Promise<number> {
  const say = (line: string): void => void process.stderr.write(`nice19: ${line}\n`);
  // The quickest way to know: with a limit, and without a word of electron-builder's.
  const failure = await downloadElectron(process.execPath, root);
  if (failure !== undefined) {
    say(
      `no packages: Electron could not be downloaded (${failure}). "npm run dist:check" checks the packaging without it.`,
    );
    return 1;
  }
  await bundle(root);
  const dist = join(root, 'dist');
  rmSync(dist, { recursive: true, force: true });
  const made = (await packForThisSystem(root, process.env)).filter((path) => PACKAGE.test(path));
  const list = join(dist, `SHA256SUMS-${process.platform}.txt`);
  writeFileSync(list, sums(made.map((path) => ({ name: basename(path), content: readFileSync(path) }))));
  say(`made ${[...made, list].map((path) => basename(path)).join(', ')} in dist/.`);
  // What is left is what the packages were made of.
  for (const { name } of readdirSync(dist, { withFileTypes: true }).filter((entry) =>
    entry.name.startsWith('builder-'),
  )) {
    rmSync(join(dist, name));
  }
  return 0;
}

process.exitCode = await main(ROOT);

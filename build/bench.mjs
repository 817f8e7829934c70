/**
 * `npm run bench`: what each size costs on this computer (`nice19 bench`), and with `--against` the comparison with
 * other programs, measured in pairs, or with `--only` other parts (bench/main.ts). Finds the right Node first, as build/nice19.mjs does.
 */

import { join } from 'node:path';
import { CLI, launch } from './nice19.mjs';
import { nodeIfSetUp, ROOT, say } from './setup.mjs';

const args = process.argv.slice(2);
const compares = args.some((word) => /^(--(against|only)(=|$)|--help$|-h$)/.test(word));
const node = nodeIfSetUp();
if (node === undefined) {
  say('not set up yet, or not up to date: run "npm run setup" first.');
  process.exitCode = 1;
} else if (compares) {
  await launch(node, join(ROOT, 'build', 'bench', 'main.ts'), args);
} else {
  await launch(node, CLI, ['bench', ...args]);
}

/** The checks that look at the sources without running them: style and types. Each counts as one test of `npm test`. */

import { join } from 'node:path';
import { runChild } from './child.mjs';

/**
 * @typedef {{ name: string, commands: readonly (readonly string[])[] }} Check its commands are programs of packages, with arguments
 */

const TSC = ['typescript/bin/tsc', '--noEmit'];

/** @type {readonly Check[]} */
export const CHECKS = [
  { name: 'style and common mistakes (biome)', commands: [['@biomejs/biome/bin/biome', 'check', '.']] },
  // The window has the browser's types and no Node's, everything else the other way round, its tests have both.
  { name: 'types (tsc)', commands: [TSC, [...TSC, '-p', 'renderer'], [...TSC, '-p', 'test/renderer']] },
];

/**
 * @param {string} node
 * @param {string} root the checkout
 * @param {Check} check
 * @returns {Promise<import('./child.mjs').End>} of the first command that failed, else of the last
 */
export async function runCheck(node, root, { commands }) {
  /** @type {import('./child.mjs').End} */
  let end = { code: 0, signal: null };
  for (const [program, ...args] of commands) {
    end = await runChild(node, [join(root, 'node_modules', /** @type {string} */ (program)), ...args], { cwd: root });
    if (end.code !== 0) break;
  }
  return end;
}

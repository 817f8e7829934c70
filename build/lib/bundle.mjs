/**
 * Has `out/` made if the sources changed (build/bundle.ts): for what runs with another Node than this process's, or inside
 * a test, whose NODE_ENV would make another window of it.
 */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runChild } from './child.mjs';

/**
 * @param {string} node new enough
 * @param {string} root the checkout
 * @returns {Promise<string | undefined>} why there is no `out/` to be used, a sentence; undefined if there is
 */
export async function ensureBundle(node, root) {
  if (!existsSync(join(root, 'node_modules', 'vite')))
    return 'the packages that make it are not installed ("npm run setup" does it).';
  const env = { ...process.env };
  delete env['NODE_ENV'];
  const { code, output } = await runChild(node, [join(root, 'build', 'bundle.ts')], { cwd: root, env, capture: true });
  return code === 0 ? undefined : `it could not be made from the sources:\n${output.trimEnd()}`;
}

/** The files of the checkout, as tests of the house see them. */

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What git does not keep (.gitignore). */
const NOT_OURS = new Set([
  '.git',
  'node_modules',
  'coverage',
  'artifacts',
  'out',
  'dist',
  '.setup-lock',
  '.bundle-lock',
]);

/** The same, at the top of the checkout alone: build/bundle is ours. */
const NOT_OURS_AT_THE_TOP = new Set(['bundle']);

/** Paths of all files below a folder, from the checkout and with `/`, such as `main/kernel/field.ts`. */
export function filesBelow(folder = '.'): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => !NOT_OURS.has(entry.name) && !entry.name.endsWith('.log'))
    .filter((entry) => folder !== '.' || !NOT_OURS_AT_THE_TOP.has(entry.name))
    .flatMap((entry) => {
      const path = relative(ROOT, join(ROOT, folder, entry.name)).replaceAll(sep, '/');
      if (entry.isDirectory()) return filesBelow(path);
      return entry.isFile() ? [path] : [];
    })
    .sort();
}

/** The text of a file, by its path from the checkout. */
export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

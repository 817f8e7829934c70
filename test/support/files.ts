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

/** Paths of all files below a folder, from the checkout and with `/`, such as `main/kernel/field.ts`. */
export function filesBelow(folder = '.'): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => !NOT_OURS.has(entry.name) && !entry.name.endsWith('.log'))
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

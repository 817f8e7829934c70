/**
 * Which programs are bundled, and where to. A program's worker threads are not listed: they are found where the sources
 * start them (`addresses.ts`). A program that is not written yet is left out.
 */

import { existsSync } from 'node:fs';
import { join } from 'node:path';

export interface Program {
  /** From the checkout, with `/`. */
  readonly source: string;
  /** From the checkout, with `/`. */
  readonly output: string;
  /** Electron's sandboxed preload cannot load modules: it is one CommonJS file. */
  readonly format: 'module' | 'commonjs';
}

export const PROGRAMS: readonly Program[] = [
  { source: 'main/app/main.ts', output: 'out/app/main.js', format: 'module' },
  { source: 'main/app/preload.ts', output: 'out/app/preload.cjs', format: 'commonjs' },
  { source: 'main/cruncher/main.ts', output: 'out/cruncher/main.js', format: 'module' },
];

export function programsThere(root: string): Program[] {
  return PROGRAMS.filter(({ source }) => existsSync(join(root, source)));
}

/**
 * Where the app's own files are: the cruncher's program, and what the bundler makes in out/ (build/bundle). Each is named by
 * an address that holds in the sources and in the bundle alike. In a package the cruncher lies unpacked beside the archive,
 * for a process of its own cannot always be started from inside (electron#41396).
 */

import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const CRUNCHER = outsideArchive(fileURLToPath(new URL('../cruncher/main.ts', import.meta.url)));
export const PRELOAD = fileURLToPath(new URL('../../out/app/preload.cjs', import.meta.url));
/** The folder of the window's page. */
export const WINDOW = fileURLToPath(new URL('../../out/renderer/', import.meta.url));
export const ICONS = fileURLToPath(new URL('../../out/icons/', import.meta.url));

export function outsideArchive(path: string, separator: string = sep): string {
  return path.replace(`app.asar${separator}`, `app.asar.unpacked${separator}`);
}

/**
 * Which files are made of which drawing, and whether they are up to date: `made/made-from.json` has the hash of every
 * drawing and of these scripts.
 */

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ICONS = import.meta.dirname;

export const STATES = ['running', 'paused', 'attention'] as const;

/** A file of `made/`, and the pixels of the pictures in it. */
export interface Made {
  /** Below `build/icons/`. */
  readonly drawing: string;
  /** Below `build/icons/made/`: `app/` is shown by the app, `package/` goes to electron-builder. */
  readonly file: string;
  readonly sizes: readonly number[];
}

/** What Windows and Linux desktops ask for. */
const PACKAGE_SIZES = [16, 24, 32, 48, 64, 128, 256, 512];
/** Windows scales its panel by quarters. */
const TRAY_SIZES = [16, 20, 24, 32, 48];

export const MADE: readonly Made[] = [
  { drawing: 'app/icon.svg', file: 'app/app.png', sizes: [256] },
  { drawing: 'app/icon.svg', file: 'package/icon.ico', sizes: PACKAGE_SIZES.filter((size) => size <= 256) },
  { drawing: 'app/icon.svg', file: 'package/icon.icns', sizes: [32, 64, 128, 256, 512, 1024] },
  ...PACKAGE_SIZES.map((size) => ({ drawing: 'app/icon.svg', file: `package/${size}x${size}.png`, sizes: [size] })),
  ...STATES.flatMap((state) => {
    const template = `app/tray${state[0]!.toUpperCase()}${state.slice(1)}Template`;
    return [
      { drawing: `tray/${state}.svg`, file: `app/tray-${state}-32.png`, sizes: [32] },
      { drawing: `tray/${state}.svg`, file: `app/tray-${state}.ico`, sizes: TRAY_SIZES },
      { drawing: `tray/${state}-template.svg`, file: `${template}.png`, sizes: [16] },
      { drawing: `tray/${state}-template.svg`, file: `${template}@2x.png`, sizes: [32] },
    ];
  }),
];

const SCRIPTS = ['containers.ts', 'list.ts', 'make.ts'];

/** Hashes of all that the files are made from. */
export function ingredients(): Record<string, string> {
  const paths = [...new Set([...MADE.map(({ drawing }) => drawing), ...SCRIPTS])].sort();
  return Object.fromEntries(
    paths.map((path) => [
      path,
      createHash('sha256')
        .update(readFileSync(join(ICONS, path)))
        .digest('hex'),
    ]),
  );
}

export const NOTE = join(ICONS, 'made/made-from.json');

/** What the files that are there were made from. */
export function madeFrom(): unknown {
  return existsSync(NOTE) ? JSON.parse(readFileSync(NOTE, 'utf8')) : {};
}

/** All drawings in the folder, below `build/icons/`. */
export function drawings(): string[] {
  return ['app', 'tray'].flatMap((folder) =>
    readdirSync(join(ICONS, folder))
      .filter((name) => name.endsWith('.svg'))
      .map((name) => `${folder}/${name}`),
  );
}

/**
 * How the content of the settings' file becomes that of the next version, a function for each version that was. A function
 * may meet anything: it moves and renames what it knows, and leaves judging values to the reader.
 */

import { SETTINGS_VERSION } from '../../contract/settings.ts';

export type Content = Readonly<Record<string, unknown>>;
export type Migration = (content: Content) => Content;

/** From the version that is the key to the one after it. */
export const MIGRATIONS: Readonly<Record<number, Migration>> = {
  // Without a version: settings by hand, or of a draft, at the top level.
  0: ({ settings, state, ...flat }) => ({
    settings: { ...flat, ...(isObject(settings) ? settings : {}) },
    ...(state === undefined ? {} : { state }),
  }),
};

/** The content's version; 0 where none is named, null where it is no version. */
export function versionOf(content: Content): number | null {
  const version = content['version'] ?? 0;
  return typeof version === 'number' && Number.isSafeInteger(version) && version >= 0 ? version : null;
}

/** The content as this version has it. @param from its version, not above this one's */
export function migrate(
  content: Content,
  from: number,
  to: number = SETTINGS_VERSION,
  migrations: Readonly<Record<number, Migration>> = MIGRATIONS,
): Content {
  let { version: _, ...migrated } = content;
  for (let version = from; version < to; version++) {
    const step = migrations[version];
    if (step === undefined)
      throw new Error(`nobody wrote how settings of version ${version} become version ${version + 1}`);
    migrated = step(migrated);
  }
  return migrated;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

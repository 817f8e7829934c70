/**
 * The settings' file of a data directory, the one that the desktop app has there (electron-store's config.json): written as a
 * whole or not at all, through a new file that is on the disk before it takes the place of the old one.
 */

import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { SettingsFile } from '../host/edges.ts';

const NAME = 'config';

export function settingsFileOf(directory: string): SettingsFile {
  const file = join(directory, `${NAME}.json`);
  return {
    read() {
      const text = readIfThere(file);
      if (text === null) return null;
      const content: unknown = JSON.parse(text);
      if (typeof content !== 'object' || content === null || Array.isArray(content)) throw new Error('it is no object');
      return content as Record<string, unknown>;
    },
    write(content) {
      mkdirSync(directory, { recursive: true });
      const fresh = join(directory, `${NAME}.json.${process.pid}.new`);
      try {
        const handle = openSync(fresh, 'w', 0o600);
        try {
          writeSync(handle, `${JSON.stringify(content, null, '\t')}\n`);
          fsyncSync(handle);
        } finally {
          closeSync(handle);
        }
        renameSync(fresh, file);
      } catch (error) {
        rmSync(fresh, { force: true });
        throw error;
      }
    },
    setAside() {
      const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
      const place = join(directory, `${NAME}.damaged-${stamp}.json`);
      renameSync(file, place);
      return place;
    },
  };
}

export interface HeldBack extends SettingsFile {
  /** Writes what waits, and from now on everything at once. @throws where it cannot be written */
  release(): void;
}

/** Writes nothing until it is released: a directory may turn out to be another nice19's, whose settings these are. */
export function heldBack(file: SettingsFile): HeldBack {
  let released = false;
  let waiting: Record<string, unknown> | null = null;
  return {
    read: () => file.read(),
    setAside: () => file.setAside(),
    write(content) {
      if (released) file.write(content);
      else waiting = content;
    },
    release() {
      if (released) return;
      released = true;
      if (waiting !== null) file.write(waiting);
    },
  };
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

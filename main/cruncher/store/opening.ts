/**
 * Opening the store's file, and saying no to one that is newer, damaged or out of reach, with a sentence for the
 * user. Nothing is written before the version is known.
 */

import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Disk } from './disk.ts';
import { Damage, faultOf } from './faults.ts';
import { STORE_VERSION, schemaFits, storeVersion } from './schema.ts';

export const STORE_FILE = 'nice19.sqlite';

/** The store cannot be used; the message is a sentence for the user. */
export class StoreProblem extends Error {
  override readonly name = 'StoreProblem';
}

/**
 * Opens the file, looks at its version and tables before anything is changed, and lets go of it when something is
 * wrong.
 * @param file a store, or a backup of one
 * @throws StoreProblem when it is from a newer version; Damage, or what SQLite throws
 */
export function opened<T>(disk: Disk, file: string, readOnly: boolean, use: (database: DatabaseSync) => T): T {
  let database: DatabaseSync | undefined;
  try {
    database = disk.database(file, { readOnly });
    database.exec('PRAGMA busy_timeout = 5000');
    const version = storeVersion(database);
    if (version > STORE_VERSION) {
      throw new StoreProblem(
        `the store ${file} is from a newer nice19 (version ${version}, this one knows ${STORE_VERSION}); use that one`,
      );
    }
    if (version < 0 || !schemaFits(database)) throw new Damage('its tables are not those of a store of nice19');
    return use(database);
  } catch (error) {
    database?.close();
    throw error;
  }
}

/** An error as a sentence for whoever only asks: a cruncher may be running, so nothing is mended here. */
export function problemOf(error: unknown, directory: string): StoreProblem | null {
  if (error instanceof StoreProblem) return error;
  const fault = faultOf(error);
  switch (fault.kind) {
    case 'damage':
      return new StoreProblem(
        `the store in ${directory} is ${fault.what}; "nice19 search" mends it from its backups when it starts`,
      );
    case 'disk':
      return new StoreProblem(
        `the store in ${directory} cannot be used: ${fault.obstacle.what} (${fault.detail}); ${fault.obstacle.remedy}, or choose another directory with --data`,
      );
    case 'other':
      return null;
  }
}

/** The path of a directory's store. */
export const storeFile = (directory: string): string => join(directory, STORE_FILE);

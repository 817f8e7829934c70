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

/** What is above was never a version: bytes of the header have moved, and 2 became 512. */
const LARGEST_VERSION = 100;
/** https://www.sqlite.org/fileformat2.html#the_database_header */
const HEADER_BYTES = 100;
const FORMATS_AT = 18;
const LARGEST_FORMAT = 2;
/** The text encoding, four bytes: 1 is UTF-8, and 0 is none yet. */
const ENCODING_AT = 56;
const UTF_8 = 1;

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
    requireFormat(disk.head(file, HEADER_BYTES));
    const version = storeVersion(database);
    if (version > LARGEST_VERSION) throw new Damage('its header is not what was written');
    if (version > STORE_VERSION) {
      throw new StoreProblem(
        `the store ${file} is from a newer nice19 (version ${version}, this one knows ${STORE_VERSION}); use that one`,
      );
    }
    if (version < 0 || !hasItsTables(database)) throw new Damage('its tables are not those of a store of nice19');
    return use(database);
  } catch (error) {
    database?.close();
    throw error;
  }
}

/** SQLITE_ERROR: about a file, that SQLite does not know its format ("unsupported file format"). */
const UNKNOWN = 1;

function hasItsTables(database: DatabaseSync): boolean {
  try {
    return schemaFits(database);
  } catch (error) {
    if ((error as { errcode?: number }).errcode === UNKNOWN) return false;
    throw error;
  }
}

/** SQLite takes a file whose format number is too large for one that it must not write: only a flipped bit makes that. */
function requireFormat(header: Uint8Array): void {
  const formats = [...header.subarray(FORMATS_AT, FORMATS_AT + 2)];
  const encoding = header.subarray(ENCODING_AT, ENCODING_AT + 4).reduce((value, byte) => 256 * value + byte, 0);
  if (formats.some((format) => format > LARGEST_FORMAT) || encoding > UTF_8) {
    throw new Damage('its header is not what was written');
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

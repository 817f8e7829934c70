/**
 * Opening the store's file, and saying no to one that is newer, damaged or out of reach, with a sentence for the
 * user. Nothing is written before the version is known.
 */

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { STORE_VERSION, storeVersion } from './schema.ts';

export const STORE_FILE = 'nice19.sqlite';

/** The store cannot be used; the message is a sentence for the user. */
export class StoreProblem extends Error {
  override readonly name = 'StoreProblem';
}

/** Opens the file, looks at its version before anything is changed, and lets go of it when something is wrong. */
export function opened<T>(directory: string, options: { readOnly: boolean }, use: (database: DatabaseSync) => T): T {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(join(directory, STORE_FILE), options);
    database.exec('PRAGMA busy_timeout = 5000');
    const version = storeVersion(database);
    if (version > STORE_VERSION) {
      throw new StoreProblem(
        `the store in ${directory} is from a newer nice19 (version ${version}, this one knows ${STORE_VERSION}); use that one`,
      );
    }
    return use(database);
  } catch (error) {
    database?.close();
    throw error instanceof StoreProblem ? error : (damageOf(error, directory) ?? cannotBeOpened(error, directory));
  }
}

const SQLITE_CORRUPT = 11;
const SQLITE_NOT_A_DATABASE = 26;

/** What SQLite says when it meets damage, which may be long after opening, as a sentence; null for other errors. */
export function damageOf(error: unknown, directory: string): StoreProblem | null {
  const code = (error as { errcode?: number }).errcode ?? 0;
  // The low byte is the error, the rest says more about it.
  if (![SQLITE_CORRUPT, SQLITE_NOT_A_DATABASE].includes(code & 0xff)) return null;
  return new StoreProblem(
    `the store in ${directory} is damaged (${(error as Error).message}); move ${STORE_FILE} away to begin a new one`,
  );
}

function cannotBeOpened(error: unknown, directory: string): StoreProblem {
  const why = error instanceof Error ? error.message : String(error);
  return new StoreProblem(
    `the store in ${directory} cannot be opened (${why}); make ${STORE_FILE} readable and writable for this user, or choose another directory`,
  );
}

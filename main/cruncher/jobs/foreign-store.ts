/**
 * Reads the store of another directory, which may have been made by anybody, and leaves it as it is. SQLite's own advice for
 * files that cannot be trusted (https://www.sqlite.org/security.html): defensive, no trust in the schema, cell sizes
 * checked, limits on what is read; and its tables must be exactly ours, every page must be in order, every text what the
 * contract says.
 *
 * Three ways to open it, so that nothing is ever written there: beside a running cruncher as its reader; when nobody
 * runs and all is in the one file, as a file that does not change; when a crash has left a write-ahead log, as a copy.
 */

import { copyFileSync, lstatSync, mkdtempSync, rmSync, type Stats } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { beginning, oneLine } from '../../contract/sentence.ts';
import { type Disk, realDisk } from '../store/disk.ts';
import { directoryOwner } from '../store/lock.ts';
import { STORE_FILE, StoreProblem } from '../store/opening.ts';
import { STORE_VERSION, schemaFits, storeVersion } from '../store/schema.ts';
import { Store } from '../store/store.ts';
import type { ClaimedSearch } from './claims.ts';
import { Refusal } from './context.ts';

/** A million primes of 1,000 digits take 1.3 GB. */
const LARGEST_STORE = 4 * 2 ** 30;
/** Those of older versions are brought up to date in memory. */
const LARGEST_OLD_STORE = 2 ** 30;
/** One text or blob: a state with its residues and finds, a bitmap. */
const LARGEST_VALUE = 64 * 2 ** 20;
/** Decimal digits and what else a record takes, of all primes together: they are held in memory. */
const LARGEST_PRIMES = 2 ** 30;
const RECORD = 700;

const WRITE_AHEAD_LOG = `${STORE_FILE}-wal`;
/** Everything of a data directory that is opened here. */
const FILES = [STORE_FILE, WRITE_AHEAD_LOG, `${STORE_FILE}-shm`, 'running.lock', 'running.json'];

/**
 * The searches of a directory, the one used last at the end.
 * @throws Refusal when it has no store, or one that is not ours, damaged, newer or too large
 */
export function readForeignStore(directory: string): ClaimedSearch[] {
  const files = regularFiles(directory);
  const size = files.get(STORE_FILE)?.size;
  if (size === undefined) throw new Refusal(`There is no search in ${directory}; give the data directory of a nice19.`);
  if (size > LARGEST_STORE) throw new Refusal(`The store in ${directory} is too large to be imported (${size} bytes).`);
  try {
    if (directoryOwner(directory) !== null) return read(join(directory, STORE_FILE), directory, false);
    if ((files.get(WRITE_AHEAD_LOG)?.size ?? 0) > 0) return readCopy(directory);
    const searches = read(join(directory, STORE_FILE), directory, true);
    requireUnchanged(directory, files);
    return searches;
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const what = oneLine(beginning(error instanceof Error ? error.message : String(error), 200));
    if (error instanceof StoreProblem) throw new Refusal(`${what.charAt(0).toUpperCase()}${what.slice(1)}.`);
    throw new Refusal(
      `The store in ${directory} cannot be read (${what}); when it is yours, start "nice19 search" there once, which mends it.`,
    );
  }
}

/** What is there, each a file: anything else could lead elsewhere, or never end. @throws Refusal */
function regularFiles(directory: string): ReadonlyMap<string, Stats> {
  const found = new Map<string, Stats>();
  for (const name of FILES) {
    const stats = lstatSync(join(directory, name), { throwIfNoEntry: false });
    if (stats === undefined) continue;
    if (!stats.isFile()) {
      throw new Refusal(`${join(directory, name)} is a link or a device and not a file; import from a plain copy.`);
    }
    found.set(name, stats);
  }
  return found;
}

/** A cruncher may have begun to write while it was read as a file that does not change. */
function requireUnchanged(directory: string, before: ReadonlyMap<string, Stats>): void {
  const after = regularFiles(directory);
  const same = [STORE_FILE, WRITE_AHEAD_LOG].every((name) => {
    const [a, b] = [before.get(name), after.get(name)];
    return a?.size === b?.size && a?.mtimeMs === b?.mtimeMs && a?.ino === b?.ino;
  });
  if (!same) throw new Refusal(`The store in ${directory} changed while it was read; try again.`);
}

function readCopy(directory: string): ClaimedSearch[] {
  const before = regularFiles(directory);
  const copy = mkdtempSync(join(tmpdir(), 'nice19-import-'));
  try {
    for (const name of [STORE_FILE, WRITE_AHEAD_LOG]) copyFileSync(join(directory, name), join(copy, name));
    requireUnchanged(directory, before);
    return read(join(copy, STORE_FILE), directory, false);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function read(file: string, directory: string, immutable: boolean): ClaimedSearch[] {
  const store = Store.openFile(file, untrustingDisk(immutable));
  if (store === null) throw new Refusal(`There is no search in ${directory} yet.`);
  try {
    return store.snapshot(() => {
      const searches = store.searches();
      const held = searches.reduce((sum, { id, spec }) => sum + store.countPrimes(id) * (spec.digits + RECORD), 0);
      if (!(held <= LARGEST_PRIMES)) {
        throw new Refusal(
          `The store in ${directory} has too many primes to be imported at once (about ${held} bytes).`,
        );
      }
      return searches.map(({ id, spec, state }) => {
        const setAside = store.setAside(id).map(({ block, offset, why }) => ({ block, offset, why: oneLine(why) }));
        return { id, spec, state, primes: store.primesOf(id), setAside };
      });
    });
  } finally {
    store.close();
  }
}

/**
 * Looks at every page, before anything is read: pages that are their own children make tables without end. Only where the tables are
 * ours, because the look evaluates their constraints; others are refused when the store is opened.
 */
function requireSound(database: DatabaseSync): void {
  const version = storeVersion(database);
  if (version < 1 || version > STORE_VERSION || !schemaFits(database)) return;
  const { pages, size } = database
    .prepare('SELECT page_count AS pages, page_size AS size FROM pragma_page_count, pragma_page_size')
    .get() as { pages: number; size: number };
  if (version < STORE_VERSION && pages * size > LARGEST_OLD_STORE) {
    throw new StoreProblem(
      'it is of an older version and large: start "nice19 search" there once, which brings it up to date',
    );
  }
  const { integrity_check: found } = database.prepare('PRAGMA integrity_check(1)').get() as { integrity_check: string };
  if (found !== 'ok') throw new Error(found);
}

function untrustingDisk(immutable: boolean): Disk {
  return {
    ...realDisk,
    database(path) {
      const url = pathToFileURL(path);
      if (immutable) url.searchParams.set('immutable', '1');
      const database = new DatabaseSync(url, {
        readOnly: true,
        defensive: true,
        enableDoubleQuotedStringLiterals: false,
        limits: { length: LARGEST_VALUE, sqlLength: 100_000, attach: 0, triggerDepth: 1 },
      });
      try {
        database.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA query_only = ON');
        requireSound(database);
      } catch (error) {
        database.close();
        throw error;
      }
      return database;
    },
  };
}

/**
 * What an error of the disk or of SQLite means: damage, which is mended; or that the disk says no for now, which is
 * waited for. Anything else is a mistake in the program.
 */

import { constants } from 'node:os';
import { beginning, oneLine } from '../../contract/sentence.ts';
import { StorageFault } from './storage-fault.ts';

/** The store does not hold what was written to it; the message says how one can tell. */
export class Damage extends Error {
  override readonly name = 'Damage';
}

/** Where a store should be there is none. */
export class Missing extends Damage {}

interface Obstacle {
  readonly what: string;
  readonly remedy: string;
}

const FULL: Obstacle = { what: 'the disk is full', remedy: 'free some space' };
const READ_ONLY: Obstacle = { what: 'it is not allowed to write', remedy: 'make the directory writable for this user' };
export const FAILING: Obstacle = { what: 'the disk reports errors', remedy: 'look after it' };
const BUSY: Obstacle = { what: 'another program holds it', remedy: 'close that' };
const MEMORY: Obstacle = { what: 'there is not enough memory', remedy: 'close other programs' };
const GONE: Obstacle = { what: 'it cannot be reached', remedy: 'put it back' };
const IN_THE_WAY: Obstacle = { what: 'something is in the place of a file', remedy: 'move that away' };
const TOO_LARGE: Obstacle = { what: 'a file would be larger than allowed', remedy: 'raise the limit' };
const TOO_MANY: Obstacle = { what: 'too many files are open', remedy: 'close other programs' };

/** Primary result codes of SQLite, https://www.sqlite.org/rescode.html. */
/** Our statements fit our tables: one that is not there now was there before. */
const NO_SUCH = 1;
const CORRUPT = 11;
const NOT_A_DATABASE = 26;
const PASSING_CODES = new Map<number, Obstacle>([
  [3, READ_ONLY],
  [5, BUSY],
  [6, BUSY],
  [7, MEMORY],
  [8, READ_ONLY],
  [10, FAILING],
  [13, FULL],
  [14, { what: 'its files cannot be opened', remedy: 'make them readable and writable for this user' }],
  [22, TOO_LARGE],
  [23, READ_ONLY],
]);
/** Extended: a page that cannot be read will not be readable later either. */
const IOERR_READ = 266;
const IOERR_FSYNC = 1034;
const IOERR_DIR_FSYNC = 1290;

const PASSING_ERRNOS = new Map<string, Obstacle>([
  ['ENOSPC', FULL],
  ['EDQUOT', { what: 'the quota of this user is used up', remedy: 'free some space' }],
  ['EFBIG', TOO_LARGE],
  ['EROFS', { what: 'its file system is read-only', remedy: 'make it writable' }],
  ['EACCES', READ_ONLY],
  ['EPERM', READ_ONLY],
  ['EIO', FAILING],
  ['ENXIO', FAILING],
  ['ENODEV', GONE],
  ['ENOENT', GONE],
  ['ENOTDIR', GONE],
  ['ELOOP', GONE],
  ['ESTALE', GONE],
  ['ETIMEDOUT', GONE],
  ['EHOSTDOWN', GONE],
  ['ENOTCONN', GONE],
  ['EISDIR', IN_THE_WAY],
  ['EEXIST', IN_THE_WAY],
  ['ENOTEMPTY', IN_THE_WAY],
  ['EBUSY', BUSY],
  ['EAGAIN', BUSY],
  ['EMFILE', TOO_MANY],
  ['ENFILE', TOO_MANY],
  ['ENOMEM', MEMORY],
]);

export type Fault =
  /** What the store is: "missing", "damaged (cut short)". */
  | { readonly kind: 'damage'; readonly what: string }
  | {
      readonly kind: 'disk';
      readonly obstacle: Obstacle;
      readonly detail: string;
      /** Syncing failed: what was written before may be on the disk or not, whatever is read back. */
      readonly distrusted: boolean;
      /** SQLite's connection may be of no more use. */
      readonly reopen: boolean;
    }
  | { readonly kind: 'other' };

/** Characters of an error that a sentence quotes. */
const LONGEST_DETAIL = 200;

export function faultOf(error: unknown): Fault {
  if (error instanceof Missing) return { kind: 'damage', what: 'missing' };
  if (error instanceof Damage) return { kind: 'damage', what: `damaged (${beginning(error.message, LONGEST_DETAIL)})` };
  if (!(error instanceof Error)) return { kind: 'other' };
  const { errcode, code, errno, syscall } = error as NodeJS.ErrnoException & { errcode?: number };
  // SQLite quotes what it finds in a damaged file, such as the whole text of a table.
  const detail = beginning(oneLine(error.message), LONGEST_DETAIL);
  if (errcode !== undefined) {
    // The low byte is the error, the rest says more about it.
    const primary = errcode & 0xff;
    const lost = primary === NO_SUCH && /^no such (?:table|column)/.test(detail);
    if (lost || primary === CORRUPT || primary === NOT_A_DATABASE || errcode === IOERR_READ) {
      return { kind: 'damage', what: `damaged (${detail})` };
    }
    const obstacle = PASSING_CODES.get(primary);
    if (obstacle === undefined) return { kind: 'other' };
    const distrusted = errcode === IOERR_FSYNC || errcode === IOERR_DIR_FSYNC;
    // Also of one that was opened while nothing could be written: SQLite then opens it for reading, and it stays so.
    const reopen = ![FULL, BUSY].includes(obstacle);
    return { kind: 'disk', obstacle, detail, distrusted, reopen };
  }
  // An integer beyond 2^53: none was ever written.
  if (code === 'ERR_OUT_OF_RANGE' && detail.includes('JavaScript number')) {
    return { kind: 'damage', what: `damaged (${detail})` };
  }
  const obstacle = PASSING_ERRNOS.get(code ?? '') ?? PASSING_ERRNOS.get(nameOf(errno) ?? '');
  if (obstacle === undefined) return { kind: 'other' };
  return { kind: 'disk', obstacle, detail, distrusted: syscall === 'fsync', reopen: false };
}

/** The system's own name of an error: libuv has none for EDQUOT and some others, and calls them UNKNOWN (Node 24.21). */
function nameOf(errno: number | undefined): string | undefined {
  return Object.entries(constants.errno).find(([, number]) => number === -(errno ?? 0))?.[0];
}

/**
 * What the user reads while the disk says no.
 * @param searching whether there is a search that goes on meanwhile
 */
export function storageFault(
  directory: string,
  { obstacle, detail }: { obstacle: Obstacle; detail: string },
  searching: boolean,
): StorageFault {
  const what = `nothing can be saved in ${directory}: ${obstacle.what} (${detail})`;
  return new StorageFault(
    searching
      ? `${what}; the search goes on in memory and tries again: ${obstacle.remedy}`
      : `${what}; ${obstacle.remedy}, or choose another directory with --data`,
  );
}

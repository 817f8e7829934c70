/**
 * The journal: everything that was saved since the last backup, a second time. A line is 16 hexadecimal digits of the
 * SHA-256 of a JSON text, a space, and that text. It is on the disk before the store's own transaction begins, so what
 * the store ever had can be had again from a backup and the journal.
 *
 * Lines are only ever added; what of one did not find room is taken back. A torn last line (power cut) is closed off by
 * the next one; damaged lines are skipped and counted.
 */

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import * as v from 'valibot';
import { type SearchState, SearchStateSchema } from '../../contract/checkpoint.ts';
import { type StoredPrime, StoredPrimeSchema } from '../../contract/prime-record.ts';
import { type SearchSpec, SearchSpecSchema } from '../../contract/search-spec.ts';
import type { SetAside } from '../run/search-store.ts';
import type { Disk, FileIdentity } from './disk.ts';
import { sha256 } from './seal.ts';

export interface JournalEntry {
  readonly id: string;
  readonly spec: SearchSpec;
  /** null: more primes of this search follow on the next line, and count only with that. */
  readonly state: SearchState | null;
  readonly finds: readonly StoredPrime[];
  readonly setAside: readonly SetAside[];
  readonly cpuSecondsInAll: number;
  /** When the finds were last tested again; null: they were not. */
  readonly verifiedAt: string | null;
  readonly at: string;
}

const DIGEST_LENGTH = 16;
const NEWLINE = 10;
/** Primes on a line, so that an import of many does not make one line of all of them. */
const FINDS_A_LINE = 500;
/** Bytes; a longer line was not written by this program. */
const LONGEST_LINE = 1 << 28;
const CHUNK = 1 << 18;

const Place = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const EntrySchema = v.object({
  id: v.string(),
  spec: SearchSpecSchema,
  state: v.nullable(SearchStateSchema),
  finds: v.array(StoredPrimeSchema),
  setAside: v.array(v.object({ block: Place, offset: Place, why: v.string() })),
  cpuSecondsInAll: v.number(),
  verifiedAt: v.nullable(v.string()),
  at: v.string(),
});

export class Journal {
  readonly path: string;
  private readonly disk: Disk;
  private readonly handle: number;
  private readonly identity: FileIdentity | null;
  /** Bytes in the file, about. */
  size: number;

  /** Opens a journal, or begins it, and closes off a torn line. @throws what the system throws */
  constructor(path: string, disk: Disk) {
    this.path = path;
    this.disk = disk;
    this.handle = disk.openToAppend(path);
    this.identity = disk.identity(path);
    this.size = this.identity?.size ?? 0;
    if (this.size > 0 && !endsWithNewline(path)) this.write('\n');
  }

  /** Whether its name still leads to the file that it writes. */
  get isInPlace(): boolean {
    const now = this.disk.identity(this.path);
    const { identity } = this;
    const same = now !== null && identity !== null && now.device === identity.device && now.inode === identity.inode;
    return same && now.size >= this.size;
  }

  /**
   * Makes the entry last.
   * @returns the digest of its last line
   * @throws what the system throws: then nobody knows whether it lasts
   */
  append(entry: JournalEntry): string {
    const { finds, ...last } = entry;
    const lines: string[] = [];
    let from = 0;
    for (; finds.length - from > FINDS_A_LINE; from += FINDS_A_LINE) {
      lines.push(line({ ...entry, state: null, setAside: [], finds: finds.slice(from, from + FINDS_A_LINE) }));
    }
    const end = line({ ...last, finds: finds.slice(from) });
    const before = this.size;
    try {
      for (const text of [...lines, end]) this.write(text);
    } catch (error) {
      this.takeBack(before);
      throw error;
    }
    this.disk.sync(this.handle);
    return end.slice(0, DIGEST_LENGTH);
  }

  /** Half an entry is of no use, and on a full disk each try would leave another, until there is no room for a whole one. */
  private takeBack(size: number): void {
    try {
      this.disk.truncate(this.handle, size);
      this.size = size;
    } catch {
      // Then the torn line stays and is closed off by the next.
    }
  }

  close(): void {
    this.disk.close(this.handle);
  }

  private write(text: string): void {
    const bytes = Buffer.from(text);
    this.disk.append(this.handle, bytes);
    this.size += bytes.length;
  }
}

const digestOf = (json: Uint8Array | string): string => sha256(json).toString('hex').slice(0, DIGEST_LENGTH);

function line(entry: JournalEntry): string {
  const json = JSON.stringify(entry);
  return `${digestOf(json)} ${json}\n`;
}

/** The entry of a line; null when it is damaged. */
function parseLine(bytes: Buffer): JournalEntry | null {
  const json = bytes.subarray(DIGEST_LENGTH + 1);
  if (bytes[DIGEST_LENGTH] !== 32 || bytes.toString('latin1', 0, DIGEST_LENGTH) !== digestOf(json)) return null;
  try {
    const parsed = v.safeParse(EntrySchema, JSON.parse(json.toString('utf8')));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

/** The entries of a journal, in order; null for a damaged line. None when the file is missing. */
export function* readJournal(path: string): Generator<JournalEntry | null> {
  for (const bytes of readLines(path)) {
    if (bytes === null) yield null;
    else if (bytes.length > 0) yield parseLine(bytes);
  }
}

/** Lines without their newline, the last one also when it has none; null for one that is far too long. */
function* readLines(path: string): Generator<Buffer | null> {
  const handle = openIfThere(path);
  if (handle === null) return;
  try {
    let parts: Buffer[] = [];
    let length = 0;
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK);
      const read = readSync(handle, chunk, 0, CHUNK, null);
      if (read === 0) break;
      let from = 0;
      for (let end = chunk.indexOf(NEWLINE); end >= 0 && end < read; end = chunk.indexOf(NEWLINE, from)) {
        yield length > LONGEST_LINE ? null : Buffer.concat([...parts, chunk.subarray(from, end)]);
        parts = [];
        length = 0;
        from = end + 1;
      }
      length += read - from;
      if (length > LONGEST_LINE) parts = [];
      else parts.push(chunk.subarray(from, read));
    }
    if (length > 0) yield length > LONGEST_LINE ? null : Buffer.concat(parts);
  } finally {
    closeSync(handle);
  }
}

/** The digest of the last entry of a journal that is whole, found from its end; null when there is none. */
export function lastDigest(path: string): string | null {
  const handle = openIfThere(path);
  if (handle === null) return null;
  try {
    const { size } = fstatSync(handle);
    for (let wanted = CHUNK; ; wanted *= 4) {
      const length = Math.min(size, wanted, LONGEST_LINE);
      const tail = Buffer.alloc(length);
      for (let got = 0; got < length; ) {
        const read = readSync(handle, tail, got, length - got, size - length + got);
        if (read === 0) break;
        got += read;
      }
      // What comes before the first newline may be the end of a line.
      for (let end = tail.length; end > 0; ) {
        const start = tail.lastIndexOf(NEWLINE, end - 1) + 1;
        if (start === 0 && length < size) break;
        const entry = parseLine(tail.subarray(start, end));
        if (entry?.state) return tail.toString('latin1', start, start + DIGEST_LENGTH);
        end = start - 1;
      }
      if (length === size || length === LONGEST_LINE) return null;
    }
  } finally {
    closeSync(handle);
  }
}

function endsWithNewline(path: string): boolean {
  const handle = openSync(path, 'r');
  try {
    const last = Buffer.alloc(1);
    readSync(handle, last, 0, 1, fstatSync(handle).size - 1);
    return last[0] === NEWLINE;
  } finally {
    closeSync(handle);
  }
}

function openIfThere(path: string): number | null {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

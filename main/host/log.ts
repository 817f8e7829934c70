/**
 * The log of the app and of the terminal's window: one line an entry, in `logs/` of the data directory, for the user and whoever helps. When
 * a file is full the ones before it move up a number and the oldest goes, so it never takes more than its share of the
 * disk. A disk that says no costs lines of the log, nothing else.
 *
 * Primes are named by their size, never written out: a long run of digits is cut to its ends.
 */

import { appendFileSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface LogLimits {
  /** Bytes of one file. */
  readonly bytes: number;
  /** Files in all. */
  readonly files: number;
}

export const LOG_LIMITS: LogLimits = { bytes: 512 * 1024, files: 4 };

const LONGEST_ENTRY = 2000;
const LONG_NUMBER = /\d{60,}/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f\u0085\u2028\u2029]+/g;

/** An entry as it is written: one line, without control characters, long numbers cut. */
export function oneLine(text: string): string {
  const line = text
    .replaceAll(LONG_NUMBER, (digits) => `${digits.slice(0, 12)}…${digits.slice(-12)} (${digits.length} digits)`)
    .replaceAll(CONTROL, ' ')
    .trim();
  return line.length > LONGEST_ENTRY ? `${line.slice(0, LONGEST_ENTRY)}…` : line;
}

export class LogFile {
  readonly #directory: string;
  readonly #limits: LogLimits;
  readonly #wall: () => number;
  /** Bytes in the file; null until looked at. */
  #bytes: number | null = null;

  constructor(directory: string, limits: LogLimits = LOG_LIMITS, wall: () => number = Date.now) {
    this.#directory = directory;
    this.#limits = limits;
    this.#wall = wall;
  }

  /** The file of the latest entries. */
  get file(): string {
    return this.#numbered(0);
  }

  readonly write = (text: string): void => {
    const entry = `${new Date(this.#wall()).toISOString()} ${oneLine(text)}\n`;
    const bytes = Buffer.byteLength(entry);
    try {
      this.#bytes ??= this.#size();
      if (this.#bytes > 0 && this.#bytes + bytes > this.#limits.bytes) this.#rotate();
      appendFileSync(this.file, entry);
      this.#bytes += bytes;
    } catch {
      // a log that cannot be written must not stop what it tells about; the next entry looks again
      this.#bytes = null;
    }
  };

  #size(): number {
    mkdirSync(this.#directory, { recursive: true });
    return statSync(this.file, { throwIfNoEntry: false })?.size ?? 0;
  }

  #rotate(): void {
    rmSync(this.#numbered(this.#limits.files - 1), { force: true });
    for (let n = this.#limits.files - 2; n >= 0; n--) {
      const exists = statSync(this.#numbered(n), { throwIfNoEntry: false }) !== undefined;
      if (exists) renameSync(this.#numbered(n), this.#numbered(n + 1));
    }
    this.#bytes = 0;
  }

  #numbered(n: number): string {
    return join(this.#directory, n === 0 ? 'nice19.log' : `nice19.${n}.log`);
  }
}

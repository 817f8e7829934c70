/** A disk that fails as disks do: every call can be made to throw what the system would. */

import type { DatabaseSync } from 'node:sqlite';
import { type Disk, realDisk } from '../../main/cruncher/store/disk.ts';

/** A call on the disk, or a statement of SQLite (its first word). */
export type Step = keyof Disk | `sql ${string}`;

export class FaultyDisk {
  readonly disk: Disk;
  /** What was done, in order. */
  readonly steps: Step[] = [];
  /** Throws to make the step fail. */
  before: (step: Step, path: string) => void = () => {};
  freeBytes: number | null = null;

  constructor() {
    const step = (name: Step, path: unknown): void => {
      this.steps.push(name);
      this.before(name, String(path));
    };
    const calls = Object.entries(realDisk).map(([name, call]) => [
      name,
      (...args: unknown[]) => {
        step(name as keyof Disk, args[0]);
        return (call as (...args: unknown[]) => unknown)(...args);
      },
    ]);
    const real = Object.fromEntries(calls) as Disk;
    this.disk = {
      ...real,
      free: (directory) => this.freeBytes ?? real.free(directory),
      database: (path, options) => watched(real.database(path, options), (sql) => step(`sql ${firstWord(sql)}`, path)),
    };
  }

  /** Every step of these names fails with the error until `works` is called. */
  fails(names: readonly Step[], error: () => Error): void {
    this.before = (step) => {
      if (names.includes(step)) throw error();
    };
  }

  works(): void {
    this.before = () => {};
  }
}

const firstWord = (sql: string): string => (/[A-Za-z]+/.exec(sql)?.[0] ?? '').toUpperCase();

/** A database that says what it is about to do. */
function watched(database: DatabaseSync, before: (sql: string) => void): DatabaseSync {
  return new Proxy(database, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      if (key !== 'exec' && key !== 'prepare') return value.bind(target);
      return (sql: string) => {
        before(sql);
        return value.call(target, sql);
      };
    },
  });
}

/** As `node:fs` throws it. */
export function systemError(code: string, syscall: string): Error {
  return Object.assign(new Error(`${code}: as a test wants it, ${syscall}`), { code, syscall });
}

/** As `node:sqlite` throws it. */
export function sqliteError(errcode: number, message: string): Error {
  return Object.assign(new Error(message), { code: 'ERR_SQLITE_ERROR', errcode });
}

/**
 * The few things that lowering a priority on Linux asks of the system, as an interface: the rules (whom to lower,
 * when to leave things alone) are then plain functions that tests run against a machine made of strings.
 */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';

export interface LinuxSystem {
  readonly pid: number;
  /**
   * The process whose session counts as this program's own: this one, or the desktop app, which made a session for
   * itself and its cruncher and says so by `--own-session=PID`.
   */
  readonly leader: number;
  /** The text of a file, or null when it is missing or may not be read. */
  read(path: string): string | null;
  /** Names in a directory; empty when it is missing or may not be read. */
  list(path: string): readonly string[];
  /** @returns null when written, else the error's code such as EAGAIN */
  write(path: string, text: string): string | null;
  /** Sets the nice value of one thread; a thread that is gone or refuses stays as it is, and the report shows it. */
  setNice(thread: number, nice: number): void;
  /** Blocks for this many milliseconds. */
  wait(milliseconds: number): void;
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}

const OWN_SESSION = /^--own-session=([1-9]\d{0,9})$/;

/** @param args of the cruncher: whoever passes one on by accident names a process that does not lead the session */
export function leaderOf(pid: number, args: readonly string[]): number {
  const named = args.map((arg) => OWN_SESSION.exec(arg)?.[1]).find((match) => match !== undefined);
  return named === undefined ? pid : Number(named);
}

export function thisLinux(): LinuxSystem {
  return {
    pid: process.pid,
    leader: leaderOf(process.pid, process.argv),
    read(path) {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        return null;
      }
    },
    list(path) {
      try {
        return readdirSync(path);
      } catch {
        return [];
      }
    },
    write(path, text) {
      try {
        // 'r+': a control file is there or it is not; nothing is ever created
        writeFileSync(path, text, { flag: 'r+' });
        return null;
      } catch (error) {
        return codeOf(error);
      }
    },
    setNice(thread, nice) {
      try {
        // setpriority(PRIO_PROCESS) takes the id of a thread on Linux, and of a thread only
        os.setPriority(thread, nice);
      } catch {
        // gone since it was listed, or refused: read back and reported by the caller
      }
    },
    wait(milliseconds) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
    },
  };
}

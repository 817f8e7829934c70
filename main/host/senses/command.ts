/** Asks a program of the system, briefly. What it cannot say, for whatever reason, is null. */

import { execFile } from 'node:child_process';

/** @returns what it printed; null where it is missing, failed or took too long */
export type Ask = (program: string, args: readonly string[]) => Promise<string | null>;

const LONGEST_MS = 5000;

/** In the language and with the numbers that programs read. */
export const askSystem: Ask = (program, args) =>
  new Promise((resolve) => {
    execFile(
      program,
      [...args],
      { timeout: LONGEST_MS, windowsHide: true, env: { ...process.env, LC_ALL: 'C' }, maxBuffer: 4 << 20 },
      (error, stdout) => resolve(error === null ? stdout : null),
    );
  });

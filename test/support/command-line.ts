/** Command lines as people type them, and what is said against one. */

import { readCommandLine, UsageError } from '../../main/cli/command-line.ts';

export const read = (line: string) => readCommandLine(line === '' ? [] : line.split(' '));

/** The sentence that refuses it. */
export function problem(line: string): string {
  try {
    read(line);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error(`"${line}" was taken`);
}

/**
 * What happens on a mistake in the program: an exception or a rejection that nobody catches. The cruncher ends, so that its
 * parent starts it again from the last checkpoint; a warning would not be enough.
 *
 * Node prints the mistake and exits. Electron's utility process only warns of a rejection, and exiting while worker threads run has
 * crashed it in other ways (electron#23315), which systems show to people as a program that has failed. There the process
 * says what it was and is gone at once.
 */

import { writeSync } from 'node:fs';
import { inspect } from 'node:util';

function sayAndVanish(error: unknown): void {
  try {
    writeSync(process.stderr.fd, `${inspect(error)}\n`);
  } catch {
    // nobody reads it any more
  }
  process.kill(process.pid, 'SIGKILL');
}

export function endOnMistakes(inUtilityProcess: boolean): void {
  process.on('unhandledRejection', (error) => {
    if (inUtilityProcess) sayAndVanish(error);
    throw error;
  });
  if (inUtilityProcess) process.on('uncaughtException', sayAndVanish);
}

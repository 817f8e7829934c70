/**
 * The end-to-end steps of the app, each on the Electron stand-in and on Electron itself. Where a machine cannot be had its
 * steps are skipped, and their names say what is missing.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { install } from './installed.ts';
import { homeOf, isLinux, ON_ELECTRON, ON_STAND_IN } from './kinds.ts';
import { leaveSettings } from './left-settings.ts';
import type { Machine } from './machine.ts';

/** A user of the machine: a home, and a place for the app's data. */
export interface User {
  readonly machine: Machine;
  readonly home: string;
  /** A new data directory, for one app. */
  data(name: string): Promise<string>;
}

export interface Where {
  /** They look into Linux itself. */
  readonly linux?: boolean;
  /** Why they cannot be done on Electron. */
  readonly notOnElectron?: string;
}

/**
 * Steps on each machine.
 * @param steps defines the tests; what it is given can be used inside them
 */
export function onEachMachine(what: string, steps: (user: () => User) => void, where: Where = {}): void {
  for (const { name, missing, open } of [ON_STAND_IN, ON_ELECTRON]) {
    const elsewhere = where.linux && !isLinux ? 'it looks into Linux' : null;
    const impossible = open === ON_ELECTRON.open ? where.notOnElectron : undefined;
    const why = elsewhere ?? impossible ?? missing;
    // the list of tests is long, and says skipped only by a number
    if (why !== null) process.stderr.write(`Skipped: ${what}, ${name}: ${why}.\n`);
    describe.skipIf(why !== null)(`${what}, ${name}${why === null ? '' : ` (skipped: ${why})`}`, () => {
      let user: User;
      beforeAll(async () => {
        const home = mkdtempSync(join(tmpdir(), 'nice19-home-'));
        const machine = await open(await install(join(home, 'nice19')), homeOf(home));
        user = {
          machine,
          home,
          async data(folder) {
            const directory = join(home, folder);
            await mkdir(directory, { recursive: true });
            return directory;
          },
        };
      });
      afterAll(async () => {
        await user.machine.close();
        rmSync(user.home, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
      });
      steps(() => user);
    });
  }
}

export { leaveSettings };

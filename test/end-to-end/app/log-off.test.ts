/**
 * The session ends while the search is being saved: by the signals that a session sends, by Windows' own event, or by nothing
 * but the end. What was announced is kept, and in the end the search has what an undisturbed one of its seed has.
 */

import { existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { storeFile } from '../../../main/cruncher/store/opening.ts';
import { nice19, places, primes } from '../../support/nice19.ts';
import type { AppUnderTest } from './machine.ts';
import { leaveSettings, onEachMachine } from './machines.ts';
import { treeOf } from './processes.ts';
import { statusOf } from './stored.ts';

/** Ways to end a session. */
const LOG_OFFS: Readonly<Record<string, (app: AppUnderTest) => Promise<void>>> = {
  'SIGTERM to the app': async ({ pid }) => void process.kill(pid, 'SIGTERM'),
  'SIGTERM to every process, as systemd does': async ({ pid }) => {
    for (const each of treeOf(pid)) process.kill(each, 'SIGTERM');
  },
  'SIGHUP, as a terminal that is closed': async ({ pid }) => void process.kill(pid, 'SIGHUP'),
  'the system shuts down': (app) => app.power('shutdown'),
  'SIGKILL to every process': (app) => app.kill(),
};

onEachMachine(
  'the end of a session while the search is saved',
  (user) => {
    test('loses nothing, in whatever way it comes', { timeout: 400_000 }, async () => {
      const data = await user().data('log-off');
      // of this size one is found and saved every few moments: the ends fall into savings
      leaveSettings(data, { digits: 200, notifications: 'none' });
      const store = storeFile(data);
      let kept: readonly string[] = [];
      for (const [way, logOff] of Object.entries(LOG_OFFS)) {
        const app = await user().machine.start(['--data', data, '--hidden']);
        // some are found, and then the moment after something was written
        await expect.poll(() => primesIn(store), { timeout: 60_000 }).toBeGreaterThan(kept.length + 2);
        await writing(`${store}-wal`);
        await logOff(app);
        await app.ended;
        const now = places(await primes(data));
        expect(now.slice(0, kept.length), `after ${way}`).toEqual(kept);
        expect((await statusOf(data)).running, `after ${way}`).toBeNull();
        kept = now;
      }
      const { search } = await statusOf(data);
      const undisturbed = await user().data('undisturbed');
      const { digits, errorLog2, seed } = search?.spec ?? { digits: 0, errorLog2: 0, seed: '' };
      const ended = await nice19(
        ...['search', '--digits', String(digits), '--error', `2^${errorLog2}`, '--seed', seed],
        ...['--count', String(kept.length), '--data', undisturbed],
      );
      expect(ended.code, ended.err).toBe(0);
      expect(kept).toEqual(places(await primes(undisturbed)).slice(0, kept.length));
    });
  },
  { linux: true },
);

/** Primes in the store, looked at from outside while it is written to. */
function primesIn(store: string): number {
  if (!existsSync(store)) return 0;
  const database = new DatabaseSync(store, { readOnly: true });
  try {
    return Number(database.prepare('SELECT count(*) AS count FROM prime').get()?.['count']);
  } finally {
    database.close();
  }
}

/** Resolves when the file is written to. */
async function writing(file: string): Promise<void> {
  const state = () => (existsSync(file) ? `${statSync(file).mtimeMs} ${statSync(file).size}` : '');
  const before = state();
  await expect.poll(state, { interval: 1, timeout: 30_000 }).not.toBe(before);
}

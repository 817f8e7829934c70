/**
 * The session ends while the search is being saved: by the signals that a session sends, by Windows' own event, or by nothing
 * but the end. What was announced is kept, and in the end the search has what an undisturbed one of its seed has.
 */

import { existsSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { storeFile } from '../../../main/cruncher/store/opening.ts';
import { gone, nice19, places, primes } from '../../support/nice19.ts';
import type { AppUnderTest } from './machine.ts';
import { leaveSettings, onEachMachine } from './machines.ts';
import { treeOf } from './processes.ts';
import { cruncherOf, primesIn, statusOf } from './stored.ts';

/** Ways to end a session. */
const LOG_OFFS: Readonly<Record<string, (app: AppUnderTest, data: string) => Promise<void>>> = {
  'SIGTERM to the app': async ({ pid }) => void process.kill(pid, 'SIGTERM'),
  'SIGTERM to every process, as systemd does': async ({ pid }) => {
    for (const each of treeOf(pid)) process.kill(each, 'SIGTERM');
  },
  'SIGHUP, as a terminal that is closed': async ({ pid }) => void process.kill(pid, 'SIGHUP'),
  'the system shuts down': (app) => app.power('shutdown'),
  'Windows tells its windows, and then kills': async (app, data) => {
    const cruncher = await cruncherOf(data);
    await app.choose('Show primes');
    await app.page();
    await app.endSession();
    await gone(cruncher);
    await app.kill();
  },
  'SIGKILL to every process': (app) => app.kill(),
};

onEachMachine(
  'the end of a session while the search is saved',
  (user) => {
    test('loses nothing, in whatever way it comes', { timeout: 400_000 }, async () => {
      const data = await user().data('log-off');
      // of this size one is found and saved every few moments: the ends fall into savings
      leaveSettings(data, { digits: 200, notifications: 'none' });
      let kept = 0;
      for (const [way, logOff] of Object.entries(LOG_OFFS)) {
        const app = await user().machine.start(['--data', data, '--hidden']);
        // some are found, and then the moment after something was written
        await expect.poll(() => primesIn(data), { timeout: 120_000 }).toBeGreaterThan(kept + 2);
        await writing(`${storeFile(data)}-wal`);
        await logOff(app, data);
        await app.ended;
        const now = primesIn(data);
        expect(now, `after ${way}`).toBeGreaterThan(kept);
        kept = now;
      }
      const found = places(await primes(data));
      const { search } = await statusOf(data);
      const undisturbed = await user().data('undisturbed');
      const { digits, errorLog2, seed } = search?.spec ?? { digits: 0, errorLog2: 0, seed: '' };
      const ended = await nice19(
        ...['search', '--digits', String(digits), '--error', `2^${errorLog2}`, '--seed', seed],
        ...['--count', String(found.length), '--data', undisturbed],
      );
      expect(ended.code, ended.err).toBe(0);
      expect(found).toEqual(places(await primes(undisturbed)).slice(0, found.length));
    });
  },
  { linux: true },
);

/** Resolves when the file is written to. */
async function writing(file: string): Promise<void> {
  const state = () => (existsSync(file) ? `${statSync(file).mtimeMs} ${statSync(file).size}` : '');
  const before = state();
  await expect.poll(state, { interval: 1, timeout: 30_000 }).not.toBe(before);
}

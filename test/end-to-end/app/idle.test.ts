/** What the app does while it has nothing to do. `npm run bench:idle` measures it for five minutes. */

import { expect, test } from 'vitest';
import { idleCost } from '../../../build/manners/idle-cost.ts';
import { leaveSettings, onEachMachine } from './machines.ts';

onEachMachine(
  'the app, paused and without a window',
  (user) => {
    test('has no timer that is faster than ten seconds, and next to no cost', async () => {
      const data = await user().data('idle');
      leaveSettings(data, {}, { pausedByUser: true });
      const app = await user().machine.start(['--data', data]);
      await app.page();
      await app.until('it is paused', ({ tooltip }) => tooltip === 'nice19: Paused by you');
      await app.closeWindow();
      // what the window needed goes a moment after it
      await expect
        .poll(async () => (await app.timers())?.filter((milliseconds) => milliseconds < 10_000) ?? [], {
          timeout: 60_000,
        })
        .toEqual([]);
      const { percent, processes } = await idleCost(app.pid, 5);
      // a search takes all it gets; what settles after a start is little
      expect(percent, JSON.stringify(processes)).toBeLessThan(5);
    });
  },
  { linux: true },
);

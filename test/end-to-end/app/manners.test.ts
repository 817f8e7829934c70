/**
 * The manners of the desktop app: it pauses for the right reason, says it in its tray, and goes on when the reason is gone. The
 * senses are driven; the waits are the program's own, against flapping, so the tests run beside one another.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ScheduleEntry, Settings } from '../../../main/contract/settings.ts';
import { WEEKDAYS } from '../../../main/contract/settings.ts';
import type { AppUnderTest, Outside } from './machine.ts';
import { leaveSettings, onEachMachine } from './machines.ts';

const line = ({ menu }: Outside): string => menu[0]?.label ?? '';
const status = (app: AppUnderTest, words: RegExp): Promise<string> =>
  app.until(`the status ${words}`, (outside) => words.exec(line(outside))?.[0]);
const SEARCHING = /^Searching: 1,000 digits$/;

/** An hour that begins with a minute that is not here yet, and is near. */
function nextHour(now: Date): ScheduleEntry {
  const minute = now.getHours() * 60 + now.getMinutes();
  const from = minute + (now.getSeconds() < 45 ? 1 : 2);
  return { days: [...WEEKDAYS], from: from % 1440, to: (from + 60) % 1440 };
}

onEachMachine('the manners of the desktop app', (user) => {
  async function withSettings(name: string, settings: Partial<Settings>): Promise<{ app: AppUnderTest; data: string }> {
    const data = await user().data(name);
    leaveSettings(data, { digits: 1000, cores: 1, ...settings });
    return { app: await user().machine.start(['--data', data, '--hidden']), data };
  }

  describe.concurrent('each in its own time', () => {
    test('it pauses on battery, and goes on when it has been plugged in for a while', async () => {
      const { app } = await withSettings('battery', { onBattery: 'pause' });
      await status(app, SEARCHING);
      await app.sense({ onBattery: true });
      await app.power('on-battery');
      await status(app, /^Paused: on battery/);
      await app.sense({ onBattery: false });
      await app.power('on-ac');
      await status(app, SEARCHING);
    });

    test('it pauses while somebody uses the computer, and goes on a minute after', async () => {
      const { app } = await withSettings('active', { pauseWhileActive: true, activeMinutes: 1 });
      await app.sense({ idleSeconds: 0 });
      await status(app, /^Paused: somebody uses the computer$/);
      await app.sense({ idleSeconds: 3600 });
      await app.until('it goes on', (outside) => SEARCHING.test(line(outside)));
    });

    test('outside of its hours it is paused and says until when; then it searches', async () => {
      const { app } = await withSettings('schedule', { schedule: [nextHour(new Date())] });
      await status(app, /^Paused: .+ until \d\d:\d\d$/);
      await status(app, SEARCHING);
    });

    test('it is told to be quiet for a while, keeps to it over a restart, and goes on by itself', async () => {
      const { app, data } = await withSettings('snooze', {});
      await status(app, SEARCHING);
      await app.choose('Pause for', '15 minutes');
      const until = await status(app, /^Paused by you until \d\d:\d\d$/);
      await app.choose('Quit nice19');
      await app.ended;
      const again = await user().machine.start(['--data', data, '--hidden']);
      expect(await status(again, /^Paused by you until/)).toContain(until.slice(0, 19));
      await again.choose('Resume');
      await status(again, SEARCHING);
      await again.choose('Pause for', '1 hour');
      await again.choose('Quit nice19');
      await again.ended;
      // an hour goes by
      const file = join(data, 'config.json');
      const content = JSON.parse(readFileSync(file, 'utf8')) as { state: { snooze: { until: string } } };
      content.state.snooze.until = new Date(Date.now() + 20_000).toISOString();
      writeFileSync(file, JSON.stringify(content));
      const last = await user().machine.start(['--data', data, '--hidden']);
      await status(last, /^Paused by you until/);
      await status(last, SEARCHING);
    });
  });
});

/** What the tray can be about, one example of each, in the program's own words: for its tests and the pictures in docs/desktop.md. */

import type { TrayInput } from '../../main/app/tray/menu.ts';
import type { Now } from '../../main/contract/now.ts';
import type { Pause } from '../../main/contract/pause.ts';
import { DEFAULT_SETTINGS, WEEKDAYS } from '../../main/contract/settings.ts';
import { askedPauses } from '../../main/host/manners/asked.ts';
import { batteryPause } from '../../main/host/manners/battery.ts';
import { schedulePause } from '../../main/host/manners/schedule.ts';

/** Ten in the morning of a Thursday, wherever the test runs. */
export const WALL = new Date(2026, 10, 26, 10, 0).getTime();
const local = (day: number, hour: number, minute = 0): string => new Date(2026, 10, day, hour, minute).toISOString();

const running: Now = {
  state: 'running',
  pauses: [],
  problem: null,
  notices: [],
  search: {
    searchId: 'a',
    spec: { digits: 1000, errorLog2: -80, seed: '0'.repeat(64) } as NonNullable<Now['search']>['spec'],
    resumed: true,
    kernel: { kernel: 'fft', why: 'the fastest here' },
  },
  progress: null,
  lastFind: {
    number: 12,
    digits: 1000,
    first: '123456789012',
    last: '987654321099',
    foundAt: local(26, 8, 5),
    cpuSeconds: 4000,
    verdict: 'probable prime',
    worstCaseLog2: -80,
    verifiedAt: null,
    removed: false,
  },
  lastCheckpointAt: null,
  priority: null,
  cores: { used: 4, of: 4, share: 100 },
};

const byUser = askedPauses({ pausedByUser: true, snooze: null });
const snoozed = (until: string): Pause[] =>
  askedPauses({ pausedByUser: false, snooze: { askedAt: local(26, 10), until } });
const onBattery = [
  batteryPause({ latch: { on: true, since: 0, against: null }, percent: 43 }, DEFAULT_SETTINGS) as Pause,
];
const byNight = [{ days: [...WEEKDAYS], from: 22 * 60, to: 6 * 60 }];
const paused = (pauses: Pause[]): Now => ({ ...running, state: 'paused', pauses });

const on: TrayInput['loginItem'] = { state: 'on', sentence: '' };
const off: TrayInput['loginItem'] = { state: 'off', sentence: '' };
const input = (now: Now, more: Partial<TrayInput> = {}): TrayInput => ({
  now,
  loginItem: on,
  firstStart: false,
  releases: false,
  wall: WALL,
  ...more,
});

export const TRAY_STATES: Readonly<Record<string, TrayInput>> = {
  'first start': input(
    { ...running, state: 'stopped', search: null, lastFind: null, problem: 'Nothing runs yet.' },
    { firstStart: true, loginItem: off },
  ),
  starting: input({ ...running, state: 'starting', search: null, lastFind: null }, { loginItem: null }),
  running: input(running),
  'paused by the user': input(paused(byUser)),
  'paused for a while': input(paused(snoozed(local(26, 10, 15)))),
  'paused until tomorrow': input(paused(snoozed(local(27, 6)))),
  'paused on battery': input(paused(onBattery)),
  'paused by the schedule': input(paused([schedulePause(byNight, WALL) as Pause])),
  'paused by the user and on battery': input(paused([...byUser, ...onBattery])),
  'cannot save': input({
    ...running,
    problem: 'The disk does not take what is to be saved: see whether it is full or read-only.',
  }),
  'not running': input({
    ...running,
    state: 'stopped',
    problem:
      'Another nice19 (process 4711, since 2026-11-26T07:30:00.000Z) is searching in /data; stop it, or choose another directory with --data.',
  }),
  ending: input({ ...running, state: 'ending' }),
};

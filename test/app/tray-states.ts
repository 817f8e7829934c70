/** What the tray can be about, one example of each: for its tests and for the pictures in docs/desktop.md. */

import type { TrayInput } from '../../main/app/tray/menu.ts';
import type { Now } from '../../main/contract/now.ts';
import type { Pause } from '../../main/contract/pause.ts';

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

const pause = (reason: Pause['reason'], sentence: string, until: string | null = null): Pause => ({
  reason,
  sentence,
  until,
});
const paused = (...pauses: Pause[]): Now => ({ ...running, state: 'paused', pauses });

const on: TrayInput['loginItem'] = { state: 'on', sentence: '' };
const off: TrayInput['loginItem'] = { state: 'off', sentence: '' };
const input = (now: Now, more: Partial<TrayInput> = {}): TrayInput => ({
  now,
  loginItem: on,
  firstStart: false,
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
  'paused by the user': input(paused(pause('user', 'paused by you'))),
  'paused for a while': input(paused(pause('snooze', 'paused by you for a while', local(26, 10, 15)))),
  'paused until tomorrow': input(paused(pause('snooze', 'paused by you for a while', local(27, 6)))),
  'paused on battery': input(paused(pause('battery', 'on battery (43 %)'))),
  'paused by the schedule': input(paused(pause('schedule', 'not in the schedule', local(26, 22)))),
  'paused by the user and on battery': input(
    paused(pause('user', 'paused by you'), pause('battery', 'on battery (43 %)')),
  ),
  'cannot save': input({ ...running, problem: 'The disk is full; the search goes on in memory.' }),
  'not running': input({
    ...running,
    state: 'stopped',
    problem: 'The data directory is in use by another nice19 (process 4711).',
  }),
  ending: input({ ...running, state: 'ending' }),
};

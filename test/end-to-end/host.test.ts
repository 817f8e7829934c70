/** The host with real crunchers: everything that a shell and its windows rely on, without Electron and without a browser. */

import { expect, onTestFinished, test } from 'vitest';
import type { Downward, RequestName } from '../../main/contract/bridge.ts';
import type { Page, ShownPrime } from '../../main/contract/library.ts';
import type { Command } from '../../main/contract/messages.ts';
import type { Now } from '../../main/contract/now.ts';
import { SearchHost } from '../../main/host/search-host.ts';
import { systemClock } from '../../main/host/system-clock.ts';
import type { CruncherProcess } from '../../main/supervisor/cruncher-process.ts';
import { forkCruncher } from '../../main/supervisor/fork-port.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { PaperSenses, PaperSettingsFile } from '../support/paper-host.ts';

const CRUNCHER = new URL('../../main/cruncher/main.ts', import.meta.url);
const SMALL = { digits: 60, errorLog2: -40, onBattery: 'pause', pauseWhenHot: false, notifications: 'all' } as const;

function hostAt(directory: string, file: PaperSettingsFile) {
  const senses = new PaperSenses();
  const pids: (number | undefined)[] = [];
  const notifications: string[] = [];
  const host = new SearchHost({
    directory,
    spawn(purpose) {
      const process: CruncherProcess<Command, unknown> = forkCruncher({ module: CRUNCHER });
      if (purpose === 'search') pids.push(process.pid);
      return process;
    },
    settingsFile: file,
    clock: systemClock,
    senses,
    loginItem: {
      read: async () => ({ state: 'unavailable', sentence: 'Not here.' }),
      set: async () => ({ state: 'unavailable', sentence: 'Not here.' }),
    },
    notifier: { show: ({ title }) => notifications.push(title) },
    log: () => {},
    about: { shownBy: 'browser', platform: process.platform, host: 'test', cores: 2 },
  });
  onTestFinished(() => host.end(10_000));
  /** Resolves with the first snapshot, from now on, that is so. */
  const until = (is: (now: Now) => boolean): Promise<Now> =>
    new Promise((resolve) => {
      const stop = host.onNow((now) => {
        if (!is(now)) return;
        stop();
        resolve(now);
      });
      if (is(host.now)) {
        stop();
        resolve(host.now);
      }
    });
  return { host, senses, pids, notifications, until };
}

/** A window: asks, and gets the value or fails with the sentence. */
function windowOf(host: SearchHost) {
  const waiting = new Map<number, (message: Downward) => void>();
  const connection = host.connect((message) => {
    if (message.type === 'result') waiting.get(message.id)?.(message);
  });
  connection.receive({ type: 'visible', visible: true });
  let next = 0;
  return async <T>(name: RequestName, takes: object = {}): Promise<T> => {
    const id = next++;
    const answer = new Promise<Downward>((resolve) => waiting.set(id, resolve));
    connection.receive({ type: 'request', id, name, takes });
    const message = await answer;
    if (message.type !== 'result' || !message.ok) throw new Error(JSON.stringify(message));
    return message.value as T;
  };
}

const PAGE = { order: 'found', descending: true, digitsAtLeast: null, digitsAtMost: null, typed: '', removed: false };

test('a search is begun on the first page, found in, paused, killed, changed, and gone on with', async () => {
  const directory = temporaryDirectory();
  const file = new PaperSettingsFile();
  const { host, senses, pids, notifications, until } = hostAt(directory, file);
  const ask = windowOf(host);
  host.begin();
  expect(await ask('about')).toMatchObject({ firstStart: true, directory });
  expect(await ask<Page>('page', { ...PAGE, offset: 0, limit: 10 })).toEqual({ total: 0, rows: [] });

  await ask('begin', { settings: SMALL, startAtLogin: false });
  const first = await until(({ lastFind }) => lastFind !== null);
  expect(first).toMatchObject({ state: 'running', lastFind: { digits: 60 }, search: { resumed: false } });
  expect(notifications).toEqual(['A prime of 60 digits']);

  // Paused by the battery: the search itself says so.
  senses.readings.battery = { onBattery: true, percent: 71 };
  senses.say('power');
  const paused = await until(({ progress }) => progress?.paused.includes('battery') === true);
  expect(paused).toMatchObject({ state: 'paused', pauses: [{ sentence: 'on battery (71 %)' }] });
  await ask('changeSettings', { onBattery: 'run' });
  await until(({ state, progress }) => state === 'running' && progress?.paused.length === 0);

  // Killed: another one goes on with the same search.
  const before = host.now;
  process.kill(pids.at(-1) as number, 'SIGKILL');
  await until(({ state }) => state === 'starting');
  const again = await until(
    ({ state, progress }) => state === 'running' && (progress?.found ?? 0) > (before.progress?.found ?? 0),
  );
  expect(pids).toHaveLength(2);
  expect(again.search).toMatchObject({ searchId: before.search?.searchId, resumed: true });

  // Other digits and back.
  await ask('changeSettings', { digits: 70 });
  const other = await until(({ lastFind }) => lastFind?.digits === 70);
  expect(other.search?.searchId).not.toBe(before.search?.searchId);
  await ask('changeSettings', { digits: 60 });
  const back = await until(({ lastFind, search }) => lastFind?.digits === 60 && search?.spec.digits === 60);
  expect(back.search).toMatchObject({ searchId: before.search?.searchId, resumed: true });

  // A checkpoint before the computer sleeps.
  senses.say('suspend');
  await until(({ lastCheckpointAt, progress }) => lastCheckpointAt !== back.lastCheckpointAt && progress !== null);

  await ask('pause');
  await until(({ progress }) => progress?.paused.includes('user') === true);
  const page = await ask<Page>('page', { ...PAGE, offset: 0, limit: 500 });
  expect(page.rows.map(({ number }) => number)).toEqual(
    Array.from({ length: Math.min(page.total, 500) }, (_, i) => page.total - i),
  );
  const [newest] = page.rows;
  const shown = await ask<ShownPrime>('prime', { number: newest?.number });
  expect(shown.record.decimal.startsWith(newest?.first as string)).toBe(true);
  expect(host.now.lastFind?.number).toBe(newest?.number);
  await ask('remove', { number: newest?.number });
  expect(await ask<Page>('page', { ...PAGE, offset: 0, limit: 1 })).toMatchObject({ total: page.total - 1 });
  await ask('restore', { number: newest?.number });
  expect(await ask<Page>('page', { ...PAGE, offset: 0, limit: 1 })).toMatchObject({ total: page.total });
  await host.end(20_000);

  // The pause outlives the program, and so does the search.
  const next = hostAt(directory, file);
  next.host.begin();
  const resumed = await next.until(({ state }) => state === 'paused');
  expect(resumed).toMatchObject({
    pauses: [{ reason: 'user' }],
    search: { searchId: before.search?.searchId, resumed: true },
  });
  expect(resumed.lastFind?.number).toBe(page.total);
  next.host.resume();
  await next.until(({ lastFind }) => (lastFind?.number ?? 0) > page.total);
});

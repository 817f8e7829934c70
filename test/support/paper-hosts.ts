/** A host in a world of paper, and what it does there. */

import type { Downward, LoginItem } from '../../main/contract/bridge.ts';
import type { CruncherEvent, Job, Progress } from '../../main/contract/messages.ts';
import type { Notification } from '../../main/host/edges.ts';
import { type HostOptions, SearchHost } from '../../main/host/search-host.ts';
import { PaperCruncher, PaperHostClock, PaperSenses, PaperSettingsFile, settled } from './paper-host.ts';

export const SEED = 'ab'.repeat(32);
export const FRESH_SEED = 'cd'.repeat(32);

/** The content of a settings' file whose first page was answered. */
export function answered(settings: object = {}, state: object = {}) {
  return {
    version: 1,
    settings: { onBattery: 'run', pauseWhenHot: false, ...settings },
    state: { firstStartDone: true, ...state },
  };
}

export function hosted(content: Record<string, unknown> | null = answered(), more: Partial<HostOptions> = {}) {
  const clock = new PaperHostClock();
  const senses = new PaperSenses();
  const file = new PaperSettingsFile(content);
  const log: string[] = [];
  const notifications: Notification[] = [];
  const searches: PaperCruncher[] = [];
  const libraries: PaperCruncher[] = [];
  let login: LoginItem = { state: 'off', sentence: 'It does not start at login.' };
  const host = new SearchHost({
    directory: '/data',
    spawn(purpose) {
      const list = purpose === 'search' ? searches : libraries;
      const cruncher = new PaperCruncher(1000 * (purpose === 'search' ? 1 : 2) + list.length);
      list.push(cruncher);
      return cruncher;
    },
    settingsFile: file,
    clock,
    senses,
    loginItem: {
      read: async () => login,
      async set(on) {
        login = { state: on ? 'on' : 'off', sentence: on ? 'It starts at login.' : 'It does not start at login.' };
        return login;
      },
    },
    notifier: { show: (notification) => notifications.push(notification) },
    log: (line) => log.push(line),
    about: { shownBy: 'browser', platform: 'linux', host: 'paper', cores: 4 },
    freshSeed: () => FRESH_SEED,
    ...more,
  });
  return {
    host,
    clock,
    senses,
    file,
    log,
    notifications,
    searches,
    libraries,
    search: () => searches.at(-1) as PaperCruncher,
    library: () => libraries.at(-1) as PaperCruncher,
    /** Begun, and what it has to know is known. */
    async begun() {
      host.begin();
      await settled();
      return host;
    },
    /** A window, and what it got. */
    window() {
      const got: Downward[] = [];
      const connection = host.connect((message) => got.push(message));
      let id = 0;
      return {
        got,
        visible: (visible: boolean) => connection.receive({ type: 'visible', visible }),
        close: connection.close,
        /** The answer to a request, once it is there. */
        ask(name: string, takes: object = {}) {
          id++;
          const mine = id;
          connection.receive({ type: 'request', id: mine, name, takes });
          return async () => {
            await settled();
            return got.find((message) => message.type === 'result' && message.id === mine);
          };
        },
        told: (name: string) =>
          got.flatMap((message) => (message.type === 'told' && message.name === name ? [message.told] : [])),
      };
    },
  };
}

export function jobOf(cruncher: PaperCruncher): Job | undefined {
  return cruncher.sent.flatMap((command) => (command.type === 'job' ? [command.job] : []))[0];
}

export function startedEvent(digits = 1000, seed = SEED): CruncherEvent {
  return {
    type: 'started',
    searchId: `${seed.slice(0, 8)}-${digits}`,
    spec: { scheme: 1, digits, errorLog2: -80, rounds: 40, seed },
    resumed: false,
    found: 0,
    cpuSeconds: 0,
    workers: 4,
    kernel: { kernel: 'fft', why: 'it is the fastest here' },
    priority: { platform: 'win32', nice: 19, enough: true, sentence: 'It gives way to everything.' },
  };
}

export function progressOf(progress: Partial<Progress> = {}): CruncherEvent {
  return {
    type: 'progress',
    progress: {
      searchId: `${SEED.slice(0, 8)}-1000`,
      digits: 1000,
      tested: 10,
      testsPerSecond: 5,
      expectedSecondsToNext: 60,
      found: 0,
      unsaved: null,
      arithmeticErrors: 0,
      setAside: 0,
      cpuSeconds: 3,
      cpuSecondsInAll: 3,
      paused: [],
      workers: [],
      ...progress,
    },
  };
}

export function primeEvent(digits = 100, number = 1, wallSeconds = 5): CruncherEvent {
  return {
    type: 'prime',
    number,
    record: {
      searchId: 's',
      block: 0,
      offset: number,
      digits,
      bits: Math.floor(digits * Math.log2(10)),
      decimal: '7'.repeat(digits),
      verdict: 'probable prime',
      rounds: 40,
      bases: [],
      lucas: 'probable prime',
      worstCaseLog2: -80,
      averageCaseLog2: -120,
      kernels: ['fft', 'bigint'],
      cpuSeconds: 4,
      wallSeconds,
      host: 'paper',
      version: '0.1.0',
      foundAt: '2026-11-26T12:00:00.000Z',
    },
  };
}

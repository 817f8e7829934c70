/**
 * The other end of the bridge, on paper: answers every request of the contract from fixed data, with no clock and no
 * randomness. It runs in the page, in the place of Electron's preload, so what is tested is the window as it is shipped.
 */

import type {
  About,
  Downward,
  Gives,
  LoginItem,
  RequestName,
  Takes,
  Told,
  TopicName,
  Upward,
} from '../../../main/contract/bridge.ts';
import {
  ENDS,
  type HistoryPoint,
  type PageQuery,
  type PrimeSummary,
  type ShownPrime,
} from '../../../main/contract/library.ts';
import type { Now } from '../../../main/contract/now.ts';
import { DEFAULT_SETTINGS, type Settings, type SettingsPatch } from '../../../main/contract/settings.ts';
import { PRIME_OF_1000_DIGITS } from './paper-prime.ts';

/** When it is on paper: milliseconds since 1970. */
export const PAPER_TIME = Date.UTC(2026, 10, 26, 20, 15);

export interface Scenario {
  readonly now?: Partial<Now>;
  readonly about?: Partial<About>;
  readonly settings?: Partial<Settings>;
  readonly loginItem?: Partial<LoginItem>;
  /** How many primes there are; 187 if not given. */
  readonly primes?: number;
  /** What the records say where others wrote something. */
  readonly host?: string;
  /** Sentences with which requests are refused. */
  readonly refuse?: Partial<Record<RequestName, string>>;
  /** Requests that are never answered. */
  readonly silent?: readonly RequestName[];
}

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();
const before = (seconds: number): string => iso(PAPER_TIME - 1000 * seconds);
/** Seconds between two finds. */
const between = (primes: number): number => Math.min(9000, 3e7 / primes);

/** Digits that look like any number's, the same each time; neither the first nor the last is even or 0. */
export function digitsOf(number: number, length: number): string {
  let state = Math.imul(number, 2654435761) >>> 0 || 1;
  let text = '';
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    text += Math.floor(state / 429496729.6);
  }
  return `${1 + (number % 9)}${text.slice(1, -1)}${'1379'[number % 4]}`;
}

/** Sizes of what was found: mostly 1,000 digits, some smaller and a few large. */
export function sizeOf(number: number): number {
  if (number === 42) return 10_000;
  if (number % 16 === 0) return 18;
  return number % 7 === 0 ? 300 : 1000;
}

function decimalOf(number: number): string {
  return number === 187 ? PRIME_OF_1000_DIGITS : digitsOf(number, sizeOf(number));
}

const removed = new Set<number>();

export function summaryOf(number: number, primes: number): PrimeSummary {
  const digits = sizeOf(number);
  // The ends of a number are drawn by themselves: a million rows do not need a million numbers.
  const decimal = number === 187 || digits < 2 * ENDS ? decimalOf(number) : `${digitsOf(number, 2 * ENDS)}`;
  const certain = digits < 20;
  return {
    number,
    digits,
    first: decimal.length <= ENDS ? decimal : decimal.slice(0, ENDS),
    last: decimal.length <= ENDS ? '' : decimal.slice(-ENDS),
    foundAt: before(2400 + (primes - number) * between(primes)),
    cpuSeconds: certain ? 0.004 + (number % 5) / 1000 : ((number * 7919) % 5000) / 7 + 3,
    verdict: certain ? 'prime' : 'probable prime',
    worstCaseLog2: certain ? null : -80,
    verifiedAt: number % 5 === 0 ? before(600 + (primes - number) * between(primes)) : null,
    removed: removed.has(number),
  };
}

function shownPrime(number: number, primes: number, host: string): ShownPrime {
  const summary = summaryOf(number, primes);
  const certain = summary.verdict === 'prime';
  const decimal = decimalOf(number);
  return {
    summary: { ...summary, first: decimal.slice(0, ENDS), last: decimal.length > ENDS ? decimal.slice(-ENDS) : '' },
    record: {
      searchId: '8d1f0c6ab2e94d57',
      block: 1240 + number,
      offset: 118_201,
      digits: summary.digits,
      bits: Math.ceil(summary.digits * Math.log2(10)),
      decimal,
      verdict: summary.verdict,
      rounds: certain ? 0 : 40,
      bases: certain
        ? []
        : Array.from({ length: 40 }, (_, i) => BigInt(digitsOf(1000 + i, summary.digits - 1)).toString(16)),
      lucas: certain ? null : 'probable prime',
      worstCaseLog2: summary.worstCaseLog2,
      averageCaseLog2: certain ? null : -204.6,
      kernels: certain ? ['bigint'] : ['fft', 'bigint'],
      cpuSeconds: summary.cpuSeconds,
      wallSeconds: summary.cpuSeconds / 3.7,
      host,
      version: '0.1.0',
      foundAt: summary.foundAt,
    },
  };
}

const orders = new Map<string, Uint32Array>();

/** Numbers that match, in order. */
function matching(query: PageQuery, primes: number): Uint32Array {
  const { order, descending, digitsAtLeast, digitsAtMost, typed, removed: onlyRemoved } = query;
  const key = JSON.stringify([
    order,
    descending,
    digitsAtLeast,
    digitsAtMost,
    typed,
    onlyRemoved,
    [...removed],
    primes,
  ]);
  const known = orders.get(key);
  if (known) return known;
  const plain = typed === '' && digitsAtLeast === null && digitsAtMost === null;
  const numbers: number[] = [];
  for (let number = 1; number <= primes; number++) {
    if (removed.has(number) !== onlyRemoved) continue;
    if (!plain) {
      const { first, last, digits } = summaryOf(number, primes);
      if (digits < (digitsAtLeast ?? 0) || digits > (digitsAtMost ?? Number.POSITIVE_INFINITY)) continue;
      if (!first.startsWith(typed) && !`${first}${last}`.endsWith(typed)) continue;
    }
    numbers.push(number);
  }
  const value = (number: number): number =>
    order === 'digits' ? sizeOf(number) : summaryOf(number, primes).cpuSeconds;
  if (order !== 'found') {
    const values = new Float64Array(primes + 1);
    for (const number of numbers) values[number] = value(number);
    numbers.sort((a, b) => values[a]! - values[b]! || a - b);
  }
  if (descending) numbers.reverse();
  const all = Uint32Array.from(numbers);
  orders.set(key, all);
  return all;
}

export const PAPER_NOW: Now = {
  state: 'running',
  pauses: [],
  problem: null,
  notices: [],
  search: {
    searchId: '8d1f0c6ab2e94d57',
    spec: { scheme: 1, digits: 1000, errorLog2: -80, rounds: 40, seed: '19'.repeat(32) },
    resumed: true,
    kernel: { kernel: 'fft', why: 'the fastest for 1,000 digits on this computer' },
  },
  progress: {
    searchId: '8d1f0c6ab2e94d57',
    digits: 1000,
    tested: 1_482_113,
    testsPerSecond: 0.74,
    expectedSecondsToNext: 15_600,
    found: 187,
    unsaved: null,
    arithmeticErrors: 0,
    setAside: 0,
    cpuSeconds: 1_912_400,
    cpuSecondsInAll: 4_205_000,
    paused: [],
    workers: [
      { stage: 'screen', fraction: 0.62, block: 1428, offset: 48_211 },
      { stage: 'screen', fraction: 0.18, block: 1428, offset: 48_377 },
      { stage: 'rounds', fraction: 0.45, block: 1427, offset: 130_052 },
      { stage: 'sieve', fraction: 0.3, block: 1429, offset: null },
    ],
  },
  lastFind: summaryOf(187, 187),
  lastCheckpointAt: before(130),
  priority: {
    platform: 'linux',
    threads: { count: 11, atLowest: 11, minimumNice: 19, maximumNice: 19 },
    policy: 'idle',
    autogroup: { enabled: true, nice: 19, ownSession: true, obstacle: null },
    cpuGroup: null,
    enough: true,
    sentence: 'Lowest priority: all 11 threads at nice 19, scheduling policy idle, autogroup at 19.',
  },
  cores: { used: 4, of: 4, share: 100 },
};

/** Deterministic waves: what a machine does that is used by day. */
function historyPoints(range: Takes<'history'>['range']): HistoryPoint[] {
  const [stretches, seconds] = {
    day: [24, 3600],
    week: [168, 3600],
    month: [30, 86_400],
    year: [365, 86_400],
    all: [20, 30.44 * 86_400],
  }[range] as [number, number];
  return Array.from({ length: stretches }, (_, i) => {
    const wave = 0.55 + 0.35 * Math.sin((i * 2 * Math.PI) / (seconds === 3600 ? 24 : 7)) + 0.1 * Math.sin(i * 1.7);
    const wallSeconds = Math.max(0, Math.min(1, wave)) * seconds;
    const expected = (wallSeconds / 15_600) * 1;
    return {
      at: iso(Math.floor(PAPER_TIME / 3_600_000) * 3_600_000 - (stretches - i) * seconds * 1000),
      seconds,
      found: Math.max(0, Math.round(expected + 0.9 * Math.sin(i * 2.9))),
      expected,
      tested: Math.round(wallSeconds * (0.72 + 0.03 * Math.sin(i))),
      cpuSeconds: wallSeconds * 3.8,
      wallSeconds,
      checkpoints: Math.round((wallSeconds * 3.8) / 300),
      paused: {
        ...(wallSeconds < seconds ? { 'user-active': (seconds - wallSeconds) * 0.7 } : {}),
        ...(i % 5 === 0 ? { battery: (seconds - wallSeconds) * 0.3 } : {}),
        ...(i % 9 === 4 ? { user: 900 } : {}),
      },
    };
  });
}

export type Tell = (message: Downward) => void;

/** @param tell sends to the window */
export function paperHost(scenario: Scenario, tell: Tell): (message: Upward) => void {
  let primes = scenario.primes ?? 187;
  let now: Now = { ...PAPER_NOW, ...scenario.now };
  let settings: Settings = { ...DEFAULT_SETTINGS, ...scenario.settings };
  let loginItem: LoginItem = {
    state: 'off',
    sentence: 'Begins with the next log-in, without a window.',
    ...scenario.loginItem,
  };
  let about: About = {
    version: '0.1.0',
    shownBy: 'electron',
    platform: 'linux',
    host: scenario.host ?? 'paper',
    cores: 4,
    directory: '~/.local/share/nice19',
    firstStart: false,
    ...scenario.about,
  };
  const told = <N extends TopicName>(name: N, what: Told<N>): void => tell({ type: 'told', name, told: what });
  const show = (change: Partial<Now>): null => {
    now = { ...now, ...change };
    told('now', now);
    return null;
  };
  const primesAre = (): null => {
    told('primesChanged', { total: primes - removed.size });
    return null;
  };
  const change = (patch: SettingsPatch): Settings => {
    settings = { ...settings, ...patch } as Settings;
    told('settings', settings);
    return settings;
  };
  const answers: { [N in RequestName]: (takes: Takes<N>) => Gives<N> | Promise<Gives<N>> } = {
    about: () => about,
    now: () => now,
    pause: () => show({ state: 'paused', pauses: [{ reason: 'user', sentence: 'paused by you', until: null }] }),
    resume: () => show({ state: 'running', pauses: [] }),
    snooze: () =>
      show({ state: 'paused', pauses: [{ reason: 'snooze', sentence: 'snoozed', until: iso(PAPER_TIME + 900_000) }] }),
    newSearch: () => show({ progress: now.progress && { ...now.progress, found: 0, tested: 0, cpuSeconds: 0 } }),
    begin: ({ settings: patch, startAtLogin }) => {
      change(patch);
      loginItem = { ...loginItem, state: startAtLogin ? 'on' : 'off' };
      about = { ...about, firstStart: false };
      return null;
    },
    dismissNotice: ({ id }) => show({ notices: now.notices.filter((notice) => notice.id !== id) }),
    settings: () => settings,
    changeSettings: change,
    loginItem: () => loginItem,
    setLoginItem: ({ on }) => {
      loginItem = { ...loginItem, state: on ? 'on' : 'off' };
      return loginItem;
    },
    page: (query) => {
      const numbers = matching(query, primes);
      const rows = [...numbers.subarray(query.offset, query.offset + query.limit)];
      return { total: numbers.length, rows: rows.map((number) => summaryOf(number, primes)) };
    },
    prime: ({ number }) => (number > primes ? null : shownPrime(number, primes, about.host)),
    recheck: async ({ number }) => {
      for (const fraction of [0.25, 0.5, 0.75]) {
        told('rechecking', { number, fraction });
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
      return {
        passed: true,
        sentence:
          'It passed strong tests to base 2 and to a base drawn just now, and the strong Lucas test, computed by the schoolbook kernel, which had no part in finding it; OpenSSL 3.5 says so too.',
        cpuSeconds: 12.4,
      };
    },
    remove: ({ number }) => {
      removed.add(number);
      return primesAre();
    },
    restore: ({ number }) => {
      removed.delete(number);
      return primesAre();
    },
    challenge: ({ digits }) => {
      if (primes < 2) return null;
      const [a, b] = digits === null || digits > 1000 ? [187, 186] : [16, 32];
      const composite = BigInt(decimalOf(a)) * BigInt(decimalOf(b));
      return {
        digits: String(composite).length,
        composite: String(composite),
        factors: [a, b],
        neighbours: digits !== null,
      };
    },
    history: ({ range }) => ({ points: historyPoints(range), since: before(400 * 86_400) }),
    estimates: ({ digits }) =>
      digits.map((size) => ({
        digits: size,
        cpuSecondsPerPrime: 62_400 * (size / 1000) ** 3.6 + 1e-5,
        measured: true,
      })),
  };
  const find = (count: number): void => {
    primes += count;
    primesAre();
  };
  const received: Upward[] = [];
  Object.assign(globalThis, {
    paper: { tell: told, show, find, received, now: () => now, settings: () => settings },
  });
  return (message) => {
    received.push(message);
    if (message.type !== 'request') return;
    const { id, name } = message;
    if (scenario.silent?.includes(name)) return;
    const sentence = scenario.refuse?.[name];
    const value =
      sentence === undefined
        ? Promise.resolve(answers[name](message.takes as never))
        : Promise.reject(new Error(sentence));
    void value.then(
      (given) => tell({ type: 'result', id, ok: true, value: given }),
      (error: Error) => tell({ type: 'result', id, ok: false, sentence: error.message }),
    );
  };
}

/** What a test can do in the page, by `window.paper`. */
export interface Paper {
  tell<N extends TopicName>(name: N, told: Told<N>): void;
  show(change: Partial<Now>): null;
  /** So many primes more. */
  find(count: number): void;
  readonly received: Upward[];
  now(): Now;
  settings(): Settings;
}

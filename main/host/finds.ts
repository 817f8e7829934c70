/**
 * Which find is announced, and in which words. A large prime is, each one; of small ones, and of those that come quickly, there
 * is at most one announcement an hour, which sums up. Pure: the state goes in and out.
 */

import { ENDS } from '../contract/library.ts';
import type { PrimeRecord } from '../contract/prime-record.ts';
import type { Settings } from '../contract/settings.ts';
import type { Notification } from './edges.ts';
import { count, duration } from './format.ts';

/** From here on a prime is large. */
const LARGE_DIGITS = 1000;
/** Found sooner after the one before, in seconds on the clock, it is nothing to be called for. */
const QUICK_SECONDS = 600;
const HOUR = 3_600_000;

export interface Announcements {
  /** When the last one of small primes was, milliseconds that only grow; null: never. */
  readonly lastSmall: number | null;
  /** Small primes since then, by their digits. */
  readonly waiting: ReadonlyMap<number, number>;
}
export const NO_ANNOUNCEMENTS: Announcements = { lastSmall: null, waiting: new Map() };

type Find = Pick<PrimeRecord, 'digits' | 'decimal' | 'wallSeconds'>;

/** @param steady milliseconds that only grow */
export function announce(
  before: Announcements,
  find: Find,
  notifications: Settings['notifications'],
  steady: number,
): { readonly after: Announcements; readonly notification: Notification | null } {
  if (notifications === 'none') return { after: NO_ANNOUNCEMENTS, notification: null };
  if (isLarge(find)) return { after: before, notification: textOf(find) };
  if (notifications === 'large-only') return { after: NO_ANNOUNCEMENTS, notification: null };
  const waiting = new Map(before.waiting).set(find.digits, (before.waiting.get(find.digits) ?? 0) + 1);
  if (before.lastSmall !== null && steady - before.lastSmall < HOUR) {
    return { after: { ...before, waiting }, notification: null };
  }
  const found = [...waiting.values()].reduce((sum, n) => sum + n, 0);
  return {
    after: { lastSmall: steady, waiting: new Map() },
    notification: found === 1 ? textOf(find) : sumOf(waiting, found, steady - (before.lastSmall ?? steady)),
  };
}

function isLarge({ digits, wallSeconds }: Find): boolean {
  return digits >= LARGE_DIGITS && wallSeconds >= QUICK_SECONDS;
}

function textOf({ digits, decimal, wallSeconds }: Find): Notification {
  const shown = decimal.length <= 2 * ENDS + 6 ? decimal : `${decimal.slice(0, ENDS)}…${decimal.slice(-ENDS)}`;
  return { title: `A prime of ${count(digits)} digits`, body: `Found after ${duration(wallSeconds)}: ${shown}` };
}

function sumOf(waiting: ReadonlyMap<number, number>, found: number, milliseconds: number): Notification {
  const sizes = [...waiting].sort(([a], [b]) => a - b);
  const [smallest] = sizes[0] as [number, number];
  const [largest] = sizes.at(-1) as [number, number];
  const digits = smallest === largest ? count(smallest) : `${count(smallest)} to ${count(largest)}`;
  const time = milliseconds < 2 * HOUR ? 'the last hour' : `the last ${duration(milliseconds / 1000)}`;
  return { title: `${count(found)} primes of ${digits} digits`, body: `Found in ${time}.` };
}

/**
 * The tray's menu: a pure function from what is going on to what the menu says. Everything the app can do is in it, "Show
 * primes" first, because a click on the icon itself never comes on some desktops.
 *
 * Its text holds no time that passes, only times of day, so the menu stays as it is until something happens.
 */

import type { LoginItem, Snooze } from '../../contract/bridge.ts';
import type { Now } from '../../contract/now.ts';
import { count } from '../../host/format.ts';
import { stateLine } from '../../host/pause-line.ts';

export type TrayAction =
  | { readonly do: 'show'; readonly view: 'now' | 'primes' | 'settings' }
  | { readonly do: 'pause' }
  | { readonly do: 'resume' }
  | { readonly do: 'snooze'; readonly how: Snooze }
  | { readonly do: 'start-at-login'; readonly on: boolean }
  /** Opens the page with newer versions in the browser. */
  | { readonly do: 'updates' }
  | { readonly do: 'quit' };

export type TrayItem =
  | { readonly type: 'separator' }
  /** Something to read. */
  | { readonly type: 'text'; readonly label: string }
  | { readonly type: 'action'; readonly label: string; readonly enabled: boolean; readonly action: TrayAction }
  | {
      readonly type: 'checkbox';
      readonly label: string;
      readonly enabled: boolean;
      readonly checked: boolean;
      readonly action: TrayAction;
    }
  | {
      readonly type: 'submenu';
      readonly label: string;
      readonly enabled: boolean;
      readonly items: readonly TrayItem[];
    };

export interface TrayInput {
  readonly now: Now;
  /** null: not asked yet. */
  readonly loginItem: LoginItem | null;
  /** The first page has not been answered: nothing searches. */
  readonly firstStart: boolean;
  /** There is a page where newer versions would be. */
  readonly releases: boolean;
  /** Milliseconds since 1970. */
  readonly wall: number;
}

/** Menus have no room for more; the window shows the whole sentence. */
const LONGEST_LABEL = 90;

const SNOOZE_LABELS: Readonly<Record<Snooze, string>> = {
  '15-minutes': '15 minutes',
  '1-hour': '1 hour',
  tomorrow: 'Until tomorrow',
};

export function trayMenu(input: TrayInput): readonly TrayItem[] {
  const { now, firstStart } = input;
  const live = now.state === 'starting' || now.state === 'running' || now.state === 'paused';
  const canPause = live && !firstStart;
  const items: TrayItem[] = [{ type: 'text', label: shortened(statusLine(input)) }];
  // while it is stopped the status line is the problem
  if (now.problem !== null && now.state !== 'stopped')
    items.push(action(`Attention: ${now.problem}`, true, { do: 'show', view: 'now' }));
  items.push({ type: 'separator' });
  items.push(action(firstStart ? 'Begin…' : 'Show primes', true, { do: 'show', view: firstStart ? 'now' : 'primes' }));
  items.push(action(lastPrime(input), now.lastFind !== null, { do: 'show', view: 'primes' }));
  items.push({ type: 'separator' });
  const asked = now.pauses.some((pause) => pause.reason === 'user' || pause.reason === 'snooze');
  if (now.state === 'stopped' && !firstStart) items.push(action('Try again', true, { do: 'resume' }));
  else if (asked) items.push(action('Resume', canPause, { do: 'resume' }));
  else items.push(action('Pause', canPause, { do: 'pause' }));
  items.push({
    type: 'submenu',
    label: 'Pause for',
    enabled: canPause,
    items: (Object.keys(SNOOZE_LABELS) as Snooze[]).map((how) =>
      action(SNOOZE_LABELS[how], true, { do: 'snooze', how }),
    ),
  });
  items.push({ type: 'separator' });
  items.push(startAtLogin(input.loginItem));
  items.push(action('Settings…', !firstStart, { do: 'show', view: 'settings' }));
  if (input.releases) items.push(action('Check for updates…', true, { do: 'updates' }));
  items.push({ type: 'separator' });
  items.push(action('Quit nice19', now.state !== 'ending', { do: 'quit' }));
  return items;
}

/** What it does, in one line: for the menu and for the icon's tool tip. */
export function statusLine({ now, firstStart, wall }: TrayInput): string {
  if (firstStart && now.state !== 'ending') return 'Not begun yet: open the window';
  if (now.state === 'stopped' && now.problem !== null) return `Not running: ${now.problem}`;
  return stateLine(now, wall);
}

function lastPrime({ now, wall }: TrayInput): string {
  const find = now.lastFind;
  if (find === null) return 'No prime found yet';
  return `Last prime: ${count(find.digits)} digits, ${dayAndTime(Date.parse(find.foundAt), wall)}`;
}

const TIME: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };

/** 14:05 today, 26 Nov 14:05 in this year, 26 Nov 2025 before. */
function dayAndTime(at: number, wall: number): string {
  const then = new Date(at);
  const today = new Date(wall);
  const time = then.toLocaleTimeString('en-GB', TIME);
  if (then.toDateString() === today.toDateString()) return time;
  const day = then.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
  return then.getFullYear() === today.getFullYear() ? `${day} ${time}` : `${day} ${then.getFullYear()}`;
}

function startAtLogin(item: LoginItem | null): TrayItem {
  const on = item?.state === 'on';
  return {
    type: 'checkbox',
    label: item?.state === 'unavailable' ? 'Start at login (see Settings)' : 'Start at login',
    enabled: item?.state === 'on' || item?.state === 'off',
    checked: on,
    action: { do: 'start-at-login', on: !on },
  };
}

function action(label: string, enabled: boolean, what: TrayAction): TrayItem {
  return { type: 'action', label: shortened(label), enabled, action: what };
}

function shortened(label: string): string {
  return label.length > LONGEST_LABEL ? `${label.slice(0, LONGEST_LABEL - 1).trimEnd()}…` : label;
}

/** The menu as text: for the documentation, and to see at once whether anything of it changed. */
export function menuText(items: readonly TrayItem[], indent = ''): string {
  return items.map((item) => indent + itemText(item, indent)).join('\n');
}

function itemText(item: TrayItem, indent: string): string {
  switch (item.type) {
    case 'separator':
      return '──────────';
    case 'text':
      return `(${item.label})`;
    case 'action':
      return greyed(item.label, item.enabled);
    case 'checkbox':
      return greyed(`[${item.checked ? 'x' : ' '}] ${item.label}`, item.enabled);
    case 'submenu':
      return `${greyed(item.label, item.enabled)} ▸\n${menuText(item.items, `${indent}    `)}`;
  }
}

/** What cannot be chosen is in brackets. */
function greyed(label: string, enabled: boolean): string {
  return enabled ? label : `(${label})`;
}

/** What goes on, in the few words that a tray's menu, a tool tip or a line of a terminal has room for. */

import type { Now } from '../contract/now.ts';
import type { Pause } from '../contract/pause.ts';
import { count } from './format.ts';

/** Such as "Searching: 1,000 digits", "Paused: on battery (43 %)", "Paused by you until 14:30". */
export function stateLine(now: Now, wall: number): string {
  const [pause] = now.pauses;
  switch (now.state) {
    case 'starting':
      return 'Starting';
    case 'ending':
      return 'Saving';
    case 'stopped':
      return 'Not running';
    case 'running':
      return now.search === null ? 'Searching' : `Searching: ${count(now.search.spec.digits)} digits`;
    case 'paused':
      return pause === undefined ? 'Paused' : pauseLine(pause, wall);
  }
}

/** @param wall now, in milliseconds since 1970 */
export function pauseLine({ reason, sentence, until }: Pause, wall: number): string {
  const end = until === null ? '' : ` until ${timeOfDay(Date.parse(until), wall)}`;
  if (reason === 'user') return 'Paused by you';
  if (reason === 'snooze') return `Paused by you${end}`;
  return `Paused: ${sentence}${end === '' ? '' : `,${end}`}`;
}

/** 14:30 today, "tomorrow 06:00", "Mon 06:00"; local time. */
export function timeOfDay(then: number, wall: number): string {
  const date = new Date(then);
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  const now = new Date(wall);
  const day = (days: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days).toDateString();
  if (date.toDateString() === day(0)) return time;
  if (date.toDateString() === day(1)) return `tomorrow ${time}`;
  return `${DAYS[date.getDay()]} ${time}`;
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const two = (number: number): string => String(number).padStart(2, '0');

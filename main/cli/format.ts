/** Numbers for people at a terminal. */

import { count } from '../host/format.ts';

export { count, duration, plural } from '../host/format.ts';

export function rate(perSecond: number): string {
  if (perSecond >= 100) return `${count(perSecond)}/s`;
  if (perSecond >= 0.1) return `${perSecond.toPrecision(2)}/s`;
  return `${(perSecond * 3600).toPrecision(2)}/h`;
}

/** The whole number when it is short, else its two ends. */
export function abbreviated(decimal: string, ends = 12): string {
  return decimal.length <= 2 * ends + 6 ? decimal : `${decimal.slice(0, ends)}…${decimal.slice(-ends)}`;
}

/** 2^-80, rounded to the safe side, or a dash where there is no error to state. */
export function powerOfTwo(log2: number | null): string {
  return log2 === null ? '–' : `2^${Math.ceil(log2)}`;
}

/** 2026-11-22 20:15 in local time. */
export function localTime(iso: string): string {
  const date = new Date(iso);
  const two = (number: number) => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

export function percent(fraction: number): string {
  return `${Math.floor(100 * fraction)} %`;
}

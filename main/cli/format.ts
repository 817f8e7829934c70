/** Numbers for people. */

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** 0.25 s, 12 s, 3 min 20 s, 2 h 5 min, 3 d 4 h. */
export function duration(seconds: number): string {
  if (seconds < 0.995) return `${seconds < 0.01 ? seconds.toPrecision(1) : seconds.toFixed(2)} s`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < MINUTE) return `${whole} s`;
  if (whole < HOUR) return parts(whole, MINUTE, 'min', 1, 's');
  if (whole < DAY) return parts(whole, HOUR, 'h', MINUTE, 'min');
  return parts(whole, DAY, 'd', HOUR, 'h');
}

function parts(seconds: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((seconds % large) / small);
  return `${Math.floor(seconds / large)} ${largeName}${rest > 0 ? ` ${rest} ${smallName}` : ''}`;
}

export function count(number: number): string {
  return Math.round(number).toLocaleString('en');
}

export function rate(perSecond: number): string {
  if (perSecond >= 100) return `${count(perSecond)}/s`;
  if (perSecond >= 0.1) return `${perSecond.toPrecision(2)}/s`;
  return `${(perSecond * 3600).toPrecision(2)}/h`;
}

export function plural(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`;
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

/** Numbers, times and stretches of time for people. The window's words are English, and so are its numbers. */

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365.25 * DAY;

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const twoFigures = new Intl.NumberFormat('en', { maximumSignificantDigits: 2 });
const dateAndTime = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});
const timeOnly = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const dayAndTime = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  hour: '2-digit',
  minute: '2-digit',
});
const dateOnly = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

export function count(number: number): string {
  return whole.format(number);
}

/** At most two figures that count, for what is only known roughly. */
export function rough(number: number): string {
  return number >= 100 ? whole.format(number) : twoFigures.format(number);
}

export function plural(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}

export function percent(fraction: number): string {
  return `${Math.floor(100 * fraction)} %`;
}

/** 0.25 s, 12 s, 3 min 20 s, 2 h 5 min, 3 d 4 h. */
export function duration(seconds: number): string {
  if (seconds < 0.0005) return '0 s';
  if (seconds < 0.995) return `${seconds < 0.01 ? seconds.toPrecision(1) : seconds.toFixed(2)} s`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const rounded = Math.round(seconds);
  if (rounded < MINUTE) return `${rounded} s`;
  if (rounded < HOUR) return parts(rounded, MINUTE, 'min', 1, 's');
  if (rounded < DAY) return parts(rounded, HOUR, 'h', MINUTE, 'min');
  return parts(rounded, DAY, 'd', HOUR, 'h');
}

function parts(seconds: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((seconds % large) / small);
  return `${count(Math.floor(seconds / large))} ${largeName}${rest > 0 ? ` ${rest} ${smallName}` : ''}`;
}

/** A stretch of time that is an estimate: one unit, two figures. */
export function roughDuration(seconds: number): string {
  if (seconds < 1) return 'a second';
  if (seconds < 99.5) return `${rough(seconds)} s`;
  if (seconds < 99.5 * MINUTE) return `${rough(seconds / MINUTE)} min`;
  if (seconds < 2 * DAY) return `${rough(seconds / HOUR)} h`;
  if (seconds < 99.5 * DAY) return `${rough(seconds / DAY)} days`;
  if (seconds < 2 * YEAR) return `${rough((12 * seconds) / YEAR)} months`;
  if (seconds < 1e6 * YEAR) return `${rough(seconds / YEAR)} years`;
  return 'more than a million years';
}

/** Tests a second; fewer than one in ten seconds are told by the hour. */
export function rate(perSecond: number): string {
  if (perSecond >= 100) return `${count(perSecond)} a second`;
  if (perSecond >= 0.1) return `${twoFigures.format(perSecond)} a second`;
  return `${twoFigures.format(perSecond * 3600)} an hour`;
}

/** Local date and time. */
export function at(iso: string): string {
  return dateAndTime.format(new Date(iso));
}

export function day(iso: string): string {
  return dateOnly.format(new Date(iso));
}

/** When something to come is, as short as is clear: a time today, a weekday this week, a date otherwise. */
export function until(iso: string, wall: number): string {
  const date = new Date(iso);
  const days = (date.getTime() - wall) / 1000 / DAY;
  if (dateOnly.format(date) === dateOnly.format(new Date(wall))) return timeOnly.format(date);
  return days > 0 && days < 6 ? dayAndTime.format(date) : dateAndTime.format(date);
}

/** How long ago, as coarse as one looks at it. @param wall milliseconds since 1970 */
export function ago(iso: string, wall: number): string {
  const seconds = (wall - new Date(iso).getTime()) / 1000;
  if (seconds < 10) return 'just now';
  if (seconds < MINUTE) return 'less than a minute ago';
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min ago`;
  if (seconds < 2 * DAY) return `${duration(MINUTE * Math.floor(seconds / MINUTE))} ago`;
  return `${plural(Math.floor(seconds / DAY), 'day')} ago`;
}

/** Minutes since midnight as 07:30; the end of the day is 24:00. */
export function clock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

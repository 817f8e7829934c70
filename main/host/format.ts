/** Numbers for people, as every shell says them. */

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

export function plural(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}

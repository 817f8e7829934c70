/**
 * Hysteresis in time: something that is seen begins to hold after it was seen for a while, and ends after it was not seen
 * for a while and has held for long enough. However the readings jump, it begins at most once in
 * max(least, beginsAfter + endsAfter).
 */

export interface Latch {
  readonly on: boolean;
  /** When it began to hold, or ended; milliseconds that only grow. */
  readonly since: number;
  /** Since when what is seen is not what holds; null: it is. */
  readonly against: number | null;
}

export interface LatchTimes {
  /** Milliseconds. */
  readonly beginsAfter: number;
  readonly endsAfter: number;
  /** How long it holds at least. */
  readonly least: number;
}

export const LATCH_OFF: Latch = { on: false, since: Number.NEGATIVE_INFINITY, against: null };

export function latch(previous: Latch, seen: boolean, now: number, times: LatchTimes): Latch {
  if (seen === previous.on) return previous.against === null ? previous : { ...previous, against: null };
  const against = previous.against ?? now;
  const held = !previous.on || now - previous.since >= times.least;
  const lasted = now - against >= (previous.on ? times.endsAfter : times.beginsAfter);
  return held && lasted ? { on: seen, since: now, against: null } : { ...previous, against };
}

/** When what holds may change if the next readings are as the last; null: not by time alone. */
export function latchTurnsAt({ on, since, against }: Latch, times: LatchTimes): number | null {
  if (against === null) return null;
  return on ? Math.max(since + times.least, against + times.endsAfter) : against + times.beginsAfter;
}

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ScheduleEntry, WEEKDAYS } from '../../../main/contract/settings.ts';
import { isInSchedule, nextScheduleChange, schedulePause } from '../../../main/host/manners/schedule.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const zoneBefore = process.env['TZ'];

afterAll(() => {
  if (zoneBefore === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zoneBefore;
});

/** Day and minute as another implementation shows them. */
function shown(wall: number, timeZone: string) {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'long',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(wall);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return { day: part('weekday').toLowerCase(), minute: 60 * Number(part('hour')) + Number(part('minute')) };
}

/** The definition, without any thought for speed. */
function inEntry(entry: ScheduleEntry, wall: number, timeZone: string): boolean {
  const { day, minute } = shown(wall, timeZone);
  const days: readonly string[] = entry.days;
  const before = WEEKDAYS[(WEEKDAYS.indexOf(day as (typeof WEEKDAYS)[number]) + 6) % 7] as string;
  if (entry.from < entry.to) return days.includes(day) && entry.from <= minute && minute < entry.to;
  return (days.includes(day) && minute >= entry.from) || (days.includes(before) && minute < entry.to);
}

const minutes = fc.oneof(fc.integer({ min: 0, max: 1440 }), fc.constantFrom(0, 60, 90, 120, 150, 180, 1440));
const entries: fc.Arbitrary<ScheduleEntry[]> = fc.array(
  fc.record({
    days: fc.subarray([...WEEKDAYS], { minLength: 1 }),
    from: minutes,
    to: minutes,
  }),
  { minLength: 1, maxLength: 4 },
);

describe.each([
  // Each with a time shortly before its clocks are set.
  ['Europe/Berlin', Date.UTC(2026, 2, 28, 22), Date.UTC(2026, 9, 24, 22)],
  ['America/New_York', Date.UTC(2026, 2, 8, 3), Date.UTC(2026, 10, 1, 3)],
  // By half an hour.
  ['Australia/Lord_Howe', Date.UTC(2026, 3, 4, 12), Date.UTC(2026, 9, 3, 12)],
  // At midnight: a day without its first hour.
  ['Africa/Cairo', Date.UTC(2026, 3, 23, 20), Date.UTC(2026, 9, 29, 18)],
  ['UTC', Date.UTC(2026, 0, 1), Date.UTC(2026, 6, 1)],
])('in %s', (zone, spring, autumn) => {
  beforeAll(() => {
    process.env['TZ'] = zone;
  });
  const times = fc
    .tuple(fc.constantFrom(spring, autumn), fc.integer({ min: 0, max: 2 * 24 * 60 * 60 }))
    .map(([begin, seconds]) => begin + seconds * 1000);

  test('it is what the clock on the wall says', () => {
    fc.assert(
      fc.property(entries, times, (schedule, wall) => {
        expect(isInSchedule(schedule, wall)).toBe(schedule.some((entry) => inEntry(entry, wall, zone)));
      }),
    );
  });

  test('the next change is exact: nothing changes before it, and something at it', () => {
    fc.assert(
      fc.property(entries, times, (schedule, wall) => {
        const now = isInSchedule(schedule, wall);
        const change = nextScheduleChange(schedule, wall);
        const end = change ?? wall + 8 * 24 * HOUR;
        if (change !== null) {
          expect(change).toBeGreaterThan(wall);
          expect(isInSchedule(schedule, change)).toBe(!now);
        }
        for (let at = Math.ceil((wall + 1) / MINUTE) * MINUTE; at < end; at += MINUTE)
          if (isInSchedule(schedule, at) !== now) throw new Error(`it changes at ${new Date(at).toISOString()}`);
      }),
      { numRuns: 30 },
    );
  });
});

describe('by example, in Berlin', () => {
  beforeAll(() => {
    process.env['TZ'] = 'Europe/Berlin';
  });
  const nights: ScheduleEntry[] = [{ days: ['friday'], from: 22 * 60, to: 6 * 60 }];
  const local = (day: number, hour: number, minute = 0) => new Date(2026, 10, day, hour, minute).getTime();

  test('an entry that ends before it begins goes on past midnight, into the next day', () => {
    // The 27th of November 2026 is a Friday.
    expect(isInSchedule(nights, local(27, 21, 59))).toBe(false);
    expect(isInSchedule(nights, local(27, 22))).toBe(true);
    expect(isInSchedule(nights, local(28, 5, 59))).toBe(true);
    expect(isInSchedule(nights, local(28, 6))).toBe(false);
    expect(isInSchedule(nights, local(27, 3))).toBe(false);
  });

  test('the pause says until when', () => {
    expect(schedulePause(nights, local(26, 12))).toEqual({
      reason: 'schedule',
      sentence: 'outside the hours of the weekly schedule',
      until: new Date(local(27, 22)).toISOString(),
    });
    expect(schedulePause(nights, local(27, 23))).toBeNull();
  });

  test('no schedule, and one of all times, never pauses', () => {
    expect(schedulePause([], local(26, 12))).toBeNull();
    const always: ScheduleEntry[] = [{ days: [...WEEKDAYS], from: 0, to: 1440 }];
    expect(schedulePause(always, local(26, 12))).toBeNull();
    expect(nextScheduleChange(always, local(26, 12))).toBeNull();
    const round: ScheduleEntry[] = [{ days: ['friday'], from: 480, to: 480 }];
    expect(isInSchedule(round, local(27, 8))).toBe(true);
    expect(isInSchedule(round, local(28, 7, 59))).toBe(true);
    expect(isInSchedule(round, local(28, 8))).toBe(false);
  });
});

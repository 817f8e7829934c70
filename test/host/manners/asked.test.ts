import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SNOOZES } from '../../../main/contract/bridge.ts';
import { askedNow, askedPauses, snoozeEnd, snoozeFrom } from '../../../main/host/manners/asked.ts';

const HOUR = 3_600_000;
const local = (day: number, hour: number, minute = 0) => new Date(2026, 10, day, hour, minute).getTime();

describe('how long', () => {
  test('a quarter of an hour, and an hour', () => {
    expect(snoozeEnd('15-minutes', local(26, 12)) - local(26, 12)).toBe(HOUR / 4);
    expect(snoozeEnd('1-hour', local(26, 12)) - local(26, 12)).toBe(HOUR);
  });

  test.each([
    ['in the afternoon', local(26, 15), local(27, 6)],
    ['late', local(26, 23, 59), local(27, 6)],
    ['after midnight', local(27, 1), local(27, 6)],
    ['early, when six is near', local(27, 5, 30), local(28, 6)],
  ])('tomorrow is the next six in the morning that is hours away: %s', (_, now, end) => {
    expect(snoozeEnd('tomorrow', now)).toBe(end);
  });

  test('it is never shorter than asked for, nor longer than a day and a night', () => {
    const times = fc.integer({ min: 0, max: 10 * 366 * 24 * 60 }).map((minute) => Date.UTC(2024, 0) + minute * 60_000);
    fc.assert(
      fc.property(times, (wall) => {
        const length = snoozeEnd('tomorrow', wall) - wall;
        expect(length).toBeGreaterThanOrEqual(4 * HOUR);
        expect(length).toBeLessThanOrEqual(29 * HOUR);
      }),
    );
  });
});

describe('as it holds now', () => {
  const snooze = (how: (typeof SNOOZES)[number], wall: number) => ({
    pausedByUser: false,
    snooze: snoozeFrom(how, wall),
  });

  test('it pauses until its time, and not after it', () => {
    const asked = snooze('15-minutes', local(26, 12));
    expect(askedPauses(askedNow(asked, local(26, 12, 14)))).toMatchObject([
      { reason: 'snooze', until: new Date(local(26, 12, 15)).toISOString() },
    ]);
    expect(askedPauses(askedNow(asked, local(26, 12, 15)))).toEqual([]);
  });

  test('a clock that is set back does not make it last until the clock is there again', () => {
    const asked = snooze('1-hour', local(26, 12));
    const again = askedNow(asked, local(20, 9));
    expect(again.snooze?.until).toBe(new Date(local(20, 10)).toISOString());
    expect(askedPauses(askedNow(again, local(20, 10)))).toEqual([]);
  });

  test('however the clock is set, what remains is never longer than what was asked for', () => {
    const walls = fc.integer({ min: -1000, max: 1000 }).map((hours) => local(26, 12) + hours * HOUR);
    fc.assert(
      fc.property(fc.constantFrom(...SNOOZES), walls, fc.array(walls), (how, begin, later) => {
        let asked: ReturnType<typeof askedNow> = snooze(how, begin);
        const length = snoozeEnd(how, begin) - begin;
        for (const wall of later) {
          asked = askedNow(asked, wall);
          if (asked.snooze !== null) expect(Date.parse(asked.snooze.until) - wall).toBeLessThanOrEqual(length);
        }
      }),
    );
  });

  test('a file that says nonsense pauses nothing', () => {
    const now = local(26, 12);
    const nonsense = { askedAt: new Date(now).toISOString(), until: new Date(now - 1).toISOString() };
    expect(askedNow({ pausedByUser: false, snooze: nonsense }, now).snooze).toBeNull();
  });
});

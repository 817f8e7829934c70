import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { announce, NO_ANNOUNCEMENTS } from '../../main/host/finds.ts';

const HOUR = 3_600_000;

/** The announcements of finds, each with a time in minutes, its digits, and the seconds it took. */
function announced(finds: readonly (readonly [number, number, number])[], setting: 'all' | 'large-only' | 'none') {
  let state = NO_ANNOUNCEMENTS;
  return finds.map(([minute, digits, wallSeconds]) => {
    const decimal = '7'.repeat(digits);
    const { after, notification } = announce(state, { digits, decimal, wallSeconds }, setting, minute * 60_000);
    state = after;
    return notification === null ? null : `${notification.title} | ${notification.body}`;
  });
}

describe('large primes', () => {
  test('each one, with its digits and how long it took', () => {
    expect(announced([[0, 1000, 7500]], 'all')).toEqual([
      'A prime of 1,000 digits | Found after 2 h 5 min: 777777777777…777777777777',
    ]);
    expect(
      announced(
        [0, 20, 40].map((minute) => [minute, 5000, 1200] as const),
        'large-only',
      ),
    ).not.toContain(null);
  });

  test('those that come quickly count as small: a fast computer calls nobody every second', () => {
    const quick = Array.from({ length: 100 }, (_, second) => [second / 60, 1000, 1] as const);
    expect(announced(quick, 'all').filter((text) => text !== null)).toHaveLength(1);
    expect(announced(quick, 'large-only').filter((text) => text !== null)).toHaveLength(0);
  });
});

describe('small primes', () => {
  test('the first at once, then one an hour that sums up', () => {
    const finds = [0, 10, 20, 59, 61, 70, 121].map((minute) => [minute, 100, 5] as const);
    expect(announced(finds, 'all')).toEqual([
      'A prime of 100 digits | Found after 5.0 s: 777777777777…777777777777',
      null,
      null,
      null,
      '4 primes of 100 digits | Found in the last hour.',
      null,
      '2 primes of 100 digits | Found in the last hour.',
    ]);
  });

  test('sizes that changed on the way, and a long time without one', () => {
    expect(
      announced(
        [
          [0, 100, 5],
          [1, 100, 5],
          [200, 300, 5],
        ],
        'all',
      )[2],
    ).toBe('2 primes of 100 to 300 digits | Found in the last 3 h 20 min.');
  });

  test('a short number is shown whole', () => {
    expect(announced([[0, 20, 5]], 'all')[0]).toContain(': 77777777777777777777');
  });

  test('whatever is found and whenever, there is at most one an hour, and none without consent', () => {
    const finds = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 10, max: 3000 }), fc.integer({ min: 0, max: 599 })),
    );
    fc.assert(
      fc.property(finds, (list) => {
        const minutes = list.map((_, i) => list.slice(0, i + 1).reduce((sum, [wait]) => sum + wait, 0));
        const timed = list.map(([, digits, seconds], i) => [minutes[i]!, digits, seconds] as const);
        const times = announced(timed, 'all').flatMap((text, i) => (text === null ? [] : [timed[i]![0] * 60_000]));
        for (let i = 1; i < times.length; i++) expect(times[i]! - times[i - 1]!).toBeGreaterThanOrEqual(HOUR);
        expect(announced(timed, 'none').every((text) => text === null)).toBe(true);
      }),
    );
  });
});

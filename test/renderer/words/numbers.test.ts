/** Numbers and times as people read them. */

import { expect, test } from 'vitest';
import { ago, clock, duration, plural, rate, roughDuration, until } from '../../../renderer/words/numbers.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

test.each([
  [0, '0 s'],
  [0.0042, '0.004 s'],
  [0.25, '0.25 s'],
  [9.4, '9.4 s'],
  [59.6, '1 min'],
  [200, '3 min 20 s'],
  [7500, '2 h 5 min'],
  [76 * HOUR, '3 d 4 h'],
  [1234 * DAY, '1,234 d'],
])('%d seconds last %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

test.each([
  [0.3, 'a second'],
  [42, '42 s'],
  [10_813, '3 h'],
  [12_600, '3.5 h'],
  [35_920, '10 h'],
  [4 * DAY, '4 days'],
  [200 * DAY, '6.6 months'],
  [1e4 * 365.25 * DAY, '10,000 years'],
  [1e30, 'more than a million years'],
])('%d seconds are roughly %s', (seconds, text) => {
  expect(roughDuration(seconds)).toBe(text);
});

test.each([
  [1234, '1,234 a second'],
  [0.74, '0.74 a second'],
  [0.01, '36 an hour'],
])('%d tests a second are %s', (perSecond, text) => {
  expect(rate(perSecond)).toBe(text);
});

test.each([
  [5, 'just now'],
  [59, 'less than a minute ago'],
  [130, '2 min ago'],
  [7500, '2 h 5 min ago'],
  [3.2 * DAY, '3 days ago'],
  [-20, 'just now'],
])('what was %d seconds before is %s', (seconds, text) => {
  const wall = Date.UTC(2026, 10, 26, 20, 15);
  expect(ago(new Date(wall - 1000 * seconds).toISOString(), wall)).toBe(text);
});

test('what comes today has a time, what comes this week a weekday, the rest a date', () => {
  const wall = new Date(2026, 10, 26, 20, 15).getTime();
  const later = (hours: number) => until(new Date(wall + hours * HOUR * 1000).toISOString(), wall);
  expect(later(1)).toBe('21:15');
  expect(later(48)).toMatch(/^Saturday.* 20:15$/);
  expect(later(24 * 30)).toMatch(/^26 Dec 2026.* 20:15$/);
});

test('one is one', () => {
  expect(plural(1, 'prime')).toBe('1 prime');
  expect(plural(1000, 'prime')).toBe('1,000 primes');
});

test('the end of the day is 24:00', () => {
  expect([0, 450, 1440].map(clock)).toEqual(['00:00', '07:30', '24:00']);
});

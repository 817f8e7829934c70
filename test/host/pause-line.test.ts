import { expect, test } from 'vitest';
import { firstState, happened, nowOf } from '../../main/host/now.ts';
import { pauseLine, stateLine, timeOfDay } from '../../main/host/pause-line.ts';

const local = (day: number, hour: number, minute = 0) => new Date(2026, 10, day, hour, minute);
const now = local(26, 12).getTime();

test('times are told as a person would', () => {
  expect(timeOfDay(local(26, 14, 5).getTime(), now)).toBe('14:05');
  expect(timeOfDay(local(27, 6).getTime(), now)).toBe('tomorrow 06:00');
  expect(timeOfDay(local(30, 22).getTime(), now)).toBe('Mon 22:00');
});

test('each pause in one line', () => {
  const until = local(26, 14, 30).toISOString();
  expect(pauseLine({ reason: 'user', sentence: 'paused by you', until: null }, now)).toBe('Paused by you');
  expect(pauseLine({ reason: 'snooze', sentence: '', until }, now)).toBe('Paused by you until 14:30');
  expect(pauseLine({ reason: 'battery', sentence: 'on battery (43 %)', until: null }, now)).toBe(
    'Paused: on battery (43 %)',
  );
  expect(pauseLine({ reason: 'schedule', sentence: 'outside its hours', until }, now)).toBe(
    'Paused: outside its hours, until 14:30',
  );
});

test('a state without a pause has a line too', () => {
  const first = firstState(2, true);
  expect(stateLine(nowOf(first), now)).toBe('Starting');
  expect(stateLine(nowOf(happened(first, { is: 'end' }, '')), now)).toBe('Saving');
  expect(stateLine(nowOf(firstState(2, false)), now)).toBe('Not running');
});

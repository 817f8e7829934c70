import { expect, test } from 'vitest';
import { Speed } from '../../../main/cruncher/run/speed.ts';

const after = (seconds: number, perSecond: number, from = { tested: 0, seconds: 0 }) => ({
  tested: from.tested + perSecond * seconds,
  seconds: from.seconds + seconds,
});

test('nothing is claimed before something is measured, also when the pace is changed before', () => {
  const start = { tested: 500, seconds: 90 };
  const speed = new Speed(start);
  expect(speed.perSecond(start)).toBeNull();
  speed.changed({ tested: 500, seconds: 95 }, 0.5);
  expect(speed.perSecond({ tested: 500, seconds: 100 })).toBeNull();
  expect(speed.perSecond({ tested: 600, seconds: 105 })).toBe(10);
});

test('right after a change of pace the speed is that before, as many times as fast; then what is measured', () => {
  const speed = new Speed({ tested: 0, seconds: 0 });
  const hour = after(3600, 200);
  expect(speed.perSecond(hour)).toBe(200);
  speed.changed(hour, 0.1);
  expect(speed.perSecond(hour)).toBe(20);
  // it turns out to be 25: a cooler processor is a faster one
  expect(speed.perSecond(after(1, 25, hour))).toBeCloseTo(20.45, 2);
  expect(speed.perSecond(after(600, 25, hour))).toBeCloseTo(24.9, 1);
});

test('changes that follow one another at once undo one another', () => {
  const speed = new Speed({ tested: 0, seconds: 0 });
  const now = after(60, 80);
  for (const factor of [0.5, 0.25, 4, 2]) speed.changed(now, factor);
  expect(speed.perSecond(now)).toBeCloseTo(80, 9);
});

/** Values come through at most so often, the last of them always. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { paced } from '../../../renderer/bridge/pace.ts';

class Clock {
  now = 0;
  private waiting: { at: number; call: () => void }[] = [];
  steady = (): number => this.now;
  after = (milliseconds: number, call: () => void): void => {
    this.waiting.push({ at: this.now + milliseconds, call });
  };
  goTo(time: number): void {
    for (;;) {
      const next = this.waiting.sort((a, b) => a.at - b.at)[0];
      if (!next || next.at > time) break;
      this.waiting.shift();
      this.now = next.at;
      next.call();
    }
    this.now = time;
  }
}

test('the first comes at once, of those too soon the last, when it is time', () => {
  const clock = new Clock();
  const through: unknown[] = [];
  const pass = paced(500, clock, (value: string) => through.push([clock.now, value]));
  pass('a');
  clock.goTo(100);
  pass('b');
  clock.goTo(200);
  pass('c');
  clock.goTo(2000);
  pass('d');
  expect(through).toEqual([
    [0, 'a'],
    [500, 'c'],
    [2000, 'd'],
  ]);
});

test('never two within the time, and never is the last one lost', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1 }), (gaps) => {
      const clock = new Clock();
      const through: { at: number; value: number }[] = [];
      const pass = paced(500, clock, (value: number) => through.push({ at: clock.now, value }));
      for (const [i, gap] of gaps.entries()) {
        clock.goTo(clock.now + gap);
        pass(i);
      }
      clock.goTo(clock.now + 1000);
      expect(through.at(-1)?.value).toBe(gaps.length - 1);
      for (const [i, { at }] of through.entries())
        if (i > 0) expect(at - through[i - 1]!.at).toBeGreaterThanOrEqual(500);
    }),
  );
});

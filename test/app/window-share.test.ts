import { beforeEach, expect, test } from 'vitest';
import { WindowShare } from '../../main/app/window-share.ts';
import { PaperHostClock } from '../support/paper-host.ts';

let nice: number | null;
let busy: boolean;
let writes: number[];
let clock: PaperHostClock;
let share: WindowShare;

beforeEach(() => {
  nice = 0;
  busy = false;
  writes = [];
  clock = new PaperHostClock();
  share = new WindowShare({
    clock,
    read: () => (nice === null ? null : `/autogroup-17 nice ${nice}\n`),
    write(value) {
      if (busy) return;
      writes.push(value);
      nice = value;
    },
  });
});

test('a window that is made has the ordinary share, one that is there a tenth of it', () => {
  nice = 19;
  share.window('opening');
  expect(nice).toBe(0);
  share.window('there');
  expect(nice).toBe(10);
});

test('also when the search lowers it later, or again', () => {
  share.window('there');
  expect(writes).toEqual([]);
  for (let starts = 0; starts < 2; starts++) {
    nice = 19;
    clock.paper.advance(1000);
    expect(nice).toBe(10);
  }
});

test('without a window the search has the lowest share again, and nothing looks any longer', () => {
  nice = 19;
  share.window('opening');
  share.window('there');
  share.window('none');
  clock.paper.advance(1000);
  expect([nice, writes, clock.paper.next]).toEqual([19, [0, 10, 19], null]);
});

test('a share that the search did not lower is left as it is', () => {
  share.window('opening');
  clock.paper.advance(5000);
  share.window('there');
  clock.paper.advance(5000);
  share.window('none');
  clock.paper.advance(5000);
  expect([nice, writes, clock.paper.next]).toEqual([0, [], null]);
});

test('when the kernel takes no change it is tried again', () => {
  nice = 19;
  busy = true;
  share.window('there');
  busy = false;
  clock.paper.advance(1000);
  expect(nice).toBe(10);
  busy = true;
  share.window('none');
  expect(nice).toBe(10);
  busy = false;
  clock.paper.advance(2000);
  expect([nice, clock.paper.next]).toEqual([19, null]);
});

test('where there are no such shares nobody looks', () => {
  nice = null;
  share.window('opening');
  expect(clock.paper.next).toBeNull();
});

/** Pages of the table: what is looked at is asked for, no more, and what is old is shown until the new is there. */

import { beforeEach, expect, test } from 'vitest';
import type { Result } from '../../../main/contract/bridge.ts';
import type { Page } from '../../../main/contract/library.ts';
import { Pages, ROWS_A_PAGE } from '../../../renderer/table/pages.ts';
import { summaryOf } from '../support/paper-host.ts';

const TOTAL = 10_000;
let asked: { offset: number; answer: (result: Result<Page>) => void }[];
let waits: (() => void)[];
let time: number;
let changes: number;
let moved: number;
let pages: Pages;

beforeEach(() => {
  asked = [];
  waits = [];
  time = 0;
  changes = 0;
  moved = 0;
  pages = new Pages(
    {
      ask: (offset) => new Promise((answer) => asked.push({ offset, answer })),
      steady: () => time,
      after: (milliseconds, call) =>
        waits.push(() => {
          time += milliseconds;
          call();
        }),
      onChange: (inserted) => {
        changes++;
        moved += inserted;
      },
    },
    true,
  );
});

const page = (offset: number, total = TOTAL): Result<Page> => ({
  ok: true,
  value: {
    total,
    rows: Array.from({ length: Math.min(ROWS_A_PAGE, total - offset) }, (_, i) => summaryOf(offset + i + 1, total)),
  },
});
const settle = () => new Promise((done) => setImmediate(done));

test('the first page tells how many there are, then the rows in sight are asked for', async () => {
  pages.want(0, 130);
  expect(asked.map(({ offset }) => offset)).toEqual([0]);
  asked[0]!.answer(page(0));
  await settle();
  expect(pages.total).toBe(TOTAL);
  expect(pages.row(99)?.number).toBe(100);
  expect(pages.row(100)).toBeUndefined();
  waits[0]!();
  expect(asked.map(({ offset }) => offset)).toEqual([0, 100]);
});

test('while rows rush past only a few pages are asked for, and the last place wanted is among them', async () => {
  pages.want(0, 40);
  asked[0]!.answer(page(0));
  await settle();
  for (let row = 500; row < 9000; row += 100) pages.want(row, row + 40);
  waits[0]!();
  await settle();
  expect(asked.at(-1)!.offset).toBe(8900);
  expect(asked.length).toBeLessThanOrEqual(3);
});

test('when the store has changed, old rows are shown until the new ones come, and old answers are ignored', async () => {
  pages.want(0, 40);
  asked[0]!.answer(page(0));
  await settle();
  time = 1000;
  pages.renew();
  expect(pages.row(0)?.number).toBe(1);
  time = 2000;
  pages.renew();
  expect(asked).toHaveLength(3);
  asked[2]!.answer(page(0, 500));
  await settle();
  asked[1]!.answer(page(0, 7));
  await settle();
  expect(pages.total).toBe(500);
  expect(changes).toBe(2);
});

test('a refusal is a sentence, and is forgotten when it goes well again', async () => {
  pages.want(0, 40);
  asked[0]!.answer({ ok: false, sentence: 'The library is starting.' });
  await settle();
  expect(pages.problem).toBe('The library is starting.');
  time = 1000;
  pages.want(0, 40);
  asked[1]!.answer(page(0));
  await settle();
  expect(pages.problem).toBeNull();
});

test('however far one goes, only so much is kept', async () => {
  pages.want(0, 40);
  asked[0]!.answer(page(0));
  await settle();
  for (let at = 1; at < 90; at++) {
    time += 1000;
    pages.want(at * 100, at * 100 + 40);
    asked.at(-1)!.answer(page(at * 100));
    await settle();
  }
  expect(pages.row(0)).toBeUndefined();
  expect(pages.row(8910)?.number).toBe(8911);
});

test('primes that come in at the top move the known rows down by as many', async () => {
  pages.want(0, 130);
  asked[0]!.answer(page(0));
  await settle();
  waits[0]!();
  asked[1]!.answer(page(100));
  await settle();
  time = 1000;
  pages.renew();
  asked[2]!.answer(page(0, TOTAL + 5));
  await settle();
  expect(moved).toBe(5);
  expect(pages.row(4)?.number).toBe(5);
  expect(pages.row(155)?.number).toBe(151);
});

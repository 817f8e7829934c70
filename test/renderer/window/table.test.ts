/** The table of primes with a million records: the right rows anywhere, by scroll bar, wheel and keys. */

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChromium, type WindowInChromium } from '../support/chromium.ts';
import { sizeOf, summaryOf } from '../support/paper-host.ts';

const MILLION = 1_000_000;

let window: WindowInChromium;
beforeAll(async () => {
  window = await openChromium();
});
afterAll(() => window?.close());

const lookAt = (address: string, primes = MILLION) => window.look({ address, scenario: { primes } });

interface SeenRow {
  /** From 0. */
  readonly index: number;
  readonly ends: string;
  readonly size: string;
}

/** The rows of which all is in sight, when all of them are there. */
async function rowsInSight(page: Page): Promise<SeenRow[]> {
  const rows = await page.waitForFunction(() => {
    const grid = document.querySelector('.grid') as HTMLElement;
    const head = (grid.querySelector('.head') as HTMLElement).getBoundingClientRect();
    const bottom = grid.getBoundingClientRect().bottom;
    const rows = [...grid.querySelectorAll<HTMLElement>('.rows .row')].filter((row) => {
      const place = row.getBoundingClientRect();
      return place.top >= head.bottom - 1 && place.bottom <= bottom + 1;
    });
    if (rows.length === 0 || rows.some((row) => !row.querySelector('.size'))) return null;
    return rows.map((row) => ({
      index: Number(row.getAttribute('aria-rowindex')) - 2,
      ends: row.querySelector('.ends')?.textContent ?? '',
      size: row.querySelector('.size')?.textContent ?? '',
    }));
  });
  return (await rows.jsonValue()) as SeenRow[];
}

const endsOf = (number: number): string => {
  const { first, last } = summaryOf(number, MILLION);
  return last === '' ? first : `${first}…${last}`;
};
const sameEnds = (shown: string, number: number) =>
  expect(shown.replace('…', '')).toBe(endsOf(number).replace('…', ''));

/** Newest first: row 0 is the millionth. */
function expectNewestFirst(rows: readonly SeenRow[]): void {
  expect(rows.length).toBeGreaterThan(5);
  for (const [i, { index, ends }] of rows.entries()) {
    expect(index).toBe(rows[0]!.index + i);
    sameEnds(ends, MILLION - index);
  }
}

const scrollBarTo = (page: Page, share: number) =>
  page.locator('.grid').evaluate((grid, to) => {
    grid.scrollTop = to * (grid.scrollHeight - grid.clientHeight);
  }, share);

test('the scroll bar reaches the right rows anywhere, both ends among them', async () => {
  const { page, troubles, close } = await lookAt('/primes');
  expect((await rowsInSight(page))[0]?.index).toBe(0);
  for (const share of [0.1, 0.37, 0.5, 0.93, 1, 0]) {
    await scrollBarTo(page, share);
    await page.waitForTimeout(50);
    const rows = await rowsInSight(page);
    expectNewestFirst(rows);
    if (share === 1) expect(rows.at(-1)?.index).toBe(MILLION - 1);
    if (share === 0) expect(rows[0]?.index).toBe(0);
    if (share > 0 && share < 1) expect(Math.abs(rows[0]!.index / MILLION - share)).toBeLessThan(0.2);
  }
  const made = await page.locator('.rows .row').count();
  expect(made).toBeLessThan(100);
  expect(troubles).toEqual([]);
  await close();
});

test('the wheel goes row by row also in the middle of a million', async () => {
  const { page, close } = await lookAt('/primes');
  await rowsInSight(page);
  await scrollBarTo(page, 0.5);
  await page.waitForTimeout(300);
  const before = await rowsInSight(page);
  await page.locator('.grid').hover();
  await page.mouse.wheel(0, 72);
  await page.waitForFunction(
    (first) => Number(document.querySelector('.rows .row')?.getAttribute('aria-rowindex')) >= first,
    0,
  );
  await page.waitForTimeout(300);
  const after = await rowsInSight(page);
  expectNewestFirst(after);
  expect(Math.abs(after[0]!.index - before[0]!.index - 2)).toBeLessThanOrEqual(1);
  await close();
});

test('by keys: down, a page, the end, and Enter opens the row', async () => {
  const { page, close } = await lookAt('/primes');
  await rowsInSight(page);
  const active = () =>
    page.locator('.grid').evaluate((grid) => {
      const row = document.getElementById(grid.getAttribute('aria-activedescendant') ?? '');
      return { index: Number(row?.getAttribute('aria-rowindex')) - 2, selected: row?.getAttribute('aria-selected') };
    });
  await page.locator('.grid').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  expect(await active()).toEqual({ index: 2, selected: 'true' });
  await page.keyboard.press('End');
  expect((await rowsInSight(page)).at(-1)?.index).toBe(MILLION - 1);
  expect((await active()).index).toBe(MILLION - 1);
  await page.keyboard.press('PageUp');
  expectNewestFirst(await rowsInSight(page));
  const { index } = await active();
  expect(MILLION - index).toBeGreaterThan(5);
  await page.keyboard.press('Enter');
  await page
    .getByRole('heading', { level: 1, name: `Prime number ${(MILLION - index).toLocaleString('en')}` })
    .waitFor();
  await page.goBack();
  await rowsInSight(page);
  expect((await active()).index).toBe(index);
  await close();
});

test('sorted by size, the largest is first, then the smallest', async () => {
  const { page, close } = await lookAt('/primes', 2000);
  await page.getByRole('button', { name: 'Digits' }).click();
  await page.locator('[aria-sort="descending"]', { hasText: 'Digits' }).waitFor();
  await page.locator('.rows .size', { hasText: '10,000' }).waitFor();
  expect((await rowsInSight(page))[0]?.size).toBe('10,000');
  await page.getByRole('button', { name: 'Digits' }).click();
  await page.locator('[aria-sort="ascending"]', { hasText: 'Digits' }).waitFor();
  await page.locator('.rows .row:first-child .size', { hasText: /^18$/ }).waitFor();
  expect(page.url()).toContain('order=digits');
  await close();
});

test('digits typed, with spaces or without, and bounds of the size leave what matches', async () => {
  const { page, close } = await lookAt('/primes', 2000);
  await rowsInSight(page);
  const wanted = summaryOf(1234, 2000).first.slice(0, 6);
  await page.getByRole('searchbox').fill(`${wanted.slice(0, 3)} ${wanted.slice(3)}`);
  await page.getByText('1 prime matches').waitFor();
  expect((await rowsInSight(page)).every(({ ends }) => ends.startsWith(wanted))).toBe(true);
  await page.getByRole('searchbox').fill('12a');
  await page.getByText('Only digits can be searched for.').waitFor();
  await page.getByRole('searchbox').fill('');
  await page.getByLabel('Digits at most').fill('300');
  const small = Array.from({ length: 2000 }, (_, i) => i + 1).filter((number) => sizeOf(number) <= 300).length;
  await page.getByText(`${small} primes match`).waitFor();
  expect((await rowsInSight(page)).every(({ size }) => Number(size) <= 300)).toBe(true);
  await close();
});

test('a prime that is found while one looks further down moves nothing away', async () => {
  const { page, close } = await lookAt('/primes', 5000);
  await rowsInSight(page);
  await scrollBarTo(page, 0.5);
  const before = await rowsInSight(page);
  const seen = before.map(({ ends }) => ends);
  await page.evaluate('paper.find(3)');
  await page.getByText('5,003 primes').waitFor();
  const after = await rowsInSight(page);
  expect(after.map(({ ends }) => ends)).toEqual(seen);
  expect(after[0]!.index).toBe(before[0]!.index + 3);
  await close();
});

/** The window costs next to nothing: few updates while it is seen, none while it is not; and it is told so. */

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChromium, type WindowInChromium } from '../support/chromium.ts';
import type { Paper } from '../support/paper-host.ts';

let chromium: WindowInChromium;
beforeAll(async () => {
  chromium = await openChromium();
});
afterAll(() => chromium?.close());

/** Counts the times that anything of the page changes. */
const watch = (page: Page) =>
  page.evaluate(() => {
    const counts = { changes: 0 };
    new MutationObserver(() => counts.changes++).observe(document, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    });
    Object.assign(globalThis, { counts });
  });
const changes = (page: Page) => page.evaluate('counts.changes') as Promise<number>;

const setVisible = (page: Page, visible: boolean) =>
  page.evaluate(
    (state) => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
      document.dispatchEvent(new Event('visibilitychange'));
    },
    visible ? 'visible' : 'hidden',
  );

/** Tells the window forty times within a second how many candidates are tested. */
const tellOften = (page: Page) =>
  page.evaluate(async () => {
    const { paper } = globalThis as unknown as { paper: Paper };
    const started = performance.now();
    for (let i = 1; i <= 40; i++) {
      const { progress } = paper.now();
      paper.show({ progress: progress && { ...progress, tested: progress.tested + 1 } });
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    return performance.now() - started;
  });

test('told forty times a second, it changes at most twice a second, and ends with the last', async () => {
  const { page, close } = await chromium.look();
  await page.getByText('1,482,113').waitFor();
  await watch(page);
  const milliseconds = await tellOften(page);
  const seen = await changes(page);
  expect(seen).toBeGreaterThan(0);
  expect(seen).toBeLessThanOrEqual(Math.floor(milliseconds / 500) + 1);
  await page.getByText('1,482,153').waitFor();
  await close();
});

test('hidden, it says so, changes nothing, asks nothing and runs no timer; seen again, it is up to date', async () => {
  const { page, close } = await chromium.look();
  await page.getByText('1,482,113').waitFor();
  await page.evaluate(() => {
    const timers = new Set<number>();
    const { setInterval: set, clearInterval: clear } = window;
    Object.assign(globalThis, {
      timers,
      setInterval(call: () => void, milliseconds: number) {
        const id = set(call, milliseconds);
        timers.add(id);
        return id;
      },
      clearInterval(id: number) {
        timers.delete(id);
        clear(id);
      },
    });
  });
  const timers = () => page.evaluate('timers.size');
  await setVisible(page, false);
  await setVisible(page, true);
  expect(await timers()).toBe(1);
  await setVisible(page, false);
  expect(await timers()).toBe(0);
  await watch(page);
  const askedBefore = await page.evaluate('paper.received.length');
  expect(await page.evaluate('paper.received.at(-1)')).toEqual({ type: 'visible', visible: false });
  await tellOften(page);
  expect(await changes(page)).toBe(0);
  expect(await page.evaluate('paper.received.length')).toBe(askedBefore);
  await setVisible(page, true);
  await page.getByText('1,482,153').waitFor();
  expect(await page.evaluate(`paper.received.find((message, i) => i >= ${askedBefore})`)).toEqual({
    type: 'visible',
    visible: true,
  });
  await close();
});

test('what is announced changes with the state and with finds, not with every tick', async () => {
  const { page, close } = await chromium.look();
  const announced = () => page.locator('.unseen [role=status]').allTextContents();
  await page.getByText('1,482,113').waitFor();
  const before = await announced();
  expect(before).toEqual(['Searching.', '']);
  await tellOften(page);
  expect(await announced()).toEqual(before);
  await page.evaluate(() => {
    const { paper } = globalThis as unknown as { paper: Paper };
    const { lastFind } = paper.now();
    paper.show({
      lastFind: lastFind && { ...lastFind, number: 188 },
      state: 'paused',
      pauses: [{ reason: 'battery', sentence: 'on battery (43 %)', until: null }],
    });
  });
  await page.getByRole('heading', { name: 'Paused' }).waitFor();
  expect(await announced()).toEqual([
    'Paused. On battery (43 %).',
    'Found number 188: a probable prime of 1,000 digits.',
  ]);
  await close();
});

/**
 * Every view, as it is built, in a real Chromium: axe finds nothing in either theme, the page's policy is never broken, it
 * fits a narrow window, and it says what it said before (snapshots of what a screen reader gets, from fixed data).
 * `npm run screenshots` makes pictures of all of it.
 */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChromium, type WindowInChromium } from '../support/chromium.ts';
import { VIEWS } from '../support/views.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let window: WindowInChromium;
beforeAll(async () => {
  window = await openChromium();
});
afterAll(() => window?.close());

async function axe(page: Page, options: RunOptions = {}): Promise<string[]> {
  if (!(await page.evaluate('typeof axe === "object"'))) await page.evaluate(AXE);
  const { violations } = await page.evaluate<AxeResults>(
    `axe.run(document, ${JSON.stringify({ resultTypes: ['violations'], ...options })})`,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
  );
}

test.each(VIEWS)('$name', async (view) => {
  const { page, troubles, close } = await window.look(view);
  await view.ready(page);
  expect(await axe(page)).toEqual([]);
  await expect(`${await page.locator('body').ariaSnapshot()}\n`).toMatchFileSnapshot(`./snapshots/${view.name}.yml`);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await axe(page, { runOnly: ['color-contrast'] })).toEqual([]);
  for (const width of [900, 360]) {
    await page.setViewportSize({ width, height: 600 });
    const wider = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    expect(wider, `scrolls sideways at ${width}`).toBe(0);
  }
  expect(await page.locator('h1').count()).toBe(1);
  expect(troubles).toEqual([]);
  await close();
});

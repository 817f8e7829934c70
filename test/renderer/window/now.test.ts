/** What the first view says of a search that does not run, and of a core that does not compute. */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChromium, type WindowInChromium } from '../support/chromium.ts';
import { PAPER_NOW } from '../support/paper-host.ts';

let chromium: WindowInChromium;
beforeAll(async () => {
  chromium = await openChromium();
});
afterAll(() => chromium?.close());

test('a search that will not run says why, and can be tried again', async () => {
  const problem = 'Another nice19 (process 4711) is searching in /data; stop it, or choose another directory.';
  const { page, close } = await chromium.look({
    scenario: { now: { state: 'stopped', search: null, progress: null, problem } },
  });
  await page.getByText(problem).waitFor();
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { name: 'Searching' }).waitFor();
  await close();
});

test('a core that stands still because fewer are to compute is said to rest', async () => {
  const workers = PAPER_NOW.progress!.workers.map((worker, i) => ({ ...worker, rests: i === 1 }));
  const { page, close } = await chromium.look({
    scenario: { now: { progress: { ...PAPER_NOW.progress!, workers }, cores: { used: 3, of: 4, share: 100 } } },
  });
  await page.locator('.cores li').first().waitFor();
  expect(await page.locator('.cores .stage').allTextContents()).toEqual([
    'Screening',
    'Resting',
    'Rabin rounds',
    'Sieving a block',
  ]);
  await close();
});

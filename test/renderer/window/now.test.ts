/** What the first view and the first page say of a search that does not run, of a core that does not compute, and of what is set. */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChromium, type WindowInChromium } from '../support/chromium.ts';
import { PAPER_NOW, type Paper } from '../support/paper-host.ts';

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

test('the first page begins with what is set already, as by words in the terminal, and changes nothing else', async () => {
  const { page, close } = await chromium.look({
    scenario: { about: { firstStart: true }, settings: { digits: 300, cores: 2 } },
  });
  await page.getByRole('button', { name: 'Begin' }).click();
  await page.getByRole('heading', { name: 'Searching' }).waitFor();
  const { digits, cores } = await page.evaluate(() => (globalThis as unknown as { paper: Paper }).paper.settings());
  expect({ digits, cores }).toEqual({ digits: 300, cores: 2 });
  await close();
});

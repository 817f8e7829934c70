/**
 * The window in a real Chromium with a real search behind it, through the browser's bridge: from the address in the
 * terminal to primes that OpenSSL agrees with.
 */

import { checkPrimeSync } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { buildWindow, launch } from '../renderer/support/chromium.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { type Running, start } from '../support/nice19.ts';

let browser: Browser;
beforeAll(async () => {
  await buildWindow();
  browser = await launch();
});
afterAll(() => browser?.close());

function startWeb(directory: string): Running & { address: Promise<string> } {
  const running = start(['search', '--web', '--data', directory]);
  onTestFinished(() => void running.process.kill('SIGKILL'));
  const address = new Promise<string>((resolve, reject) => {
    createInterface({ input: running.process.stderr! }).on('line', (line) => {
      const shown = /^The window: (http:\S+)$/.exec(line.trim());
      if (shown !== null) resolve(shown[1] as string);
    });
    void running.ended.then(({ err }) => reject(new Error(`it ended: ${err}`)));
  });
  return { ...running, address };
}

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name });
const go = (page: Page, name: string) => page.getByRole('navigation').getByRole('link', { name }).click();
const digitsIn = async (page: Page, label: string | RegExp): Promise<string> =>
  (await page.getByRole('group', { name: label }).innerText()).replaceAll(/\s/g, '');
/** Oracle: OpenSSL, by Node. */
const isPrime = (decimal: string): boolean => checkPrimeSync(BigInt(decimal), { checks: 30 });

test('from the printed address over the first page to real primes: found, looked at, checked again, multiplied', async () => {
  const running = startWeb(temporaryDirectory());
  const page = await browser.newPage({ viewport: { width: 900, height: 600 } });
  // The search gives way to everything else that this computer does.
  page.setDefaultTimeout(100_000);
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(message.text());
  });
  await page.goto(await running.address);

  await heading(page, 'Spare time into primes').waitFor();
  await page.locator('.expected:not(:empty)').waitFor();
  expect(await page.locator('.expected').textContent()).toMatch(/nothing was measured on this one yet/);
  await page.getByRole('spinbutton', { name: 'How large?' }).fill('60');
  await page.getByRole('spinbutton', { name: 'How large?' }).press('Tab');
  await page.getByRole('button', { name: 'Begin' }).click();
  await heading(page, 'Searching').waitFor();
  await page.getByText('60 digits').first().waitFor();
  await page.locator('.figure', { hasText: 'Last find' }).getByRole('link').waitFor();

  await go(page, 'Primes');
  await page.locator('.rows .found').first().waitFor();
  await page.locator('.rows .found').nth(2).waitFor();
  await page.locator('.rows .row').first().click();
  await heading(page, /^Prime number/).waitFor();
  const digits = await digitsIn(page, 'All digits');
  expect(digits).toHaveLength(60);
  expect(isPrime(digits)).toBe(true);
  await page.getByRole('button', { name: 'Check again' }).click();
  await page.getByText(/^Passed\./).waitFor();
  expect(await page.getByText(/It was last checked on/).count()).toBe(1);

  await go(page, 'Challenge');
  await page.getByRole('button', { name: 'Reveal them' }).click();
  await page.locator('.factor .digits').nth(1).waitFor();
  const factors = (await page.locator('.factor .digits').allInnerTexts()).map((text) => text.replaceAll(/\s/g, ''));
  expect(factors.map(isPrime)).toEqual([true, true]);
  expect(BigInt(await digitsIn(page, 'The composite'))).toBe(BigInt(factors[0]!) * BigInt(factors[1]!));

  await go(page, 'History');
  await page.locator('canvas').first().waitFor();

  await go(page, 'Settings');
  await page.locator('.expected:not(:empty)').waitFor();
  expect(await page.locator('.expected').textContent()).toMatch(/^With \d+ cores? of this computer: .*\d/);
  await page.getByLabel('Pause for full screen').check();
  await go(page, 'Now');
  await page.getByRole('button', { name: 'Pause' }).click();
  await heading(page, 'Paused').waitFor();
  await page.getByRole('button', { name: 'Resume' }).click();
  await heading(page, 'Searching').waitFor();
  await page.reload();
  await heading(page, 'Searching').waitFor();
  await go(page, 'Settings');
  expect(await page.getByLabel('Pause for full screen').isChecked()).toBe(true);
  expect(troubles).toEqual([]);

  running.process.kill('SIGINT');
  await page.getByText('The search does not answer at the moment').waitFor();
  expect((await running.ended).code).toBe(0);
  await page.close();
});

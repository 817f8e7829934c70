/** A walk through the window with a real search behind it, whatever carries its bridge: from the first page to primes. */

import { checkPrimeSync } from 'node:crypto';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

export const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name });
const go = (page: Page, name: string) => page.getByRole('navigation').getByRole('link', { name }).click();
const withoutSpaces = (text: string): string => text.replaceAll(/\s/g, '');
const digitsIn = async (page: Page, label: string): Promise<string> =>
  withoutSpaces(await page.getByRole('group', { name: label }).innerText());
/** Oracle: OpenSSL, by Node. */
const isPrime = (decimal: string): boolean => checkPrimeSync(BigInt(decimal), { checks: 30 });

/** What goes wrong in a page from now on. */
export function troublesOf(page: Page): string[] {
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(message.text());
  });
  return troubles;
}

/** The first page is answered; a prime is found, looked at, checked again, multiplied; the search is paused and goes on. */
export async function walkTheWindow(page: Page): Promise<void> {
  // The search gives way to everything else that this computer does.
  page.setDefaultTimeout(100_000);
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
  await page.locator('.rows .found').nth(2).waitFor();
  await page.locator('.rows .row').first().click();
  await heading(page, /^Prime number/).waitFor();
  const digits = await digitsIn(page, 'All digits');
  expect(digits).toHaveLength(60);
  expect(isPrime(digits)).toBe(true);
  await page.getByRole('button', { name: 'Check again' }).click();
  await page.getByText(/^Passed\./).waitFor();
  await page.getByText(/^It was last checked on/).waitFor();

  await go(page, 'Challenge');
  await page.getByRole('button', { name: 'Reveal them' }).click();
  await page.locator('.factor .digits').nth(1).waitFor();
  const factors = (await page.locator('.factor .digits').allInnerTexts()).map(withoutSpaces);
  expect(factors.map(isPrime)).toEqual([true, true]);
  expect(BigInt(await digitsIn(page, 'The composite'))).toBe(BigInt(factors[0]!) * BigInt(factors[1]!));

  await go(page, 'History');
  await page.locator('canvas').first().waitFor();

  await go(page, 'Settings');
  await page.locator('.expected:not(:empty)').waitFor();
  await page.getByLabel('Pause for full screen').check();
  await go(page, 'Now');
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await heading(page, 'Paused').waitFor();
  await page.getByRole('button', { name: 'Resume' }).click();
  await heading(page, 'Searching').waitFor();
  await page.reload();
  await heading(page, 'Searching').waitFor();
  await go(page, 'Settings');
  expect(await page.getByLabel('Pause for full screen').isChecked()).toBe(true);
}

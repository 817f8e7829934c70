/** What people take out of the window: copies and files have the digits, all of them, and nothing else. */

import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SETTING_TEXTS } from '../../../main/contract/settings.ts';
import { openChromium, type WindowInChromium } from '../support/chromium.ts';
import { PRIME_OF_1000_DIGITS } from '../support/paper-prime.ts';

let chromium: WindowInChromium;
beforeAll(async () => {
  chromium = await openChromium();
});
afterAll(() => chromium?.close());

const clipboard = (page: Page) => page.evaluate('navigator.clipboard.readText()') as Promise<string>;

async function download(page: Page, click: () => Promise<void>): Promise<{ name: string; content: string }> {
  const [file] = await Promise.all([page.waitForEvent('download'), click()]);
  return { name: file.suggestedFilename(), content: await readFile(await file.path(), 'utf8') };
}

test('a prime is copied whole, and so is what is marked of it, without the spaces between its groups', async () => {
  const { page, troubles, close } = await chromium.look({ address: '/primes/187' });
  await page.getByRole('button', { name: 'Copy all digits' }).click();
  await page.getByText('Copied.').waitFor();
  expect(await clipboard(page)).toBe(PRIME_OF_1000_DIGITS);
  await page.locator('.digits').evaluate((digits) => getSelection()?.selectAllChildren(digits));
  await page.keyboard.press('Control+C');
  expect(await clipboard(page)).toBe(PRIME_OF_1000_DIGITS);
  await page.getByRole('button', { name: 'Copy the command for OpenSSL' }).click();
  await page.waitForFunction(async () => (await navigator.clipboard.readText()).startsWith('openssl'));
  expect(await clipboard(page)).toBe(`openssl prime -hex ${BigInt(PRIME_OF_1000_DIGITS).toString(16)}`);
  expect(troubles).toEqual([]);
  await close();
});

test.each(['text', 'JSON', 'CSV'])('a prime is exported as %s', async (format) => {
  const { page, close } = await chromium.look({ address: '/primes/187' });
  await page.locator('summary', { hasText: 'Export' }).click();
  const { name, content } = await download(page, () => page.getByRole('button', { name: `As ${format}` }).click());
  expect(name).toMatch(/^prime-187-1000-digits\.(txt|json|csv)$/);
  expect(content).toContain(PRIME_OF_1000_DIGITS);
  if (format === 'JSON') expect(JSON.parse(content)).toMatchObject({ decimal: PRIME_OF_1000_DIGITS, rounds: 40 });
  await close();
});

test('a challenge is copied and exported without its factors, which are told when they are asked for', async () => {
  const { page, close } = await chromium.look({ address: '/challenge' });
  await page.getByRole('button', { name: 'Copy the composite' }).click();
  await page.getByText('Copied.').waitFor();
  const composite = await clipboard(page);
  const { content } = await download(page, () => page.getByRole('button', { name: 'Export' }).click());
  expect(content).toBe(`${composite}\n`);
  expect(BigInt(composite) % BigInt(PRIME_OF_1000_DIGITS)).toBe(0n);
  expect(await page.evaluate('document.body.textContent')).not.toContain(PRIME_OF_1000_DIGITS.slice(0, 10));
  await page.getByRole('button', { name: 'Reveal them' }).click();
  await page.locator('.factor .digits').nth(1).waitFor();
  const factors = (await page.locator('.factor .digits').allInnerTexts()).map((text) => text.replaceAll(' ', ''));
  expect(BigInt(factors[0]!) * BigInt(factors[1]!)).toBe(BigInt(composite));
  await close();
});

test('every setting of the schema is there, with its sentence', async () => {
  const { page, close } = await chromium.look({ address: '/settings' });
  await page.locator('.expected:not(:empty)').waitFor();
  const shown = (await page.locator('.setting .words').allTextContents()).map((text) => text.trim());
  for (const { label, sentence } of Object.values(SETTING_TEXTS)) expect(shown).toContain(`${label}${sentence}`);
  await close();
});

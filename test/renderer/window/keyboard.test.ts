/** The whole window by keyboard alone: everything can be reached, is seen to be reached, and does what it says. */

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Upward } from '../../../main/contract/bridge.ts';
import { openChromium, type WindowInChromium } from '../support/chromium.ts';
import type { Paper } from '../support/paper-host.ts';
import { VIEWS } from '../support/views.ts';

let window: WindowInChromium;
beforeAll(async () => {
  window = await openChromium();
});
afterAll(() => window?.close());

/** Tab until an element with this name has the focus. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const names: string[] = [];
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement | null;
      const labels = (element as HTMLInputElement | null)?.labels;
      return (element?.getAttribute('aria-label') ?? labels?.[0]?.textContent ?? element?.textContent ?? '').trim();
    });
    if (typeof name === 'string' ? focused === name : name.test(focused)) return;
    names.push(focused.slice(0, 40));
  }
  throw new Error(`Tab never reaches ${name}; it went over ${names.join(' | ')}`);
}

const asked = (page: Page) =>
  page.evaluate(() =>
    (globalThis as unknown as { paper: Paper }).paper.received
      .filter((message): message is Extract<Upward, { type: 'request' }> => message.type === 'request')
      .map(({ name, takes }) => ({ name, takes })),
  );

/** Views that have something of their own to reach; the others are the same with other numbers. */
const OWN = [
  'now',
  'now-paused',
  'primes',
  'prime-open',
  'challenge-revealed',
  'history-tables',
  'settings',
  'first-start',
];

test.each(VIEWS.filter(({ name }) => OWN.includes(name)))(
  'in "$name" Tab reaches all that can be used, and shows where it is',
  async (view) => {
    const { page, close } = await window.look(view);
    await view.ready(page);
    const all = await page.evaluate(() => {
      const usable = 'a[href], button, input, select, summary, [tabindex="0"]';
      return [...document.querySelectorAll<HTMLElement>(usable)].filter((element, i) => {
        element.dataset['stop'] = String(i);
        const { checked, type, name } = element as HTMLInputElement;
        const seen = element.checkVisibility({ checkOpacity: false, visibilityProperty: true });
        return seen && !element.matches(':disabled') && !(type === 'radio' && name && !checked);
      }).length;
    });
    const reached = new Map<string, string>();
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    for (let i = 0; i < all + 25 && reached.size < all; i++) {
      await page.keyboard.press('Tab');
      const [stop, outline] = await page.evaluate(() => {
        const element = document.activeElement as HTMLElement;
        const looks = [element, element.nextElementSibling].filter((one) => one !== null);
        return [element.dataset['stop'] ?? '', looks.map((one) => getComputedStyle(one).outlineStyle).join(' ')];
      });
      if (stop) reached.set(stop!, outline!);
    }
    expect(reached.size).toBe(all);
    expect([...reached.values()].filter((outline) => !/solid|auto/.test(outline))).toEqual([]);
    await close();
  },
);

test('a walk: to a prime, check it, delete it, think better of it, and go back', async () => {
  const { page, troubles, close } = await window.look();
  await tabTo(page, 'Primes');
  await page.keyboard.press('Enter');
  await page.locator('.rows .found').first().waitFor();
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Primes');
  await tabTo(page, 'Primes');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Prime number 186' }).waitFor();

  await tabTo(page, 'Delete…');
  await page.keyboard.press('Enter');
  await page.locator('dialog').waitFor();
  const inDialog = () => page.evaluate(() => document.activeElement?.closest('dialog') !== null);
  for (let i = 0; i < 5; i++) {
    const outside = await page.evaluate(() => document.activeElement !== document.body);
    if (outside) expect(await inDialog()).toBe(true);
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Escape');
  await page.locator('dialog').waitFor({ state: 'detached' });
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Delete…');

  await page.keyboard.press('Enter');
  await tabTo(page, 'Delete');
  await page.keyboard.press('Enter');
  await page.getByText('Prime number 186 is removed.').waitFor();
  await page.getByText('186 primes').waitFor();
  await tabTo(page, 'Undo');
  await page.keyboard.press('Enter');
  await page.getByText('187 primes').waitFor();

  await page.goBack();
  await page.getByRole('heading', { level: 1, name: 'Prime number 186' }).waitFor();
  await tabTo(page, 'Check again');
  await page.keyboard.press('Enter');
  await page.getByText('Passed.').waitFor();
  expect((await asked(page)).map(({ name }) => name)).toEqual(expect.arrayContaining(['remove', 'restore', 'recheck']));
  expect(troubles).toEqual([]);
  await close();
});

test('settings by keyboard take effect at once; a refusal says why and what holds stays', async () => {
  const { page, close } = await window.look({
    address: '/settings?at=onBattery',
    scenario: { refuse: { setLoginItem: 'The system does not let nice19 start at login.' } },
  });
  await page.locator('.expected:not(:empty)').waitFor();
  expect(await page.evaluate(() => (document.activeElement as HTMLSelectElement).value)).toBe('pause');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.getByRole('slider', { name: 'Digits' }).focus();
  const before = await page.locator('.expected').textContent();
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction((text) => document.querySelector('.expected')?.textContent !== text, before);
  await page.getByLabel('Start at login').focus();
  await page.keyboard.press('Space');
  await page.getByText('The system does not let nice19 start at login.').waitFor();
  expect(await page.getByLabel('Start at login').isChecked()).toBe(false);
  const changes = (await asked(page)).filter(({ name }) => name === 'changeSettings').map(({ takes }) => takes);
  expect(changes).toEqual([{ onBattery: 'pause-below' }, { onBattery: 'run' }, { digits: 1200 }]);
  await close();
});

test('the schedule by keyboard', async () => {
  const { page, close } = await window.look({ address: '/settings' });
  await page.getByRole('button', { name: 'Add a time' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('checkbox', { name: 'saturday' }).focus();
  await page.keyboard.press('Space');
  await page.waitForFunction(
    () => (globalThis as unknown as { paper: Paper }).paper.settings().schedule[0]?.days.length === 6,
  );
  await page.getByRole('button', { name: 'Remove Time 1' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('At any time.').waitFor();
  await close();
});

test('the first page by keyboard, and then it runs', async () => {
  const { page, close } = await window.look({ scenario: { about: { firstStart: true } } });
  await tabTo(page, 'Start when I log in');
  await page.keyboard.press('Space');
  await tabTo(page, 'Begin');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Searching' }).waitFor();
  expect((await asked(page)).find(({ name }) => name === 'begin')?.takes).toEqual({
    settings: { digits: 1000, cores: null },
    startAtLogin: true,
  });
  await close();
});

test('the menu closes with Escape and gives the focus back', async () => {
  const { page, close } = await window.look();
  await tabTo(page, 'Snooze');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Escape');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Snooze');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Paused' }).waitFor();
  expect((await asked(page)).at(-1)).toEqual({ name: 'snooze', takes: { how: '15-minutes' } });
  await close();
});

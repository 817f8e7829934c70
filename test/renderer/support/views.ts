/** Every view of the window, with something in it: for pictures, for axe, for what holds in all of them. */

import type { Page } from 'playwright-core';
import type { Look } from './chromium.ts';
import { PAPER_NOW } from './paper-host.ts';

export interface ViewToSee extends Look {
  readonly name: string;
  /** Resolves when all of it is there. */
  ready(page: Page): Promise<void>;
}

const seen = (selector: string) => async (page: Page) => {
  await page.locator(selector).first().waitFor();
};

export const VIEWS: readonly ViewToSee[] = [
  { name: 'now', address: '/now', ready: seen('.cores li') },
  {
    name: 'now-paused',
    address: '/now',
    scenario: {
      now: {
        state: 'paused',
        pauses: [
          { reason: 'battery', sentence: 'on battery (43 %)', until: null },
          { reason: 'schedule', sentence: 'outside the weekly schedule', until: '2026-11-26T22:00:00.000Z' },
        ],
        problem: 'The disk is full: 2 primes wait to be saved.',
        notices: [
          {
            id: 1,
            at: '2026-11-26T19:02:00.000Z',
            sentence: 'The store was damaged and was restored from its journal; no prime is missing.',
          },
        ],
        progress: {
          ...PAPER_NOW.progress!,
          workers: PAPER_NOW.progress!.workers.map((worker) => ({ ...worker, stage: 'idle', offset: null })),
        },
      },
    },
    ready: seen('.notice'),
  },
  {
    name: 'now-often',
    scenario: { now: { progress: { ...PAPER_NOW.progress!, testsPerSecond: 31_000, expectedSecondsToNext: 0.8 } } },
    ready: seen('.cores li'),
  },
  { name: 'primes', address: '/primes', ready: seen('.rows .found') },
  {
    name: 'primes-million',
    address: '/primes?order=digits',
    scenario: { primes: 1_000_000 },
    ready: seen('.rows .found'),
  },
  { name: 'primes-none', address: '/primes', scenario: { primes: 0, now: { lastFind: null } }, ready: seen('.empty') },
  { name: 'prime', address: '/primes/187', ready: seen('.digits') },
  { name: 'prime-10000', address: '/primes/42', ready: seen('.digits') },
  { name: 'prime-certain', address: '/primes/16', ready: seen('.digits') },
  { name: 'challenge', address: '/challenge', ready: seen('.digits') },
  { name: 'history', address: '/history', ready: seen('canvas') },
  {
    name: 'settings',
    address: '/settings',
    scenario: {
      settings: {
        onBattery: 'pause-below',
        pauseForPrograms: ['blender', 'game.exe'],
        schedule: [
          { days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'], from: 18 * 60, to: 8 * 60 },
          { days: ['saturday', 'sunday'], from: 0, to: 1440 },
        ],
      },
    },
    ready: seen('.expected:not(:empty)'),
  },
  {
    name: 'first-start',
    scenario: { about: { firstStart: true }, now: { state: 'stopped', search: null, progress: null, lastFind: null } },
    ready: seen('.expected:not(:empty)'),
  },
  {
    name: 'dialog',
    address: '/now',
    async ready(page) {
      await page.getByRole('button', { name: 'New search…' }).click();
      await page.locator('dialog').waitFor();
    },
  },
  {
    name: 'menu',
    address: '/now',
    async ready(page) {
      await page.locator('summary', { hasText: 'Snooze' }).click();
      await page.getByRole('button', { name: 'Until tomorrow' }).waitFor();
    },
  },
  {
    name: 'removed',
    address: '/primes/187',
    async ready(page) {
      await page.getByRole('button', { name: 'Delete…' }).click();
      await page.getByRole('button', { name: 'Delete', exact: true }).click();
      await page.locator('.toast').waitFor();
      await page.locator('.rows .found').first().waitFor();
    },
  },
  {
    name: 'prime-open',
    address: '/primes/187',
    async ready(page) {
      for (const summary of await page.locator('details:not(.menu) > summary').all()) await summary.click();
      await page.getByRole('button', { name: 'Check again' }).click();
      await page.getByText('Passed.').waitFor();
    },
  },
  {
    name: 'challenge-revealed',
    address: '/challenge',
    async ready(page) {
      await page.getByRole('button', { name: 'Reveal them' }).click();
      await page.locator('.factor .digits').nth(1).waitFor();
    },
  },
  {
    name: 'history-tables',
    address: '/history',
    async ready(page) {
      await page.locator('canvas').first().waitFor();
      for (const summary of await page.locator('details > summary').all()) await summary.click();
    },
  },
];

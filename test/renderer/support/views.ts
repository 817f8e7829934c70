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
];

/** Whatever others wrote (a record, a host's name, a program's) is text in the window, in every view. */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChromium, type WindowInChromium } from '../support/chromium.ts';
import { PAPER_NOW } from '../support/paper-host.ts';

const MARKUP = '<img src=x onerror="globalThis.taken=1"><script>taken=1</script><b>bold</b>{{1+1}}';

let window: WindowInChromium;
beforeAll(async () => {
  window = await openChromium();
});
afterAll(() => window?.close());

const scenario = {
  host: MARKUP,
  about: { directory: MARKUP, version: MARKUP, platform: MARKUP },
  now: {
    state: 'paused' as const,
    pauses: [{ reason: 'program' as const, sentence: MARKUP, until: null }],
    problem: MARKUP,
    notices: [{ id: 1, at: '2026-11-26T19:02:00.000Z', sentence: MARKUP }],
    priority: PAPER_NOW.priority && { ...PAPER_NOW.priority, sentence: MARKUP },
    search: PAPER_NOW.search && { ...PAPER_NOW.search, kernel: { kernel: MARKUP, why: MARKUP } },
  },
  settings: { pauseForPrograms: ['<b>bold<'] },
  loginItem: { sentence: MARKUP },
  refuse: { pause: MARKUP, history: MARKUP, challenge: MARKUP },
};

test.each(['/now', '/primes', '/primes/187', '/challenge', '/history', '/settings'])('in %s', async (address) => {
  const { page, troubles, close } = await window.look({ address, scenario });
  await page.getByText(MARKUP).first().waitFor();
  const made = await page.evaluate('document.querySelectorAll("#window :is(img, script, b, iframe, style)").length');
  expect(made).toBe(0);
  expect(await page.evaluate('typeof taken')).toBe('undefined');
  expect(troubles).toEqual([]);
  await close();
});

test('an address with markup in it leads to Now', async () => {
  const { page, close } = await window.look({ address: `/primes/${encodeURIComponent(MARKUP)}` });
  await page.getByRole('heading', { name: 'Searching' }).waitFor();
  await close();
});

/**
 * The window in a real Chromium with a real search behind it, through the browser's bridge, from the address in the
 * terminal on. Through the preload's bridge: test/end-to-end/app/window.test.ts.
 */

import { createInterface } from 'node:readline';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { buildWindow, launch } from '../renderer/support/chromium.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { type Running, start } from '../support/nice19.ts';
import { heading, troublesOf, walkTheWindow } from './window-walk.ts';

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

test('from the printed address over the first page to real primes, and it says when the search has ended', async () => {
  const running = startWeb(temporaryDirectory());
  const page = await browser.newPage({ viewport: { width: 900, height: 600 } });
  const troubles = troublesOf(page);
  await page.goto(await running.address);
  await walkTheWindow(page);
  expect(troubles).toEqual([]);
  running.process.kill('SIGINT');
  await page.getByText('The search does not answer at the moment').waitFor();
  expect((await running.ended).code).toBe(0);
  expect(await heading(page, 'Settings').count()).toBe(1);
  await page.close();
});

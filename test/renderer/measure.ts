/**
 * `npm run measure:window`: what the window costs, in a real Chromium without a graphics processor, with the paper host
 * behind it. Figures to be read and written down with the computer they are from; nothing passes or fails.
 */

import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { BUILT_WINDOW, type Look, type LookedAt, openChromium, type WindowInChromium } from './support/chromium.ts';

const TIMES = 7;
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] as number;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

interface Cost {
  /** On the clock, in milliseconds. */
  readonly wall: number;
  /** CPU time of the page's main thread, in milliseconds: much the same however busy the computer is. */
  readonly cpu: number;
}

/** Counts the CPU time of the page's main thread from now on. */
async function mainThread(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const read = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
  };
  const before = await read();
  return async () => (await read()) - before;
}

async function several(
  window: WindowInChromium,
  what: (looked: LookedAt) => Promise<Cost>,
  look: Look = {},
): Promise<string> {
  const costs: Cost[] = [];
  for (let i = 0; i < TIMES; i++) {
    const looked = await window.look(look);
    costs.push(await what(looked));
    await looked.close();
  }
  return (['wall', 'cpu'] as const)
    .map((kind) => {
      const times = costs.map((cost) => cost[kind]);
      return `${kind} ${median(times).toFixed(0)} ms (${Math.min(...times).toFixed(0)} to ${Math.max(...times).toFixed(0)})`;
    })
    .join(', ');
}

/** From the beginning of the navigation to the frame that has the view in it. */
const firstView = async ({ page }: LookedAt): Promise<Cost> => {
  const cpu = await mainThread(page);
  await page.reload();
  const wall = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const look = (): void => {
          if (document.querySelector('.figures')) requestAnimationFrame(() => resolve(performance.now()));
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
  return { wall, cpu: await cpu() };
};

/** From the click on a row to the frame that shows all digits. */
const primePage = async ({ page }: LookedAt): Promise<Cost> => {
  await page.locator('.rows .size', { hasText: '10,000' }).waitFor();
  const cpu = await mainThread(page);
  const wall = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const started = performance.now();
        const look = (): void => {
          const digits = document.querySelector('.digits');
          if ((digits?.textContent?.length ?? 0) > 10_000)
            requestAnimationFrame(() => resolve(performance.now() - started));
          else requestAnimationFrame(look);
        };
        document.querySelector<HTMLElement>('.rows .row')?.click();
        look();
      }),
  );
  return { wall, cpu: await cpu() };
};

/** Frames while a million rows are scrolled, 60 pixels a frame for five seconds. */
async function scrolling(window: WindowInChromium): Promise<string> {
  const { page, close } = await window.look({ address: '/primes', scenario: { primes: 1_000_000 } });
  await page.locator('.rows .found').first().waitFor();
  const cpu = await mainThread(page);
  const gaps = await page.evaluate(
    () =>
      new Promise<number[]>((resolve) => {
        const grid = document.querySelector('.grid') as HTMLElement;
        const started = performance.now();
        let before = started;
        const gaps: number[] = [];
        const frame = (time: number): void => {
          gaps.push(time - before);
          before = time;
          grid.scrollTop += 60;
          if (time - started < 5000) requestAnimationFrame(frame);
          else resolve(gaps.slice(1));
        };
        requestAnimationFrame(frame);
      }),
  );
  const each = (await cpu()) / gaps.length;
  await close();
  const seconds = gaps.reduce((sum, gap) => sum + gap, 0) / 1000;
  const late = gaps.filter((gap) => gap > 25).length;
  return `${(gaps.length / seconds).toFixed(1)} frames a second, ${late} of ${gaps.length} later than 25 ms; ${each.toFixed(1)} ms of CPU time a frame`;
}

const window = await openChromium();
try {
  const html = readFileSync(join(BUILT_WINDOW, 'index.html'), 'utf8');
  const first = [...html.matchAll(/(?:src|href)="\.\/([^"]+\.(?:js|css))"/g)].map(([, file]) => file as string);
  say(`${cpus().length} × ${cpus()[0]?.model}, load ${loadavg()[0]?.toFixed(1)}, Chromium ${window.browser.version()}`);
  for (const file of first) {
    say(`${file}: ${gzipSync(readFileSync(join(BUILT_WINDOW, file)), { level: 9 }).length} bytes, gzip`);
  }
  say(`first view after navigation: ${await several(window, firstView)}`);
  const largest = { address: '/primes?order=digits' };
  say(`page of a prime of 10,000 digits after the click: ${await several(window, primePage, largest)}`);
  say(`scrolling a million rows: ${await scrolling(window)}`);
} finally {
  await window.close();
}

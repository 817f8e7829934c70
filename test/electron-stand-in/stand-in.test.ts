/** The Electron stand-in, by a small app: what it does as Electron does, and that it says what it cannot. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chromiumPath } from '../support/electron/chromium.ts';
import { complete, lacking } from '../support/electron/complete.ts';
import { type AppProcess, StandInDesktop, type Started } from '../support/electron/stand-in.ts';

const APP = fileURLToPath(new URL('app', import.meta.url));

let desktop: StandInDesktop;
let data: string;

beforeEach(async () => {
  desktop = await StandInDesktop.open();
  data = mkdtempSync(join(tmpdir(), 'nice19-tiny-'));
});
afterEach(async () => {
  await desktop.close();
  rmSync(data, { recursive: true, force: true, maxRetries: 5 });
});

const start = (...args: string[]): Started => desktop.start([`--user-data-dir=${data}`, APP, ...args]);

/** What the small app has written so far. */
const lines = (app: AppProcess): string[] => app.shown?.trays[0]?.tooltip.split('\n') ?? [];
const line = (app: AppProcess, beginning: string): Promise<string> =>
  app.until(`a line ${beginning}`, () => lines(app).find((each) => each.startsWith(beginning)));

async function tiny(...args: string[]): Promise<{ app: AppProcess; started: Started }> {
  const started = start(...args);
  const app = await desktop.processOf(started);
  await line(app, 'Tiny');
  return { app, started };
}

const choose = (app: AppProcess, ...labels: string[]) => app.order({ do: 'choose', labels });

describe.runIf(process.platform === 'linux')('the life of an app on the stand-in', () => {
  test('it has its name and version from package.json, sees its arguments, and electron-store keeps its settings', async () => {
    const { app, started } = await tiny('--flag');
    expect(lines(app)[0]).toBe(`Tiny 1.2.3 start 1 with ${APP} --flag`);
    await choose(app, 'Quit');
    expect((await started.ended).code).toBe(0);
    const again = await tiny();
    expect(lines(again.app)[0]).toContain('start 2');
  });

  test('before-quit and will-quit come before quit, and again when quitting was prevented', async () => {
    const { app, started } = await tiny();
    process.kill(app.pid, 'SIGTERM');
    expect(await started.ended).toMatchObject({ code: 0, signal: null });
    expect(app.shown?.events).toEqual(['ready', 'before-quit', 'will-quit', 'before-quit', 'will-quit', 'quit']);
  });

  test('a second start tells the first and ends; after a kill the next one is the first', async () => {
    const { app, started } = await tiny();
    expect((await start('--second').ended).code).toBe(3);
    expect(await line(app, 'second')).toBe(`second ${APP} --second in ${process.cwd()}`);
    process.kill(app.pid, 'SIGKILL');
    await started.ended;
    const next = await tiny();
    expect(lines(next.app)[0]).toContain('start 2');
  });

  test('a utility process is a real one, and its end is told with its reason', async () => {
    const { app } = await tiny();
    await choose(app, 'Child');
    await line(app, 'child said');
    expect(await app.order({ do: 'timers' })).toEqual(expect.arrayContaining([54_321, 98_765]));
    await choose(app, 'Kill child');
    await line(app, 'child exit');
    expect(lines(app).slice(1)).toEqual([
      'child has a pid: true',
      'child wrote an argument, send: undefined, type: utility',
      'child said bigint 12',
      'gone tiny child killed 9',
      'child exit 9',
    ]);
    await choose(app, 'Child');
    await choose(app, 'End child well');
    await line(app, 'child exit 7');
  });

  test('menus and notifications are seen and used as by a user', async () => {
    const { app } = await tiny();
    await choose(app, 'Keep');
    await line(app, 'keep true');
    await expect(choose(app, 'Something else')).rejects.toThrow('The menu has no entry "Something else"');
    await choose(app, 'Notify');
    const shown = await app.until('a notification', ({ notifications }) => notifications[0]);
    expect(shown).toEqual({ title: 'A title', body: 'A body', silent: false });
  });
});

describe.skipIf(process.platform !== 'linux' || chromiumPath() === null)(
  'a window of the stand-in (skipped without Chromium: apt-get install chromium)',
  () => {
    let browser: Browser;

    async function opened(): Promise<{ app: AppProcess; page: Page }> {
      const { app } = await tiny();
      await choose(app, 'Open');
      const address = await app.until('a loaded window', ({ windows, chromium: at }) => windows[0]?.loaded && at);
      browser = await chromium.connectOverCDP(address);
      return { app, page: browser.contexts()[0]?.pages()[0] as Page };
    }

    afterEach(() => browser.close());

    test('its page has only what the preload gives, under the policy of the app', async () => {
      const { app, page } = await opened();
      // the page's inline script did not run
      expect(await page.title()).toBe('Tiny page');
      expect(await page.evaluate('[typeof require, typeof process, typeof tiny.say]')).toEqual([
        'undefined',
        'undefined',
        'function',
      ]);
      expect(await page.evaluate('tiny.double(21)')).toBe(42);
      await expect(page.evaluate('tiny.refuse()')).rejects.toThrow('refused by the preload');
      await expect(page.evaluate('tiny.say(() => {})')).rejects.toThrow('could not be cloned');
      await choose(app, 'Greet');
      await page.getByText('hello 1180591620717411303424').waitFor();
      await page.evaluate("tiny.say('hello back')");
      await line(app, 'ipc tiny://app/index.html hello back');
      await page.goto('about:blank');
      await page.evaluate("tiny.say('from elsewhere')");
      await line(app, 'ipc about:blank from elsewhere');
    });

    test('it goes nowhere, opens nothing and asks the network for nothing', async () => {
      const { app, page } = await opened();
      await page.evaluate("void window.open('https://example.org/')");
      await line(app, 'window.open https://example.org/');
      await page.evaluate("location.href = 'https://example.net/'");
      await line(app, 'will-navigate https://example.net/');
      expect(await page.evaluate("fetch('https://example.com/').catch(() => 'refused')")).toBe('refused');
      expect(await page.evaluate("navigator.permissions.query({ name: 'notifications' }).then((is) => is.state)")).toBe(
        'denied',
      );
      // the policy stopped it before it was a request
      expect(app.shown?.refusedRequests).toEqual([]);
      await expect.poll(() => browser.contexts()[0]?.pages(), { timeout: 30_000 }).toHaveLength(1);
      await page.goto('https://example.com/').catch(() => {});
      expect(app.shown?.windows[0]?.url).toBe('tiny://app/index.html');
    });

    test('hidden it is not visible; closed with the last, Chromium is gone and the app is not', async () => {
      const { app } = await tiny();
      await choose(app, 'Open');
      await app.until('a visible page', ({ windows }) => windows[0]?.loaded && windows[0].visible);
      await choose(app, 'Hide');
      await line(app, 'ipc tiny://app/index.html hidden');
      await choose(app, 'Show');
      await line(app, 'ipc tiny://app/index.html visible');
      const address = await app.until('Chromium', ({ chromium: at }) => at);
      browser = await chromium.connectOverCDP(address);
      const ended = new Promise((resolve) => browser.once('disconnected', resolve));
      await app.order({ do: 'close-window' });
      await ended;
      await app.until('no window', ({ windows, chromium: at }) => windows.length === 0 && at === null);
      await choose(app, 'Keep');
      await line(app, 'keep true');
    });
  },
);

test('what the stand-in does not have is named', () => {
  const app = complete<Electron.App>('app', { quit() {} });
  expect(() => app.getGPUInfo).toThrow('The Electron stand-in has no app.getGPUInfo');
  expect(() => lacking<Electron.Net>('net').fetch).toThrow('no net.fetch');
});

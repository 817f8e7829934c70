/** The window as a real browser opens it: Chromium, the built window, and a host on paper behind the server. */

import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { buildWindow, launch } from '../../renderer/support/chromium.ts';
import { hosted, progressOf, startedEvent } from '../../support/paper-hosts.ts';
import { served } from '../../support/window-server.ts';

let browser: Browser;
beforeAll(async () => {
  await buildWindow();
  browser = await launch();
});
afterAll(() => browser.close());

/** The real window, served; a search is on its way behind it. */
async function opened() {
  const world = hosted();
  await world.begun();
  world.search().say(startedEvent());
  world.search().say(progressOf());
  const folder = fileURLToPath(new URL('../../../out/renderer/', import.meta.url));
  const web = await served({ folder, connect: (send) => world.host.connect(send) });
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(message.text());
  });
  await page.goto(web.server.newAddress());
  await page.locator('h1').waitFor();
  return { ...world, ...web, context, page, troubles };
}

test('the printed address opens the window, and does not stay in the address bar or the history', async () => {
  const { page, troubles, origin, library } = await opened();
  expect(new URL(page.url())).toMatchObject({ origin, pathname: '/', search: '' });
  expect(await page.evaluate('document.cookie')).toBe('');
  expect(await page.evaluate("performance.getEntriesByType('navigation')[0].name")).not.toContain('token');
  await page.goBack();
  expect(page.url()).toBe('about:blank');
  await page.goForward();
  await page.locator('h1').waitFor();
  // The window is connected, and looks.
  await vi.waitUntil(() => library() !== undefined);
  expect(troubles).toEqual([]);
});

test('a second tab of the same browser needs no other address', async () => {
  const { context, origin } = await opened();
  const tab = await context.newPage();
  await tab.goto(origin);
  await tab.locator('h1').waitFor();
});

test('a browser that did not come through the address sees a locked door', async () => {
  const { origin } = await opened();
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.goto(origin);
  expect(await page.locator('body').innerText()).toContain('it is locked');
});

test('another server on this computer is sent the cookie, as browsers do, and can do nothing with it', async () => {
  const { context, server, open } = await opened();
  const heard: IncomingMessage[] = [];
  const evil = createServer((request, response) => {
    heard.push(request);
    response.setHeader('Content-Type', 'text/html');
    response.end('<!doctype html><title>evil</title>');
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void evil.close());
  await once(evil, 'listening');
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${(evil.address() as AddressInfo).port}/`);
  const cookie = heard[0]?.headers.cookie ?? '';
  expect(cookie).toContain(`nice19-${server.port}=`);
  // With the cookie, as a program: the key is missing.
  expect(await open({ cookie })).toBe(403);
  // As a page in that browser: its origin is another, so it has neither the key nor a way in.
  expect(await page.evaluate("localStorage.getItem('nice19.key')")).toBeNull();
  const tries = `Promise.all([
    new Promise((resolve) => {
      const socket = new WebSocket('ws://127.0.0.1:${server.port}/bridge', ['nice19', 'guess']);
      socket.onopen = () => resolve('open');
      socket.onerror = () => resolve('refused');
    }),
    fetch('http://127.0.0.1:${server.port}/', { credentials: 'include' }).then(() => 'read', () => 'refused'),
    fetch('http://127.0.0.1:${server.port}/', { credentials: 'include', mode: 'no-cors' }).then((answer) => answer.type, () => 'refused'),
  ])`;
  expect(await page.evaluate(tries)).toEqual(['refused', 'refused', expect.stringMatching(/opaque|refused/)]);
});

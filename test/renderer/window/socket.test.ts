/** The window in a browser, over a WebSocket to the server that it came from, under the policy that the server sends. */

import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { buildWindow, launch, serveWindow } from '../support/chromium.ts';
import { PAPER_NOW, paperHost } from '../support/paper-host.ts';

let server: Awaited<ReturnType<typeof serveWindow>>;
let sockets: WebSocketServer;
let browser: Awaited<ReturnType<typeof launch>>;

beforeAll(async () => {
  await buildWindow();
  [server, browser] = await Promise.all([serveWindow(), launch()]);
  sockets = new WebSocketServer({ server, path: '/bridge' });
  sockets.on('connection', (socket) => {
    const receive = paperHost({}, (message) => socket.send(JSON.stringify(message)));
    socket.on('message', (data) => receive(JSON.parse(String(data))));
  });
});
afterAll(async () => {
  await browser?.close();
  sockets?.close();
  server?.close();
});

test('it connects by itself, says when the connection is gone, and comes back with it', async () => {
  const page = await browser.newPage();
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(String(error)));
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await page.getByRole('heading', { name: 'Searching' }).waitFor();
  await page.getByText(PAPER_NOW.progress!.tested.toLocaleString('en')).waitFor();
  for (const socket of sockets.clients) socket.terminate();
  await page.getByRole('heading', { name: 'No connection' }).waitFor();
  await page.getByRole('heading', { name: 'Searching' }).waitFor();
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await page.getByRole('heading', { name: 'Paused' }).waitFor();
  expect(troubles).toEqual([]);
});

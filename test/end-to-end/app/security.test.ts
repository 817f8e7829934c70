/**
 * What somebody could do who got into the window, tried from inside it while the app runs: docs/security.md says which point of
 * Electron's checklist each step belongs to.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import type { AppUnderTest, Outside } from './machine.ts';
import { leaveSettings, onEachMachine } from './machines.ts';

const ELSEWHERE = 'https://nowhere.invalid/';
const line = ({ menu }: Outside): string => menu[0]?.label ?? '';
/** A busy computer may take its time. */
const PATIENCE = { timeout: 60_000 };
const resume = { type: 'request', id: 1, name: 'resume', takes: {} };

/** What is tried in the page, as text: it is the page's world, with the page's own globals. */
const LOOK_AROUND = `({
  bridge: Object.entries(globalThis.nice19).map(([name, value]) => [name, typeof value]).sort(),
  others: ['require', 'process', 'module', 'Buffer', 'global', '__dirname', 'electron', 'ipcRenderer'].filter((name) => name in globalThis),
})`;

/** After a turn: what a debugger evaluates at once is not held to the page's policy. */
const RUN_CODE = `new Promise((resolve) => setTimeout(() => {
  const script = document.createElement('script');
  script.textContent = 'globalThis.ranInline = true';
  document.body.append(script);
  const image = document.createElement('img');
  image.setAttribute('onerror', 'globalThis.ranInline = true');
  image.dispatchEvent(new Event('error'));
  let evaluated = 'ran';
  try { (0, eval)('1'); } catch (error) { evaluated = error.name; }
  resolve({ inline: 'ranInline' in globalThis, evaluated });
}))`;

const REACH_OUT = `(async (elsewhere) => {
  const loads = (tag, what) => new Promise((resolve) => {
    const element = Object.assign(document.createElement(tag), what);
    element.onload = () => resolve(tag + ' loaded');
    element.onerror = () => resolve('refused');
    document.body.append(element);
  });
  const socket = new Promise((resolve) => {
    try {
      const made = new WebSocket(elsewhere.replace('https', 'wss'));
      made.onopen = () => resolve('WebSocket open');
      made.onerror = () => resolve('refused');
    } catch { resolve('refused'); }
  });
  return Promise.all([
    loads('img', { src: elsewhere + 'a.png' }),
    loads('script', { src: elsewhere + 'a.js' }),
    loads('link', { rel: 'stylesheet', href: elsewhere + 'a.css' }),
    socket,
    fetch(elsewhere).then(() => 'fetched', () => 'refused'),
  ]);
})('${ELSEWHERE}')`;

const GO_AWAY = `{
  const link = Object.assign(document.createElement('a'), { href: '${ELSEWHERE}' });
  document.body.append(link);
  link.click();
}`;

const OPEN_WINDOW = `window.open('${ELSEWHERE}'), undefined`;

const ASK_FOR_PERMISSION = `Promise.all(
  ['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read'].map((name) =>
    navigator.permissions.query({ name }).then(({ state }) => state)))`;

const TALK = `for (const message of [null, 'resume', { type: 'job' }, { type: 'request', id: 1, name: 'constructor', takes: {} }])
  globalThis.nice19.send(message);`;

onEachMachine('somebody in the window', (user) => {
  let data: string;
  let app: AppUnderTest;
  let page: Page;
  const log = (): string => readFileSync(join(data, 'logs', 'nice19.log'), 'utf8');

  const logs = (text: string): Promise<void> => expect.poll(log, PATIENCE).toContain(text);

  beforeAll(async () => {
    data = await user().data('security');
    leaveSettings(data, {}, { pausedByUser: true });
    app = await user().machine.start(['--data', data]);
    page = await app.page();
    await page.getByRole('heading').first().waitFor();
    await app.until('it is paused', (outside) => line(outside) === 'Paused by you');
  });

  test('has two functions of the app, and nothing of Node or Electron', async () => {
    expect(await page.evaluate(LOOK_AROUND)).toEqual({
      bridge: [
        ['onMessage', 'function'],
        ['send', 'function'],
      ],
      others: [],
    });
  });

  test('runs no code but the app’s', async () => {
    expect(await page.evaluate(RUN_CODE)).toEqual({ inline: false, evaluated: 'EvalError' });
  });

  test('reaches nothing outside, by no kind of request', async () => {
    expect(await page.evaluate(REACH_OUT)).toEqual(['refused', 'refused', 'refused', 'refused', 'refused']);
  });

  test('goes nowhere else', async () => {
    const before = page.url();
    await page.evaluate(GO_AWAY);
    await logs(`Refused: the page wanted to go to ${ELSEWHERE}`);
    expect(page.url()).toBe(before);
    await page.getByRole('heading').first().waitFor();
  });

  test('opens no other window', async () => {
    await page.evaluate(OPEN_WINDOW);
    await logs(`Refused: the page wanted to open a window for ${ELSEWHERE}`);
    expect(await app.until('the one window', ({ windows }) => windows === 1)).toBe(true);
  });

  test('is given no permission that it could ask for', async () => {
    expect(await page.evaluate(ASK_FOR_PERMISSION)).toEqual(['denied', 'denied', 'denied', 'denied', 'denied']);
  });

  test('says what it likes, and is heard only in the words of the contract', async () => {
    await page.evaluate(TALK);
    await logs('dropped');
    expect(await app.until('it is as before', line)).toBe('Paused by you');
  });

  test.each([
    ['another page', { url: ELSEWHERE }],
    ['a page with a name like ours', { url: 'nice19://app.nowhere.invalid/index.html' }],
    ['a frame inside our page', { url: 'nice19://app/index.html', parent: 'nice19://app/index.html' }],
    ['a frame that is gone', { url: null }],
  ])('is not heard from %s', async (_, from) => {
    const before = log().split('Dropped a message').length;
    await app.forge(from, resume);
    await expect.poll(() => log().split('Dropped a message').length, PATIENCE).toBe(before + 1);
    expect(await app.until('it is as before', line)).toBe('Paused by you');
  });
});

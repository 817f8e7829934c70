/** `nice19 search --web` as a user has it: the program in a terminal, and a browser that knows what the terminal shows. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { ensureBundle } from '../../build/lib/bundle.mjs';
import type { About, Downward, RequestName } from '../../main/contract/bridge.ts';
import { NEWEST_FIRST, type Page } from '../../main/contract/library.ts';
import type { Now } from '../../main/contract/now.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { type Running, start } from '../support/nice19.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

beforeAll(async () => {
  expect(await ensureBundle(process.execPath, ROOT)).toBeUndefined();
});

function startWeb(directory: string, ...more: string[]): Running & { address: Promise<URL> } {
  const running = start(['search', '--web', '--data', directory, ...more]);
  onTestFinished(() => void running.process.kill('SIGKILL'));
  const address = new Promise<URL>((resolve, reject) => {
    createInterface({ input: running.process.stderr! }).on('line', (line) => {
      const shown = /^The window: (http:\S+)$/.exec(line.trim());
      if (shown !== null) resolve(new URL(shown[1] as string));
    });
    void running.ended.then(({ err }) => reject(new Error(`it ended: ${err}`)));
  });
  return { ...running, address };
}

/** A browser that comes through the address: the page and its bridge. */
async function browser(address: URL) {
  const entered = await fetch(address);
  expect(entered.status).toBe(200);
  const cookie = entered.headers.getSetCookie()[0]?.split(';')[0] as string;
  const key = /name="key" content="([^"]*)"/.exec(await entered.text())?.[1] as string;
  const page = await fetch(new URL('/', address), { headers: { cookie } });
  const socket = new WebSocket(`ws://${address.host}/bridge`, ['nice19', key], {
    headers: { Cookie: cookie, Origin: address.origin },
  });
  const listeners = new Set<(message: Downward) => void>();
  socket.on('message', (data) => {
    for (const listener of [...listeners]) listener(JSON.parse(String(data)));
  });
  await new Promise((resolve) => socket.once('open', resolve));
  let next = 0;
  const first = <T>(pick: (message: Downward) => T | undefined): Promise<T> =>
    new Promise((resolve) => {
      const listener = (message: Downward): void => {
        const picked = pick(message);
        if (picked === undefined) return;
        listeners.delete(listener);
        resolve(picked);
      };
      listeners.add(listener);
    });
  return {
    page: await page.text(),
    socket,
    ask<T>(name: RequestName, takes: object = {}): Promise<T> {
      const id = next++;
      const answer = first((message) => (message.type === 'result' && message.id === id ? message : undefined));
      socket.send(JSON.stringify({ type: 'request', id, name, takes }));
      return answer.then((result) => {
        if (!result.ok) throw new Error(result.sentence);
        return result.value as T;
      });
    },
    /** The first snapshot that it is told and that is so. */
    now: (is: (now: Now) => boolean): Promise<Now> =>
      first((message) =>
        message.type === 'told' && message.name === 'now' && is(message.told as Now)
          ? (message.told as Now)
          : undefined,
      ),
    show: () => socket.send(JSON.stringify({ type: 'visible', visible: true })),
  };
}

describe('nice19 search --web', () => {
  test('is begun in the browser, finds, is paused there, saves at Ctrl-C, and is still paused at the next start', async () => {
    const directory = temporaryDirectory();
    const first = startWeb(directory);
    const window = await browser(await first.address);
    expect(window.page).toContain('<title>nice19</title>');
    expect(await window.ask<About>('about')).toMatchObject({ firstStart: true, shownBy: 'browser' });
    const found = window.now(({ lastFind }) => lastFind !== null);
    window.show();
    await window.ask('begin', { settings: { digits: 60, errorLog2: -40 }, startAtLogin: false });
    expect((await found).lastFind?.digits).toBe(60);
    const paused = window.now(({ progress }) => progress?.paused.includes('user') === true);
    await window.ask('pause');
    const { lastFind } = await paused;
    const page = await window.ask<Page>('page', { ...NEWEST_FIRST, offset: 0, limit: 5 });
    expect(page.rows[0]?.number).toBe(lastFind?.number);
    first.process.kill('SIGINT');
    const end = await first.ended;
    expect(end.code).toBe(0);
    expect(end.out).toMatch(/probable prime, 60 digits/);
    expect(end.err).toMatch(/Saving …[\s\S]*Everything is saved in/);

    const second = startWeb(directory);
    const again = await browser(await second.address);
    const still = again.now(({ state }) => state === 'paused');
    again.show();
    expect(await still).toMatchObject({ pauses: [{ reason: 'user' }], lastFind: { number: lastFind?.number } });
    second.process.kill('SIGTERM');
    expect((await second.ended).code).toBe(0);
  });

  test('with --digits it needs no page to begin; another program is refused and changes nothing, and the first goes on', async () => {
    const directory = temporaryDirectory();
    const running = startWeb(directory, '--digits', '50', '--workers', '1');
    const window = await browser(await running.address);
    const found = window.now(({ state, lastFind }) => state === 'running' && lastFind !== null);
    window.show();
    expect((await found).lastFind?.digits).toBe(50);
    const settings = readFileSync(join(directory, 'config.json'), 'utf8');
    expect(JSON.parse(settings)).toMatchObject({ settings: { digits: 50, cores: 1 } });
    const other = startWeb(directory, '--digits', '70');
    await other.address;
    const refused = await other.ended;
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/another nice19/i);
    expect(readFileSync(join(directory, 'config.json'), 'utf8')).toBe(settings);
    const more = window.now(({ progress }) => (progress?.tested ?? 0) > 0);
    expect((await more).state).toBe('running');
    running.process.kill('SIGINT');
    const end = await running.ended;
    expect(end.code).toBe(0);
    expect(end.err).toMatch(/primes of 50 digits, .* on 1 core\./);
  });
});

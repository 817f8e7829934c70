/** The life of the desktop app with its user, from the first start on: one story, in its order. */

import { checkPrimeSync } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { gone, primes } from '../../support/nice19.ts';
import type { AppUnderTest, Outside } from './machine.ts';
import { onEachMachine } from './machines.ts';
import { cpuOf } from './processes.ts';
import { cruncherOf, primesIn, statusOf } from './stored.ts';

const line = ({ menu }: Outside): string => menu[0]?.label ?? '';
const searching = (outside: Outside): boolean => line(outside) === 'Searching: 100 digits';

onEachMachine('the life of the desktop app', (user) => {
  let data: string;
  let app: AppUnderTest;
  const start = async (...args: string[]): Promise<void> => {
    app = await user().machine.start(['--data', data, ...args]);
  };
  const quit = async (): Promise<void> => {
    await app.choose('Quit nice19');
    expect(await app.ended).toMatchObject({ code: 0, signal: null });
  };
  const found = (): number => primesIn(data);
  /** Resolves when it hardly computes: a tray and a socket take a few milliseconds, a search all it gets. Only Linux tells. */
  const isQuiet = async (): Promise<void> => {
    if (process.platform !== 'linux') return;
    for (let before = cpuOf(app.pid); ; ) {
      await wait(1000);
      const now = cpuOf(app.pid);
      // one that ended took its time with it
      if (now >= before && now - before < 0.02) return;
      before = now;
    }
  };
  /** Resolves when the search has found more than it had. */
  const findsMore = async (): Promise<void> => {
    const before = found();
    await expect.poll(found, { timeout: 120_000 }).toBeGreaterThan(before);
  };

  beforeAll(async () => {
    data = await user().data('life');
  });

  test('the first start shows its page, and nothing searches before it is answered', async () => {
    await start();
    const page = await app.page();
    await page.getByRole('heading', { name: 'Spare time into primes' }).waitFor();
    expect(await app.until('a status', line)).toBe('Not begun yet: open the window');
    expect(await statusOf(data).catch(() => null)).toMatchObject({ running: null, primes: 0 });
  });

  test('the first page is answered, and a prime of 100 digits is found and announced', async () => {
    const page = await app.page();
    await page.getByRole('spinbutton', { name: 'How large?' }).fill('100');
    await page.getByRole('spinbutton', { name: 'How large?' }).press('Tab');
    await page.getByRole('button', { name: 'Begin' }).click();
    const { title, body } = await app.until('a notification', ({ notifications }) => notifications[0]);
    expect(title).toBe('A prime of 100 digits');
    expect(body).toMatch(/^Found after .+: \d{12}…\d{12}$/);
    await app.until('the search runs', searching);
    await app.until('the last prime', ({ menu }) => menu.some(({ label }) => /^Last prime: 100 digits/.test(label)));
    await app.choose('Pause');
    await app.until('paused', (outside) => line(outside) === 'Paused by you');
    for (const { decimal } of await primes(data)) {
      expect(decimal).toHaveLength(100);
      expect(checkPrimeSync(BigInt(decimal), { checks: 20 })).toBe(true);
    }
    await app.choose('Resume');
    expect(await app.refusedRequests()).toEqual([]);
  });

  test('the window is closed, and the search goes on without it', async () => {
    await app.closeWindow();
    await findsMore();
  });

  test('a second start shows the window again, and ends', async () => {
    expect(await user().machine.startAgain(['--data', data])).toMatchObject({ code: 0 });
    await app.until('a window', ({ windows }) => windows === 1);
    await app.closeWindow();
  });

  test('paused from the tray, nothing of it computes a second later, and a restart keeps it so', async () => {
    const cruncher = await cruncherOf(data);
    const computed = cpuOf(cruncher);
    await app.choose('Pause');
    await app.until('paused', (outside) => line(outside) === 'Paused by you');
    await isQuiet();
    // a second of every core, however long a busy machine takes to give it
    expect(cpuOf(cruncher) - computed).toBeLessThan(availableParallelism());
    const before = found();
    await quit();
    await start('--hidden');
    await app.until('still paused', (outside) => line(outside) === 'Paused by you');
    await isQuiet();
    expect(found()).toBe(before);
  });

  test('resumed, it goes on', async () => {
    await app.choose('Resume');
    await app.until('the search runs', searching);
    await findsMore();
  });

  test('its cruncher is killed, and it goes on with another', async () => {
    const cruncher = await cruncherOf(data);
    process.kill(cruncher, 'SIGKILL');
    await gone(cruncher);
    await expect.poll(() => cruncherOf(data).catch(() => cruncher), { timeout: 60_000 }).not.toBe(cruncher);
    await app.until('the search runs', searching);
    await findsMore();
  });

  test('it is quit and started hidden, as at login, and goes on without a window', async () => {
    await quit();
    expect((await statusOf(data)).running).toBeNull();
    await start('--hidden');
    await app.until('the search runs', searching);
    await findsMore();
    expect(await app.until('its windows', ({ windows }) => [windows])).toEqual([0]);
    await quit();
  });
});

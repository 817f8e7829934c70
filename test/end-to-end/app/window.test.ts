/** The window of the desktop app with a real search behind it, through the preload's bridge. */

import { expect, test } from 'vitest';
import { troublesOf, walkTheWindow } from '../window-walk.ts';
import { onEachMachine } from './machines.ts';

onEachMachine('the window of the desktop app', (user) => {
  test('from the first page to real primes, and nothing is asked of the network', async () => {
    const app = await user().machine.start(['--data', await user().data('window')]);
    const page = await app.page();
    const troubles = troublesOf(page);
    await walkTheWindow(page);
    expect(troubles).toEqual([]);
    expect(await app.refusedRequests()).toEqual([]);
    await app.choose('Quit nice19');
    expect(await app.ended).toMatchObject({ code: 0 });
  });
});

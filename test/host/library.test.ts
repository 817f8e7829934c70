import { describe, expect, test } from 'vitest';
import { EXIT_DONE, EXIT_REFUSED } from '../../main/contract/exit.ts';
import type { PaperCruncher } from '../support/paper-host.ts';
import { settled } from '../support/paper-host.ts';
import { hosted, jobOf, primeEvent, startedEvent } from '../support/paper-hosts.ts';

/** The number of the last question. */
function idOf(cruncher: PaperCruncher): number {
  return cruncher.sent.flatMap((command) => (command.type === 'ask' ? [command.id] : [])).at(-1) as number;
}
const HISTORY = { points: [], since: null };

async function looked() {
  const world = hosted();
  await world.begun();
  const window = world.window();
  window.visible(true);
  return { ...world, window };
}

describe('the library', () => {
  test('runs while a window is visible, and a minute longer', async () => {
    const { begun, libraries, library, window: open, clock } = hosted();
    await begun();
    const window = open();
    expect(libraries).toEqual([]);
    window.visible(true);
    expect(jobOf(library())).toEqual({ type: 'library', directory: '/data' });
    window.visible(false);
    clock.paper.advance(59_000);
    expect(library().words).toEqual(['job']);
    clock.paper.advance(1_000);
    expect(library().words).toEqual(['job', 'stop']);
    library().end(EXIT_DONE);
    await settled();
    expect(libraries).toHaveLength(1);
    window.visible(true);
    expect(libraries).toHaveLength(2);
  });

  test('a window that is opened again soon finds it running', async () => {
    const { window, library, clock, libraries } = await looked();
    window.visible(false);
    clock.paper.advance(30_000);
    window.visible(true);
    clock.paper.advance(600_000);
    expect(library().words).toEqual(['job']);
    expect(libraries).toHaveLength(1);
  });

  test('opened while the last one is ending, there is another after it', async () => {
    const { window, library, clock, libraries } = await looked();
    window.visible(false);
    clock.paper.advance(60_000);
    expect(library().words.at(-1)).toBe('stop');
    window.visible(true);
    const result = window.ask('history', { range: 'day' });
    expect(libraries).toHaveLength(1);
    library().end(EXIT_DONE);
    await settled();
    expect(libraries).toHaveLength(2);
    expect(library().words).toEqual(['job', 'ask history']);
    library().say({ type: 'answer', id: idOf(library()), answer: { ask: 'history', history: HISTORY } });
    expect(await result()).toMatchObject({ ok: true });
  });

  test('answers what windows ask', async () => {
    const { window, library } = await looked();
    const result = window.ask('history', { range: 'week' });
    library().say({ type: 'answer', id: idOf(library()), answer: { ask: 'history', history: HISTORY } });
    expect(await result()).toMatchObject({ ok: true, value: HISTORY });
  });

  test('what it cannot answer is a sentence', async () => {
    const { window, library } = await looked();
    const result = window.ask('challenge', { digits: 2000 });
    library().say({ type: 'unanswered', id: idOf(library()), sentence: 'The store cannot be read.' });
    expect(await result()).toMatchObject({ ok: false, sentence: 'The store cannot be read.' });
  });

  test('an answer to another question, or of another shape, is none', async () => {
    const { window, library, clock } = await looked();
    const result = window.ask('history', { range: 'week' });
    library().sayAnything({ type: 'answer', id: idOf(library()), answer: { ask: 'history', history: 'long' } });
    library().say({ type: 'answer', id: idOf(library()) + 1, answer: { ask: 'history', history: HISTORY } });
    expect(await result()).toBeUndefined();
    library().say({ type: 'answer', id: idOf(library()), answer: { ask: 'estimates', estimates: [] } });
    expect(await result()).toMatchObject({ ok: false });
    clock.paper.advance(1);
  });

  test('a question has a limit', async () => {
    const { window, clock } = await looked();
    const result = window.ask('prime', { number: 1 });
    clock.paper.advance(30_000);
    expect(await result()).toMatchObject({ ok: false, sentence: expect.stringContaining('in time') });
  });

  test('a crash is survived: it is started again and asked again, once', async () => {
    const { window, library, libraries, clock } = await looked();
    const result = window.ask('history', { range: 'week' });
    library().end(null, 'SIGKILL');
    await settled();
    clock.paper.advance(1000);
    expect(libraries).toHaveLength(2);
    expect(library().words).toEqual(['job', 'ask history']);
    library().end(null, 'SIGKILL');
    await settled();
    clock.paper.advance(2000);
    expect(libraries).toHaveLength(3);
    expect(await result()).toMatchObject({ ok: false, sentence: expect.stringContaining('unexpectedly') });
  });

  test('a refusal is the answer to all questions', async () => {
    const { window, library } = await looked();
    const results = [window.ask('history', { range: 'week' }), window.ask('prime', { number: 3 })];
    library().say({ type: 'refused', sentence: 'The store is of a newer nice19.' });
    library().end(EXIT_REFUSED);
    for (const result of results)
      expect(await result()).toMatchObject({ ok: false, sentence: 'The store is of a newer nice19.' });
  });

  test('a recheck may take its time as long as it goes on, and its progress is told', async () => {
    const { window, library, clock } = await looked();
    const result = window.ask('recheck', { number: 2 });
    const id = idOf(library());
    for (let step = 1; step <= 5; step++) {
      clock.paper.advance(1_000_000);
      library().say({ type: 'rechecking', id, fraction: step / 5 });
    }
    const recheck = { passed: true, sentence: 'It passed.', cpuSeconds: 5000 };
    library().say({ type: 'answer', id, answer: { ask: 'recheck', recheck } });
    expect(await result()).toMatchObject({ ok: true, value: recheck });
    expect(window.told('rechecking')).toContainEqual({ number: 2, fraction: 0.4 });
  });
});

describe('what changes the store', () => {
  test('goes to the search, also while it is paused', async () => {
    const { window, search, host, library } = await looked();
    search().say(startedEvent());
    host.pause();
    const result = window.ask('remove', { number: 5 });
    expect(search().words.at(-1)).toBe('ask remove');
    expect(library().words).toEqual(['job']);
    search().say({ type: 'answer', id: idOf(search()), answer: { ask: 'remove' } });
    expect(await result()).toMatchObject({ ok: true, value: null });
  });

  test('without a search it cannot be done, and says so', async () => {
    const { window, begun } = hosted(null);
    await begun();
    expect(await window().ask('remove', { number: 5 })()).toMatchObject({ ok: false });
  });
});

test('windows hear that there are other primes, seldom, with their number', async () => {
  const { window, search, library, clock, host } = await looked();
  search().say(startedEvent(100));
  for (let number = 1; number <= 50; number++) search().say(primeEvent(100, number));
  clock.paper.advance(2_000);
  expect(library().words).toEqual(['job', 'ask page']);
  library().say({ type: 'answer', id: idOf(library()), answer: { ask: 'page', page: { total: 50, rows: [] } } });
  await settled();
  clock.paper.advance(1_000);
  expect(window.told('primesChanged')).toEqual([{ total: 50 }]);
  // All were removed meanwhile: there is no last one.
  expect(host.now.lastFind).toBeNull();
});

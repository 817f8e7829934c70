/** The window's end of the bridge: answers find their questions, and nothing comes in unchecked. */

import { beforeEach, expect, test } from 'vitest';
import type { Bridge, Upward } from '../../../main/contract/bridge.ts';
import { NEWEST_FIRST } from '../../../main/contract/library.ts';
import { createClient, NOT_CONNECTED } from '../../../renderer/bridge/client.ts';

let sent: Upward[];
let misunderstood: string[];
let say: (message: unknown) => void;
let connect: (connected: boolean) => void;
let bridge: Bridge;

beforeEach(() => {
  sent = [];
  misunderstood = [];
  bridge = createClient(
    {
      send: (message) => sent.push(message),
      onMessage: (listener) => {
        say = listener;
      },
      onConnection: (listener) => {
        connect = listener;
      },
    },
    (sentence) => misunderstood.push(sentence),
  );
});

const requests = () => sent.filter((message) => message.type === 'request');

test('answers reach their questions in whatever order they come', async () => {
  connect(true);
  const first = bridge.ask('remove', { number: 1 });
  const second = bridge.ask('challenge', { digits: null });
  const [one, two] = requests();
  say({ type: 'result', id: two!.id, ok: true, value: null });
  say({ type: 'result', id: one!.id, ok: false, sentence: 'It is gone already.' });
  expect(await second).toEqual({ ok: true, value: null });
  expect(await first).toEqual({ ok: false, sentence: 'It is gone already.' });
});

test('an answer to another question than any that is open is ignored', async () => {
  connect(true);
  const asked = bridge.ask('pause', {});
  say({ type: 'result', id: 999, ok: true, value: null });
  say({ type: 'result', id: requests()[0]!.id, ok: true, value: null });
  say({ type: 'result', id: requests()[0]!.id, ok: false, sentence: 'again' });
  expect(await asked).toEqual({ ok: true, value: null });
  expect(misunderstood).toEqual([]);
});

test('an answer that is not what was asked for is a refusal with a sentence', async () => {
  connect(true);
  const asked = bridge.ask('page', { ...NEWEST_FIRST, offset: 0, limit: 10 });
  say({ type: 'result', id: requests()[0]!.id, ok: true, value: { total: -1, rows: 'many' } });
  expect(await asked).toMatchObject({ ok: false, sentence: expect.stringContaining('does not understand') });
});

test.each([
  [undefined],
  ['text'],
  [{ type: 'told', name: 'gossip', told: 1 }],
  [{ type: 'result', id: 'x', ok: true }],
])('what is no message of the contract is said to be so: %j', (message) => {
  connect(true);
  say(message);
  expect(misunderstood).toHaveLength(1);
});

test('listeners get what is told, checked, until they are taken off', () => {
  connect(true);
  const heard: unknown[] = [];
  const off = bridge.on('primesChanged', (told) => heard.push(told));
  say({ type: 'told', name: 'primesChanged', told: { total: 3 } });
  say({ type: 'told', name: 'primesChanged', told: { total: 'three' } });
  off();
  say({ type: 'told', name: 'primesChanged', told: { total: 4 } });
  expect(heard).toEqual([{ total: 3 }]);
  expect(misunderstood).toHaveLength(1);
});

test('a window that nobody sees says so, and lets nothing through', () => {
  connect(true);
  const heard: unknown[] = [];
  bridge.on('primesChanged', (told) => heard.push(told));
  bridge.setVisible(false);
  bridge.setVisible(false);
  say({ type: 'told', name: 'primesChanged', told: { total: 3 } });
  bridge.setVisible(true);
  expect(heard).toEqual([]);
  expect(sent).toEqual([true, false, true].map((visible) => ({ type: 'visible', visible })));
});

test('without a connection a question is refused at once', async () => {
  expect(await bridge.ask('now', {})).toEqual({ ok: false, sentence: NOT_CONNECTED });
  expect(sent).toEqual([]);
});

test('a connection that cannot be had is told, each time it is tried', () => {
  const heard: boolean[] = [];
  bridge.onConnection((connected) => heard.push(connected));
  connect(false);
  connect(false);
  expect(heard).toEqual([false, false, false]);
  expect(sent).toEqual([]);
});

test('a connection that breaks refuses what is open, and begins the next one with whether the window is visible', async () => {
  const heard: boolean[] = [];
  bridge.onConnection((connected) => heard.push(connected));
  bridge.setVisible(false);
  connect(true);
  const asked = bridge.ask('now', {});
  connect(false);
  expect(await asked).toMatchObject({ ok: false, sentence: expect.stringContaining('lost') });
  sent.length = 0;
  connect(true);
  expect(sent).toEqual([{ type: 'visible', visible: false }]);
  expect(heard).toEqual([false, true, false, true]);
});

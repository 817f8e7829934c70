import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Downward, REQUESTS, type RequestName } from '../../main/contract/bridge.ts';
import { DEFAULT_SETTINGS } from '../../main/contract/settings.ts';
import { BridgeServer, type Handlers, LONGEST_MESSAGE, TELL_EVERY_MS } from '../../main/host/bridge-server.ts';
import { firstState, nowOf } from '../../main/host/now.ts';
import { PaperHostClock, settled } from '../support/paper-host.ts';

const NOW = nowOf(firstState(4, true));
const DONE = { ok: true, value: null } as const;

/** A server whose handlers say what they got; `pause` refuses, `resume` throws. */
function served() {
  const clock = new PaperHostClock();
  const log: string[] = [];
  const visible: boolean[] = [];
  const called: [RequestName, unknown][] = [];
  const handler =
    <N extends RequestName>(name: N, result: unknown) =>
    (takes: unknown) => {
      called.push([name, takes]);
      return result as never;
    };
  const handlers = Object.fromEntries(
    (Object.keys(REQUESTS) as RequestName[]).map((name) => [name, handler(name, DONE)]),
  ) as unknown as Handlers;
  Object.assign(handlers, {
    now: handler('now', { ok: true, value: NOW }),
    pause: handler('pause', { ok: false, sentence: 'Not today.' }),
    resume: () => {
      throw new Error('secret path /people/somebody/file.ts:12');
    },
    settings: handler('settings', { ok: true, value: { ...DEFAULT_SETTINGS, digits: 3 } }),
  });
  const server = new BridgeServer({
    handlers,
    clock,
    log: (line) => log.push(line),
    onVisible: (is) => visible.push(is),
  });
  const connect = () => {
    const told: Downward[] = [];
    const window = server.connect((message) => told.push(message));
    return {
      ...window,
      told,
      names: () => told.map((message) => (message.type === 'told' ? message.name : message.type)),
    };
  };
  return { server, clock, log, visible, called, connect };
}

const request = (id: number, name: string, takes: unknown = {}) => ({ type: 'request', id, name, takes });

describe('requests', () => {
  test('are answered by their number, whatever the order', async () => {
    const { connect } = served();
    const { receive, told } = connect();
    receive(request(7, 'now'));
    receive(JSON.stringify(request(8, 'newSearch')));
    await settled();
    expect(told).toEqual([
      { type: 'result', id: 7, ok: true, value: NOW },
      { type: 'result', id: 8, ok: true, value: null },
    ]);
  });

  test('a refusal is a sentence', async () => {
    const { receive, told } = served().connect();
    receive(request(1, 'pause'));
    await settled();
    expect(told).toEqual([{ type: 'result', id: 1, ok: false, sentence: 'Not today.' }]);
  });

  test('an unexpected error is a sentence without its inside, and a line of the log', async () => {
    const { connect, log } = served();
    const { receive, told } = connect();
    receive(request(1, 'resume'));
    await settled();
    expect(JSON.stringify(told)).not.toContain('secret');
    expect(told).toMatchObject([{ type: 'result', id: 1, ok: false }]);
    expect(log).toEqual([expect.stringContaining('secret path')]);
  });

  test('an answer that is not as agreed does not leave', async () => {
    const { connect, log } = served();
    const { receive, told } = connect();
    receive(request(1, 'settings'));
    await settled();
    expect(told).toMatchObject([{ ok: false }]);
    expect(log).toHaveLength(1);
  });

  test.each([
    ['snooze', { how: 'for ever' }],
    ['changeSettings', { digits: 5 }],
    ['changeSettings', { directory: '/etc' }],
    ['prime', { number: 0 }],
    ['prime', { number: 1, file: '/etc/passwd' }],
    ['page', { limit: 1_000_000 }],
    ['estimates', { digits: Array.from({ length: 201 }, () => 100) }],
    ['begin', { settings: {}, startAtLogin: 'yes' }],
  ])('%s with %j is refused with a sentence, and not done', async (name, takes) => {
    const { connect, called } = served();
    const { receive, told } = connect();
    receive(request(1, name, takes));
    await settled();
    expect(told).toEqual([
      { type: 'result', id: 1, ok: false, sentence: expect.stringMatching(/^That cannot be done: /) },
    ]);
    expect(called).toEqual([]);
  });
});

describe('what is no message', () => {
  test.each([
    ['nothing', undefined],
    ['a number', 5],
    ['a text that is no JSON', 'hello'],
    ['another type', { type: 'shell', command: 'ls' }],
    ['a name that nobody has', request(1, 'constructor')],
    ['one more field', { ...request(1, 'now'), more: 1 }],
    ['an id that is none', request(-1, 'now')],
    ['visible that is not yes or no', { type: 'visible', visible: 1 }],
    ['a message without end', 'x'.repeat(LONGEST_MESSAGE + 1)],
    ['an object without end', { type: 'request', id: 1, name: 'page', takes: { typed: '1'.repeat(LONGEST_MESSAGE) } }],
    ['a circle', circle()],
  ])('%s is dropped, with a line of the log', async (_, raw) => {
    const { connect, called, log } = served();
    const { receive, told } = connect();
    receive(raw);
    await settled();
    expect(told).toEqual([]);
    expect(called).toEqual([]);
    expect(log).toHaveLength(1);
    expect(log[0]!.length).toBeLessThan(300);
  });

  test('no value at all makes it throw', () => {
    const { connect } = served();
    const { receive } = connect();
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true }), (raw) => receive(raw)),
    );
  });
});

function circle(): object {
  const object: Record<string, unknown> = { type: 'visible', visible: true };
  object['self'] = object;
  return object;
}

describe('limits', () => {
  test('a flood is answered with a sentence, and later it is heard again', async () => {
    const { connect, called, clock } = served();
    const { receive, told } = connect();
    for (let id = 0; id < 500; id++) {
      receive(request(id, 'now'));
      await Promise.resolve();
      if (id % 40 === 0) await settled();
    }
    await settled();
    expect(called.length).toBeLessThanOrEqual(100);
    expect(told).toHaveLength(500);
    clock.paper.advance(1000);
    receive(request(1000, 'now'));
    await settled();
    expect(told.at(-1)).toMatchObject({ id: 1000, ok: true });
  });

  test('a flood of what is no message does not fill the log', () => {
    const { connect, log } = served();
    const { receive } = connect();
    for (let i = 0; i < 10_000; i++) receive('nonsense');
    expect(log.length).toBeLessThanOrEqual(100);
  });

  test('one window that floods takes nothing from another', async () => {
    const { connect } = served();
    const flood = connect();
    const other = connect();
    for (let id = 0; id < 500; id++) flood.receive(request(id, 'now'));
    other.receive(request(1, 'now'));
    await settled();
    expect(other.told).toMatchObject([{ id: 1, ok: true }]);
  });
});

describe('what windows are told', () => {
  const now = (digits: number) => ({ ...NOW, problem: `${digits}` });

  test('nothing until they are visible, and then the last of everything', () => {
    const { server, connect } = served();
    const { receive, told } = connect();
    server.tell('now', now(1));
    server.tell('now', now(2));
    server.tell('settings', DEFAULT_SETTINGS);
    expect(told).toEqual([]);
    receive({ type: 'visible', visible: true });
    expect(told).toEqual([
      { type: 'told', name: 'now', told: now(2) },
      { type: 'told', name: 'settings', told: DEFAULT_SETTINGS },
    ]);
  });

  test('a window that comes later is told how things stand', () => {
    const { server, connect } = served();
    server.tell('now', now(1));
    const { receive, told } = connect();
    receive({ type: 'visible', visible: true });
    expect(told).toEqual([{ type: 'told', name: 'now', told: now(1) }]);
  });

  test('at most twice a second, the last one, however often something happens', () => {
    const { server, connect, clock } = served();
    const { receive, told } = connect();
    receive({ type: 'visible', visible: true });
    for (let i = 0; i < 1000; i++) {
      server.tell('now', now(i));
      clock.paper.advance(10);
    }
    expect(told.length).toBeGreaterThanOrEqual(20);
    expect(told.length).toBeLessThanOrEqual((1000 * 10) / TELL_EVERY_MS + 1);
    clock.paper.advance(TELL_EVERY_MS);
    expect(told.at(-1)).toMatchObject({ told: now(999) });
  });

  test('what did not change is not told again, and costs no timer', () => {
    const { server, connect, clock } = served();
    const { receive, told } = connect();
    receive({ type: 'visible', visible: true });
    server.tell('now', now(1));
    clock.paper.advance(10_000);
    server.tell('now', now(1));
    server.tell('now', now(1));
    clock.paper.advance(10_000);
    expect(told).toHaveLength(1);
    expect(clock.paper.next).toBeNull();
  });

  test('hidden again, it is told nothing, and has no timer', () => {
    const { server, connect, clock } = served();
    const { receive, told } = connect();
    receive({ type: 'visible', visible: true });
    server.tell('now', now(1));
    server.tell('now', now(2));
    receive({ type: 'visible', visible: false });
    clock.paper.advance(10_000);
    for (let i = 2; i < 100; i++) server.tell('now', now(i));
    expect(told).toHaveLength(1);
    expect(clock.paper.next).toBeNull();
    receive({ type: 'visible', visible: true });
    expect(told.at(-1)).toMatchObject({ told: now(99) });
  });

  test('closed, it is told nothing and heard no more', async () => {
    const { server, connect, called, visible } = served();
    const { receive, told, close } = connect();
    receive({ type: 'visible', visible: true });
    receive(request(1, 'now'));
    close();
    server.tell('now', now(5));
    receive(request(2, 'now'));
    await settled();
    expect(told).toEqual([]);
    expect(called).toEqual([['now', {}]]);
    expect(visible).toEqual([true, false]);
  });

  test('whether anybody looks is known, over all windows', () => {
    const { connect, visible } = served();
    const [one, two] = [connect(), connect()];
    one.receive({ type: 'visible', visible: true });
    two.receive({ type: 'visible', visible: true });
    one.receive({ type: 'visible', visible: false });
    expect(visible).toEqual([true]);
    two.close();
    expect(visible).toEqual([true, false]);
  });

  test('somebody who wants to see something is shown it twice if asked twice, and also in the next window', () => {
    const { server, connect, clock } = served();
    server.show({ view: 'primes' });
    const { receive, names, told } = connect();
    receive({ type: 'visible', visible: true });
    expect(told).toEqual([{ type: 'told', name: 'show', told: { view: 'primes' } }]);
    clock.paper.advance(TELL_EVERY_MS);
    server.show({ view: 'primes' });
    expect(names()).toEqual(['show', 'show']);
    const another = connect();
    another.receive({ type: 'visible', visible: true });
    expect(another.names()).toEqual([]);
  });
});

test('other primes as many as before are told of again, a state that is the same is not', () => {
  const { server, clock, connect } = served();
  const { receive, names } = connect();
  receive({ type: 'visible', visible: true });
  for (let times = 0; times < 2; times++) {
    server.tellOnce('primesChanged', { total: 7 });
    server.tell('settings', DEFAULT_SETTINGS);
    clock.paper.advance(TELL_EVERY_MS);
  }
  expect(names().filter((name) => name === 'primesChanged')).toHaveLength(2);
  expect(names().filter((name) => name === 'settings')).toHaveLength(1);
});

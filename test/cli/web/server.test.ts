import { once } from 'node:events';
import { connect as connectTo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, test, vi } from 'vitest';
import type { WebSocket } from 'ws';
import type { Downward } from '../../../main/contract/bridge.ts';
import { LONGEST_MESSAGE } from '../../../main/host/bridge-server.ts';
import { PAGE_HEADERS } from '../../../main/host/page/headers.ts';
import { PaperHostClock } from '../../support/paper-host.ts';
import { served } from '../../support/window-server.ts';

async function closeCode(socket: WebSocket): Promise<number> {
  const [code] = await once(socket, 'close');
  return code as number;
}

describe('the address', () => {
  test('lets a browser in once, and is not good for a second', async () => {
    const { server, get } = await served();
    const { pathname, search } = new URL(server.newAddress());
    const first = await get(`${pathname}${search}`);
    expect(first.status).toBe(200);
    expect(first.headers['set-cookie']).toEqual([
      expect.stringMatching(/^nice19-\d+=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/),
    ]);
    expect(first.headers['cache-control']).toBe('no-store');
    const second = await get(`${pathname}${search}`);
    expect(second).toMatchObject({ status: 403 });
    expect(second.headers['set-cookie']).toBeUndefined();
  });

  test('is not used up by who only looks ahead', async () => {
    const { server, get } = await served();
    const { pathname, search } = new URL(server.newAddress());
    expect(await get(`${pathname}${search}`, {}, 'HEAD')).toMatchObject({ status: 403 });
    expect(await get(`${pathname}${search}`)).toMatchObject({ status: 200 });
  });

  test('cannot be guessed from another: each has 256 bits of its own', async () => {
    const { server } = await served();
    const tokens = Array.from({ length: 10 }, () => new URL(server.newAddress()).searchParams.get('token'));
    expect(new Set(tokens).size).toBe(10);
    for (const token of tokens) expect(Buffer.from(token ?? '', 'base64url')).toHaveLength(32);
  });

  test('opens the page, whose own address has nothing to hide', async () => {
    const { enter, get, origin } = await served();
    const { cookie } = await enter();
    const page = await get('/', { Cookie: cookie });
    expect(page).toMatchObject({ status: 200, body: '<!doctype html><title>the window</title>' });
    expect(await get('/enter.js', { Cookie: cookie })).toMatchObject({
      body: expect.stringContaining("location.replace('/')"),
    });
    expect(await get('/assets/main.js', { Cookie: cookie, Origin: origin })).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/javascript; charset=utf-8' },
    });
  });

  test('opened in a second browser, the first one stays', async () => {
    const { enter, get } = await served();
    const [one, two] = [await enter(), await enter()];
    for (const { cookie } of [one, two]) expect(await get('/', { Cookie: cookie })).toMatchObject({ status: 200 });
  });
});

describe('who has not come through it', () => {
  const PATHS = ['/', '/index.html', '/assets/main.js', '/enter.js', '/enter', '/enter?token=', '/nothing', '/bridge'];

  test.each(PATHS)('gets 403 for %s, and nothing else', async (path) => {
    const { get } = await served();
    const answer = await get(path);
    expect(answer.status).toBe(403);
    expect(answer.body).toMatch(/^This is the window of nice19, and it is locked/);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  test('the answers to what is there and what is not are the same', async () => {
    const { get } = await served();
    const answers = await Promise.all(PATHS.map((path) => get(path)));
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
  });

  test.each(['x', 'x'.repeat(43), '', '../../etc/passwd'])('a cookie or token of "%s" is no good', async (guess) => {
    const { get, server } = await served();
    expect(await get('/', { Cookie: `nice19-${server.port}=${guess}` })).toMatchObject({ status: 403 });
    expect(await get(`/enter?token=${encodeURIComponent(guess)}`)).toMatchObject({ status: 403 });
  });

  test('the cookie of another window is no good here', async () => {
    const one = await served();
    const two = await served();
    const { cookie } = await one.enter();
    const renamed = cookie.replace(`nice19-${one.server.port}`, `nice19-${two.server.port}`);
    expect(await two.get('/', { Cookie: renamed })).toMatchObject({ status: 403 });
  });
});

describe('pages of others', () => {
  test.each([
    ['a name that was made to mean this computer', { Host: 'attacker.example' }],
    ['the same with our port', { Host: 'attacker.example:PORT' }],
    ['another name of this computer', { Host: 'localhost:PORT' }],
    ['this computer without its port', { Host: '127.0.0.1' }],
    ['another port', { Host: '127.0.0.1:1' }],
    ['another origin', { Origin: 'https://attacker.example' }],
    ['another server on this computer', { Origin: 'http://127.0.0.1:1' }],
    ['no origin at all, of a frame', { Origin: 'null' }],
    ['our origin over another protocol', { Origin: 'https://127.0.0.1:PORT' }],
    ['a page of another site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['a page of another port', { 'Sec-Fetch-Site': 'same-site' }],
  ])('%s: 403, also with the cookie', async (_, hostile) => {
    const { enter, get, open, server } = await served();
    const browser = await enter();
    const headers = Object.fromEntries(
      Object.entries(hostile).map(([name, value]) => [name, value.replace('PORT', String(server.port))]),
    );
    expect(await get('/', { Cookie: browser.cookie, ...headers })).toMatchObject({ status: 403 });
    if (!('Sec-Fetch-Site' in hostile)) expect(await open(browser, { headers })).toBe(403);
  });

  test('a token is good for who typed it or clicked on it anywhere, but not under another name of this computer', async () => {
    const { server, get } = await served();
    const path = () => {
      const { pathname, search } = new URL(server.newAddress());
      return `${pathname}${search}`;
    };
    expect(await get(path(), { 'Sec-Fetch-Site': 'cross-site' })).toMatchObject({ status: 200 });
    expect(await get(path(), { Host: `attacker.example:${server.port}` })).toMatchObject({ status: 403 });
  });

  test('nobody may frame the page, or use what it has from elsewhere', async () => {
    const { enter, get } = await served();
    const { cookie } = await enter();
    const { headers } = await get('/', { Cookie: cookie });
    for (const [name, value] of Object.entries(PAGE_HEADERS)) expect(headers[name.toLowerCase()]).toBe(value);
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('files', () => {
  test.each([
    '/../secret.key',
    '/assets/../secret.key',
    '/%2e%2e/secret.key',
    '/assets/%2e%2e%2fsecret.key',
    '/secret.key',
    '/assets',
    '/assets/',
    '//etc/passwd',
    '/index.html%00',
    'http://127.0.0.1/',
    '*',
  ])('%s is none', async (path) => {
    const { enter, get } = await served();
    const { cookie } = await enter();
    const { status, body } = await get(path, { Cookie: cookie });
    expect([403, 404]).toContain(status);
    expect(body).not.toContain('not a file of a page');
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('%s is not taken', async (method) => {
    const { enter, get } = await served();
    const { cookie } = await enter();
    expect(await get('/', { Cookie: cookie }, method)).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
  });

  test('HEAD has the length and no content', async () => {
    const { enter, get } = await served();
    const { cookie } = await enter();
    expect(await get('/', { Cookie: cookie }, 'HEAD')).toMatchObject({
      status: 200,
      body: '',
      headers: { 'content-length': '40' },
    });
  });
});

describe('the WebSocket', () => {
  test('is open to who has both halves of one session', async () => {
    const { enter, open, got } = await served();
    const socket = (await open(await enter())) as WebSocket;
    expect(socket.protocol).toBe('nice19');
    socket.send('{"type":"visible","visible":true}');
    await vi.waitUntil(() => got.length === 1);
    expect(got).toEqual(['{"type":"visible","visible":true}']);
    socket.close();
    await vi.waitUntil(() => got.length === 2);
    expect(got[1]).toBe('closed');
  });

  test('the cookie alone does not open it: another port of this host may have been sent it', async () => {
    const { enter, open } = await served();
    const [one, two] = [await enter(), await enter()];
    expect(await open({ cookie: one.cookie })).toBe(403);
    expect(await open({ cookie: one.cookie, key: 'x'.repeat(43) })).toBe(403);
    expect(await open({ key: one.key })).toBe(403);
    expect(await open({ cookie: one.cookie, key: two.key })).toBe(403);
    expect(await open(null)).toBe(403);
  });

  test('a program that says of no page is no browser of ours', async () => {
    const { enter, open } = await served();
    expect(await open(await enter(), { headers: { Origin: '' } })).toBe(403);
  });

  test('is at one path', async () => {
    const { enter, open } = await served();
    expect(await open(await enter(), { path: '/' })).toBe(403);
  });

  test('what the host says goes out as JSON', async () => {
    let say = (_: Downward): void => {};
    const { enter, open } = await served({
      connect(send) {
        say = send;
        return { receive() {}, close() {} };
      },
    });
    const socket = (await open(await enter())) as WebSocket;
    const message = once(socket, 'message');
    say({ type: 'result', id: 1, ok: true, value: '<b>' });
    const [data] = await message;
    expect(JSON.parse(String(data))).toEqual({ type: 'result', id: 1, ok: true, value: '<b>' });
  });

  test('a message that is too long ends the connection, and is not heard', async () => {
    const { enter, open, got } = await served();
    const socket = (await open(await enter())) as WebSocket;
    socket.send('x'.repeat(LONGEST_MESSAGE + 1));
    expect(await closeCode(socket)).toBe(1009);
    await vi.waitUntil(() => got.length > 0);
    expect(got).toEqual(['closed']);
  });

  test('binary messages are not taken', async () => {
    const { enter, open, got } = await served();
    const socket = (await open(await enter())) as WebSocket;
    socket.send(Buffer.from('{}'));
    expect(await closeCode(socket)).toBe(1003);
    await vi.waitUntil(() => got.length > 0);
    expect(got).toEqual(['closed']);
  });

  test('there are at most sixteen', async () => {
    const { enter, open } = await served();
    const browser = await enter();
    for (let i = 0; i < 16; i++) expect(await open(browser)).not.toBe(503);
    expect(await open(browser)).toBe(503);
  });

  test('a browser that does not answer any more is gone after a while', async () => {
    const clock = new PaperHostClock();
    const { enter, open, got } = await served({ clock });
    const socket = (await open(await enter())) as WebSocket;
    const pinged = once(socket, 'ping');
    await vi.waitUntil(() => clock.paper.next !== null);
    clock.paper.advance(60_000);
    await pinged;
    // The answer to that has come when what is sent after it has.
    socket.send('here');
    await vi.waitUntil(() => got.length === 1);
    socket.pong = () => {};
    Object.assign(socket, { _autoPong: false });
    clock.paper.advance(60_000);
    expect(got).toEqual(['here']);
    clock.paper.advance(60_000);
    await vi.waitUntil(() => got.length === 2);
    expect(got[1]).toBe('closed');
  });
});

describe('nonsense', () => {
  test.each([
    'GET / HTTP/1.1\r\n\r\n',
    'GET / HTTP/9.9\r\nHost: x\r\n\r\n',
    '\u0000\u0001\u0002',
    `GET /${'x'.repeat(40_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n${'X-A: b\r\n'.repeat(5000)}\r\n`,
    'GET /bridge HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  ])('%j is refused, and the server lives', async (text) => {
    const { server, get } = await served();
    const socket = connectTo(server.port, '127.0.0.1');
    const heard: string[] = [];
    socket.on('data', (data) => heard.push(data.toString()));
    socket.on('error', () => {});
    socket.end(text);
    await once(socket, 'close');
    expect(heard.join('').slice(0, 12)).toMatch(/^(HTTP\/1\.1 4\d\d)?$/);
    expect(await get('/')).toMatchObject({ status: 403 });
  });
});

test('it listens at 127.0.0.1, and at no other address of this computer', async () => {
  const { server } = await served();
  const others = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
  // All of 127/8 is this computer, on Linux: who listens everywhere is heard there.
  const addresses = [
    ...others.filter((address) => address !== '127.0.0.1' && !address.startsWith('fe80')),
    '127.0.0.2',
  ];
  for (const address of process.platform === 'linux' ? addresses : addresses.slice(0, -1)) {
    const socket = connectTo(server.port, address);
    const [error] = await once(socket, 'error').catch((cause: Error) => [cause]);
    expect((error as NodeJS.ErrnoException).code).toBe('ECONNREFUSED');
  }
});

test('closed, it is gone, with its connections', async () => {
  const { server, enter, open, get } = await served();
  const socket = (await open(await enter())) as WebSocket;
  const closed = closeCode(socket);
  await server.close();
  await closed;
  await expect(get('/')).rejects.toThrow('ECONNREFUSED');
});

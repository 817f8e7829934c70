/** A server of the window with a page of its own, and strangers who ask it. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import { serveWindow, type WindowServer, type WindowServerOptions } from '../../main/cli/web/server.ts';
import { systemClock } from '../../main/host/system-clock.ts';
import { temporaryDirectory } from './directory.ts';

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A browser that came through an address: its cookie, and the key of its page. */
export interface Browser {
  readonly cookie: string;
  readonly key: string;
}

export async function served(options: Partial<WindowServerOptions> = {}) {
  const folder = temporaryDirectory();
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>the window</title>');
  writeFileSync(join(folder, 'assets', 'main.js'), 'export {};');
  writeFileSync(join(folder, 'secret.key'), 'not a file of a page');
  const got: unknown[] = [];
  const server = await serveWindow({
    folder,
    connect: () => ({ receive: (raw) => got.push(raw), close: () => got.push('closed') }),
    clock: systemClock,
    log: () => {},
    ...options,
  });
  onTestFinished(() => server.close());
  return { server, got, ...asking(server) };
}

function asking(server: WindowServer) {
  const host = `127.0.0.1:${server.port}`;
  const origin = `http://${host}`;
  /** As a browser would, but with any headers. */
  const get = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answered> =>
    new Promise((resolve, reject) => {
      const asked = request(
        { host: '127.0.0.1', port: server.port, path, method, headers, agent: false },
        (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: Buffer.concat(parts).toString(),
            }),
          );
        },
      );
      asked.on('error', reject);
      asked.end();
    });
  const enter = async (address = server.newAddress()): Promise<Browser> => {
    const { pathname, search } = new URL(address);
    const { headers, body } = await get(`${pathname}${search}`);
    const [cookie = ''] = (headers['set-cookie'] as string[])[0]?.split(';') ?? [];
    return { cookie, key: /name="key" content="([^"]*)"/.exec(body)?.[1] ?? '' };
  };
  /** Resolves with the open socket, or the status with which it was refused. */
  const open = (
    browser: Partial<Browser> | null,
    { path = '/bridge', headers = {} }: { path?: string; headers?: ClientOptions['headers'] } = {},
  ): Promise<WebSocket | number> =>
    new Promise((resolve, reject) => {
      const protocols = browser?.key === undefined ? [] : ['nice19', browser.key];
      const cookie = browser?.cookie === undefined ? {} : { Cookie: browser.cookie };
      const socket = new WebSocket(`ws://${host}${path}`, protocols, {
        headers: { Origin: origin, ...cookie, ...headers },
      });
      socket.on('open', () => resolve(socket));
      socket.on('unexpected-response', (_, response) => {
        resolve(response.statusCode ?? 0);
        socket.terminate();
      });
      socket.on('error', (error) => {
        if (!error.message.includes('before the connection was established')) reject(error);
      });
    });
  return { host, origin, get, enter, open };
}

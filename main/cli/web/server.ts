/**
 * Serves the window to a browser on this computer, and to nobody else: on loopback, at a port that the system chooses, to who
 * came through the printed address. Files are those of the built window, read once; everything else passes through a
 * WebSocket to the bridge, as it does between Electron's processes.
 */

import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Downward } from '../../contract/bridge.ts';
import { type Connection, LONGEST_MESSAGE } from '../../host/bridge-server.ts';
import type { HostClock, Log } from '../../host/edges.ts';
import { pageFiles } from '../../host/page/files.ts';
import { PAGE_HEADERS } from '../../host/page/headers.ts';
import { ENTER_SCRIPT, enterPage } from './enter-page.ts';
import { isForUs, isOurSocket, isOurs, LOOPBACK } from './guard.ts';
import { Keys } from './keys.ts';

export interface WindowServerOptions {
  /** The folder of the built window. */
  readonly folder: string;
  readonly connect: (send: (message: Downward) => void) => Connection;
  readonly clock: HostClock;
  readonly log: Log;
}

export interface WindowServer {
  readonly port: number;
  /** An address that opens the window once. */
  newAddress(): string;
  close(): Promise<void>;
}

/** Of the two that a socket of our page offers; the other one is its key. */
const PROTOCOL = 'nice19';
const MOST_CONNECTIONS = 64;
const MOST_SOCKETS = 16;
/** Bytes that a browser may leave unread before it is taken for gone. */
const MOST_UNREAD = 16 << 20;
/** A browser that does not answer in this time is gone: a computer at a tunnel's other end, asleep. */
const HEARTBEAT_MS = 60_000;
/** A session lasts as long as this program runs; a browser may keep its half for as long as that can be. */
const COOKIE_SECONDS = 365 * 24 * 3600;

const TEXT = 'text/plain; charset=utf-8';
const SCRIPT = 'text/javascript; charset=utf-8';
const PAGE = 'text/html; charset=utf-8';

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The same for everybody who is not let in, whatever was asked for. */
const REFUSED: Answer = {
  status: 403,
  type: TEXT,
  body: 'This is the window of nice19, and it is locked. The address that its terminal shows opens it, once.\nIf you have just come through that address, load this page again.\n',
  headers: { Connection: 'close', 'Cache-Control': 'no-store' },
};

/** @throws where the window is not built, or no port is to be had */
export async function serveWindow(options: WindowServerOptions): Promise<WindowServer> {
  const server = new Loopback(options);
  await server.listen();
  return server;
}

class Loopback implements WindowServer {
  readonly #options: WindowServerOptions;
  readonly #keys = new Keys();
  readonly #files: ReadonlyMap<string, { readonly body: Buffer; readonly type: string }>;
  readonly #server: Server;
  readonly #sockets: WebSocketServer;
  #port = 0;

  constructor(options: WindowServerOptions) {
    this.#options = options;
    const files = [...pageFiles(options.folder)];
    this.#files = new Map(files.map(([address, { path, type }]) => [address, { body: readFileSync(path), type }]));
    this.#sockets = new WebSocketServer({
      noServer: true,
      maxPayload: LONGEST_MESSAGE,
      perMessageDeflate: false,
      handleProtocols: () => PROTOCOL,
    });
    this.#server = createServer(
      { maxHeaderSize: 16_384, headersTimeout: 10_000, requestTimeout: 10_000, keepAliveTimeout: 5_000 },
      (request, response) => {
        // Nobody has anything to send here.
        request.resume();
        reply(request, response, this.#answer(request));
      },
    );
    this.#server.maxConnections = MOST_CONNECTIONS;
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  get port(): number {
    return this.#port;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, LOOPBACK, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  newAddress(): string {
    return `http://${LOOPBACK}:${this.#port}/enter?token=${this.#keys.newToken()}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#sockets.close();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  get #cookieName(): string {
    // Browsers send cookies to all ports of a host: two of us must not take each other's away.
    return `nice19-${this.#port}`;
  }

  #answer(request: IncomingMessage): Answer {
    const address = addressOf(request);
    if (address === null || !isForUs(request.headers, this.#port)) return REFUSED;
    // Wherever its link was clicked: who has the token was shown it.
    if (address.pathname === '/enter') return this.#enter(address.searchParams.get('token') ?? '', request);
    if (!isOurs(request.headers, this.#port)) return REFUSED;
    if (!this.#keys.knowsCookie(cookieOf(request, this.#cookieName))) return REFUSED;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return { status: 405, type: TEXT, body: 'Only GET.\n', headers: { Allow: 'GET, HEAD' } };
    }
    if (address.pathname === '/enter.js') return { status: 200, type: SCRIPT, body: ENTER_SCRIPT };
    const file = this.#files.get(address.pathname);
    if (file === undefined) return { status: 404, type: TEXT, body: 'There is no such page.\n' };
    return { status: 200, ...file };
  }

  #enter(token: string, request: IncomingMessage): Answer {
    // Whoever only looks ahead must not use it up.
    const session = request.method === 'GET' ? this.#keys.exchange(token) : null;
    if (session === null) return REFUSED;
    const cookie = `${this.#cookieName}=${session.cookie}; Path=/; Max-Age=${COOKIE_SECONDS}; HttpOnly; SameSite=Strict`;
    const headers = { 'Set-Cookie': cookie, 'Cache-Control': 'no-store' };
    return { status: 200, type: PAGE, body: enterPage(session.key), headers };
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const protocols = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());
    const [protocol, key = ''] = protocols;
    const allowed =
      addressOf(request)?.pathname === '/bridge' &&
      isOurSocket(request.headers, this.#port) &&
      protocol === PROTOCOL &&
      this.#keys.knows({ cookie: cookieOf(request, this.#cookieName), key });
    if (!allowed) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    if (this.#sockets.clients.size >= MOST_SOCKETS) {
      socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (opened) => this.#connect(opened));
  }

  #connect(socket: WebSocket): void {
    const { connect, clock, log } = this.#options;
    const connection = connect((message) => {
      if (socket.bufferedAmount > MOST_UNREAD) socket.terminate();
      else socket.send(JSON.stringify(message));
    });
    let answered = true;
    let cancel = (): void => {};
    const beat = (): void => {
      if (!answered) socket.terminate();
      answered = false;
      if (socket.readyState === socket.OPEN) socket.ping();
      cancel = clock.after(HEARTBEAT_MS, beat);
    };
    cancel = clock.after(HEARTBEAT_MS, beat);
    socket.on('pong', () => {
      answered = true;
    });
    socket.on('message', (data, isBinary) => {
      if (isBinary) socket.close(1003, 'text only');
      else connection.receive(data.toString());
    });
    socket.on('error', (error) => log(`a browser's connection broke: ${error.message}`));
    socket.on('close', () => {
      cancel();
      connection.close();
    });
  }
}

function addressOf(request: IncomingMessage): URL | null {
  const path = request.url ?? '';
  // A request for another server's page is one through a proxy, which this is not.
  return path.startsWith('/') && !path.startsWith('//') ? URL.parse(path, `http://${LOOPBACK}`) : null;
}

/** The first cookie of this name; empty: none. */
function cookieOf(request: IncomingMessage, name: string): string {
  for (const cookie of (request.headers.cookie ?? '').split(';')) {
    const [given, value = ''] = cookie.trim().split('=', 2);
    if (given === name) return value;
  }
  return '';
}

function reply(request: IncomingMessage, response: ServerResponse, { status, type, body, headers }: Answer): void {
  const length = { 'Content-Length': Buffer.byteLength(body) };
  response.writeHead(status, { ...PAGE_HEADERS, 'Content-Type': type, ...length, ...headers });
  response.end(request.method === 'HEAD' ? undefined : body);
}

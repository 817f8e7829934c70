/** The bridge over a WebSocket: JSON both ways, and a connection that comes back by itself. */

import { expect, test } from 'vitest';
import { bridgeAddress, type Socket, socketTransport } from '../../../renderer/bridge/socket.ts';

class PaperSocket implements Socket {
  readonly sent: string[] = [];
  private readonly listeners = new Map<string, (event: { readonly data: unknown }) => void>();
  send(text: string): void {
    this.sent.push(text);
  }
  addEventListener(name: string, listener: (event: { readonly data: unknown }) => void): void {
    this.listeners.set(name, listener);
  }
  happen(name: 'open' | 'close' | 'message', data?: unknown): void {
    this.listeners.get(name)?.({ data });
  }
}

function start() {
  const sockets: PaperSocket[] = [];
  const waits: { milliseconds: number; call: () => void }[] = [];
  const transport = socketTransport({
    open() {
      sockets.push(new PaperSocket());
      return sockets.at(-1)!;
    },
    after: (milliseconds, call) => waits.push({ milliseconds, call }),
  });
  const messages: unknown[] = [];
  const connections: boolean[] = [];
  transport.onMessage((message) => messages.push(message));
  transport.onConnection((connected) => connections.push(connected));
  return { sockets, waits, transport, messages, connections };
}

test('the address is that of the page', () => {
  expect(bridgeAddress({ protocol: 'http:', host: '127.0.0.1:1988' })).toBe('ws://127.0.0.1:1988/bridge');
  expect(bridgeAddress({ protocol: 'https:', host: 'example.org' })).toBe('wss://example.org/bridge');
});

test('messages are JSON; what is not is handed on as nothing that any schema takes', () => {
  const { sockets, transport, messages } = start();
  sockets[0]!.happen('open');
  transport.send({ type: 'visible', visible: true });
  sockets[0]!.happen('message', '{"a":1}');
  sockets[0]!.happen('message', '{"a":');
  expect(sockets[0]!.sent).toEqual(['{"type":"visible","visible":true}']);
  expect(messages).toEqual([{ a: 1 }, undefined]);
});

test('a connection that cannot be had is tried again, less and less often', () => {
  const { sockets, waits, connections } = start();
  for (let i = 0; i < 8; i++) {
    sockets[i]!.happen('close');
    waits[i]!.call();
  }
  expect(waits.map(({ milliseconds }) => milliseconds)).toEqual([500, 1000, 2000, 4000, 8000, 15000, 15000, 15000]);
  expect(connections).toEqual(Array(8).fill(false));
});

test('one that breaks is told, and its return too, after which it is tried soon again', () => {
  const { sockets, waits, connections, transport } = start();
  sockets[0]!.happen('open');
  sockets[0]!.happen('close');
  transport.send({ type: 'visible', visible: true });
  waits[0]!.call();
  sockets[1]!.happen('open');
  sockets[1]!.happen('close');
  expect(connections).toEqual([true, false, true, false]);
  expect(waits.map(({ milliseconds }) => milliseconds)).toEqual([500, 500]);
  expect(sockets.flatMap(({ sent }) => sent)).toEqual([]);
});

/**
 * The bridge over a WebSocket to the server that the page came from. One that breaks is opened again: after half a second
 * at first, then after twice as long each time, up to fifteen seconds.
 */

import type { Transport } from './client.ts';

const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;

/** What is needed of the browser's WebSocket. */
export interface Socket {
  send(text: string): void;
  addEventListener(name: 'open' | 'close', listener: () => void): void;
  addEventListener(name: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

export interface SocketEdges {
  /** Begins to open a connection. */
  open(): Socket;
  after(milliseconds: number, call: () => void): void;
}

/** The server's address for the page's own. */
export function bridgeAddress(page: { readonly protocol: string; readonly host: string }): string {
  return `${page.protocol === 'https:' ? 'wss:' : 'ws:'}//${page.host}/bridge`;
}

/** Where the page behind the printed address has put the key: cookies do not know ports, this does (main/cli/web/keys.ts). */
const KEY_PLACE = 'nice19.key';

/** What the server lets in: its protocol's name, and the key. */
export function bridgeProtocols(key: string | null): string[] {
  return key === null ? [] : ['nice19', key];
}

export function browserEdges(page: Location, storage: Pick<Storage, 'getItem'>): SocketEdges {
  return {
    open: () => new WebSocket(bridgeAddress(page), bridgeProtocols(storage.getItem(KEY_PLACE))),
    after: (milliseconds, call) => setTimeout(call, milliseconds),
  };
}

export function socketTransport({ open, after }: SocketEdges): Transport {
  let socket: Socket | null = null;
  let wait = FIRST_WAIT;
  let onMessage: (message: unknown) => void = () => {};
  let onConnection: (connected: boolean) => void = () => {};

  function connect(): void {
    const opening = open();
    opening.addEventListener('open', () => {
      socket = opening;
      wait = FIRST_WAIT;
      onConnection(true);
    });
    opening.addEventListener('message', ({ data }) => onMessage(parsed(data)));
    opening.addEventListener('close', () => {
      socket = null;
      onConnection(false);
      after(wait, connect);
      wait = Math.min(2 * wait, LONGEST_WAIT);
    });
  }

  return {
    send: (message) => socket?.send(JSON.stringify(message)),
    onMessage: (listener) => {
      onMessage = listener;
    },
    onConnection: (listener) => {
      onConnection = listener;
      connect();
    },
  };
}

/** What is not JSON is undefined, which no schema takes. */
function parsed(data: unknown): unknown {
  try {
    return JSON.parse(String(data));
  } catch {
    return undefined;
  }
}

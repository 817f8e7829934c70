/** The bridge over Electron's preload, which is there as long as the window is. */

import type { Downward, Upward } from '../../main/contract/bridge.ts';
import type { Transport } from './client.ts';

/** What the preload puts into the page, as `window.nice19`. */
export interface Preload {
  send(message: Upward): void;
  onMessage(listener: (message: Downward) => void): unknown;
}

export function preloadTransport(preload: Preload): Transport {
  return {
    send: (message) => preload.send(message),
    onMessage: (listener) => preload.onMessage(listener),
    onConnection: (listener) => listener(true),
  };
}

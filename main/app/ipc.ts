/**
 * Connects windows with the host over one channel. Messages of senders that are not trusted are dropped and logged; what the
 * trusted ones say is checked by the host, as it checks a browser's.
 */

import type { IpcMain, WebContents } from 'electron';
import type { Downward } from '../contract/bridge.ts';
import type { Log } from '../host/edges.ts';
import { CHANNEL } from './channel.ts';
import { isTrustedSender } from './trusted-sender.ts';

/** A window's connection, as the host gives it. */
export interface Connection {
  receive(message: unknown): void;
  close(): void;
}

type Contents = Pick<WebContents, 'id' | 'send' | 'isDestroyed' | 'once'>;

export class WindowConnections {
  readonly #connect: (send: (message: Downward) => void) => Connection;
  readonly #log: Log;
  /** Of each page that we made: null until it says something, which it does once it can hear. */
  readonly #connections = new Map<number, Connection | null>();

  constructor(ipcMain: Pick<IpcMain, 'on'>, connect: (send: (message: Downward) => void) => Connection, log: Log) {
    this.#connect = connect;
    this.#log = log;
    ipcMain.on(CHANNEL, (event, message) => {
      const { sender, senderFrame } = event;
      if (!this.#connections.has(sender.id) || !isTrustedSender(senderFrame)) {
        this.#log(`Dropped a message of ${senderFrame?.url ?? 'a page that is gone'}, which is not our window.`);
        return;
      }
      this.#of(sender).receive(message);
    });
  }

  /** A window of ours: its messages count from now on, until it is gone. */
  add(contents: Contents): void {
    this.#connections.set(contents.id, null);
    contents.once('destroyed', () => {
      this.#connections.get(contents.id)?.close();
      this.#connections.delete(contents.id);
    });
  }

  #of(contents: Contents): Connection {
    const before = this.#connections.get(contents.id);
    if (before) return before;
    const connection = this.#connect((message) => {
      if (!contents.isDestroyed()) contents.send(CHANNEL, message);
    });
    this.#connections.set(contents.id, connection);
    return connection;
  }
}

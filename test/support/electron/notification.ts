/** Notifications: kept for the test, which can click them. */

import { EventEmitter } from 'node:events';
import { changed, shows } from './desktop.ts';

const shown: StandInNotification[] = [];

export class StandInNotification
  extends EventEmitter
  implements Pick<Electron.Notification, 'show' | 'close' | 'title' | 'body' | 'silent'>
{
  title: string;
  body: string;
  silent: boolean;

  static isSupported(): boolean {
    return true;
  }

  constructor(options: Electron.NotificationConstructorOptions = {}) {
    super();
    this.title = options.title ?? '';
    this.body = options.body ?? '';
    this.silent = options.silent ?? false;
  }

  show(): void {
    shown.push(this);
    changed();
    setImmediate(() => this.emit('show', {}));
  }

  close(): void {
    setImmediate(() => this.emit('close', {}));
  }
}

shows('notifications', () => shown.map(({ title, body, silent }) => ({ title, body, silent })));

export function clickNotification(index: number): void {
  const notification = shown.at(index);
  if (notification === undefined) throw new Error(`There is no notification ${index}: ${shown.length} were shown.`);
  notification.emit('click', {});
}

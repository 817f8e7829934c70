/** What a test can have happen to the app: a user's hands, the computer's power, and what only an attacker would do. */

import type { StandInApp } from './app.ts';
import { theWindow } from './browser-window.ts';
import { type Senses, senses } from './desktop.ts';
import { ipcMain } from './ipc.ts';
import { choose } from './menu.ts';
import { clickNotification } from './notification.ts';
import { nativeTheme, powerMonitor } from './senses.ts';
import { timersSet } from './timers.ts';
import { theTray } from './tray.ts';
import { timersOfChildren } from './utility-process.ts';
import { frameAt } from './web-contents.ts';

export type PowerEvent =
  | 'suspend'
  | 'resume'
  | 'on-ac'
  | 'on-battery'
  | 'shutdown'
  | 'lock-screen'
  | 'unlock-screen'
  | 'user-did-become-active'
  | 'user-did-resign-active'
  | 'thermal-state-change';

export type Order =
  | { readonly do: 'click-tray' }
  /** An entry of the tray's menu, by the labels on the way to it. */
  | { readonly do: 'choose'; readonly labels: readonly string[] }
  | { readonly do: 'click-notification'; readonly index: number }
  | { readonly do: 'sense'; readonly senses: Partial<Senses> }
  | { readonly do: 'power'; readonly event: PowerEvent }
  | { readonly do: 'close-window' }
  /** Of a window, on Windows, when the user logs off. */
  | { readonly do: 'session-end' }
  /** By the user's hand outside the menu, as macOS' Dock does. */
  | { readonly do: 'quit' }
  /** A message to `ipcMain` as from a frame at an address, one inside another frame where `parent` is an address. */
  | {
      readonly do: 'forge';
      readonly channel: string;
      readonly args: readonly unknown[];
      readonly url: string | null;
      readonly parent?: string;
    }
  /** Milliseconds of the timers that the app has set, in all its processes. */
  | { readonly do: 'timers' };

export function obeyFor(app: StandInApp): (order: Order) => Promise<unknown> {
  return async (order) => {
    switch (order.do) {
      case 'click-tray':
        return void theTray().emit('click', {});
      case 'choose':
        return choose(theTray().menu, order.labels);
      case 'click-notification':
        return clickNotification(order.index);
      case 'sense':
        Object.assign(senses, order.senses);
        if (order.senses.dark !== undefined) nativeTheme.emit('updated');
        return;
      case 'power':
        return void powerMonitor.emit(order.event, {}, senses.thermalState);
      case 'close-window':
        return theWindow().close();
      case 'session-end':
        theWindow().emit('query-session-end', { preventDefault() {}, reasons: ['logoff'] });
        return void theWindow().emit('session-end', { reasons: ['logoff'] });
      case 'quit':
        return app.quit();
      case 'forge': {
        const parent = order.parent === undefined ? null : frameAt(order.parent);
        const frame = order.url === null ? null : frameAt(order.url, parent);
        const { channel, args } = order;
        if (ipcMain.listenerCount(channel) === 0) throw new Error(`Nobody listens to ${channel}.`);
        return theWindow().contents.hearFrom(frame, { type: 'send', channel, args: [...args], id: 0 });
      }
      case 'timers':
        return [...timersSet(), ...(await timersOfChildren())];
    }
  };
}

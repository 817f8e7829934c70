/**
 * The icon in the tray and its menu, set again when what it says has changed: Linux shows only what was set last, and a menu
 * that is set again closes under the user's hand, so not for nothing and at most every few seconds unless it matters.
 *
 * Where there is no tray (stock GNOME) making it may fail or show nothing, and nobody is told which: the app works without, a
 * second start shows the window.
 */

import type { Menu, MenuItemConstructorOptions, Tray } from 'electron';
import type { HostClock, Log } from '../../host/edges.ts';
import { type TrayState, trayIcon, trayState } from './icon.ts';
import { menuText, statusLine, type TrayAction, type TrayInput, type TrayItem, trayMenu } from './menu.ts';

export interface TrayEdges {
  readonly make: (icon: string) => Tray;
  readonly menu: (template: MenuItemConstructorOptions[]) => Menu;
  readonly icons: string;
  readonly platform: NodeJS.Platform;
  readonly clock: HostClock;
  readonly log: Log;
}

/** Text alone waits this long after the last change of the menu; a change of state is shown at once. */
const TEXT_EVERY_MS = 5000;

export class AppTray {
  readonly #edges: TrayEdges;
  readonly #tray: Tray | null;
  readonly #perform: (action: TrayAction) => void;
  #icon: TrayState = 'running';
  #text = '';
  #status = '';
  #changedAt = Number.NEGATIVE_INFINITY;
  #waiting: { readonly cancel: () => void } | null = null;
  #latest: TrayInput | null = null;

  constructor(edges: TrayEdges, perform: (action: TrayAction) => void) {
    this.#edges = edges;
    this.#perform = perform;
    this.#tray = this.#make();
    // where it comes: on Windows a click, on Linux an activation, which some desktops never send
    if (edges.platform !== 'darwin') this.#tray?.on('click', () => perform({ do: 'show', view: 'now' }));
  }

  #make(): Tray | null {
    try {
      return this.#edges.make(trayIcon(this.#icon, this.#edges.platform, this.#edges.icons));
    } catch (error) {
      this.#edges.log(`There is no tray here: ${(error as Error).message}`);
      return null;
    }
  }

  update(input: TrayInput): void {
    if (this.#tray === null || this.#tray.isDestroyed()) return;
    this.#latest = input;
    const state = trayState(input.now, input.firstStart);
    const { now, loginItem, firstStart } = input;
    const status = [
      now.state,
      now.problem,
      firstStart,
      loginItem?.state,
      ...now.pauses.map((pause) => pause.reason),
    ].join();
    if (state !== this.#icon) {
      this.#icon = state;
      this.#tray.setImage(trayIcon(state, this.#edges.platform, this.#edges.icons));
    }
    const due = this.#changedAt + TEXT_EVERY_MS - this.#edges.clock.steady();
    if (status !== this.#status || due <= 0) this.#set(input, status);
    else if (this.#waiting === null) {
      const cancel = this.#edges.clock.after(due, () => {
        this.#waiting = null;
        if (this.#latest !== null) this.#set(this.#latest, this.#status);
      });
      this.#waiting = { cancel };
    }
  }

  destroy(): void {
    this.#waiting?.cancel();
    this.#waiting = null;
    this.#tray?.destroy();
  }

  #chosen(action: TrayAction): void {
    // the system has ticked or unticked it already, whether or not it comes true: the menu is set again in any case
    if (action.do === 'start-at-login') {
      this.#text = '';
      this.#status = '';
    }
    this.#perform(action);
  }

  #set(input: TrayInput, status: string): void {
    const tray = this.#tray;
    if (tray === null || tray.isDestroyed()) return;
    this.#status = status;
    const items = trayMenu(input);
    const text = menuText(items);
    if (text === this.#text) return;
    this.#text = text;
    this.#changedAt = this.#edges.clock.steady();
    this.#waiting?.cancel();
    this.#waiting = null;
    tray.setToolTip(`nice19: ${statusLine(input)}`);
    tray.setContextMenu(this.#edges.menu(template(items, (action) => this.#chosen(action))));
  }
}

/** In Electron's words. */
export function template(
  items: readonly TrayItem[],
  perform: (action: TrayAction) => void,
): MenuItemConstructorOptions[] {
  return items.map((item) => templateItem(item, perform));
}

function templateItem(item: TrayItem, perform: (action: TrayAction) => void): MenuItemConstructorOptions {
  if (item.type === 'separator') return { type: 'separator' };
  // an ampersand alone marks a keyboard shortcut
  const label = item.label.replaceAll('&', '&&');
  switch (item.type) {
    case 'text':
      return { label, enabled: false };
    case 'action':
      return { label, enabled: item.enabled, click: () => perform(item.action) };
    case 'checkbox': {
      const { enabled, checked } = item;
      return { type: 'checkbox', label, enabled, checked, click: () => perform(item.action) };
    }
    case 'submenu':
      return { type: 'submenu', label, enabled: item.enabled, submenu: template(item.items, perform) };
  }
}

/** The tray: what it shows is recorded, and a test can click it. On Linux a click may never come; the menu always does. */

import { EventEmitter } from 'node:events';
import { changed, shows } from './desktop.ts';
import { entriesOf } from './menu.ts';
import { originOf } from './native-image.ts';

const trays: StandInTray[] = [];

export class StandInTray
  extends EventEmitter
  implements
    Pick<
      Electron.Tray,
      | 'setImage'
      | 'setToolTip'
      | 'setTitle'
      | 'setContextMenu'
      | 'setPressedImage'
      | 'setIgnoreDoubleClickEvents'
      | 'destroy'
      | 'isDestroyed'
      | 'popUpContextMenu'
    >
{
  image: Electron.NativeImage | string;
  menu: Electron.Menu | null = null;
  /** Entries as they were when the menu was set: on Linux later changes are not seen until it is set again. */
  entries: ReturnType<typeof entriesOf> = [];
  tooltip = '';
  title = '';
  destroyed = false;

  constructor(image: Electron.NativeImage | string) {
    super();
    this.image = image;
    trays.push(this);
    changed();
  }

  setImage(image: Electron.NativeImage | string): void {
    this.image = image;
    changed();
  }

  setToolTip(tooltip: string): void {
    this.tooltip = tooltip;
    changed();
  }

  setTitle(title: string): void {
    this.title = title;
    changed();
  }

  setContextMenu(menu: Electron.Menu | null): void {
    this.menu = menu;
    this.entries = entriesOf(menu);
    changed();
  }

  setPressedImage(): void {}

  setIgnoreDoubleClickEvents(): void {}

  popUpContextMenu(): void {}

  destroy(): void {
    this.destroyed = true;
    trays.splice(trays.indexOf(this), 1);
    changed();
  }

  isDestroyed(): boolean {
    return this.destroyed;
  }
}

shows('trays', () =>
  trays.map(({ tooltip, title, image, entries }) => ({ tooltip, title, menu: entries, ...originOf(image) })),
);

export function theTray(): StandInTray {
  const [tray] = trays;
  if (tray === undefined) throw new Error('The app shows no tray.');
  return tray;
}

/** Menus that can be read and chosen from. */

import { complete } from './complete.ts';
import type { MenuEntry } from './desktop.ts';

type Template = Electron.MenuItemConstructorOptions | Electron.MenuItem;

/** As Electron guesses: a submenu makes a submenu, a role or nothing an ordinary entry. */
function typeOf(options: Electron.MenuItemConstructorOptions): MenuEntry['type'] {
  const type = options.type ?? (options.submenu === undefined ? 'normal' : 'submenu');
  switch (type) {
    case 'normal':
    case 'separator':
    case 'submenu':
    case 'checkbox':
    case 'radio':
      return type;
    default:
      throw new Error(`The Electron stand-in has no menu entries of the type ${type}.`);
  }
}

let commands = 0;

class StandInMenuItem
  implements
    Pick<
      Electron.MenuItem,
      | 'id'
      | 'label'
      | 'type'
      | 'enabled'
      | 'visible'
      | 'checked'
      | 'click'
      | 'submenu'
      | 'role'
      | 'commandId'
      | 'toolTip'
      | 'sublabel'
    >
{
  readonly id: string;
  label: string;
  readonly type: MenuEntry['type'];
  enabled: boolean;
  visible: boolean;
  checked: boolean;
  readonly click: () => void;
  readonly submenu?: Electron.Menu;
  readonly role?: NonNullable<Electron.MenuItem['role']>;
  readonly commandId = ++commands;
  readonly toolTip: string;
  readonly sublabel: string;

  constructor(options: Electron.MenuItemConstructorOptions) {
    this.type = typeOf(options);
    // Electron refuses these too
    if (this.type === 'submenu' && options.submenu === undefined) throw new Error('Invalid submenu');
    if (this.type !== 'separator' && options.label === undefined && options.role === undefined) {
      throw new Error('A menu entry without a label and without a role shows nothing.');
    }
    this.id = options.id ?? '';
    this.label = options.label ?? options.role ?? '';
    this.enabled = options.enabled ?? true;
    this.visible = options.visible ?? true;
    this.checked = options.checked ?? false;
    this.toolTip = options.toolTip ?? '';
    this.sublabel = options.sublabel ?? '';
    if (options.role !== undefined) this.role = options.role as NonNullable<Electron.MenuItem['role']>;
    if (options.submenu !== undefined) {
      this.submenu = Array.isArray(options.submenu)
        ? StandInMenu.buildFromTemplate(options.submenu)
        : (options.submenu as Electron.Menu);
    }
    this.click = () => {
      // a click toggles first and tells then
      if (this.type === 'checkbox') this.checked = !this.checked;
      if (this.type === 'radio') this.checked = true;
      options.click?.(complete<Electron.MenuItem>('MenuItem', this), undefined, {
        triggeredByAccelerator: false,
      } as Electron.KeyboardEvent);
    };
  }
}

let applicationMenu: Electron.Menu | null = null;

class StandInMenu implements Pick<Electron.Menu, 'items' | 'append' | 'getMenuItemById' | 'popup' | 'closePopup'> {
  items: Electron.MenuItem[] = [];

  static buildFromTemplate(template: Template[]): Electron.Menu {
    const menu = new StandInMenu();
    for (const item of template) {
      menu.append(
        complete<Electron.MenuItem>('MenuItem', new StandInMenuItem(item as Electron.MenuItemConstructorOptions)),
      );
    }
    return complete<Electron.Menu>('Menu', menu);
  }

  static setApplicationMenu(menu: Electron.Menu | null): void {
    applicationMenu = menu;
  }

  static getApplicationMenu(): Electron.Menu | null {
    return applicationMenu;
  }

  append(item: Electron.MenuItem): void {
    this.items.push(item);
  }

  getMenuItemById(id: string): Electron.MenuItem | null {
    for (const item of this.items) {
      if (item.id === id) return item;
      const found = 'submenu' in item ? item.submenu?.getMenuItemById(id) : null;
      if (found) return found;
    }
    return null;
  }

  popup(): void {}

  closePopup(): void {}
}

export const Menu = StandInMenu satisfies Pick<
  typeof Electron.Menu,
  'buildFromTemplate' | 'setApplicationMenu' | 'getApplicationMenu'
>;
export const MenuItem = StandInMenuItem;

/** What a user sees of a menu: entries that are hidden are not there. */
export function entriesOf(menu: Electron.Menu | null): MenuEntry[] {
  return (menu?.items ?? [])
    .filter(({ visible }) => visible)
    .map((item) => ({
      type: item.type as MenuEntry['type'],
      label: item.label,
      enabled: item.enabled,
      checked: item.checked,
      submenu: item.type === 'submenu' ? entriesOf(item.submenu ?? null) : [],
    }));
}

/** Chooses an entry by the labels on the way to it. @throws where a user could not */
export function choose(menu: Electron.Menu | null, labels: readonly string[]): void {
  const [label, ...rest] = labels;
  const item = menu?.items.find((each) => each.visible && each.label === label);
  const there = (menu?.items ?? []).map((each) => JSON.stringify(each.label)).join(', ');
  if (item === undefined) throw new Error(`The menu has no entry ${JSON.stringify(label)}; it has ${there}.`);
  if (!item.enabled) throw new Error(`The entry ${JSON.stringify(label)} is disabled.`);
  if (rest.length > 0) choose(item.submenu ?? null, rest);
  else item.click();
}

import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import type { BrowserWindow, BrowserWindowConstructorOptions, Session } from 'electron';
import { beforeEach, describe, expect, test } from 'vitest';
import { PAGE } from '../../main/app/page.ts';
import { AppWindow } from '../../main/app/window.ts';

class PaperWindow extends EventEmitter {
  readonly did: string[] = [];
  readonly webContents = new EventEmitter();
  visible = false;
  minimised = false;
  destroyed = false;
  readonly options: BrowserWindowConstructorOptions;

  constructor(options: BrowserWindowConstructorOptions) {
    super();
    this.options = options;
  }

  async loadURL(url: string): Promise<void> {
    this.did.push(`load ${url}`);
  }
  show(): void {
    this.visible = true;
    this.did.push('show');
  }
  focus(): void {
    this.did.push('focus');
  }
  restore(): void {
    this.did.push('restore');
  }
  isVisible = (): boolean => this.visible;
  isMinimized = (): boolean => this.minimised;
  isDestroyed = (): boolean => this.destroyed;
  destroy(): void {
    this.destroyed = true;
    this.emit('closed');
  }
}

let windows: PaperWindow[];
let logged: string[];
let made: unknown[];
beforeEach(() => {
  windows = [];
  logged = [];
  made = [];
});

const appWindow = ({ dark = false, platform = 'linux' as NodeJS.Platform } = {}) =>
  new AppWindow({
    make: (options) => {
      const window = new PaperWindow(options);
      windows.push(window);
      return window as unknown as BrowserWindow;
    },
    made: (window) => made.push([window, (window as unknown as PaperWindow).did.length]),
    session: {} as Session,
    preload: '/preload.cjs',
    icons: 'icons',
    platform,
    dark: () => dark,
    developing: false,
    log: (line) => logged.push(line),
  });

describe('the window', () => {
  test('is made when it is wanted, guarded before its page is loaded, and seen when that is ready', () => {
    const app = appWindow();
    expect([app.isOpen, windows.length]).toEqual([false, 0]);
    app.show();
    expect(windows[0]?.options).toMatchObject({
      show: false,
      webPreferences: { sandbox: true, preload: '/preload.cjs' },
    });
    expect(made).toEqual([[windows[0], 0]]);
    expect(windows[0]?.did).toEqual([`load ${PAGE}`]);
    windows[0]?.emit('ready-to-show');
    expect(windows[0]?.did).toEqual([`load ${PAGE}`, 'show']);
  });

  test('is one, brought to the front when it is wanted again', () => {
    const app = appWindow();
    app.show();
    const [window] = windows as [PaperWindow];
    window.emit('ready-to-show');
    window.minimised = true;
    app.show();
    expect(windows).toHaveLength(1);
    expect(window.did.slice(2)).toEqual(['restore', 'show', 'focus']);
  });

  test('is gone when it is closed, with its process, and another is made the next time', () => {
    const app = appWindow();
    app.show();
    windows[0]?.emit('closed');
    expect(app.isOpen).toBe(false);
    app.show();
    expect(windows).toHaveLength(2);
  });

  test('whose process died is taken away and logged; the next one works', () => {
    const app = appWindow();
    app.show();
    windows[0]?.webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 11 });
    expect([windows[0]?.destroyed, app.isOpen, logged.length]).toEqual([true, false, 1]);
    app.show();
    expect(windows).toHaveLength(2);
  });

  test('has the background of the system’s theme, and the app’s icon where the system has none for it', () => {
    appWindow({ dark: true }).show();
    appWindow({ dark: false, platform: 'win32' }).show();
    expect(windows[0]?.options.backgroundColor).not.toBe(windows[1]?.options.backgroundColor);
    expect([windows[0]?.options.icon, windows[1]?.options.icon]).toEqual([join('icons', 'app.png'), undefined]);
  });
});

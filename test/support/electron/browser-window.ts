/** `BrowserWindow`: a window of a real Chromium without a screen. Shown and hidden are what the page's visibility says. */

import { EventEmitter } from 'node:events';
import { permitted, type StandInApp, type WindowsOfApp } from './app.ts';
import { leaveChromium, useChromium } from './chromium.ts';
import { completeClass } from './complete.ts';
import { changed, shows } from './desktop.ts';
import { StandInWebContents } from './web-contents.ts';

const open: StandInBrowserWindow[] = [];
let focused: StandInBrowserWindow | null = null;
let chromiumAddress: string | null = null;
let theApp: StandInApp | null = null;
let count = 0;

/** What a page could break out by is refused here: the app must not ask for it. */
function mustBeSandboxed(preferences: Electron.WebPreferences): void {
  const wrong = Object.entries({
    contextIsolation: preferences.contextIsolation === false,
    sandbox: preferences.sandbox === false,
    nodeIntegration: preferences.nodeIntegration === true,
    nodeIntegrationInSubFrames: preferences.nodeIntegrationInSubFrames === true,
    webSecurity: preferences.webSecurity === false,
  }).find(([, is]) => is);
  if (wrong) throw new Error(`The Electron stand-in only shows sandboxed pages: not with ${wrong[0]} like this.`);
}

class StandInBrowserWindow
  extends EventEmitter
  implements
    Pick<
      Electron.BrowserWindow,
      | 'id'
      | 'webContents'
      | 'loadURL'
      | 'show'
      | 'showInactive'
      | 'hide'
      | 'focus'
      | 'blur'
      | 'isFocused'
      | 'minimize'
      | 'restore'
      | 'isMinimized'
      | 'isMaximized'
      | 'isFullScreen'
      | 'isVisible'
      | 'isDestroyed'
      | 'close'
      | 'destroy'
      | 'setMenu'
      | 'removeMenu'
      | 'setMenuBarVisibility'
      | 'setAutoHideMenuBar'
      | 'setTitle'
      | 'getTitle'
      | 'setIcon'
      | 'setBackgroundColor'
      | 'getBounds'
      | 'setBounds'
      | 'getNormalBounds'
      | 'setSkipTaskbar'
      | 'moveTop'
    >
{
  readonly id = ++count;
  readonly contents: StandInWebContents;
  private title: string;
  private bounds: Electron.Rectangle;
  private visible: boolean;
  private minimized = false;
  private destroyed = false;

  static getAllWindows(): Electron.BrowserWindow[] {
    return open as unknown as Electron.BrowserWindow[];
  }

  static getFocusedWindow(): Electron.BrowserWindow | null {
    return focused as unknown as Electron.BrowserWindow | null;
  }

  static fromWebContents(contents: Electron.WebContents): Electron.BrowserWindow | null {
    return (open.find((each) => each.contents.whole === contents) ?? null) as unknown as Electron.BrowserWindow | null;
  }

  static fromId(id: number): Electron.BrowserWindow | null {
    return (open.find((each) => each.id === id) ?? null) as unknown as Electron.BrowserWindow | null;
  }

  constructor(options: Electron.BrowserWindowConstructorOptions = {}) {
    super();
    if (theApp?.isReady() !== true) throw new Error('Cannot create BrowserWindow before app is ready');
    const { width = 800, height = 600, show = true, webPreferences = {}, title = theApp.getName() } = options;
    mustBeSandboxed(webPreferences);
    this.title = title;
    this.bounds = { x: options.x ?? 0, y: options.y ?? 0, width, height };
    this.visible = show;
    const chromium = useChromium();
    void chromium.address.then((address) => {
      chromiumAddress = address;
      changed();
    });
    this.contents = new StandInWebContents(chromium, webPreferences, { width, height });
    if (!show) void this.contents.setWindow({ windowState: 'minimized' }).catch(() => {});
    this.contents.once('did-finish-load', () => this.emit('ready-to-show', {}));
    open.push(this);
    theApp.emit('browser-window-created', {}, this);
    theApp.emit('web-contents-created', {}, this.contents.whole);
    changed();
  }

  get webContents(): Electron.WebContents {
    return this.contents.whole;
  }

  loadURL(url: string): Promise<void> {
    return this.contents.loadURL(url);
  }

  show(): void {
    this.showInactive();
    this.focus();
  }

  showInactive(): void {
    if (this.visible && !this.minimized) return;
    this.visible = true;
    this.minimized = false;
    this.setState('normal');
    this.emit('show', {});
  }

  hide(): void {
    if (!this.visible) return;
    this.visible = false;
    this.setState('minimized');
    this.blur();
    this.emit('hide', {});
  }

  focus(): void {
    if (focused === this || !this.visible) return;
    focused = this;
    this.emit('focus', {});
  }

  blur(): void {
    if (focused !== this) return;
    focused = null;
    this.emit('blur', {});
  }

  isFocused(): boolean {
    return focused === this;
  }

  minimize(): void {
    this.minimized = true;
    this.setState('minimized');
    this.emit('minimize', {});
  }

  restore(): void {
    if (!this.minimized) return;
    this.minimized = false;
    this.setState('normal');
    this.emit('restore', {});
  }

  isMinimized(): boolean {
    return this.minimized;
  }

  isMaximized(): boolean {
    return false;
  }

  isFullScreen(): boolean {
    return false;
  }

  isVisible(): boolean {
    return this.visible && !this.minimized;
  }

  isDestroyed(): boolean {
    return this.destroyed;
  }

  close(): void {
    if (this.destroyed) return;
    if (permitted(this, 'close')) this.destroy();
    else theApp?.windowStays();
  }

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.blur();
    open.splice(open.indexOf(this), 1);
    void this.contents.destroy().then(() => {
      leaveChromium();
      if (open.length === 0) chromiumAddress = null;
      this.emit('closed', {});
      changed();
      if (open.length === 0) theApp?.windowAllClosed();
    });
  }

  setMenu(): void {}
  removeMenu(): void {}
  setMenuBarVisibility(): void {}
  setAutoHideMenuBar(): void {}
  setIcon(): void {}
  setBackgroundColor(): void {}
  setSkipTaskbar(): void {}
  moveTop(): void {}

  setTitle(title: string): void {
    this.title = title;
    changed();
  }

  getTitle(): string {
    return this.title;
  }

  getBounds(): Electron.Rectangle {
    return this.bounds;
  }

  getNormalBounds(): Electron.Rectangle {
    return this.bounds;
  }

  setBounds(bounds: Partial<Electron.Rectangle>): void {
    this.bounds = { ...this.bounds, ...bounds };
    const { width, height } = this.bounds;
    void this.contents.setWindow({ width, height }).catch(() => {});
    this.emit('resize', {});
  }

  private setState(windowState: 'normal' | 'minimized'): void {
    void this.contents.setWindow({ windowState }).catch(() => {});
    changed();
  }
}

shows('windows', () =>
  open.map((each) => ({
    id: each.id,
    title: each.getTitle(),
    visible: each.isVisible(),
    url: each.contents.getURL(),
    loaded: each.contents.loaded,
  })),
);
shows('chromium', () => chromiumAddress);

type Statics = Pick<typeof Electron.BrowserWindow, 'getAllWindows' | 'getFocusedWindow' | 'fromWebContents' | 'fromId'>;
export const BrowserWindow = completeClass<typeof Electron.BrowserWindow>(
  'BrowserWindow',
  StandInBrowserWindow satisfies Statics,
);

export function windowsOf(app: StandInApp): WindowsOfApp {
  theApp = app;
  return {
    get count() {
      return open.length;
    },
    closeAll: () => [...open].forEach((each) => void each.close()),
    destroyAll: () => [...open].forEach((each) => void each.destroy()),
  };
}

/** @throws where the app shows none */
export function theWindow(): StandInBrowserWindow {
  const [window] = open;
  if (window === undefined) throw new Error('The app shows no window.');
  return window;
}

/**
 * The app once Electron is ready: the host, and around it window, tray, notifications and the ways to end. Everything that is
 * made lives as long as the app does; Electron forgets a tray that nobody holds.
 */

import { availableParallelism, hostname } from 'node:os';
import { join } from 'node:path';
import {
  app,
  BaseWindow,
  BrowserWindow,
  ipcMain,
  Menu,
  Notification,
  nativeTheme,
  powerMonitor,
  type Session,
  session,
  shell,
  Tray,
  utilityProcess,
} from 'electron';
import type { LoginItem } from '../contract/bridge.ts';
import type { Command } from '../contract/messages.ts';
import type { Log } from '../host/edges.ts';
import { SearchHost } from '../host/search-host.ts';
import { systemClock } from '../host/system-clock.ts';
import { WindowConnections } from './ipc.ts';
import { loginItem } from './login-item/login-item.ts';
import { watched } from './login-item/watched.ts';
import { notifier } from './notifications.ts';
import { type AppOptions, loginArguments } from './options.ts';
import type { OwnProgram } from './own-program.ts';
import { sessionArguments } from './own-session.ts';
import { pageHandler, SCHEME } from './page.ts';
import { CRUNCHER, ICONS, PRELOAD, WINDOW } from './places.ts';
import { Quitting } from './quit.ts';
import { guardSession } from './security.ts';
import { AppSenses, systemSenses } from './senses.ts';
import { StoredSettings } from './settings-file.ts';
import type { TrayAction } from './tray/menu.ts';
import { AppTray } from './tray/tray.ts';
import { releasesPage } from './updates.ts';
import { forkUtility } from './utility-port.ts';
import { AppWindow } from './window.ts';
import { systemShare, WindowShare } from './window-share.ts';

/** Pages are drawn in a session that is kept in memory and forgotten at the end. */
const PARTITION = 'nice19';

const { platform } = process;

/** What is known before Electron is ready. */
export interface DesktopOptions {
  readonly directory: string;
  readonly options: AppOptions;
  readonly program: OwnProgram;
  readonly log: Log;
}

export class Desktop {
  readonly #options: DesktopOptions;
  readonly #host: SearchHost;
  readonly #quitting: Quitting;
  readonly #window: AppWindow;
  readonly #tray: AppTray;
  #loginItem: LoginItem | null = null;
  readonly #releases = releasesPage(app.getAppPath());

  constructor(options: DesktopOptions) {
    this.#options = options;
    this.#host = this.#makeHost();
    this.#quitting = this.#makeQuitting();
    // the network's rules hold before anything is loaded
    this.#window = this.#makeWindow(guardedPages(options.log));
    this.#tray = this.#makeTray();
  }

  #makeHost(): SearchHost {
    const { directory, options, program, log } = this.#options;
    return new SearchHost({
      directory,
      spawn: (purpose) =>
        forkUtility<Command, unknown>(
          {
            module: CRUNCHER,
            name: purpose,
            args: purpose === 'search' ? sessionArguments() : [],
            onOutput: (line) => log(`${purpose}: ${line}`),
          },
          { fork: utilityProcess.fork, app, signal: process.kill, environment: process.env, platform },
        ),
      settingsFile: new StoredSettings(directory, ipcMain),
      clock: systemClock,
      senses: new AppSenses(powerMonitor, systemSenses, platform, systemClock),
      loginItem: watched(loginItem(app, program, loginArguments(options)), (item) => {
        this.#loginItem = item;
        this.#updateTray();
      }),
      notifier: notifier(
        {
          isSupported: () => Notification.isSupported(),
          make: (notification) => new Notification(notification),
          icon: join(ICONS, 'app.png'),
          platform,
        },
        () => this.show('primes'),
      ),
      log,
      about: { shownBy: 'electron', platform, host: hostname(), cores: availableParallelism() },
    });
  }

  #makeQuitting(): Quitting {
    const quitting = new Quitting({
      app,
      process,
      powerMonitor,
      end: (limitMs) => this.#host.end(limitMs),
      ended: () => this.#tray.destroy(),
      log: this.#options.log,
    });
    // Windows tells of its end to windows only; this one is never seen and draws nothing
    if (platform === 'win32') quitting.watchSessionEnd(new BaseWindow({ show: false }));
    return quitting;
  }

  #makeWindow(pages: Session): AppWindow {
    const { log } = this.#options;
    const connections = new WindowConnections(ipcMain, (send) => this.#host.connect(send), log);
    const share = new WindowShare(systemShare(systemClock));
    return new AppWindow({
      make: (window) => new BrowserWindow(window),
      made: (window) => {
        connections.add(window.webContents);
        this.#quitting.watchSessionEnd(window);
        share.window('opening');
        window.once('ready-to-show', () => share.window('there'));
        window.once('closed', () => share.window('none'));
      },
      session: pages,
      preload: PRELOAD,
      icons: ICONS,
      platform,
      dark: () => nativeTheme.shouldUseDarkColors,
      developing: !app.isPackaged,
      log,
    });
  }

  #makeTray(): AppTray {
    return new AppTray(
      {
        make: (icon) => new Tray(icon),
        menu: (template) => Menu.buildFromTemplate(template),
        icons: ICONS,
        platform,
        clock: systemClock,
        log: this.#options.log,
      },
      (action) => void this.#perform(action),
    );
  }

  begin(hidden: boolean): void {
    Menu.setApplicationMenu(platform === 'darwin' ? editMenu() : null);
    // without a window the app goes on: nothing to do, but the handler keeps Electron from quitting
    app.on('window-all-closed', () => {});
    app.on('activate', () => this.raise());
    this.#host.onNow(() => this.#updateTray());
    this.#updateTray();
    void this.#host.loginItem();
    this.#host.begin();
    // a first start shows itself even at login: until its page is answered nothing runs, and there may be no tray
    if (!hidden || this.#host.firstStart) this.raise();
  }

  /** Brings the window to the front, whatever it shows. */
  raise(): void {
    this.#window.show();
  }

  show(view: 'now' | 'primes' | 'settings'): void {
    this.#host.show(view);
    this.#window.show();
  }

  async #perform(action: TrayAction): Promise<void> {
    switch (action.do) {
      case 'show':
        this.show(action.view);
        break;
      case 'pause':
        this.#say(this.#host.pause());
        break;
      case 'resume':
        this.#say(this.#host.resume());
        break;
      case 'snooze':
        this.#say(this.#host.snooze(action.how));
        break;
      case 'start-at-login':
        this.#say(await this.#host.setLoginItem(action.on));
        this.#updateTray();
        break;
      case 'updates':
        if (this.#releases !== null) await shell.openExternal(this.#releases);
        break;
      case 'quit':
        app.quit();
    }
  }

  /** A menu has no room for a refusal: the window does, and the log keeps it. */
  #say(result: { readonly ok: true } | { readonly ok: false; readonly sentence: string }): void {
    if (result.ok) return;
    this.#options.log(result.sentence);
    this.show('now');
  }

  #updateTray(): void {
    this.#tray.update({
      now: this.#host.now,
      loginItem: this.#loginItem,
      firstStart: this.#host.firstStart,
      releases: this.#releases !== null,
      wall: systemClock.wall(),
    });
  }
}

/** The session that our pages are in, and no way out of it. */
function guardedPages(log: Log): Session {
  const pages = session.fromPartition(PARTITION);
  for (const one of [session.defaultSession, pages]) guardSession(one, log, !app.isPackaged);
  pages.protocol.handle(SCHEME, pageHandler(WINDOW));
  return pages;
}

/** macOS takes the keys for copying and closing from the menu of the app; nothing else is in it. */
function editMenu(): Menu {
  return Menu.buildFromTemplate([
    { role: 'appMenu' },
    { label: 'Edit', submenu: [{ role: 'cut' }, { role: 'copy' }, { role: 'paste' }, { role: 'selectAll' }] },
    { label: 'Window', submenu: [{ role: 'minimize' }, { role: 'close' }] },
  ]);
}

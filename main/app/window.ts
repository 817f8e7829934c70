/**
 * The window. It is made when somebody wants to see it and gone when it is closed, with the process that drew it; the app
 * lives in the tray and does without. It is shown once its page is ready, in the colours of the system, and remembers nothing.
 */

import { join } from 'node:path';
import type { BrowserWindow, BrowserWindowConstructorOptions, Session, WebPreferences } from 'electron';
import type { Log } from '../host/edges.ts';
import { PAGE } from './page.ts';

/** Backgrounds of the page in renderer/style, so that nothing flashes before it is there. */
const LIGHT = '#ffffff';
const DARK = '#16181c';

/** Longer than any healthy page takes: a window that is not ready by then is shown as it is. */
const LONGEST_WAIT_MS = 5000;

export interface WindowEdges {
  readonly make: (options: BrowserWindowConstructorOptions) => BrowserWindow;
  /** Of a new window, before its page is loaded. */
  readonly made: (window: BrowserWindow) => void;
  readonly session: Session;
  readonly preload: string;
  readonly icons: string;
  readonly platform: NodeJS.Platform;
  readonly dark: () => boolean;
  /** Developer tools can be opened. */
  readonly developing: boolean;
  readonly log: Log;
}

/** What the page may do: everything that Electron's checklist wants, said even where it is the default. */
export function webPreferences(preload: string, session: Session, developing: boolean): WebPreferences {
  return {
    preload,
    session,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    plugins: false,
    spellcheck: false,
    navigateOnDragDrop: false,
    disableWakeLocks: true,
    devTools: developing,
  };
}

export class AppWindow {
  readonly #edges: WindowEdges;
  #window: BrowserWindow | null = null;

  constructor(edges: WindowEdges) {
    this.#edges = edges;
  }

  get isOpen(): boolean {
    return this.#window !== null;
  }

  /** Brings it to the front; makes it where there is none. */
  show(): void {
    const window = this.#window;
    if (window === null) {
      this.#make();
      return;
    }
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  }

  #make(): void {
    const { dark, icons, platform, log } = this.#edges;
    const window = this.#edges.make({
      show: false,
      title: 'nice19',
      width: 980,
      height: 720,
      minWidth: 360,
      minHeight: 400,
      backgroundColor: dark() ? DARK : LIGHT,
      autoHideMenuBar: true,
      ...(platform === 'linux' ? { icon: join(icons, 'app.png') } : {}),
      webPreferences: webPreferences(this.#edges.preload, this.#edges.session, this.#edges.developing),
    });
    this.#window = window;
    const appear = (): void => {
      clearTimeout(limit);
      if (!window.isDestroyed() && !window.isVisible()) window.show();
    };
    const limit = setTimeout(appear, LONGEST_WAIT_MS);
    window.once('ready-to-show', appear);
    window.once('closed', () => {
      clearTimeout(limit);
      this.#window = null;
    });
    window.webContents.on('render-process-gone', (_, details) => {
      log(
        `The window's process is gone (${details.reason}); the search goes on. The next time it is shown it is a new one.`,
      );
      if (!window.isDestroyed()) window.destroy();
    });
    this.#edges.made(window);
    window.loadURL(PAGE).catch((error: Error) => log(`The window's page cannot be loaded: ${error.message}`));
  }
}

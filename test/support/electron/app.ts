/**
 * `app`: the life of the program, in Electron's order (shell/browser/browser.cc): before-quit, then the windows close, then
 * will-quit, then quit; each of the first three can be prevented, and quitting then has not happened. `exit` tells only
 * quit. On Linux the first SIGTERM, SIGINT or SIGHUP quits, a second one of the same kind kills.
 */

import { spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { changed, changedForTheLastTime, happened, shows } from './desktop.ts';
import { Paths } from './paths.ts';
import { SingleInstance } from './single-instance.ts';

/** What `app` needs to know of the windows, which are in another file. */
export interface WindowsOfApp {
  readonly count: number;
  /** Asks each to close, as the user would. */
  closeAll(): void;
  destroyAll(): void;
}

export interface AppIdentity {
  readonly executable: string;
  readonly appPath: string;
  readonly name: string;
  readonly version: string;
  readonly packaged: boolean;
  /** Chromium's switches of the command line, without the dashes. */
  readonly switches: Map<string, string>;
}

/**
 * An event whose default can be prevented.
 * @param details what the event itself has
 * @returns whether it was not prevented
 */
export function permitted(emitter: EventEmitter, name: string, details: object = {}, ...args: unknown[]): boolean {
  let prevented = false;
  const event = {
    ...details,
    preventDefault() {
      prevented = true;
    },
    get defaultPrevented() {
      return prevented;
    },
  };
  emitter.emit(name, event, ...args);
  return !prevented;
}

const noWindows: WindowsOfApp = { count: 0, closeAll() {}, destroyAll() {} };

export class StandInApp
  extends EventEmitter
  implements
    Pick<
      Electron.App,
      | 'name'
      | 'isPackaged'
      | 'dock'
      | 'userAgentFallback'
      | 'quit'
      | 'exit'
      | 'relaunch'
      | 'isReady'
      | 'whenReady'
      | 'focus'
      | 'getAppPath'
      | 'getPath'
      | 'setPath'
      | 'setAppLogsPath'
      | 'getVersion'
      | 'getName'
      | 'setName'
      | 'getLocale'
      | 'requestSingleInstanceLock'
      | 'hasSingleInstanceLock'
      | 'releaseSingleInstanceLock'
      | 'setAppUserModelId'
      | 'setActivationPolicy'
      | 'disableHardwareAcceleration'
      | 'enableSandbox'
      | 'setLoginItemSettings'
      | 'getLoginItemSettings'
      | 'setAboutPanelOptions'
    >
{
  readonly isPackaged: boolean;
  /** macOS has one. */
  readonly dock: undefined;
  userAgentFallback = 'Electron stand-in';
  windows: WindowsOfApp = noWindows;
  readonly commandLine: Pick<Electron.CommandLine, 'appendSwitch' | 'hasSwitch' | 'getSwitchValue' | 'removeSwitch'>;
  private readonly identity: AppIdentity;
  private readonly paths: Paths;
  private currentName: string;
  private readonly becameReady = Promise.withResolvers<void>();
  private ready = false;
  private quitting = false;
  private exiting = false;
  private shutDown = false;
  private exitCode = 0;
  private instance: SingleInstance | null = null;
  private loginItem: Electron.Settings | null = null;
  private again: (() => void) | null = null;

  constructor(identity: AppIdentity) {
    super();
    this.identity = identity;
    this.isPackaged = identity.packaged;
    this.currentName = identity.name;
    const { switches } = identity;
    this.paths = new Paths({
      executable: identity.executable,
      appName: () => this.currentName,
      userDataSwitch: switches.get('user-data-dir') ?? '',
    });
    this.commandLine = {
      appendSwitch: (name, value = '') => void switches.set(name, value),
      hasSwitch: (name) => switches.has(name),
      getSwitchValue: (name) => switches.get(name) ?? '',
      removeSwitch: (name) => void switches.delete(name),
    };
    shows('ready', () => this.ready);
    shows('loginItem', () => this.loginItem);
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) this.quitOnce(signal);
  }

  get name(): string {
    return this.currentName;
  }

  set name(name: string) {
    this.currentName = name;
  }

  getName(): string {
    return this.currentName;
  }

  setName(name: string): void {
    this.currentName = name;
  }

  getVersion(): string {
    return this.identity.version;
  }

  getAppPath(): string {
    return this.identity.appPath;
  }

  getLocale(): string {
    return this.ready ? 'en-GB' : '';
  }

  getPath(name: Parameters<Electron.App['getPath']>[0]): string {
    return this.paths.get(name);
  }

  setPath(name: string, path: string): void {
    this.paths.put(name, path);
  }

  setAppLogsPath(path?: string): void {
    this.paths.put('logs', path ?? this.paths.get('logs'));
  }

  isReady(): boolean {
    return this.ready;
  }

  whenReady(): Promise<void> {
    return this.becameReady.promise;
  }

  /** When the program is loaded, all of it. */
  becomeReady(): void {
    if (this.shutDown) return;
    this.ready = true;
    happened('ready');
    this.emit('ready', {}, {});
    this.becameReady.resolve();
  }

  quit(): void {
    if (this.quitting) return;
    happened('before-quit');
    this.quitting = true;
    if (!permitted(this, 'before-quit')) {
      this.quitting = false;
      return;
    }
    if (this.windows.count === 0) this.endAsked();
    else this.windows.closeAll();
  }

  exit(code = 0): void {
    this.exitCode = code;
    if (!this.ready) process.exit(code);
    this.quitting = true;
    this.exiting = true;
    if (this.windows.count === 0) this.end();
    else this.windows.destroyAll();
  }

  /** The last window is closed. */
  windowAllClosed(): void {
    if (this.exiting) this.end();
    else if (this.quitting) this.endAsked();
    else {
      happened('window-all-closed');
      if (!this.emit('window-all-closed')) this.quit();
    }
  }

  /** A window would not close: quitting is off. */
  windowStays(): void {
    this.quitting = false;
  }

  relaunch(options: Electron.RelaunchOptions = {}): void {
    const { execPath = this.identity.executable, args = process.argv.slice(1) } = options;
    this.again = () => void spawn(execPath, args, { detached: true, stdio: 'inherit' }).unref();
  }

  focus(): void {}

  requestSingleInstanceLock(additionalData?: Record<string, unknown>): boolean {
    this.instance ??= new SingleInstance(this.getPath('userData'));
    if (this.instance.held) return true;
    const letter = { argv: process.argv, workingDirectory: process.cwd(), additionalData: additionalData ?? null };
    return this.instance.acquire(letter, (second) => {
      const tell = () =>
        this.emit('second-instance', {}, [...second.argv], second.workingDirectory, second.additionalData);
      // one that comes early waits for ready
      void this.becameReady.promise.then(tell);
    });
  }

  hasSingleInstanceLock(): boolean {
    return this.instance?.held ?? false;
  }

  releaseSingleInstanceLock(): void {
    this.instance?.release();
  }

  setAppUserModelId(): void {}
  setActivationPolicy(): void {}
  setAboutPanelOptions(): void {}
  disableHardwareAcceleration(): void {}

  enableSandbox(): void {
    if (this.ready) throw new Error('app.enableSandbox() can only be called before app is ready');
  }

  /** On Linux a stub, in Electron too: what is asked is recorded, and nothing comes of it. */
  setLoginItemSettings(settings: Electron.Settings): void {
    this.loginItem = settings;
    changed();
  }

  getLoginItemSettings(): Electron.LoginItemSettings {
    return {
      openAtLogin: false,
      openAsHidden: false,
      wasOpenedAtLogin: false,
      wasOpenedAsHidden: false,
      restoreState: false,
      status: 'not-registered',
      executableWillLaunchAtLogin: false,
      launchItems: [],
    } as Electron.LoginItemSettings;
  }

  private quitOnce(signal: NodeJS.Signals): void {
    const handler = (): void => {
      process.off(signal, handler);
      // who listens to the signal has taken it away from Electron
      if (process.listenerCount(signal) === 0) this.quit();
    };
    process.on(signal, handler);
  }

  private endAsked(): void {
    if (this.shutDown) return;
    happened('will-quit');
    if (permitted(this, 'will-quit')) this.end();
    else this.quitting = false;
  }

  private end(): void {
    if (this.shutDown) return;
    this.shutDown = true;
    this.quitting = true;
    happened('quit');
    this.emit('quit', {}, this.exitCode);
    this.instance?.release();
    this.again?.();
    void changedForTheLastTime().then(() => process.exit(this.exitCode));
  }
}

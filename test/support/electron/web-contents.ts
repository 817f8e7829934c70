/** `webContents`: one page of Chromium, with the app's preload in a world of its own and the app's answers to its requests. */

import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { fromChromium, originOf, toChromium } from './addresses.ts';
import { permitted } from './app.ts';
import type { Chromium, Params } from './chromium.ts';
import { decode, encode } from './clone.ts';
import { complete } from './complete.ts';
import { changed } from './desktop.ts';
import { ipcMain } from './ipc.ts';
import { pageScript, preloadScript } from './page-worlds.ts';
import { refuseRequest, type StandInSession, sessionFor } from './session.ts';

const WORLD = 'the preload of the Electron stand-in';

/** Electron's names of what a page may ask for, and Chromium's. */
const PERMISSIONS: readonly (readonly [asked: string, name: string])[] = [
  ['clipboard-read', 'clipboard-read'],
  ['clipboard-sanitized-write', 'clipboard-write'],
  ['geolocation', 'geolocation'],
  ['notifications', 'notifications'],
  ['midi', 'midi'],
  ['media', 'microphone'],
  ['media', 'camera'],
  ['idle-detection', 'idle-detection'],
  ['window-management', 'window-management'],
  ['storage-access', 'storage-access'],
];

class StandInFrame
  implements
    Pick<
      Electron.WebFrameMain,
      'url' | 'origin' | 'parent' | 'frames' | 'routingId' | 'processId' | 'name' | 'isDestroyed' | 'detached'
    >
{
  url: string;
  readonly parent: Electron.WebFrameMain | null;
  readonly frames: Electron.WebFrameMain[] = [];
  readonly routingId = 1;
  readonly processId = 1;
  readonly name = '';
  readonly detached = false;

  constructor(url: string, parent: Electron.WebFrameMain | null = null) {
    this.url = url;
    this.parent = parent;
  }

  get origin(): string {
    return originOf(this.url);
  }

  isDestroyed(): boolean {
    return false;
  }
}

export const frameAt = (url: string, parent: Electron.WebFrameMain | null = null): Electron.WebFrameMain =>
  complete('WebFrameMain', new StandInFrame(url, parent));

type OpenHandler = Parameters<Electron.WebContents['setWindowOpenHandler']>[0];
interface Said {
  readonly type: 'send' | 'invoke';
  readonly channel: string;
  readonly args: unknown[];
  readonly id: number;
}

let count = 0;

export class StandInWebContents
  extends EventEmitter
  implements
    Pick<
      Electron.WebContents,
      | 'id'
      | 'mainFrame'
      | 'session'
      | 'send'
      | 'loadURL'
      | 'reload'
      | 'getURL'
      | 'getTitle'
      | 'getType'
      | 'isLoading'
      | 'isDestroyed'
      | 'isCrashed'
      | 'executeJavaScript'
      | 'setWindowOpenHandler'
      | 'setBackgroundThrottling'
      | 'setVisualZoomLevelLimits'
      | 'setZoomFactor'
      | 'setIgnoreMenuShortcuts'
      | 'setUserAgent'
      | 'setWebRTCIPHandlingPolicy'
      | 'closeDevTools'
    >
{
  readonly id = ++count;
  readonly mainFrame = frameAt('about:blank');
  readonly session: Electron.Session;
  /** What the app has this object for. */
  readonly whole: Electron.WebContents = complete('webContents', this);
  readonly ready: Promise<void>;
  targetId = '';
  title = '';
  loaded = false;
  private readonly chromium: Chromium;
  private readonly standInSession: StandInSession;
  private readonly preferences: Electron.WebPreferences;
  private readonly names = { channel: randomUUID(), speak: randomUUID(), hear: randomUUID() };
  private sessionId = '';
  private preloadContext: number | null = null;
  private asked = '';
  private destroyed = false;
  private loading = false;
  private openHandler: OpenHandler | null = null;
  private settled: ((error: Error | null) => void) | null = null;

  constructor(chromium: Chromium, preferences: Electron.WebPreferences, size: Electron.Size) {
    super();
    this.chromium = chromium;
    this.preferences = preferences;
    this.standInSession = sessionFor(preferences);
    this.session = this.standInSession.whole;
    this.ready = this.open(size);
    // whoever waits for it is told; who does not must not be ended by it
    this.ready.catch(() => {});
  }

  async loadURL(url: string): Promise<void> {
    await this.ready;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.settled?.(new Error(`ERR_ABORTED (-3) loading '${url}'`));
    this.settled = (error) => (error ? reject(error) : resolve());
    this.asked = toChromium(url);
    this.loading = true;
    void this.page('Page.navigate', { url: this.asked }).then(({ errorText }) => {
      if (errorText) this.failed(url, String(errorText));
    });
    return promise;
  }

  reload(): void {
    this.asked = toChromium(this.mainFrame.url);
    void this.page('Page.reload');
  }

  send(channel: string, ...args: unknown[]): void {
    // cloned now, as later changes must not be seen; what cannot be cloned throws here, as in Electron
    this.deliver({ to: 'listeners', channel, args });
  }

  getURL(): string {
    return this.mainFrame.url;
  }

  getTitle(): string {
    return this.title;
  }

  getType(): 'window' {
    return 'window';
  }

  isLoading(): boolean {
    return this.loading;
  }

  isDestroyed(): boolean {
    return this.destroyed;
  }

  isCrashed(): boolean {
    return false;
  }

  async executeJavaScript(code: string): Promise<unknown> {
    await this.ready;
    const result = await this.page('Runtime.evaluate', { expression: code, awaitPromise: true, returnByValue: true });
    const { exceptionDetails } = result as { exceptionDetails?: { text: string } };
    if (exceptionDetails) throw new Error(exceptionDetails.text);
    return (result['result'] as { value?: unknown }).value;
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.openHandler = handler;
  }

  setBackgroundThrottling(): void {}
  async setVisualZoomLevelLimits(): Promise<void> {}
  setZoomFactor(): void {}
  setIgnoreMenuShortcuts(): void {}
  setUserAgent(): void {}
  setWebRTCIPHandlingPolicy(): void {}
  closeDevTools(): void {}

  /** Closes the page; whoever waits for it to load is told. */
  async destroy(): Promise<void> {
    if (this.destroyed) return;
    this.destroyed = true;
    this.settled?.(new Error('ERR_ABORTED (-3): the window was closed'));
    this.emit('destroyed');
    await this.ready.catch(() => {});
    await this.chromium.send('Target.closeTarget', { targetId: this.targetId }).catch(() => {});
  }

  /** A message as from a page at an address; tests forge with it. */
  hearFrom(frame: Electron.WebFrameMain | null, { type, channel, args, id }: Said): void {
    const event = complete<Electron.IpcMainInvokeEvent>('IpcMainEvent', {
      sender: this.whole,
      senderFrame: frame,
      frameId: 1,
      processId: 1,
      type: 'frame',
      ports: [],
      reply: (to: string, ...rest: unknown[]) => this.send(to, ...rest),
      preventDefault() {},
      defaultPrevented: false,
    });
    if (type === 'send') {
      this.emit('ipc-message', event, channel, ...args);
      ipcMain.emit(channel, event, ...args);
      return;
    }
    const answer = (failed: boolean, value: unknown) =>
      this.deliver({ to: 'invoked', channel, args: [value], id, failed });
    ipcMain.invoked(channel, event, args).then(
      (value) => answer(false, value),
      (error: Error) => answer(true, error.message),
    );
  }

  /** The size of what the page is shown in, and whether anybody sees it. */
  async setWindow(bounds: Params): Promise<void> {
    await this.ready;
    const { windowId } = await this.chromium.send('Browser.getWindowForTarget', { targetId: this.targetId });
    await this.chromium.send('Browser.setWindowBounds', { windowId, bounds });
  }

  private page(method: string, params: Params = {}): Promise<Params> {
    return this.chromium.send(method, params, this.sessionId);
  }

  private async open(size: Electron.Size): Promise<void> {
    const { targetId } = await this.chromium.send('Target.createTarget', {
      url: 'about:blank',
      newWindow: true,
      width: size.width,
      height: size.height,
    });
    this.targetId = String(targetId);
    const attached = await this.chromium.send('Target.attachToTarget', { targetId, flatten: true });
    this.sessionId = String(attached['sessionId']);
    this.listen();
    const { channel, speak, hear } = this.names;
    const script = (source: string, more: Params = {}) =>
      this.page('Page.addScriptToEvaluateOnNewDocument', { source, ...more });
    await Promise.all([
      this.page('Page.enable'),
      this.page('Runtime.enable'),
      this.page('Network.enable'),
      this.page('Fetch.enable', { patterns: [{ urlPattern: '*' }] }),
      this.page('Runtime.addBinding', { name: speak, executionContextName: WORLD }),
      script(pageScript(channel)),
      script(this.preload({ channel, speak, hear }), { worldName: WORLD }),
    ]);
  }

  private preload(names: { channel: string; speak: string; hear: string }): string {
    const { preload, additionalArguments = [] } = this.preferences;
    if (preload !== undefined && !/\.c?js$/.test(preload)) {
      throw new Error(`A preload in a sandbox is CommonJS (.cjs or .js), not ${preload}.`);
    }
    const process = {
      platform: globalThis.process.platform,
      versions: { electron: globalThis.process.versions['electron'], chrome: globalThis.process.versions['chrome'] },
      argv: additionalArguments,
    };
    return preloadScript({ ...names, process }, preload === undefined ? '' : readFileSync(preload, 'utf8'));
  }

  private listen(): void {
    const on = (method: string, listener: (params: never) => void) =>
      this.chromium.on(method, listener as (params: Params) => void, this.sessionId);
    on('Runtime.executionContextCreated', ({ context }: { context: { id: number; name: string; auxData: Params } }) => {
      if (context.name === WORLD && context.auxData['frameId'] === this.targetId) this.preloadContext = context.id;
    });
    on('Runtime.executionContextsCleared', () => {
      this.preloadContext = null;
    });
    on('Runtime.bindingCalled', ({ name, payload, executionContextId }: Said & Params) => {
      // a message of a page that is no longer there is dropped
      if (name !== this.names.speak || executionContextId !== this.preloadContext) return;
      this.hearFrom(this.mainFrame, decode(JSON.parse(String(payload))) as Said);
    });
    on('Runtime.exceptionThrown', ({ exceptionDetails }: { exceptionDetails: Params }) => {
      const { exception, text } = exceptionDetails as { exception?: { description?: string }; text: string };
      process.stderr.write(`page: ${exception?.description ?? text}\n`);
    });
    on('Page.frameNavigated', ({ frame }: { frame: { id: string; parentId?: string; url: string } }) => {
      if (frame.parentId !== undefined) return;
      (this.mainFrame as { url: string }).url = fromChromium(frame.url);
      this.loaded = false;
      this.emit('did-navigate', {}, this.mainFrame.url, 200, 'OK');
      changed();
    });
    on('Page.domContentEventFired', () => void this.emit('dom-ready', {}));
    on('Page.loadEventFired', () => void this.finished());
    on('Fetch.requestPaused', (paused) => void this.answer(paused).catch(() => {}));
    on('Network.webSocketCreated', ({ url }: { url: string }) => refuseRequest(url));
    on('Inspector.targetCrashed', () => {
      const details = { reason: 'crashed', exitCode: 11 };
      this.emit('render-process-gone', {}, details);
    });
    on('Page.windowOpen', ({ url, windowName }: { url: string; windowName: string }) => {
      const details = {
        url: fromChromium(url),
        frameName: windowName,
        features: '',
        disposition: 'new-window',
      } as const;
      const { action } = this.openHandler?.(details as Electron.HandlerDetails) ?? { action: 'allow' };
      if (action !== 'deny')
        throw new Error(`The Electron stand-in opens no window for ${url}: the handler must deny.`);
    });
  }

  private async finished(): Promise<void> {
    this.loading = false;
    this.loaded = true;
    this.title = String(await this.executeJavaScript('document.title').catch(() => ''));
    this.settled?.(null);
    this.settled = null;
    this.emit('did-finish-load', {});
    this.emit('did-stop-loading', {});
    changed();
  }

  private failed(url: string, text: string): void {
    this.loading = false;
    this.emit('did-fail-load', {}, -3, text, url, true);
    this.settled?.(new Error(`${text} loading '${url}'`));
    this.settled = null;
  }

  private deliver(message: object): void {
    const text = JSON.stringify(encode(message));
    if (this.preloadContext === null || this.destroyed) return;
    void this.page('Runtime.callFunctionOn', {
      functionDeclaration: 'function (name, text) { globalThis[name](text); }',
      arguments: [{ value: this.names.hear }, { value: text }],
      executionContextId: this.preloadContext,
    }).catch(() => {});
  }

  /** Asks the app for permission to navigate, and then for the answer. */
  private async answer({ requestId, request, resourceType, frameId }: Paused): Promise<void> {
    const url = fromChromium(request.url);
    const refuse = (errorReason: string) => this.page('Fetch.failRequest', { requestId, errorReason });
    const navigates = resourceType === 'Document';
    const asked = navigates && frameId === this.targetId && request.url === this.asked.replace(/#.*$/, '');
    if (navigates && !asked && !this.mayNavigate(url, frameId === this.targetId)) return void (await refuse('Aborted'));
    if (asked) await this.grant(url);
    const body = request.postData === undefined ? {} : { body: request.postData };
    const response = await this.standInSession.serve(
      new Request(url, { method: request.method, headers: request.headers, ...body }),
      navigates ? 'mainFrame' : resourceType.toLowerCase(),
    );
    if (response === null) {
      refuseRequest(url);
      await refuse('BlockedByClient');
      return;
    }
    await this.page('Fetch.fulfillRequest', {
      requestId,
      responseCode: response.status,
      responseHeaders: [...response.headers].map(([name, value]) => ({ name, value })),
      body: Buffer.from(await response.arrayBuffer()).toString('base64'),
    });
  }

  private mayNavigate(url: string, isMainFrame: boolean): boolean {
    const details = { url, isMainFrame, isSameDocument: false, frame: this.mainFrame, initiator: this.mainFrame };
    const frameLets = permitted(this, 'will-frame-navigate', details);
    return isMainFrame ? permitted(this, 'will-navigate', details) && frameLets : frameLets;
  }

  /** Tells Chromium what the app's handlers say, once for each page that it loads: the handlers have no say later. */
  private async grant(url: string): Promise<void> {
    const origin = new URL(toChromium(url)).origin;
    for (const [permission, name] of PERMISSIONS) {
      const permits = await this.standInSession.permits(this.whole, permission, originOf(url));
      const setting = permits ? 'granted' : 'denied';
      await this.chromium.send('Browser.setPermission', { permission: { name }, setting, origin }).catch(() => {});
    }
  }
}

interface Paused {
  readonly requestId: string;
  readonly request: { url: string; method: string; headers: Record<string, string>; postData?: string };
  readonly resourceType: string;
  readonly frameId: string;
}

/** What the window may do, point by point of Electron's checklist. docs/security.md says which test keeps which point. */

import { EventEmitter } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import type { App, Session, WebContents } from 'electron';
import { beforeEach, describe, expect, test } from 'vitest';
import { PAGE } from '../../main/app/page.ts';
import { guardContents, guardSession, isAllowedRequest, lockNetwork, SWITCHES } from '../../main/app/security.ts';
import { isTrustedSender } from '../../main/app/trusted-sender.ts';
import { webPreferences } from '../../main/app/window.ts';

let logged: string[];
const log = (line: string) => logged.push(line);
beforeEach(() => {
  logged = [];
});

function prevented(emitter: EventEmitter, event: string, details: object, ...rest: unknown[]): boolean {
  let called = false;
  emitter.emit(event, { ...details, preventDefault: () => (called = true) }, ...rest);
  return called;
}

describe('a page', () => {
  function page() {
    const app = new EventEmitter();
    guardContents(app as unknown as App, log);
    let opened: (details: { url: string }) => unknown = () => null;
    let webrtc = '';
    const contents = Object.assign(new EventEmitter(), {
      setWindowOpenHandler: (handler: typeof opened) => {
        opened = handler;
      },
      setWebRTCIPHandlingPolicy: (policy: string) => {
        webrtc = policy;
      },
    });
    app.emit('web-contents-created', {}, contents as unknown as WebContents);
    return { app, contents, open: (url: string) => opened({ url }), webrtc: () => webrtc };
  }

  test('goes nowhere, in no frame, not even to itself', () => {
    const { contents } = page();
    for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect'])
      for (const url of ['https://example.org/', 'file:///etc/passwd', PAGE])
        expect(prevented(contents, event, { url })).toBe(true);
    expect(logged[0]).toContain('https://example.org/');
  });

  test('opens no window', () => {
    for (const url of ['https://example.org/', PAGE, 'about:blank'])
      expect(page().open(url)).toEqual({ action: 'deny' });
  });

  test('shows no other page in itself', () => {
    expect(prevented(page().contents, 'will-attach-webview', {}, {}, { src: PAGE })).toBe(true);
  });

  test('finds no way past the requests, by peer connections', () => {
    expect(page().webrtc()).toBe('disable_non_proxied_udp');
  });

  test('is shown under no certificate, and gives none', () => {
    const { app } = page();
    const decisions: unknown[] = [];
    expect(
      prevented(app, 'certificate-error', {}, {}, 'https://a', 'ERR', {}, (trust: boolean) => decisions.push(trust)),
    ).toBe(true);
    expect(
      prevented(app, 'select-client-certificate', {}, {}, 'https://a', [{}], (one?: object) => decisions.push(one)),
    ).toBe(true);
    expect(decisions).toEqual([false, undefined]);
  });
});

describe('a session', () => {
  function session() {
    const handlers: Record<string, (...args: never[]) => unknown> = {};
    const paper = Object.assign(new EventEmitter(), {
      webRequest: { onBeforeRequest: (handler: never) => (handlers['request'] = handler) },
      setPermissionRequestHandler: (handler: never) => (handlers['ask'] = handler),
      setPermissionCheckHandler: (handler: never) => (handlers['check'] = handler),
      setDevicePermissionHandler: (handler: never) => (handlers['device'] = handler),
      setCertificateVerifyProc: (handler: never) => (handlers['certificate'] = handler),
      setSpellCheckerEnabled: (on: boolean) => (handlers['spelling'] = () => on),
    });
    guardSession(paper as unknown as Session, log, false);
    const call = (name: string, ...args: unknown[]): unknown =>
      (handlers[name] as (...args: unknown[]) => unknown)(...args);
    const decided = (name: string, ...args: unknown[]): unknown => {
      let decision: unknown;
      call(name, ...args.map((arg) => (arg === decided ? (value: unknown) => (decision = value) : arg)));
      return decision;
    };
    return { paper, call, decided };
  }

  test.each([
    'https://example.org/',
    'http://localhost:1234/',
    'ws://127.0.0.1/',
    'file:///etc/passwd',
    'chrome://gpu',
    'devtools://devtools/x.html',
    'nice19://elsewhere/index.html',
    'blob:https://example.org/1',
    'ftp://example.org/',
  ])('requests nothing of %s', (url) => {
    const { decided } = session();
    expect(decided('request', { url }, decided)).toEqual({ cancel: true });
    expect(logged).toEqual([`Refused: a request to ${url}`]);
  });

  test('requests its own files, and what its page made', () => {
    for (const url of [PAGE, 'nice19://app/assets/a.css', 'data:image/png;base64,', 'blob:nice19://app/1'])
      expect(isAllowedRequest(url, false)).toBe(true);
    expect(isAllowedRequest('devtools://devtools/x.html', true)).toBe(true);
  });

  test('permits writing to the clipboard, to its own page, and nothing else to anybody', () => {
    const { call, decided } = session();
    const ask = (permission: string, requestingUrl: string) =>
      decided('ask', {}, permission, decided, { requestingUrl });
    const others = [
      'clipboard-read',
      'media',
      'geolocation',
      'notifications',
      'openExternal',
      'fullscreen',
      'midi',
      'usb',
      'screen-wake-lock',
      'unknown',
    ];
    for (const permission of others) {
      expect(ask(permission, PAGE)).toBe(false);
      expect(call('check', {}, permission, 'nice19://app')).toBe(false);
    }
    expect(ask('clipboard-sanitized-write', PAGE)).toBe(true);
    expect(call('check', {}, 'clipboard-sanitized-write', 'nice19://app')).toBe(true);
    expect(ask('clipboard-sanitized-write', 'https://example.org/')).toBe(false);
    expect(call('check', null, 'clipboard-sanitized-write', '')).toBe(false);
    expect(call('device', {})).toBe(false);
  });

  test('trusts no certificate, and downloads no dictionary', () => {
    const { call, decided } = session();
    expect(decided('certificate', {}, decided)).toBe(-2);
    expect(call('spelling')).toBe(false);
  });

  test('saves what the page made for the user, and nothing else', () => {
    const { paper } = session();
    const download = (url: string) => prevented(paper, 'will-download', {}, { getURL: () => url });
    expect(download('blob:nice19://app/1')).toBe(false);
    for (const url of ['https://example.org/a.exe', 'blob:https://example.org/1', 'data:text/html,x', PAGE])
      expect(download(url)).toBe(true);
  });
});

test('the network is off before Chromium starts: no name resolves, and nothing of its own asks', () => {
  const switches = new Map<string, string | undefined>();
  let sandboxed = false;
  lockNetwork({
    enableSandbox: () => {
      sandboxed = true;
    },
    commandLine: { appendSwitch: (name: string, value?: string) => switches.set(name, value) },
  } as unknown as App);
  expect(sandboxed).toBe(true);
  expect(switches.get('host-resolver-rules')).toBe('MAP * ~NOTFOUND');
  expect([...switches.keys()]).toEqual(SWITCHES.map(([name]) => name));
});

test('the page is sandboxed and isolated, without Node and without anything experimental', () => {
  const session = {} as Session;
  expect(webPreferences('/preload.cjs', session, false)).toEqual({
    preload: '/preload.cjs',
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
    devTools: false,
  });
});

describe('a message is trusted', () => {
  const frame = { url: `${PAGE}#/primes`, origin: 'nice19://app', parent: null };

  test('when it comes from the top frame of our page', () => {
    expect(isTrustedSender(frame)).toBe(true);
  });

  test.each([
    ['of a frame that is gone', null],
    ['of a frame inside the page', { ...frame, parent: frame }],
    ['of another page', { ...frame, url: 'https://example.org/', origin: 'https://example.org' }],
    ['of a page with a name like ours', { ...frame, url: 'nice19://app.example/', origin: 'nice19://app.example' }],
    ['of a page whose origin was taken from it', { ...frame, origin: 'null' }],
    ['of a page that was not loaded yet', { ...frame, url: '' }],
  ])('and not when it is %s', (_, sender) => {
    expect(isTrustedSender(sender)).toBe(false);
  });
});

describe('the sources of the app', () => {
  const folder = new URL('../../main/app/', import.meta.url);
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }));

  test('open nothing outside but the page of newer versions, which the package names and the user asks for', () => {
    const calls = sources.flatMap(({ name, text }) =>
      (text.match(/.*openExternal.*/g) ?? []).map((line) => [name, line.trim()]),
    );
    expect(calls).toEqual([['desktop.ts', 'if (this.#releases !== null) await shell.openExternal(this.#releases);']]);
  });

  test('load no address but the page, and keep nothing awake', () => {
    for (const { name, text } of sources) {
      const found = text.match(
        /openPath|powerSaveBlocker|loadFile|executeJavaScript|enableBlinkFeatures|allowpopups|autoUpdater|crashReporter|net\.(request|fetch)|https?:\/\//g,
      );
      expect([name, found]).toEqual([name, null]);
      for (const [call] of text.matchAll(/loadURL\([^)]*\)/g))
        expect([name, call]).toEqual(['window.ts', 'loadURL(PAGE)']);
    }
  });

  test('have one channel between page and main process, and expose two functions on it', () => {
    for (const { name, text } of sources) {
      if (name !== 'preload.ts') expect([name, text.match(/contextBridge|ipcRenderer/g)]).toEqual([name, null]);
      for (const [, channel] of text.matchAll(
        /ipc(?:Main|Renderer)\.(?:on|once|handle|handleOnce|send|sendSync|invoke|off)\(\s*([^,)]+)/g,
      ))
        expect([name, channel]).toEqual([name, 'CHANNEL']);
    }
    const preload = sources.find(({ name }) => name === 'preload.ts')?.text ?? '';
    expect(preload.match(/exposeInMainWorld/g)).toHaveLength(1);
    expect(preload).not.toMatch(/require|process\.|node:/);
  });
});

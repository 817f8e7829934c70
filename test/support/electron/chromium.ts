/**
 * A real Chromium for the windows: started with the first, ended with the last. The app speaks to it over a pipe, so that
 * it ends with the app however that goes; tests reach the same pages through the address that it prints.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** Where distributions put it. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser for the windows; NICE19_CHROMIUM names another. */
export function chromiumPath(): string | null {
  const wanted = process.env['NICE19_CHROMIUM'];
  return [...(wanted ? [wanted] : []), ...PLACES].find((path) => existsSync(path)) ?? null;
}

const SWITCHES = [
  '--headless',
  '--disable-gpu',
  '--no-startup-window',
  '--no-first-run',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-default-apps',
  '--disable-extensions',
  '--disable-breakpad',
  '--disable-popup-blocking',
  '--force-color-profile=srgb',
  '--host-resolver-rules=MAP * ~NOTFOUND',
  '--remote-debugging-pipe',
  '--remote-debugging-port=0',
];

export type Params = Record<string, unknown>;
export type Heard = (parameters: Params) => void;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Params;
  readonly result?: Params;
  readonly error?: { readonly message: string };
  readonly sessionId?: string;
}

export class Chromium {
  /** Where it can be reached by others; known a little after the start. */
  readonly address: Promise<string>;
  readonly ended: Promise<void>;
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, { resolve: (result: Params) => void; reject: (error: Error) => void }>();
  private readonly listeners = new Map<string, Heard>();
  private count = 0;
  private open = true;

  /** @throws where there is none */
  constructor() {
    const path = chromiumPath();
    if (path === null)
      throw new Error('A window of the Electron stand-in is a real Chromium: apt-get install chromium.');
    // beside the test's socket: the test tidies up when the app was killed
    const control = process.env['ELECTRON_STAND_IN_CONTROL'];
    const profile = mkdtempSync(join(control ? dirname(control) : tmpdir(), 'nice19-chromium-'));
    const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    this.child = spawn(path, [...SWITCHES, ...root, `--user-data-dir=${profile}`], {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
      env: { ...process.env, HOME: profile },
    });
    const { promise, resolve } = Promise.withResolvers<string>();
    this.address = promise;
    createInterface({ input: this.child.stderr as Readable }).on('line', (line) => {
      const address = /^DevTools listening on (ws:\S+)$/.exec(line)?.[1];
      if (address !== undefined) resolve(address);
    });
    const ended = Promise.withResolvers<void>();
    this.ended = ended.promise;
    this.child.once('exit', () => {
      this.closed();
      rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
      ended.resolve();
    });
    const [, , , , output] = this.child.stdio;
    let rest: Buffer = Buffer.alloc(0);
    (output as Readable).on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
        const text = rest.toString('utf8', 0, end);
        rest = rest.subarray(end + 1);
        this.heard(JSON.parse(text) as Message);
      }
    });
    (this.child.stdio[3] as Writable).on('error', () => this.closed());
    this.closeWhatPagesOpen();
  }

  /** @throws what Chromium says, or that it is gone */
  send(method: string, params: Params = {}, sessionId?: string): Promise<Params> {
    if (!this.open) return Promise.reject(new Error('Chromium is gone'));
    const id = ++this.count;
    (this.child.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  /** Events of one page, or of the browser where no session is given. */
  on(method: string, listener: Heard, sessionId = ''): void {
    this.listeners.set(`${sessionId} ${method}`, listener);
  }

  close(): void {
    void this.send('Browser.close').catch(() => {});
  }

  /**
   * Windows are the app's to open. Told of by the browser, not by the page that opened one: where somebody else listens to the
   * page as well, only one of the two hears of it. Asked until it is gone: Chromium forgets a request to close what is only
   * just being made.
   */
  private closeWhatPagesOpen(): void {
    const opened = new Set<string>();
    const close = async (targetId: string) => {
      opened.add(targetId);
      // whoever else listens to the page that opened it may have it wait, and the page with it
      const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
      await this.send('Runtime.runIfWaitingForDebugger', {}, String(sessionId));
      while (this.open && opened.has(targetId)) {
        await this.send('Target.closeTarget', { targetId }).catch(() => {});
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    };
    this.on('Target.targetCreated', ({ targetInfo }) => {
      const { targetId, type, openerId } = targetInfo as { targetId: string; type: string; openerId?: string };
      if (type === 'page' && openerId !== undefined) close(targetId).catch(() => {});
    });
    this.on('Target.targetDestroyed', ({ targetId }) => opened.delete(String(targetId)));
    this.send('Target.setDiscoverTargets', { discover: true }).catch(() => {});
  }

  private heard({ id, method, params, result, error, sessionId }: Message): void {
    if (id === undefined) {
      this.listeners.get(`${sessionId ?? ''} ${method}`)?.(params ?? {});
      return;
    }
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (error) waiting?.reject(new Error(error.message));
    else waiting?.resolve(result ?? {});
  }

  private closed(): void {
    this.open = false;
    for (const { reject } of this.waiting.values()) reject(new Error('Chromium is gone'));
    this.waiting.clear();
  }
}

let running: { readonly chromium: Chromium; windows: number } | null = null;

/** The browser for one more window. */
export function useChromium(): Chromium {
  running ??= { chromium: new Chromium(), windows: 0 };
  running.windows++;
  return running.chromium;
}

/** A window is gone. */
export function leaveChromium(): void {
  if (running === null || --running.windows > 0) return;
  running.chromium.close();
  running = null;
}

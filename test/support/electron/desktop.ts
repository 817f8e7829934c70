/**
 * The desktop around the stand-in, as a test sees it and drives it: what the app shows outside its windows, what the
 * computer's senses say, and what a user does. One process of the app is one `Desktop`; a test that gave it a socket hears
 * each change and sends orders (orders.ts), without one nobody looks.
 */

import { connect } from 'node:net';
import { createInterface } from 'node:readline';

/** An entry of a menu as it is shown. */
export interface MenuEntry {
  readonly type: 'normal' | 'separator' | 'submenu' | 'checkbox' | 'radio';
  readonly label: string;
  readonly enabled: boolean;
  readonly checked: boolean;
  readonly submenu: readonly MenuEntry[];
}

export interface Shown {
  readonly pid: number;
  /** Electron's `ready` was emitted and heard. */
  readonly ready: boolean;
  readonly trays: readonly {
    readonly tooltip: string;
    readonly title: string;
    /** Where the image came from, and whether it is a template image. */
    readonly image: string;
    readonly template: boolean;
    readonly menu: readonly MenuEntry[];
  }[];
  readonly notifications: readonly { readonly title: string; readonly body: string; readonly silent: boolean }[];
  readonly windows: readonly {
    readonly id: number;
    readonly title: string;
    readonly visible: boolean;
    readonly url: string;
    readonly loaded: boolean;
  }[];
  /** Where Chromium listens, for playwright; null: no window was opened since the last was closed. */
  readonly chromium: string | null;
  /** What left the app for the user's other programs: shell and dialogs, one line each. */
  readonly asked: readonly string[];
  /** Addresses outside the app that its pages wanted; all were refused. */
  readonly refusedRequests: readonly string[];
  /** What `setLoginItemSettings` was last given; on Linux Electron does nothing with it. */
  readonly loginItem: Electron.Settings | null;
  /** Life-cycle events of `app` in their order. */
  readonly events: readonly string[];
}

/** What the computer's senses say: powerMonitor and nativeTheme read it. */
export interface Senses {
  idleSeconds: number;
  locked: boolean;
  onBattery: boolean;
  thermalState: 'unknown' | 'nominal' | 'fair' | 'serious' | 'critical';
  dark: boolean;
}

export const senses: Senses = { idleSeconds: 0, locked: false, onBattery: false, thermalState: 'unknown', dark: false };

type Part = Exclude<keyof Shown, 'pid'>;
const parts: { [P in Part]: () => Shown[P] } = {
  ready: () => false,
  trays: () => [],
  notifications: () => [],
  windows: () => [],
  chromium: () => null,
  asked: () => asked,
  refusedRequests: () => [],
  loginItem: () => null,
  events: () => events,
};
const asked: string[] = [];
const events: string[] = [];

export function shows<P extends Part>(part: P, look: () => Shown[P]): void {
  Object.assign(parts, { [part]: look });
}

export function record(line: string): void {
  asked.push(line);
  changed();
}

export function happened(event: string): void {
  events.push(event);
  changed();
}

function shown(): Shown {
  const looked = Object.entries(parts).map(([part, look]) => [part, look()]);
  return { pid: process.pid, ...Object.fromEntries(looked) };
}

let tell: ((message: object) => void) | null = null;
let telling = false;

/** Tells the test what is shown now, once for all changes of a moment. */
export function changed(): void {
  if (tell === null || telling) return;
  telling = true;
  setImmediate(() => {
    telling = false;
    tell?.({ shown: shown() });
  });
}

/** As `changed`, before the process ends. */
export function changedForTheLastTime(): Promise<void> {
  return new Promise((done) => {
    if (tell === null) return done();
    tell({ shown: shown() });
    farewell = done;
    tell({ farewell: true });
  });
}
let farewell: (() => void) | null = null;

/** Connects to the test's socket. Resolves when it is there, and never fails: without the test the app runs alone. */
export function listenToTest(path: string, obey: (order: never) => Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      tell = (message) => void socket.write(`${JSON.stringify(message)}\n`);
      changed();
      resolve();
    });
    socket.on('error', () => resolve());
    socket.on('close', () => {
      tell = null;
      // nobody is left who would ever end it
      if (farewell === null) process.kill(process.pid, 'SIGKILL');
      farewell?.();
    });
    createInterface({ input: socket }).on('line', async (line) => {
      const message = JSON.parse(line) as { id: number; order: never } | { farewell: true };
      if ('farewell' in message) return farewell?.();
      try {
        tell?.({ id: message.id, ok: true, value: (await obey(message.order)) ?? null });
      } catch (error) {
        tell?.({ id: message.id, ok: false, sentence: (error as Error).message });
      }
    });
  });
}

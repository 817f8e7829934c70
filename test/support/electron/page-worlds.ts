/**
 * What the stand-in puts into a page before its own scripts: the preload's surroundings, in a world of its own, and the
 * narrow bridge to the world of the page. The functions run in the page, not here: their source is put there, so each
 * stands alone, and of the page's objects only what they use is declared.
 */

import { decode, encode } from './clone.ts';

interface Happening {
  readonly detail: unknown;
}
declare const document: {
  addEventListener(name: string, listener: (event: Happening) => void): void;
  dispatchEvent(event: Happening): void;
};
declare const CustomEvent: new (name: string, options: { detail: unknown }) => Happening;

/**
 * One end of the bridge between the worlds. They share a document but no objects: what one tells the other by an event
 * is cloned on its way, and the other has heard it when the call returns. Functions stay where they are and are called
 * by number, promises are told when they settle: Electron's contextBridge does the same.
 */
function bridgeEnd(channel: string, mine: string, theirs: string) {
  type Wire = { readonly is: string; readonly value?: unknown; readonly id?: number };
  const functions = new Map<number, (...args: unknown[]) => unknown>();
  const answers = new Map<number, (answer: Message) => void>();
  const promises = new Map<number, (answer: Message) => void>();
  let count = 0;
  type Message = {
    readonly tell: 'call' | 'answer' | 'settled' | 'expose';
    readonly id: number;
    readonly key?: string;
    readonly args?: readonly Wire[];
    readonly value?: Wire;
    readonly failed?: boolean;
  };
  const tell = (message: Message): void => {
    document.dispatchEvent(new CustomEvent(channel + theirs, { detail: message }));
  };

  const pack = (value: unknown): Wire => {
    if (typeof value === 'function') {
      functions.set(++count, value as () => unknown);
      return { is: 'function', id: count };
    }
    if (value instanceof Promise) {
      const id = ++count;
      value.then(
        (result) => tell({ tell: 'settled', id, value: pack(result) }),
        (error: unknown) => tell({ tell: 'settled', id, value: pack(error), failed: true }),
      );
      return { is: 'promise', id };
    }
    if (value instanceof Error) return { is: 'error', value: [value.name, value.message] };
    if (Array.isArray(value)) return { is: 'array', value: value.map(pack) };
    if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
      return { is: 'object', value: Object.entries(value).map(([key, entry]) => [key, pack(entry)]) };
    }
    if (typeof value === 'symbol') throw new Error('An object could not be cloned.');
    return { is: 'value', value };
  };

  const unpack = (wire: Wire): unknown => {
    switch (wire.is) {
      case 'function':
        return proxyOf(wire.id as number);
      case 'promise':
        return new Promise((resolve, reject) => {
          promises.set(wire.id as number, ({ value, failed }) => (failed ? reject : resolve)(unpack(value as Wire)));
        });
      case 'error': {
        const [name, message] = wire.value as [string, string];
        return Object.assign(new Error(message), { name });
      }
      case 'array':
        return (wire.value as Wire[]).map(unpack);
      case 'object':
        return Object.fromEntries((wire.value as [string, Wire][]).map(([key, entry]) => [key, unpack(entry)]));
      default:
        return wire.value;
    }
  };

  const proxyOf =
    (id: number) =>
    (...args: unknown[]): unknown => {
      const call = ++count;
      let answer: Message | undefined;
      answers.set(call, (told) => {
        answer = told;
      });
      tell({ tell: 'call', id, key: String(call), args: args.map(pack) });
      answers.delete(call);
      if (answer === undefined) throw new Error('the world on the other side of the bridge is gone');
      const value = unpack(answer.value as Wire);
      if (answer.failed) throw value;
      return value;
    };

  const call = (id: number, args: readonly Wire[]): { value: Wire; failed: boolean } => {
    try {
      const called = functions.get(id);
      if (called === undefined) throw new Error('the function is gone');
      return { value: pack(called(...args.map(unpack))), failed: false };
    } catch (error) {
      return { value: pack(error), failed: true };
    }
  };

  const freeze = (value: unknown): unknown => {
    if (typeof value === 'object' && value !== null) for (const entry of Object.values(value)) freeze(entry);
    return Object.freeze(value);
  };

  document.addEventListener(channel + mine, ({ detail }) => {
    const message = detail as Message;
    switch (message.tell) {
      case 'call':
        tell({ tell: 'answer', id: Number(message.key), ...call(message.id, message.args as Wire[]) });
        return;
      case 'answer':
        answers.get(message.id)?.(message);
        return;
      case 'settled':
        promises.get(message.id)?.(message);
        promises.delete(message.id);
        return;
      case 'expose':
        Object.defineProperty(globalThis, message.key as string, {
          value: freeze(unpack(message.value as Wire)),
          enumerable: true,
        });
    }
  });

  return { expose: (key: string, api: unknown) => tell({ tell: 'expose', id: 0, key, value: pack(api) }) };
}

export interface PreloadSurroundings {
  readonly channel: string;
  /** The function through which the preload's world speaks to the app; the one by which it is spoken to. */
  readonly speak: string;
  readonly hear: string;
  readonly process: { readonly platform: string; readonly versions: object; readonly argv: readonly string[] };
}

/** Runs the preload as Electron runs one in a sandbox: CommonJS, with `electron` as the only module. */
function preloadWorld(
  { channel, speak, hear, process }: PreloadSurroundings,
  makeBridge: typeof bridgeEnd,
  toWire: typeof encode,
  fromWire: typeof decode,
  preload: (require: unknown, module: unknown, exports: unknown, process: unknown) => void,
): void {
  type Listener = (event: unknown, ...args: unknown[]) => void;
  type Heard = {
    readonly to: 'listeners' | 'invoked';
    readonly channel: string;
    readonly args: readonly unknown[];
    readonly id: number;
    readonly failed: boolean;
  };
  const world = globalThis as unknown as Record<string, (text: string) => void>;
  const say = world[speak] as (text: string) => void;
  delete world[speak];
  const bridge = makeBridge(channel, 'preload', 'page');
  const listeners = new Map<string, { listener: Listener; once: boolean }[]>();
  const invoked = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let count = 0;
  const tell = (message: Record<string, unknown>): void => say(JSON.stringify(toWire(message)));
  const add = (name: string, listener: Listener, once: boolean): void => {
    listeners.set(name, [...(listeners.get(name) ?? []), { listener, once }]);
  };
  const remove = (name: string, listener: Listener): void => {
    const all = listeners.get(name) ?? [];
    const at = all.findLastIndex((entry) => entry.listener === listener);
    listeners.set(name, all.toSpliced(at, at < 0 ? 0 : 1));
  };
  const lacks = (name: string): never => {
    throw new Error(`The Electron stand-in has no ${name} in a preload.`);
  };
  const ipcRenderer = {
    send: (name: string, ...args: unknown[]) => tell({ type: 'send', channel: name, args }),
    invoke: (name: string, ...args: unknown[]) =>
      new Promise((resolve, reject) => {
        const id = ++count;
        invoked.set(id, { resolve, reject });
        tell({ type: 'invoke', channel: name, args, id });
      }),
    on(name: string, listener: Listener) {
      add(name, listener, false);
      return ipcRenderer;
    },
    once(name: string, listener: Listener) {
      add(name, listener, true);
      return ipcRenderer;
    },
    addListener: (name: string, listener: Listener) => ipcRenderer.on(name, listener),
    off(name: string, listener: Listener) {
      remove(name, listener);
      return ipcRenderer;
    },
    removeListener: (name: string, listener: Listener) => ipcRenderer.off(name, listener),
    removeAllListeners(name: string) {
      listeners.delete(name);
      return ipcRenderer;
    },
    sendSync: () => lacks('ipcRenderer.sendSync'),
    postMessage: () => lacks('ipcRenderer.postMessage'),
    sendToHost: () => lacks('ipcRenderer.sendToHost'),
  };
  world[hear] = (text) => {
    const heard = fromWire(JSON.parse(text)) as Heard;
    if (heard.to === 'invoked') {
      const waiting = invoked.get(heard.id);
      invoked.delete(heard.id);
      if (heard.failed) waiting?.reject(new Error(String(heard.args[0])));
      else waiting?.resolve(heard.args[0]);
      return;
    }
    for (const { listener, once } of listeners.get(heard.channel) ?? []) {
      if (once) remove(heard.channel, listener);
      listener({ sender: ipcRenderer, ports: [] }, ...heard.args);
    }
  };
  const electron = { contextBridge: { exposeInMainWorld: bridge.expose }, ipcRenderer };
  const require = (name: string): unknown =>
    name === 'electron' || name === 'electron/renderer' ? electron : lacks(`module ${JSON.stringify(name)}`);
  const module = { exports: {} };
  preload(require, module, module.exports, {
    ...process,
    type: 'renderer',
    sandboxed: true,
    contextIsolated: true,
    env: {},
  });
}

/** For the page's own world. */
export function pageScript(channel: string): string {
  return `(${bridgeEnd})(${JSON.stringify(channel)}, 'page', 'preload');`;
}

/** For the preload's world. */
export function preloadScript(surroundings: PreloadSurroundings, preload: string): string {
  const wrapped = `(require, module, exports, process) => {${preload}\n}`;
  return `(${preloadWorld})(${JSON.stringify(surroundings)}, ${bridgeEnd}, ${encode}, ${decode}, ${wrapped});`;
}

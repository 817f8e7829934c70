/**
 * The host's end of the bridge, for every window that is connected, whatever carries the messages. A window is a stranger:
 * what it sends is checked, in size, number and shape, before anything is done. It gets values and sentences, never an
 * error's inside. It is told something only while it is visible, twice a second at most, and only what is new to it.
 */

import * as v from 'valibot';
import {
  type Downward,
  type Gives,
  REQUESTS,
  type RequestName,
  type Result,
  type Takes,
  type Told,
  type TopicName,
  UpwardSchema,
} from '../contract/bridge.ts';
import { beginning, oneLine } from '../contract/sentence.ts';
import type { HostClock, Log } from './edges.ts';

/** What answers the window. Whatever is thrown is unexpected; what can be expected is a value with a sentence. */
export type Handlers = {
  readonly [N in RequestName]: (takes: Takes<N>) => Result<Gives<N>> | Promise<Result<Gives<N>>>;
};

export interface Connection {
  /** A message from the window, unchecked: an object, or a text of JSON. */
  receive(raw: unknown): void;
  /** The window is gone. */
  close(): void;
}

export interface BridgeOptions {
  readonly handlers: Handlers;
  readonly clock: HostClock;
  readonly log: Log;
  /** Whether any window is visible, at each change. */
  readonly onVisible: (visible: boolean) => void;
}

/** Characters of a message from a window: settings with every list full have a tenth. */
export const LONGEST_MESSAGE = 65_536;
const MOST_OPEN = 50;
/** Requests at once, and a second after that. */
const BURST = 100;
const PER_SECOND = 50;
/** Between two tellings of one topic. */
export const TELL_EVERY_MS = 500;

export class BridgeServer {
  readonly #options: BridgeOptions;
  readonly #windows = new Set<Window>();
  /** The last of each topic: what a window that becomes visible is told. */
  readonly #standing = new Map<TopicName, unknown>();
  #visible = false;
  #show: Told<'show'> | null = null;

  constructor(options: BridgeOptions) {
    this.#options = options;
  }

  get visible(): boolean {
    return this.#visible;
  }

  connect(send: (message: Downward) => void): Connection {
    const { handlers, clock, log } = this.#options;
    const window = new Window({ handlers, clock, log, send, onVisible: () => this.#lookWhoIsVisible() });
    this.#windows.add(window);
    for (const [name, told] of this.#standing) window.tell(name, told);
    if (this.#show !== null) window.tell('show', this.#show);
    this.#show = null;
    return {
      receive: (raw) => window.receive(raw),
      close: () => {
        window.close();
        this.#windows.delete(window);
        this.#lookWhoIsVisible();
      },
    };
  }

  /** A state: every window knows the last. */
  tell<N extends 'now' | 'settings' | 'loginItem'>(name: N, told: Told<N>): void {
    this.#standing.set(name, told);
    for (const window of this.#windows) window.tell(name, told);
  }

  /** Something that happened: of interest to those who are there. */
  tellOnce<N extends 'rechecking' | 'primesChanged'>(name: N, told: Told<N>): void {
    for (const window of this.#windows) window.tell(name, told);
  }

  /** To the windows there are, or to the next one. */
  show(told: Told<'show'>): void {
    if (this.#windows.size === 0) this.#show = told;
    for (const window of this.#windows) window.tell('show', told);
  }

  #lookWhoIsVisible(): void {
    const visible = [...this.#windows].some((window) => window.visible);
    if (visible === this.#visible) return;
    this.#visible = visible;
    this.#options.onVisible(visible);
  }
}

/** Told when they are others than before; whatever else happens again is told again. */
const STATES: ReadonlySet<TopicName> = new Set(['now', 'settings', 'loginItem']);

interface WindowOptions extends Omit<BridgeOptions, 'onVisible'> {
  readonly send: (message: Downward) => void;
  readonly onVisible: () => void;
}

class Window {
  readonly #options: WindowOptions;
  /** Not told yet, the last of each topic. */
  readonly #waiting = new Map<TopicName, unknown>();
  /** As it was last told. */
  readonly #told = new Map<TopicName, string>();
  #visible = false;
  #cancelTelling: (() => void) | null = null;
  #open = 0;
  #allowance = BURST;
  #allowedAt: number;
  #closed = false;

  constructor(options: WindowOptions) {
    this.#options = options;
    this.#allowedAt = options.clock.steady();
  }

  get visible(): boolean {
    return this.#visible;
  }

  close(): void {
    this.#closed = true;
    this.#visible = false;
    this.#cancelTelling?.();
  }

  receive(raw: unknown): void {
    if (this.#closed) return;
    const message = this.#read(raw);
    if (message === null) return;
    if (message.type === 'visible') {
      this.#setVisible(message.visible);
      return;
    }
    const { id, name, takes } = message;
    if (this.#open >= MOST_OPEN || !this.#allow()) {
      this.#send({ type: 'result', id, ok: false, sentence: 'That is too much at once; try again in a moment.' });
      return;
    }
    this.#open++;
    void this.#answer(name, takes)
      .then((result) => this.#send({ type: 'result', id, ...result }))
      .finally(() => this.#open--);
  }

  tell(name: TopicName, told: unknown): void {
    this.#waiting.set(name, told);
    this.#tellSoon();
  }

  #read(raw: unknown) {
    const object = shortObject(raw);
    const parsed = object === null ? null : v.safeParse(UpwardSchema, object.value);
    if (parsed?.success === true) return parsed.output;
    const why = parsed === null ? 'it is too long, or no JSON' : issueOf(parsed.issues[0]);
    // Whoever floods the window does not flood the log too.
    if (this.#allow()) this.#options.log(`a message from the window is dropped (${why})`);
    return null;
  }

  async #answer(name: RequestName, takes: unknown): Promise<Result<unknown>> {
    const parsed = v.safeParse(REQUESTS[name].takes as v.GenericSchema, takes);
    if (!parsed.success) return { ok: false, sentence: `That cannot be done: ${issueOf(parsed.issues[0])}.` };
    try {
      const handler = this.#options.handlers[name] as (takes: unknown) => Result<unknown> | Promise<Result<unknown>>;
      const result = await handler(parsed.output);
      if (!result.ok) return result;
      return { ok: true, value: v.parse(REQUESTS[name].gives as v.GenericSchema, result.value) };
    } catch (error) {
      this.#options.log(`the request "${name}" failed: ${String(error)}`);
      return { ok: false, sentence: 'Something went wrong inside nice19; its log says more.' };
    }
  }

  /** A bucket of requests that fills up again. */
  #allow(): boolean {
    const now = this.#options.clock.steady();
    this.#allowance = Math.min(BURST, this.#allowance + ((now - this.#allowedAt) / 1000) * PER_SECOND);
    this.#allowedAt = now;
    if (this.#allowance < 1) return false;
    this.#allowance--;
    return true;
  }

  #setVisible(visible: boolean): void {
    if (visible === this.#visible) return;
    this.#visible = visible;
    this.#options.onVisible();
    if (visible && this.#cancelTelling === null) this.#tellNow();
  }

  #tellSoon(): void {
    if (this.#visible && this.#cancelTelling === null) this.#tellNow();
  }

  /** Tells what waits, and nothing for a while after that. */
  #tellNow(): void {
    let any = false;
    for (const [name, told] of this.#waiting) {
      if (STATES.has(name)) {
        const text = JSON.stringify(told);
        if (this.#told.get(name) === text) continue;
        this.#told.set(name, text);
      }
      this.#send({ type: 'told', name, told });
      any = true;
    }
    this.#waiting.clear();
    if (!any) return;
    this.#cancelTelling = this.#options.clock.after(TELL_EVERY_MS, () => {
      this.#cancelTelling = null;
      if (this.#visible && !this.#closed) this.#tellNow();
    });
  }

  #send(message: Downward): void {
    if (!this.#closed) this.#options.send(message);
  }
}

/** The message as an object, unless it is too long, or no JSON. */
function shortObject(raw: unknown): { readonly value: unknown } | null {
  try {
    const text = typeof raw === 'string' ? raw : JSON.stringify(raw);
    if (typeof text !== 'string' || text.length > LONGEST_MESSAGE) return null;
    // Also what came as an object is taken as the data that it is, and nothing else.
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

/** Quotes what came, which may be long. */
function issueOf(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  return beginning(oneLine(path === null ? issue.message : `${path}: ${issue.message}`), 200);
}

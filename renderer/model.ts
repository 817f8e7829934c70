/**
 * What the window knows, as signals: the last of everything that the other side told, where the user is, and what was just
 * done. Views read signals and ask the bridge; nothing else keeps state that outlives a view.
 */

import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { About, Bridge, LoginItem, Result, Told } from '../main/contract/bridge.ts';
import type { Recheck } from '../main/contract/library.ts';
import type { Now } from '../main/contract/now.ts';
import type { Settings } from '../main/contract/settings.ts';
import { type PaceClock, paced } from './bridge/pace.ts';
import { hashOf, type Route, routeOf } from './route.ts';
import { plural } from './words/numbers.ts';
import { pauseSentence, stateWords } from './words/state.ts';

/** Updates of what is going on are shown at most this often, in milliseconds. */
const PACE = 500;
/** "3 min ago" is looked at again this often, while the window is visible. */
const CLOCK_EVERY = 10_000;

/** What was just done and can be taken back, or what went wrong, one sentence. */
export interface Toast {
  readonly sentence: string;
  readonly undo: (() => void) | null;
}

export interface Model {
  readonly bridge: Bridge;
  /** false: the connection is lost, or could not be had. */
  readonly connected: ReadonlySignal<boolean>;
  readonly about: ReadonlySignal<About | null>;
  readonly now: ReadonlySignal<Now | null>;
  readonly settings: Signal<Settings | null>;
  readonly loginItem: Signal<LoginItem | null>;
  readonly rechecking: ReadonlySignal<Told<'rechecking'> | null>;
  /** Grows whenever the primes in the store are others than before: with every find. */
  readonly primesVersion: ReadonlySignal<number>;
  /** Grows whenever something was done here to a prime that was there before. */
  readonly changedHere: ReadonlySignal<number>;
  /** Milliseconds since 1970, every ten seconds while the window is visible. */
  readonly wall: ReadonlySignal<number>;
  readonly route: ReadonlySignal<Route>;
  readonly toast: Signal<Toast | null>;
  /** What screen readers are told: changes of state, and finds. */
  readonly announced: { readonly state: ReadonlySignal<string>; readonly find: ReadonlySignal<string> };
  /** Rechecks since the window was opened, by the number of the prime. */
  readonly checks: ReadonlySignal<ReadonlyMap<number, 'running' | Result<Recheck>>>;
  /** Where the table of primes was, by its address. */
  readonly scrolled: Map<string, { readonly position: number; readonly active: number }>;
  go(route: Route): void;
  /** The same view with another address; "back" skips it. */
  replace(route: Route): void;
  /** Asks for something whose only answer is that it is done; a refusal is shown. */
  act(name: 'pause' | 'resume' | 'newSearch'): Promise<void>;
  /** Something was done to a prime. */
  changed(): void;
  /** Has a prime checked again; a view that is left and come back to finds how it went. */
  recheck(number: number): Promise<void>;
  /** Asks again for all that can have changed. */
  refresh(): Promise<void>;
  /** Shows that something did not go well. */
  complain(sentence: string): void;
}

export interface ModelEdges extends PaceClock {
  wall(): number;
  every(milliseconds: number, call: () => void): () => void;
  readonly location: { hash: string };
  readonly history: { replaceState(data: null, unused: string, url: string): void };
  readonly document: { readonly visibilityState: string };
  listen(name: 'hashchange' | 'visibilitychange', listener: () => void): void;
}

export function createModel(bridge: Bridge, edges: ModelEdges): Model {
  const connected = signal(true);
  const about = signal<About | null>(null);
  const now = signal<Now | null>(null);
  const settings = signal<Settings | null>(null);
  const loginItem = signal<LoginItem | null>(null);
  const rechecking = signal<Told<'rechecking'> | null>(null);
  const primesVersion = signal(0);
  const changedHere = signal(0);
  const wall = signal(edges.wall());
  const route = signal(routeOf(edges.location.hash));
  const toast = signal<Toast | null>(null);
  const checks = signal<ReadonlyMap<number, 'running' | Result<Recheck>>>(new Map());

  const show = (next: Route): void => {
    edges.location.hash = hashOf(next);
  };
  const changed = (): void => {
    batch(() => {
      primesVersion.value++;
      changedHere.value++;
    });
  };
  const complain = (sentence: string): void => {
    toast.value = { sentence, undo: null };
  };

  async function refresh(): Promise<void> {
    const [aboutNow, nowNow, settingsNow, login] = await Promise.all([
      bridge.ask('about', {}),
      bridge.ask('now', {}),
      bridge.ask('settings', {}),
      bridge.ask('loginItem', {}),
    ]);
    batch(() => {
      if (aboutNow.ok) about.value = aboutNow.value;
      if (nowNow.ok) now.value = nowNow.value;
      if (settingsNow.ok) settings.value = settingsNow.value;
      if (login.ok) loginItem.value = login.value;
      wall.value = edges.wall();
      primesVersion.value++;
    });
    if (!aboutNow.ok && connected.value) complain(aboutNow.sentence);
  }

  let opening = true;
  bridge.onConnection((isConnected) => {
    // Not yet is no loss.
    connected.value = isConnected || opening;
    opening = false;
    if (isConnected) void refresh();
  });
  bridge.on(
    'now',
    paced(PACE, edges, (told) => {
      now.value = told;
    }),
  );
  bridge.on(
    'rechecking',
    paced(PACE, edges, (told) => {
      rechecking.value = told;
    }),
  );
  bridge.on('settings', (told) => {
    settings.value = told;
  });
  bridge.on('loginItem', (told) => {
    loginItem.value = told;
  });
  bridge.on(
    'primesChanged',
    paced(PACE, edges, () => {
      primesVersion.value++;
    }),
  );
  bridge.on('show', ({ view }) => {
    show(routeOf(`#/${view}`));
  });

  edges.listen('hashchange', () => {
    batch(() => {
      route.value = routeOf(edges.location.hash);
      toast.value = toast.value?.undo ? toast.value : null;
    });
  });

  const tick = (): void => {
    wall.value = edges.wall();
  };
  let stopTicking = (): void => {};
  const seeIfVisible = (): void => {
    stopTicking();
    const visible = edges.document.visibilityState === 'visible';
    bridge.setVisible(visible);
    if (!visible) return;
    stopTicking = edges.every(CLOCK_EVERY, tick);
    if (connected.value) void refresh();
  };
  edges.listen('visibilitychange', seeIfVisible);
  if (edges.document.visibilityState === 'visible') stopTicking = edges.every(CLOCK_EVERY, tick);
  else bridge.setVisible(false);

  return {
    bridge,
    connected,
    about,
    now,
    settings,
    loginItem,
    rechecking,
    primesVersion,
    changedHere,
    wall,
    route,
    toast,
    announced: { state: announcedState(now, connected, edges.wall), find: announcedFind(now) },
    checks,
    scrolled: new Map(),
    go: show,
    replace(next) {
      edges.history.replaceState(null, '', hashOf(next));
      route.value = next;
    },
    async act(name) {
      const result = await bridge.ask(name, {});
      if (!result.ok) complain(result.sentence);
    },
    changed,
    async recheck(number) {
      const set = (check: 'running' | Result<Recheck>): void => {
        checks.value = new Map(checks.value).set(number, check);
      };
      set('running');
      set(await bridge.ask('recheck', { number }));
      changed();
    },
    refresh,
    complain,
  };
}

/** The state in words: it changes when the state does, not with every tick. */
function announcedState(
  now: ReadonlySignal<Now | null>,
  connected: ReadonlySignal<boolean>,
  wall: () => number,
): ReadonlySignal<string> {
  return computed(() => {
    const { title } = stateWords(now.value, connected.value);
    const first = now.value?.state === 'paused' && connected.value ? now.value.pauses[0] : undefined;
    return first ? `${title}. ${pauseSentence(first, wall())}` : `${title}.`;
  });
}

/** The last find since the window was opened. */
function announcedFind(now: ReadonlySignal<Now | null>): ReadonlySignal<string> {
  const announced = signal('');
  let known: number | null = null;
  effect(() => {
    if (now.value === null) return;
    const last = now.value.lastFind;
    const number = last?.number ?? 0;
    if (last && known !== null && number > known) {
      announced.value = `Found number ${number}: a ${last.verdict} of ${plural(last.digits, 'digit')}.`;
    }
    known = Math.max(known ?? 0, number);
  });
  return announced;
}

const Context = createContext<Model | null>(null);
export const ModelProvider = Context.Provider;

export function useModel(): Model {
  const model = useContext(Context);
  if (model === null) throw new Error('a view outside the window');
  return model;
}

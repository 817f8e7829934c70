/**
 * The window's end of the bridge, whatever carries the messages: numbers the questions, matches the answers, checks all
 * that comes in with the contract's schemas, and lets nothing through while nobody sees the window.
 */

import * as v from 'valibot';
import {
  type Bridge,
  type Downward,
  DownwardSchema,
  type Gives,
  REQUESTS,
  type RequestName,
  type Result,
  type Takes,
  TOPICS,
  type Told,
  type TopicName,
  type Upward,
} from '../../main/contract/bridge.ts';

/** What carries messages. Of one that can break `onConnection` tells, also of each try that fails; the first call may come at once. */
export interface Transport {
  send(message: Upward): void;
  onMessage(listener: (message: unknown) => void): void;
  onConnection(listener: (connected: boolean) => void): void;
}

export const NOT_CONNECTED = 'The search does not answer at the moment; the window tries to reach it again.';
const LOST = 'The connection to the search was lost before it answered; try again.';
const MISUNDERSTOOD =
  'The window does not understand what the search said. They may be of different versions: close the window and open it again.';

interface Pending {
  readonly name: RequestName;
  settle(result: Result<unknown>): void;
}

/** @param onMisunderstood something was told that the contract does not know; one sentence */
export function createClient(transport: Transport, onMisunderstood: (sentence: string) => void): Bridge {
  const pending = new Map<number, Pending>();
  const listeners = new Map<TopicName, Set<(told: never) => void>>();
  const connectionListeners = new Set<(connected: boolean) => void>();
  let nextId = 1;
  let connected = false;
  let visible = true;

  transport.onConnection((now) => {
    const changed = now !== connected;
    connected = now;
    if (connected && changed) {
      transport.send({ type: 'visible', visible });
    } else if (changed) {
      const lost = [...pending.values()];
      pending.clear();
      for (const { settle } of lost) settle({ ok: false, sentence: LOST });
    }
    for (const listener of connectionListeners) listener(connected);
  });

  transport.onMessage((message) => {
    const parsed = v.safeParse(DownwardSchema, message);
    const downward = parsed.success ? (parsed.output as Downward) : null;
    if (downward === null) onMisunderstood(MISUNDERSTOOD);
    else if (downward.type === 'told') tell(downward.name, downward.told);
    else answer(downward);
  });

  function answer(result: Extract<Downward, { type: 'result' }>): void {
    const asked = pending.get(result.id);
    // Of a connection before this one.
    if (!asked) return;
    pending.delete(result.id);
    asked.settle(result.ok ? understood(asked.name, result.value) : { ok: false, sentence: result.sentence });
  }

  function understood(name: RequestName, value: unknown): Result<unknown> {
    const parsed = v.safeParse(REQUESTS[name].gives, value);
    return parsed.success ? { ok: true, value: parsed.output } : { ok: false, sentence: MISUNDERSTOOD };
  }

  function tell(name: TopicName, told: unknown): void {
    if (!visible) return;
    const parsed = v.safeParse(TOPICS[name], told);
    if (!parsed.success) onMisunderstood(MISUNDERSTOOD);
    else for (const listener of listeners.get(name) ?? []) listener(parsed.output as never);
  }

  return {
    ask<N extends RequestName>(name: N, takes: Takes<N>): Promise<Result<Gives<N>>> {
      if (!connected) return Promise.resolve({ ok: false, sentence: NOT_CONNECTED });
      return new Promise((resolve) => {
        const id = nextId++;
        pending.set(id, { name, settle: resolve as Pending['settle'] });
        transport.send({ type: 'request', id, name, takes });
      });
    },
    on<N extends TopicName>(name: N, listener: (told: Told<N>) => void): () => void {
      const all = listeners.get(name) ?? new Set();
      listeners.set(name, all.add(listener as (told: never) => void));
      return () => all.delete(listener as (told: never) => void);
    },
    setVisible(now) {
      if (now === visible) return;
      visible = now;
      if (connected) transport.send({ type: 'visible', visible });
    },
    onConnection(listener) {
      connectionListeners.add(listener);
      listener(connected);
      return () => connectionListeners.delete(listener);
    },
  };
}

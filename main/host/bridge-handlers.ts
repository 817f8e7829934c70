/** What answers each question of a window: the host itself, the library, or the search. */

import type { About, Gives, LoginItem, Result, Snooze, Takes, Told } from '../contract/bridge.ts';
import type { AnswerTo, Question } from '../contract/library.ts';
import type { Now } from '../contract/now.ts';
import type { Settings, SettingsPatch } from '../contract/settings.ts';
import type { Handlers } from './bridge-server.ts';

export interface HandlerParts {
  readonly host: {
    readonly now: Now;
    readonly settings: Settings;
    pause(): Result<null>;
    resume(): Result<null>;
    snooze(how: Snooze): Result<null>;
    newSearch(): Result<null>;
    change(patch: SettingsPatch): Result<Settings>;
    answerFirstPage(answer: Takes<'begin'>): Promise<Result<null>>;
    dismissNotice(id: number): Result<null>;
    loginItem(): Promise<Result<LoginItem>>;
    setLoginItem(on: boolean): Promise<Result<LoginItem>>;
  };
  readonly about: () => About;
  /** Asks the library. */
  readonly ask: <Q extends Question>(
    question: Q,
    onFraction?: (fraction: number) => void,
  ) => Promise<Result<AnswerTo<Q['ask']>>>;
  /** Changes the store. */
  readonly change: (question: { readonly ask: 'remove' | 'restore'; readonly number: number }) => Promise<Result<null>>;
  readonly rechecking: (told: Told<'rechecking'>) => void;
}

export function bridgeHandlers({ host, about, ask, change, rechecking }: HandlerParts): Handlers {
  return {
    about: () => ok(about()),
    now: () => ok(host.now),
    pause: () => host.pause(),
    resume: () => host.resume(),
    snooze: ({ how }) => host.snooze(how),
    newSearch: () => host.newSearch(),
    begin: (answer) => host.answerFirstPage(answer),
    dismissNotice: ({ id }) => host.dismissNotice(id),
    settings: () => ok(host.settings),
    changeSettings: (patch) => host.change(patch),
    loginItem: () => host.loginItem(),
    setLoginItem: ({ on }) => host.setLoginItem(on),
    page: async (query) => only(await ask({ ask: 'page', query }), 'page'),
    prime: async ({ number }) => only(await ask({ ask: 'prime', number }), 'prime'),
    recheck: async ({ number }): Promise<Result<Gives<'recheck'>>> => {
      const onFraction = (fraction: number) => rechecking({ number, fraction });
      return only(await ask({ ask: 'recheck', number }, onFraction), 'recheck');
    },
    remove: ({ number }) => change({ ask: 'remove', number }),
    restore: ({ number }) => change({ ask: 'restore', number }),
    challenge: async ({ digits }) => only(await ask({ ask: 'challenge', digits }), 'challenge'),
    history: async ({ range }) => only(await ask({ ask: 'history', range }), 'history'),
    estimates: async ({ digits }) => only(await ask({ ask: 'estimates', digits }), 'estimates'),
  };
}

function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

/** What the answer holds. */
export function only<A, K extends keyof A>(result: Result<A>, name: K): Result<A[K]> {
  return result.ok ? ok(result.value[name]) : result;
}

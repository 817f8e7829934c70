/**
 * What the window asks and is told, whatever carries it: Electron's preload, or a WebSocket to a browser. One nested
 * constant; the types of callers and handlers are derived from it, and both ends check with its schemas. Errors cross as
 * values: a refusal is a sentence for the user.
 */

import * as v from 'valibot';
import {
  ChallengeDigitsSchema,
  ChallengeSchema,
  EstimateSchema,
  HISTORY_RANGES,
  HistorySchema,
  PageQuerySchema,
  PageSchema,
  PrimeNumberSchema,
  RecheckSchema,
  ShownPrimeSchema,
} from './library.ts';
import { NowSchema } from './now.ts';
import { DigitsSchema } from './search-spec.ts';
import { SettingsPatchSchema, SettingsSchema } from './settings.ts';

const nothing = v.strictObject({});
const done = v.null();
const byNumber = v.strictObject({ number: PrimeNumberSchema });

export const SNOOZES = ['15-minutes', '1-hour', 'tomorrow'] as const;
export type Snooze = (typeof SNOOZES)[number];

/** Start at login: read back from the system, not remembered. */
export const LoginItemSchema = v.object({
  state: v.picklist(['on', 'off', 'unavailable']),
  /** What it is, or why it cannot be had, one sentence. */
  sentence: v.string(),
});
export type LoginItem = v.InferOutput<typeof LoginItemSchema>;

export const AboutSchema = v.object({
  version: v.string(),
  /** What shows the window. */
  shownBy: v.picklist(['electron', 'browser']),
  platform: v.string(),
  host: v.string(),
  cores: v.number(),
  directory: v.string(),
  /** Nobody has seen the first page yet: nothing searches until it is answered. */
  firstStart: v.boolean(),
});
export type About = v.InferOutput<typeof AboutSchema>;

/** What the window asks: what it sends, and what it gets. */
export const REQUESTS = {
  about: { takes: nothing, gives: AboutSchema },
  now: { takes: nothing, gives: NowSchema },
  pause: { takes: nothing, gives: done },
  /** Ends `user` and `snooze`; of another reason it is told how it ends. */
  resume: { takes: nothing, gives: done },
  snooze: { takes: v.strictObject({ how: v.picklist(SNOOZES) }), gives: done },
  /** A new search: of the size and error in the settings, with a fresh seed. The one before can be gone on with. */
  newSearch: { takes: nothing, gives: done },
  /** Answers the first page: the settings chosen there, and whether to start at login. Then it runs. */
  begin: { takes: v.strictObject({ settings: SettingsPatchSchema, startAtLogin: v.boolean() }), gives: done },
  dismissNotice: { takes: v.strictObject({ id: v.number() }), gives: done },
  settings: { takes: nothing, gives: SettingsSchema },
  changeSettings: { takes: SettingsPatchSchema, gives: SettingsSchema },
  loginItem: { takes: nothing, gives: LoginItemSchema },
  setLoginItem: { takes: v.strictObject({ on: v.boolean() }), gives: LoginItemSchema },
  page: { takes: PageQuerySchema, gives: PageSchema },
  prime: { takes: byNumber, gives: v.nullable(ShownPrimeSchema) },
  recheck: { takes: byNumber, gives: RecheckSchema },
  remove: { takes: byNumber, gives: done },
  restore: { takes: byNumber, gives: done },
  challenge: {
    takes: v.strictObject({ digits: v.nullable(ChallengeDigitsSchema) }),
    gives: v.nullable(ChallengeSchema),
  },
  history: { takes: v.strictObject({ range: v.picklist(HISTORY_RANGES) }), gives: HistorySchema },
  estimates: {
    takes: v.strictObject({ digits: v.pipe(v.array(DigitsSchema), v.minLength(1), v.maxLength(200)) }),
    gives: v.array(EstimateSchema),
  },
} as const;

export type RequestName = keyof typeof REQUESTS;
export type Takes<N extends RequestName> = v.InferOutput<(typeof REQUESTS)[N]['takes']>;
export type Gives<N extends RequestName> = v.InferOutput<(typeof REQUESTS)[N]['gives']>;

/** What the window is told unasked, while it is visible: at most twice a second. */
export const TOPICS = {
  now: NowSchema,
  settings: SettingsSchema,
  loginItem: LoginItemSchema,
  /** The share of a recheck that is done. */
  rechecking: v.object({ number: PrimeNumberSchema, fraction: v.pipe(v.number(), v.minValue(0), v.maxValue(1)) }),
  /** The primes in the store are others than before: pages shown may be old. */
  primesChanged: v.object({ total: v.number() }),
  /** Somebody wants to see something: the tray menu's entries. */
  show: v.object({ view: v.picklist(['now', 'primes', 'settings']) }),
} as const;

export type TopicName = keyof typeof TOPICS;
export type Told<N extends TopicName> = v.InferOutput<(typeof TOPICS)[N]>;

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly sentence: string };

/** The window's side. Two implementations: `renderer/bridge/` has them. */
export interface Bridge {
  ask<N extends RequestName>(name: N, takes: Takes<N>): Promise<Result<Gives<N>>>;
  /** @returns no longer listens */
  on<N extends TopicName>(name: N, listener: (told: Told<N>) => void): () => void;
  /** Whether anything is told at all: a window that nobody sees asks for silence. */
  setVisible(visible: boolean): void;
  /** The other side is gone or came back. */
  onConnection(listener: (connected: boolean) => void): () => void;
}

/** Window to host. */
export const UpwardSchema = v.variant('type', [
  v.strictObject({
    type: v.literal('request'),
    id: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    name: v.picklist(Object.keys(REQUESTS) as [RequestName, ...RequestName[]]),
    takes: v.unknown(),
  }),
  v.strictObject({ type: v.literal('visible'), visible: v.boolean() }),
]);
export type Upward = v.InferOutput<typeof UpwardSchema>;

/** Host to window. */
export const DownwardSchema = v.variant('type', [
  v.object({ type: v.literal('result'), id: v.number(), ok: v.literal(true), value: v.unknown() }),
  v.object({ type: v.literal('result'), id: v.number(), ok: v.literal(false), sentence: v.string() }),
  v.object({
    type: v.literal('told'),
    name: v.picklist(Object.keys(TOPICS) as [TopicName, ...TopicName[]]),
    told: v.unknown(),
  }),
]);
export type Downward =
  | { readonly type: 'result'; readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly type: 'result'; readonly id: number; readonly ok: false; readonly sentence: string }
  | { readonly type: 'told'; readonly name: TopicName; readonly told: unknown };

/** What the preload puts into the page, under the name `nice19`: the bridge's messages both ways, and nothing else. */
export interface PreloadBridge {
  send(message: Upward): void;
  /** @returns no longer listens */
  onMessage(listener: (message: Downward) => void): () => void;
}

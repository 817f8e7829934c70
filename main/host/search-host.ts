/**
 * The host: owns the search and the library, keeps the settings, lets the manners decide, and answers the windows. A shell (the
 * desktop app, the terminal's window) passes the world in and shows what is going on. README.md has the interface.
 */

import { randomBytes } from 'node:crypto';
import type { About, Downward, LoginItem, Result, Snooze, Takes, Told } from '../contract/bridge.ts';
import type { PrimeSummary } from '../contract/library.ts';
import type { Command, CruncherEvent } from '../contract/messages.ts';
import type { Now } from '../contract/now.ts';
import type { WantedPause } from '../contract/pause.ts';
import type { Unsubscribe } from '../contract/port.ts';
import type { Settings, SettingsPatch } from '../contract/settings.ts';
import { VERSION } from '../contract/version.ts';
import type { CruncherProcess } from '../supervisor/cruncher-process.ts';
import type { StopLimits } from '../supervisor/supervisor.ts';
import { bridgeHandlers, only } from './bridge-handlers.ts';
import { BridgeServer, type Connection } from './bridge-server.ts';
import type { HostClock, Log, LoginItemEdge, Notifier, Senses, SettingsFile } from './edges.ts';
import { LibraryProcess } from './library-process.ts';
import { askedNow, snoozeFrom } from './manners/asked.ts';
import { paceOf } from './manners/pace.ts';
import { howItEnds, whyBlind } from './manners/sentences.ts';
import { MannersWatch, type Wishes } from './manners/watch.ts';
import { News } from './news.ts';
import { firstState, type Happening, happened, type NowState, nowOf } from './now.ts';
import { SearchProcess, type Target } from './search-process.ts';
import { SettingsKeeper } from './settings/keeper.ts';

export interface HostOptions {
  /** The data directory, absolute. */
  readonly directory: string;
  readonly spawn: (purpose: 'search' | 'library') => CruncherProcess<Command, unknown>;
  readonly settingsFile: SettingsFile;
  readonly clock: HostClock;
  readonly senses: Senses;
  readonly loginItem: LoginItemEdge;
  readonly notifier: Notifier;
  readonly log: Log;
  readonly about: Pick<About, 'shownBy' | 'platform' | 'host' | 'cores'>;
  /** CPU seconds between two checkpoints. */
  readonly checkpointEvery?: number;
  readonly stopLimits?: StopLimits;
  /** A seed for a new search: 64 hexadecimal digits. */
  readonly freshSeed?: () => string;
}

const CHECKPOINT_EVERY = 300;
const DONE: Result<null> = { ok: true, value: null };

export class SearchHost {
  readonly #options: HostOptions;
  readonly #keeper: SettingsKeeper;
  readonly #watch: MannersWatch;
  readonly #search: SearchProcess;
  readonly #library: LibraryProcess;
  readonly #bridge: BridgeServer;
  readonly #news: News;
  readonly #nowListeners = new Set<(now: Now) => void>();
  readonly #happeningListeners = new Set<(happening: Happening) => void>();
  readonly #settingsListeners = new Set<(settings: Settings) => void>();
  #state: NowState;
  #now: Now;
  #unsubscribe: (() => void) | null = null;
  /** It has been begun, and what the manners want is known. */
  #wishesKnown = false;
  /** What the search process was told to do; null: nothing yet. */
  #target: Target | null = null;
  /** Of a new search that was asked for before it is known what the manners want. */
  #seed: string | null = null;
  #still = false;
  #end: Promise<void> | null = null;

  constructor(options: HostOptions) {
    this.#options = options;
    const { settingsFile, clock, senses, directory, log, about, spawn } = options;
    this.#keeper = new SettingsKeeper(settingsFile, (sentence) => this.#notice(sentence));
    this.#state = firstState(about.cores, this.#keeper.state.firstStartDone);
    this.#now = nowOf(this.#state);
    this.#bridge = new BridgeServer({
      handlers: bridgeHandlers({
        host: this,
        about: () => ({ version: VERSION, ...about, directory, firstStart: this.firstStart }),
        ask: (question, onFraction) => this.#library.ask(question, onFraction),
        change: (question) => this.#changePrime(question),
        rechecking: (told) => this.#bridge.tellOnce('rechecking', told),
      }),
      clock,
      log,
      onVisible: (visible) => this.#library.setWanted(visible),
    });
    this.#library = new LibraryProcess({ spawn: () => spawn('library'), clock, log, directory });
    this.#news = new News({
      clock,
      notifier: options.notifier,
      notifications: () => this.settings.notifications,
      visible: () => this.#bridge.visible,
      page: async (query) => only(await this.#library.ask({ ask: 'page', query }), 'page'),
      onPrimes: (total, last) => this.#primes(total, last),
    });
    this.#search = new SearchProcess(
      {
        spawn: () => spawn('search'),
        clock,
        log,
        directory,
        checkpointEvery: options.checkpointEvery ?? CHECKPOINT_EVERY,
        stopLimits: options.stopLimits,
        onEvent: (event) => this.#heard(event),
        onCrash: (crash) => this.#happens({ is: 'crash', ...crash }),
        onRefusal: (sentence) => this.#refused(sentence),
      },
      paceOf(this.#keeper.settings, false, about.cores),
    );
    this.#watch = new MannersWatch({
      clock,
      senses,
      cores: about.cores,
      settings: () => this.#keeper.settings,
      asked: () => this.#keeper.state,
      askedChanged: ({ snooze }) => void this.#keeper.remember({ snooze }),
      onBlind: (sense) => this.#notice(whyBlind(sense)),
      onWishes: (wishes) => this.#wish(wishes),
    });
    for (const sentence of this.#keeper.sentences) this.#notice(sentence);
    this.#bridge.tell('settings', this.#keeper.settings);
    this.#bridge.tell('now', this.#now);
  }

  // What is known

  get now(): Now {
    return this.#now;
  }

  onNow(listener: (now: Now) => void): Unsubscribe {
    this.#nowListeners.add(listener);
    return () => this.#nowListeners.delete(listener);
  }

  get settings(): Settings {
    return this.#keeper.settings;
  }

  onSettings(listener: (settings: Settings) => void): Unsubscribe {
    this.#settingsListeners.add(listener);
    return () => this.#settingsListeners.delete(listener);
  }

  /** Everything that happens, one by one: for a shell that prints. */
  onHappening(listener: (happening: Happening) => void): Unsubscribe {
    this.#happeningListeners.add(listener);
    return () => this.#happeningListeners.delete(listener);
  }

  /** The first page has not been answered: nothing searches. */
  get firstStart(): boolean {
    return !this.#keeper.state.firstStartDone;
  }

  // What can be asked of it

  /** Looks with its senses, then searches, unless something says not to. Once. */
  begin(): void {
    this.#unsubscribe = this.#options.senses.onChange((what) => {
      if (what === 'suspend' || what === 'shutdown') this.save();
    });
    this.#watch.begin();
  }

  pause(): Result<null> {
    this.#ask({ pausedByUser: true });
    return DONE;
  }

  snooze(how: Snooze): Result<null> {
    this.#ask({ pausedByUser: false, snooze: snoozeFrom(how, this.#options.clock.wall()) });
    return DONE;
  }

  /** Ends what the user asked for, and tries again what was refused. */
  resume(): Result<null> {
    const asked = askedNow(this.#keeper.state, this.#options.clock.wall());
    const [pause] = this.#now.pauses;
    const isAsked = asked.pausedByUser || asked.snooze !== null;
    const isRefused = this.#state.phase === 'refused';
    if (isAsked) this.#ask({ pausedByUser: false, snooze: null });
    if (isRefused) this.#startSearch(null);
    if (isAsked || isRefused) return DONE;
    if (this.firstStart) return { ok: false, sentence: this.#now.problem ?? '' };
    if (pause !== undefined) return { ok: false, sentence: howItEnds(pause) };
    return DONE;
  }

  /** A search of the same size and error, with a fresh seed. The one before can be gone on with, by its checkpoint. */
  newSearch(): Result<null> {
    if (this.firstStart) return { ok: false, sentence: this.#now.problem ?? '' };
    const seed = (this.#options.freshSeed ?? randomSeed)();
    if (this.#wishesKnown) this.#startSearch(seed);
    else this.#seed = seed;
    return DONE;
  }

  /** @param patch checked already */
  change(patch: SettingsPatch): Result<Settings> {
    if (this.#keeper.change(patch)) this.#settingsChanged();
    return { ok: true, value: this.#keeper.settings };
  }

  async answerFirstPage({ settings, startAtLogin }: Takes<'begin'>): Promise<Result<null>> {
    this.change(settings);
    this.#keeper.remember({ firstStartDone: true });
    await this.#watch.again();
    this.#searchAsWanted();
    const item = await this.setLoginItem(startAtLogin);
    // Where it cannot be had the page offers nothing else.
    if (!item.ok) this.#notice(item.sentence);
    return DONE;
  }

  async loginItem(): Promise<Result<LoginItem>> {
    return this.#askLogin(() => this.#options.loginItem.read());
  }

  async setLoginItem(on: boolean): Promise<Result<LoginItem>> {
    return this.#askLogin(() => this.#options.loginItem.set(on));
  }

  dismissNotice(id: number): Result<null> {
    this.#happens({ is: 'dismissal', id });
    return DONE;
  }

  /** Pauses, and goes on, for as long as this program itself stands still: nothing is remembered. */
  standStill(still: boolean): void {
    this.#still = still;
    this.#pauseSearch();
  }

  /** Asks for a checkpoint, and goes on. */
  save(): void {
    this.#search.save();
  }

  show(view: Told<'show'>['view']): void {
    this.#bridge.show({ view });
  }

  /** A window. @param send must not throw */
  connect(send: (message: Downward) => void): Connection {
    return this.#bridge.connect(send);
  }

  /** Saves and ends, within the limit; what is not saved by then is at most what was done since the last checkpoint. */
  end(limitMs: number): Promise<void> {
    this.#end ??= this.#endNow(limitMs);
    return this.#end;
  }

  async #endNow(limitMs: number): Promise<void> {
    this.#happens({ is: 'end' });
    this.#unsubscribe?.();
    this.#news.end();
    this.#watch.end();
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const cancel = this.#options.clock.after(limitMs, () => {
      this.#options.log('the search did not end in time; it saves and ends by itself');
      resolve();
    });
    await Promise.race([Promise.all([this.#search.end(), this.#library.end()]), late]);
    cancel();
  }

  // What happens

  #happens(happening: Happening): void {
    this.#state = happened(this.#state, happening, new Date(this.#options.clock.wall()).toISOString());
    this.#now = nowOf(this.#state);
    this.#bridge.tell('now', this.#now);
    for (const listener of [...this.#happeningListeners]) listener(happening);
    for (const listener of [...this.#nowListeners]) listener(this.#now);
  }

  #notice(sentence: string): void {
    this.#options.log(sentence);
    this.#happens({ is: 'notice', sentence });
  }

  #refused(sentence: string): void {
    this.#options.log(`the search does not run: ${sentence}`);
    this.#happens({ is: 'refusal', sentence });
  }

  #heard(event: CruncherEvent): void {
    if (event.type === 'warning') this.#options.log(event.sentence);
    this.#happens({ is: 'event', event });
    if (event.type === 'prime') this.#news.found(event.record);
  }

  #wish(wishes: Wishes): void {
    const reasons = wishes.pauses.map(({ reason }) => reason);
    const before = this.#state.wishes.pauses.map(({ reason }) => reason).join(', ');
    if (before !== reasons.join(', ')) this.#options.log(`pauses: ${reasons.join(', ') || 'none'}`);
    this.#search.setPace(wishes.pace);
    this.#wishesKnown = true;
    this.#happens({ is: 'wishes', wishes });
    this.#pauseSearch();
    if (this.#target === null) this.#searchAsWanted();
  }

  #pauseSearch(): void {
    const reasons = this.#state.wishes.pauses.map(({ reason }) => reason as WantedPause);
    this.#search.setPauses(new Set(this.#still ? ['user', ...reasons] : reasons));
  }

  #ask(asked: Partial<SettingsKeeper['state']>): void {
    this.#keeper.remember(asked);
    void this.#watch.again();
  }

  #settingsChanged(): void {
    const { settings } = this.#keeper;
    this.#options.log('the settings were changed');
    this.#bridge.tell('settings', settings);
    for (const listener of [...this.#settingsListeners]) listener(settings);
    if (this.#wishesKnown) void this.#watch.again();
    if (this.#target !== null) this.#searchAsWanted();
  }

  /** Searches for what the settings say, once it may; goes on with what it does if that is it. */
  #searchAsWanted(): void {
    if (!this.#wishesKnown || this.firstStart || this.#end !== null) return;
    const { digits, errorLog2 } = this.settings;
    if (this.#target?.digits === digits && this.#target.errorLog2 === errorLog2) return;
    this.#startSearch(this.#seed);
    this.#seed = null;
  }

  #startSearch(seed: string | null): void {
    if (this.#end !== null) return;
    const { digits, errorLog2 } = this.settings;
    this.#target = { digits, errorLog2, seed };
    this.#happens({ is: 'start' });
    this.#search.search(this.#target);
  }

  #primes(total: number, last: PrimeSummary | null): void {
    this.#happens({ is: 'last find', find: last });
    this.#bridge.tellOnce('primesChanged', { total });
  }

  async #changePrime(question: { readonly ask: 'remove' | 'restore'; readonly number: number }): Promise<Result<null>> {
    const result = await this.#search.ask(question);
    if (!result.ok) return result;
    void this.#news.primesChanged();
    return DONE;
  }

  async #askLogin(ask: () => Promise<LoginItem>): Promise<Result<LoginItem>> {
    try {
      const item = await ask();
      this.#bridge.tell('loginItem', item);
      return { ok: true, value: item };
    } catch (error) {
      this.#options.log(`start at login: ${String(error)}`);
      return { ok: false, sentence: 'Start at login cannot be read or set on this system.' };
    }
  }
}

function randomSeed(): string {
  return randomBytes(32).toString('hex');
}

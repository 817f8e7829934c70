/**
 * Asks the senses, as seldom as can be, and says which pauses and which pace follow. What the user asked for and the schedule
 * need no senses: while one of them pauses nothing is looked at, and the only timer is the one to its end. Otherwise one
 * look asks for all that the settings need, at most every ten seconds; while it is paused by what was seen, only for that.
 */

import type { Pause } from '../../contract/pause.ts';
import type { Settings } from '../../contract/settings.ts';
import type { HostClock, SenseChange, Senses } from '../edges.ts';
import { type Asked, askedNow, askedPauses } from './asked.ts';
import { type Pace, paceOf } from './pace.ts';
import { NOTHING_SEEN, nextLook, pausesOf, type Readings, type Seen, type Sense, see, sensesNeeded } from './policy.ts';
import { nextScheduleChange, schedulePause } from './schedule.ts';

/** What the manners want of the search. */
export interface Wishes {
  readonly pauses: readonly Pause[];
  readonly pace: Pace;
}

export interface WatchOptions {
  readonly clock: HostClock;
  readonly senses: Senses;
  /** Of this computer. */
  readonly cores: number;
  readonly settings: () => Settings;
  readonly asked: () => Asked;
  /** What was asked is no longer so: its time is over, or the clock was set. */
  readonly askedChanged: (asked: Asked) => void;
  /** A setting has no effect: the system does not tell what it needs to know. Once for each sense. */
  readonly onBlind: (sense: Sense) => void;
  /** Called when they are others than before, and the first time. */
  readonly onWishes: (wishes: Wishes) => void;
}

/** A timer does not know of a clock that was set, nor of a night asleep: the times of the day are looked at this often. */
const LONGEST_WAIT_MS = 600_000;
/** A sense that does not answer within this does not know. */
const SENSE_LIMIT_MS = 5_000;

export class MannersWatch {
  readonly #options: WatchOptions;
  /** Senses that were asked and have not answered, and those of them that are not waited for any more. */
  readonly #pending = new Map<Sense, Promise<unknown>>();
  readonly #silent = new Set<Sense>();
  #unsubscribe: (() => void) | null = null;
  #cancel: () => void = () => {};
  /** Numbers the looks: what an older one finds is of no interest. */
  #look = 0;
  #seen: Seen = NOTHING_SEEN;
  readonly #blind = new Set<Sense>();
  #locked = false;
  #wishes: Wishes | null = null;
  #ended = false;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** Looks for the first time, and listens to what the system says by itself. */
  begin(): void {
    this.#unsubscribe = this.#options.senses.onChange((what) => this.#heard(what));
    void this.again();
  }

  /** Looks at once: the settings, or what was asked, may be others than before. Resolves when it has looked. */
  async again(): Promise<void> {
    if (this.#ended) return;
    this.#look++;
    this.#cancel();
    const wall = this.#options.clock.wall();
    const timed = this.#timedPauses(wall);
    if (timed.length > 0) {
      this.#wish(timed);
      this.#wait(timeLeft(timed, wall));
    } else await this.#lookAround(this.#look);
  }

  end(): void {
    this.#ended = true;
    this.#look++;
    this.#cancel();
    this.#unsubscribe?.();
  }

  #heard(what: SenseChange): void {
    if (what === 'lock') this.#locked = true;
    if (what === 'unlock') this.#locked = false;
    if (what !== 'suspend' && what !== 'shutdown') void this.again();
  }

  /** Those that follow from the time alone. */
  #timedPauses(wall: number): Pause[] {
    const { asked, askedChanged, settings } = this.#options;
    const before = asked();
    const holds = askedNow(before, wall);
    if (holds.snooze !== before.snooze) askedChanged(holds);
    const outside = schedulePause(settings().schedule, wall);
    return outside === null ? askedPauses(holds) : [...askedPauses(holds), outside];
  }

  async #lookAround(look: number): Promise<void> {
    const { clock, settings: current, cores } = this.#options;
    const settings = current();
    const needed = sensesNeeded(settings, cores);
    let seen = see(this.#seen, {}, settings, needed, clock.steady());
    let senses = pausesOf(seen, settings).map(([sense]) => sense);
    // What pauses is looked at first: while it does, the rest makes no difference.
    for (const asked of senses.length > 0 ? [senses, needed] : [needed]) {
      const readings = await this.#read(asked);
      if (look !== this.#look) return;
      this.#tellBlind(readings);
      seen = see(seen, readings, settings, needed, clock.steady());
      senses = pausesOf(seen, settings).map(([sense]) => sense);
      if (senses.length > 0) break;
    }
    this.#seen = seen;
    const paused = senses.length > 0;
    this.#wish(pausesOf(seen, settings).map(([, pause]) => pause));
    const wall = clock.wall();
    const change = paused ? null : nextScheduleChange(settings.schedule, wall);
    const waits = [nextLook(seen, settings, paused ? senses : needed, clock.steady())];
    if (change !== null) waits.push(change - wall);
    this.#wait(least(waits));
  }

  async #read(senses: readonly Sense[]): Promise<Partial<Readings>> {
    const readings = senses.map(async (sense) => [sense, await this.#ask(sense)] as const);
    return Object.fromEntries(await Promise.all(readings));
  }

  /** No battery is no loss, and heat is only watched for where there is a watch. */
  #tellBlind({ activity, fullscreen, programs }: Partial<Readings>): void {
    const unknown: readonly (Sense | false)[] = [
      activity === null && !this.#locked && 'activity',
      fullscreen === null && 'fullscreen',
      programs === null && 'programs',
    ];
    for (const sense of unknown) {
      if (sense === false || this.#blind.has(sense)) continue;
      this.#blind.add(sense);
      this.#options.onBlind(sense);
    }
  }

  /** @returns null also where the sense fails, or does not answer in time */
  async #ask(sense: Sense): Promise<unknown> {
    if (this.#silent.has(sense)) return null;
    // What was asked before may be answered as it was before: it is asked again after that.
    const before = this.#pending.get(sense) ?? Promise.resolve();
    const asked = before.then(() => this.#sense(sense)).catch(() => null);
    this.#pending.set(sense, asked);
    void asked.then(() => {
      if (this.#pending.get(sense) !== asked) return;
      this.#pending.delete(sense);
      this.#silent.delete(sense);
    });
    const { promise: late, resolve } = Promise.withResolvers<null>();
    const cancel = this.#options.clock.after(SENSE_LIMIT_MS, () => {
      this.#silent.add(sense);
      resolve(null);
    });
    return Promise.race([asked, late]).finally(cancel);
  }

  async #sense(sense: Sense): Promise<unknown> {
    const { senses, settings } = this.#options;
    switch (sense) {
      case 'battery':
        return senses.battery();
      case 'activity':
        return this.#locked ? null : senses.idleSeconds();
      case 'fullscreen':
        return senses.fullscreen();
      case 'programs':
        return senses.runningPrograms(settings().pauseForPrograms);
      case 'heat':
        return senses.hot();
    }
  }

  #wish(pauses: readonly Pause[]): void {
    const { settings, cores, onWishes } = this.#options;
    const wishes = { pauses, pace: paceOf(settings(), this.#seen.activity.active, cores) };
    if (JSON.stringify(wishes) === JSON.stringify(this.#wishes)) return;
    this.#wishes = wishes;
    onWishes(wishes);
  }

  #wait(milliseconds: number | null): void {
    if (milliseconds === null || this.#ended) return;
    this.#cancel = this.#options.clock.after(Math.min(milliseconds, LONGEST_WAIT_MS), () => void this.again());
  }
}

/** Until the first of the pauses ends; null: none ends by itself. */
function timeLeft(pauses: readonly Pause[], wall: number): number | null {
  return least(pauses.map(({ until }) => (until === null ? null : Math.max(0, Date.parse(until) - wall))));
}

function least(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}

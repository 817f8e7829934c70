/**
 * What a search did, by the hour of the day on which it did it: CPU time, tests, finds and what was to be expected, and how
 * long it was paused, and why. For charts: it is saved with the rest, but nothing depends on it. Amounts come from clocks
 * that never go back; only the hour is the system clock's, which may be set to anything.
 */

import type { SearchState } from '../../contract/checkpoint.ts';
import type { PauseReason } from '../../contract/pause.ts';
import { blockCount } from '../../search/blocks.ts';
import { oddNumbersPerPrime } from '../../search/estimate.ts';
import type { RunClock } from './ledger.ts';

export interface Activity {
  /** Hours since 1970, UTC. */
  readonly hour: number;
  readonly cpuSeconds: number;
  /** On the clock, while the search ran. */
  readonly wallSeconds: number;
  /** Candidates screened. */
  readonly tested: number;
  readonly found: number;
  /** Finds that what was searched brings on average. */
  readonly expected: number;
  /** Times that it was saved. */
  readonly checkpoints: number;
  /** Seconds on the clock, by reason; a second with two reasons counts for both. */
  readonly paused: Readonly<Partial<Record<PauseReason, number>>>;
}

export const HOUR_SECONDS = 3600;

/** The hour of a moment; null where the clock says nothing that is one. @param at ISO 8601 */
export function hourOf(at: string): number | null {
  const hour = Math.floor(Date.parse(at) / (1000 * HOUR_SECONDS));
  return hour >= 0 ? hour : null;
}

export function sumOf(a: Activity, b: Activity): Activity {
  const paused = { ...a.paused };
  for (const [reason, seconds] of Object.entries(b.paused) as [PauseReason, number][]) {
    paused[reason] = (paused[reason] ?? 0) + seconds;
  }
  return {
    hour: a.hour,
    cpuSeconds: a.cpuSeconds + b.cpuSeconds,
    wallSeconds: a.wallSeconds + b.wallSeconds,
    tested: a.tested + b.tested,
    found: a.found + b.found,
    expected: a.expected + b.expected,
    checkpoints: a.checkpoints + b.checkpoints,
    paused,
  };
}

export const nothingIn = (hour: number): Activity => ({
  hour,
  cpuSeconds: 0,
  wallSeconds: 0,
  tested: 0,
  found: 0,
  expected: 0,
  checkpoints: 0,
  paused: {},
});

/**
 * Finds that a search brings on average up to a position: each odd number of a size is prime with the same chance, however
 * it was sieved and whatever was tested.
 */
export function expectedUpTo(digits: number, { block, index }: SearchState['position']): number {
  return (block * blockCount(digits) + index) / oddNumbersPerPrime(digits);
}

export interface DiaryOptions {
  /** The search's own, as the ledger charges them. */
  readonly counters: Readonly<Pick<SearchState['counters'], 'cpuSeconds' | 'wallSeconds' | 'tested' | 'found'>>;
  readonly clock: Pick<RunClock, 'wallSeconds' | 'now'>;
  /** Why it does not run now. */
  readonly pauses: Iterable<PauseReason>;
  /** Finds that all that is settled so far brings on average. */
  readonly expected: () => number;
}

/** Hours that wait to be saved: more come only from a clock that jumps, or a disk that says no for weeks. */
const MOST_HOURS = 1000;

/** Writes down what is done, until it is saved. */
export class Diary {
  private readonly options: DiaryOptions;
  private readonly hours = new Map<number, Activity>();
  private before: DiaryOptions['counters'];
  private wall: number;
  private expected: number;

  constructor(options: DiaryOptions) {
    this.options = options;
    this.before = { ...options.counters };
    this.wall = options.clock.wallSeconds();
    this.expected = options.expected();
  }

  /** Books what was done since the last call. The ledger is charged before, and pauses begin and end after it. */
  charge(): void {
    const { counters, clock, pauses } = this.options;
    const [wall, expected] = [clock.wallSeconds(), this.options.expected()];
    const passed = wall - this.wall;
    const now = Date.parse(clock.now()) / 1000;
    this.book(Math.floor(now / HOUR_SECONDS), {
      cpuSeconds: counters.cpuSeconds - this.before.cpuSeconds,
      tested: counters.tested - this.before.tested,
      found: counters.found - this.before.found,
      expected: expected - this.expected,
    });
    this.spread(now, counters.wallSeconds - this.before.wallSeconds, (wallSeconds) => ({ wallSeconds }));
    for (const reason of pauses) this.spread(now, passed, (seconds) => ({ paused: { [reason]: seconds } }));
    this.before = { ...counters };
    this.wall = wall;
    this.expected = expected;
  }

  /** What waits to be saved, with the saving that it is for. */
  pending(): Activity[] {
    const hour = hourOf(this.options.clock.now());
    if (hour === null) return [...this.hours.values()];
    const saving = sumOf(this.hours.get(hour) ?? nothingIn(hour), { ...nothingIn(hour), checkpoints: 1 });
    return [...[...this.hours.values()].filter((one) => one.hour !== hour), saving];
  }

  /** What was pending is saved. */
  saved(): void {
    this.hours.clear();
  }

  /** Time that has passed up to now, in the hours in which it did. */
  private spread(now: number, seconds: number, amount: (seconds: number) => Partial<Activity>): void {
    let [end, left] = [now, seconds];
    for (let hours = 0; left > 0 && hours < MOST_HOURS; hours++) {
      const hour = Math.ceil(end / HOUR_SECONDS) - 1;
      const within = Math.min(left, end - hour * HOUR_SECONDS);
      // Not a moment: nothing is booked.
      if (!(within > 0)) return;
      this.book(hour, amount(within));
      left -= within;
      end = hour * HOUR_SECONDS;
    }
  }

  private book(hour: number, amounts: Partial<Activity>): void {
    if (!(hour >= 0)) return;
    this.hours.set(hour, sumOf(this.hours.get(hour) ?? nothingIn(hour), { ...nothingIn(hour), ...amounts }));
    const [first] = this.hours.keys();
    if (this.hours.size > MOST_HOURS && first !== undefined) this.hours.delete(first);
  }
}

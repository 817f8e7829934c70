/**
 * What a search has spent and found: its counters, charged by the clocks, and the records of its finds, each with
 * the time that it took since the find before.
 */

import type { SearchState } from '../../contract/checkpoint.ts';
import type { StoredPrime } from '../../contract/prime-record.ts';
import type { SettledFind } from './frontier.ts';
import { type RecordContext, recordOf } from './records.ts';

export interface RunClock {
  /** CPU seconds of this process so far, all threads. */
  cpuSeconds(): number;
  /** Seconds that never go back. */
  wallSeconds(): number;
  /** Now, ISO 8601 in UTC. */
  now(): string;
  /** Calls again and again; returns how to end that. */
  every(milliseconds: number, call: () => void): () => void;
}

export class Ledger {
  readonly counters: Readonly<SearchState['counters']>;
  private readonly writable: SearchState['counters'];
  private readonly clock: RunClock;
  /** Clock readings up to which the counters are charged. */
  private charged: { cpu: number; wall: number };
  private running = true;
  private now = 0;
  /** CPU seconds of the other searches of the directory. */
  private readonly others: number;

  /** @param cpuSecondsInAll of every search of the directory, this one's so far included */
  constructor(counters: SearchState['counters'], cpuSecondsInAll: number, clock: RunClock) {
    this.writable = { ...counters };
    this.others = Math.max(0, cpuSecondsInAll - counters.cpuSeconds);
    this.counters = this.writable;
    this.clock = clock;
    this.charged = { cpu: clock.cpuSeconds(), wall: clock.wallSeconds() };
  }

  /** Primes found since this start. */
  get foundNow(): number {
    return this.now;
  }

  /** CPU seconds of every search of the directory, up to the last `charge`. */
  get cpuSecondsInAll(): number {
    return this.others + this.writable.cpuSeconds;
  }

  /** Brings the counters up to the clocks. */
  charge(): void {
    const cpu = this.clock.cpuSeconds();
    const wall = this.clock.wallSeconds();
    this.writable.cpuSeconds += cpu - this.charged.cpu;
    if (this.running) this.writable.wallSeconds += wall - this.charged.wall;
    this.charged = { cpu, wall };
  }

  /** Time on the clock counts while the search runs, CPU time always. */
  setRunning(running: boolean): void {
    this.charge();
    this.running = running;
  }

  tested(screens: number): void {
    this.writable.tested += screens;
  }

  /** @returns how many there were in all */
  arithmeticErrors(fresh: number): number {
    this.writable.disagreements += fresh;
    return this.writable.disagreements;
  }

  /** Counts the finds and makes their records. Finds that are settled at once share the time since the last. */
  book(
    finds: readonly SettledFind[],
    context: Omit<RecordContext, 'cpuSeconds' | 'wallSeconds' | 'foundAt'>,
  ): StoredPrime[] {
    this.charge();
    const counters = this.writable;
    const cpuSeconds = (counters.cpuSeconds - counters.cpuSecondsAtFind) / finds.length;
    const wallSeconds = (counters.wallSeconds - counters.wallSecondsAtFind) / finds.length;
    counters.cpuSecondsAtFind = counters.cpuSeconds;
    counters.wallSecondsAtFind = counters.wallSeconds;
    counters.found += finds.length;
    this.now += finds.length;
    const whole = { ...context, cpuSeconds, wallSeconds, foundAt: this.clock.now() };
    return finds.map((find) => recordOf(find, whole));
  }
}

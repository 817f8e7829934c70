/**
 * What a search has spent and found: its counters, charged by the clocks, and the records of its finds, each with
 * the time that it took since the find before.
 */

import type { SearchState } from '../../contract/checkpoint.ts';
import type { StoredPrime } from '../../contract/prime-record.ts';
import type { Settled, SettledFind } from './frontier.ts';
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
  private unsaved = 0;
  private now = 0;

  constructor(counters: SearchState['counters'], clock: RunClock) {
    this.writable = { ...counters };
    this.counters = this.writable;
    this.clock = clock;
    this.charged = { cpu: clock.cpuSeconds(), wall: clock.wallSeconds() };
  }

  /** Primes found since this start. */
  get foundNow(): number {
    return this.now;
  }

  /** CPU seconds that the store's total does not have yet. */
  get unsavedCpuSeconds(): number {
    return this.unsaved;
  }

  /** The store has everything up to the last `charge`. */
  saved(): void {
    this.unsaved = 0;
  }

  /** Brings the counters up to the clocks. */
  charge(): void {
    const cpu = this.clock.cpuSeconds();
    const wall = this.clock.wallSeconds();
    const spent = cpu - this.charged.cpu;
    this.writable.cpuSeconds += spent;
    if (this.running) this.writable.wallSeconds += wall - this.charged.wall;
    this.charged = { cpu, wall };
    this.unsaved += spent;
  }

  /** Time on the clock counts while the search runs, CPU time always. */
  setRunning(running: boolean): void {
    this.charge();
    this.running = running;
  }

  settled({ tested, disagreements }: Pick<Settled, 'tested' | 'disagreements'>): void {
    this.writable.tested += tested;
    this.writable.disagreements += disagreements;
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

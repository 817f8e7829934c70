/**
 * When backups are made: daily while the search saves, when the journal has grown long, and when asked. Measured by a
 * clock that nobody sets; at the start by the age of the newest, and one from the future counts as old.
 *
 * A backup is made by a thread of its own, so that the cruncher goes on. It is never in the way of anything: when it
 * cannot be made, it is tried again an hour later.
 */

import { Worker } from 'node:worker_threads';
import type { BackupOrder, BackupOutcome } from './backup-job.ts';
import type { Disk } from './disk.ts';
import { faultOf } from './faults.ts';
import { type Generations, TEMPORARY } from './generations.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Bytes of journal that are enough reason for a backup; of a large store, half its size. */
const LONG_JOURNAL = 32 << 20;

export interface BackupListener {
  /** Half a sentence: why there is none now. */
  failed(why: string): void;
  /** The check of the copy found that the store is "damaged (…)". */
  damaged(what: string): void;
}

export interface BackupSettings {
  /** The store's file. */
  readonly store: string;
  readonly generations: Generations;
  readonly disk: Disk;
  /** The store was made just now. */
  readonly isNew: boolean;
  /** Milliseconds that never go back. */
  readonly monotonic: () => number;
  /** Milliseconds since 1970, as the computer believes. */
  readonly now: () => number;
}

export class Backups {
  private readonly settings: BackupSettings;
  private readonly listener: BackupListener;
  /** By the monotonic clock. */
  private dueAt: number;
  private failing = false;
  private running: { readonly stop: Uint8Array; readonly ended: Promise<void> } | null = null;

  constructor(settings: BackupSettings, listener: BackupListener) {
    this.settings = settings;
    this.listener = listener;
    this.dueAt = settings.monotonic() + this.timeLeft();
  }

  /** Makes one due at the next saving. */
  hasten(): void {
    this.dueAt = Number.NEGATIVE_INFINITY;
  }

  /** @param journalBytes the length of the journal since the last one */
  isDue(journalBytes: number): boolean {
    if (this.running !== null) return false;
    const { monotonic, disk, store } = this.settings;
    if (monotonic() >= this.dueAt) return true;
    return journalBytes >= LONG_JOURNAL && journalBytes >= (disk.identity(store)?.size ?? 0) / 2;
  }

  /** Begins backup `number`; the caller has begun the journal of that number. */
  begin(number: number): void {
    const { monotonic, disk, generations, store } = this.settings;
    this.dueAt = monotonic() + HOUR;
    const size = disk.identity(store)?.size ?? 0;
    if (disk.free(generations.folder) < 2 * size) {
      this.fail('the disk has less than twice its size free');
      return;
    }
    const stop = new SharedArrayBuffer(1);
    const target = generations.backup(number);
    const order: BackupOrder = { source: store, temporary: `${target}${TEMPORARY}`, target, stop };
    const ended = this.run(order).then((outcome) => {
      this.running = null;
      this.settle(outcome);
    });
    this.running = { stop: new Uint8Array(stop), ended };
  }

  /** Resolves when none is being made. */
  async idle(): Promise<void> {
    await this.running?.ended;
  }

  /** Stops the one that is being made, if any, and leaves nothing of it behind. */
  async stop(): Promise<void> {
    if (this.running !== null) Atomics.store(this.running.stop, 0, 1);
    await this.idle();
  }

  private settle(outcome: BackupOutcome): void {
    switch (outcome.type) {
      case 'made':
        this.dueAt = this.settings.monotonic() + DAY;
        this.failing = false;
        this.prune();
        return;
      case 'stopped':
        return;
      case 'damaged':
        this.listener.damaged(outcome.what);
        return;
      case 'failed':
        this.fail(outcome.why);
    }
  }

  /** What the disk does not let go of now is looked at again at the next backup and the next start. */
  private prune(): void {
    try {
      this.settings.generations.prune();
    } catch (error) {
      if (faultOf(error).kind !== 'disk') throw error;
    }
  }

  /** One could not even be begun. */
  postpone(why: string): void {
    this.dueAt = this.settings.monotonic() + HOUR;
    this.fail(why);
  }

  /** Said once, until one could be made again. */
  private fail(why: string): void {
    if (!this.failing) this.listener.failed(why);
    this.failing = true;
  }

  private run(order: BackupOrder): Promise<BackupOutcome> {
    return new Promise((resolve) => {
      let outcome: BackupOutcome = { type: 'failed', why: 'its thread ended early' };
      const thread = new Worker(new URL('./backup-thread.ts', import.meta.url), { workerData: order });
      thread.on('message', (message: BackupOutcome) => {
        outcome = message;
      });
      thread.on('error', (error) => {
        outcome = { type: 'failed', why: String(error) };
      });
      // Also after an exception: only then its files are closed.
      thread.on('exit', () => resolve(outcome));
    });
  }

  /** Milliseconds until the newest backup is a day old; none when there is none, or it is from the future. */
  private timeLeft(): number {
    const { generations, disk, now, isNew } = this.settings;
    // Its journal has everything from the beginning.
    if (isNew) return DAY;
    const newest = generations.backups().at(-1);
    const modified = newest === undefined ? null : disk.identity(generations.backup(newest))?.modified;
    if (modified === null || modified === undefined) return 0;
    const age = now() - modified;
    return age < 0 ? 0 : Math.max(0, DAY - age);
  }
}

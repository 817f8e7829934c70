/**
 * The numbered files in a directory's `backups`: `store-<n>.sqlite` is a whole copy, `journal-<n>.jsonl` has everything
 * that was saved since just before copy n was begun. So copy n and the journals from n on give all that was saved, and
 * so do the journals alone when they begin with number 0.
 */

import { join } from 'node:path';
import type { Disk } from './disk.ts';

/** Backups that are kept. */
const GENERATIONS = 3;

/** Names of files that are being written; what a crash leaves of them is worth nothing. */
export const TEMPORARY = '.tmp';

export class Generations {
  readonly folder: string;
  private readonly disk: Disk;

  constructor(directory: string, disk: Disk) {
    this.folder = join(directory, 'backups');
    this.disk = disk;
  }

  backup(number: number): string {
    return join(this.folder, `store-${number}.sqlite`);
  }

  journal(number: number): string {
    return join(this.folder, `journal-${number}.jsonl`);
  }

  /** Their numbers, the oldest first. */
  backups(): number[] {
    return this.numbers(/^store-(\d{1,15})\.sqlite$/);
  }

  journals(): number[] {
    return this.numbers(/^journal-(\d{1,15})\.jsonl$/);
  }

  /** The highest number in use; null when there are neither backups nor journals. */
  latest(): number | null {
    const numbers = [...this.backups(), ...this.journals()];
    return numbers.length === 0 ? null : Math.max(...numbers);
  }

  /** For a backup, and the journal that begins with it. Number 0 is for the journal of a store from its beginning. */
  next(): number {
    return (this.latest() ?? 0) + 1;
  }

  /** Removes what a crash left half written, and with enough backups the oldest of them and their journals. */
  prune(): void {
    for (const name of this.disk.list(this.folder)) {
      if (name.includes(TEMPORARY)) this.disk.remove(join(this.folder, name));
    }
    const backups = this.backups();
    const oldest = backups.at(-GENERATIONS);
    if (oldest === undefined) return;
    for (const number of backups) if (number < oldest) this.disk.remove(this.backup(number));
    for (const number of this.journals()) if (number < oldest) this.disk.remove(this.journal(number));
  }

  private numbers(pattern: RegExp): number[] {
    return this.disk
      .list(this.folder)
      .flatMap((name) => {
        const number = pattern.exec(name)?.[1];
        return number === undefined ? [] : [Number(number)];
      })
      .sort((a, b) => a - b);
  }
}

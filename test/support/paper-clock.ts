/** A clock that stands still until told to go on. */

import type { Clock } from '../../main/supervisor/supervisor.ts';

export class PaperClock implements Clock {
  #time = 0;
  readonly #calls = new Map<() => void, number>();

  now(): number {
    return this.#time;
  }

  after(milliseconds: number, call: () => void): () => void {
    // a fresh function: the same call may be planned twice
    const planned = (): void => call();
    this.#calls.set(planned, this.#time + milliseconds);
    return () => this.#calls.delete(planned);
  }

  /** When the next call is due, in milliseconds from now; null when nothing is planned. */
  get next(): number | null {
    const times = [...this.#calls.values()];
    return times.length === 0 ? null : Math.min(...times) - this.#time;
  }

  /** Goes on, making the calls that come due on the way in their order. */
  advance(milliseconds: number): void {
    const end = this.#time + milliseconds;
    for (;;) {
      const [due] = [...this.#calls].sort((a, b) => a[1] - b[1]);
      if (due === undefined || due[1] > end) break;
      this.#time = due[1];
      this.#calls.delete(due[0]);
      due[0]();
    }
    this.#time = end;
  }
}

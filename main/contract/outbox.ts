/**
 * Counts the messages on their way out, so that a channel is closed only when the last has left: Node drops what
 * is still in its queue when a channel is disconnected, and a pipe holds 64 kB.
 */

export class Outbox {
  #unsent = 0;
  #close: (() => void) | null = null;

  /** Closing was asked for: nothing more is taken. */
  get closing(): boolean {
    return this.#close !== null;
  }

  /** A message is handed to the channel. @returns to be called when it has left, or failed to */
  sending(): () => void {
    this.#unsent++;
    return () => {
      this.#unsent--;
      if (this.#unsent === 0) this.#close?.();
    };
  }

  /** Calls when everything has left, at once if that is so. The first call counts. */
  closeWhenEmpty(close: () => void): void {
    if (this.#close !== null) return;
    this.#close = close;
    if (this.#unsent === 0) close();
  }
}

/** Something that happens once and is told to everybody who asks, also to those who ask afterwards. */

import type { Unsubscribe } from './port.ts';

export class Once<T = void> {
  readonly #listeners = new Set<(value: T) => void>();
  #happened: { readonly value: T } | null = null;

  get happened(): boolean {
    return this.#happened !== null;
  }

  /** The first call counts, later ones change nothing. */
  happen(value: T): void {
    if (this.#happened !== null) return;
    this.#happened = { value };
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener(value);
  }

  /** The listener is called when it happens, or in a microtask when it has; never before this returns. */
  listen(listener: (value: T) => void): Unsubscribe {
    const happened = this.#happened;
    if (happened === null) {
      this.#listeners.add(listener);
      return () => this.#listeners.delete(listener);
    }
    let wanted = true;
    queueMicrotask(() => {
      if (wanted) listener(happened.value);
    });
    return () => {
      wanted = false;
    };
  }
}

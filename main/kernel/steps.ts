/** Work that can be left alone for a while, so that a search need not wait for its end before it pauses. */

/** Yields between its steps; returns what it worked out. */
export type Steps<T> = Generator<void, T>;

/** For who cannot wait. */
export function toTheEnd<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

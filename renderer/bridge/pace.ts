/**
 * Lets values through at most so often: the first at once, of those that come too soon the last, when it is time. The
 * host keeps the pace already; this is for one that does not.
 */

export interface PaceClock {
  /** Milliseconds that only grow. */
  steady(): number;
  after(milliseconds: number, call: () => void): void;
}

export function paced<T>(milliseconds: number, clock: PaceClock, through: (value: T) => void): (value: T) => void {
  let last = Number.NEGATIVE_INFINITY;
  let waiting: { value: T } | null = null;
  return (value) => {
    if (waiting) {
      waiting.value = value;
      return;
    }
    const rest = last + milliseconds - clock.steady();
    if (rest <= 0) {
      last = clock.steady();
      through(value);
      return;
    }
    waiting = { value };
    clock.after(rest, () => {
      const latest = waiting as { value: T };
      waiting = null;
      last = clock.steady();
      through(latest.value);
    });
  };
}

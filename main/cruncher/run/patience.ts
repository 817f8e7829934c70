/** Waiting with a limit, on the clock of the search. */

import type { RunClock } from './ledger.ts';

type Timers = Pick<RunClock, 'every'>;

/** Calls once; returns how to prevent it. */
export function after(clock: Timers, milliseconds: number, call: () => void): () => void {
  const end = clock.every(milliseconds, () => {
    end();
    call();
  });
  return end;
}

/** Waits for it to settle, but not longer than this; whether it has. */
export async function within(clock: Timers, milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const forget = after(clock, milliseconds, () => resolve(false));
  return Promise.race([work.then(() => true), late]).finally(forget);
}

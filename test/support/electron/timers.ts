/**
 * Which timers are set in this process: the app promises none that is fast while it has nothing to do. Node's own inside
 * (sockets, timers/promises) are not seen, nor are worker threads'.
 */

import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';

/** Node's timer, with what is not in its types. */
type Timer = NodeJS.Timeout & { readonly _destroyed: boolean; readonly _idleTimeout: number };

const seen = new Set<Timer>();

function watched<F extends (...args: never[]) => NodeJS.Timeout>(make: F): F {
  const wrapper = (...args: Parameters<F>): NodeJS.Timeout => {
    for (const timer of seen) if (timer._destroyed) seen.delete(timer);
    const timer = make(...args);
    seen.add(timer as Timer);
    return timer;
  };
  return Object.assign(wrapper, make) as unknown as F;
}

/** From now on timers are seen. */
export function watchTimers(): void {
  for (const name of ['setTimeout', 'setInterval'] as const) {
    const make = watched(globalThis[name] as never);
    Object.assign(globalThis, { [name]: make });
    Object.assign(timers, { [name]: make });
  }
  syncBuiltinESMExports();
}

/** Milliseconds of each timer that is set, shortest first. */
export const timersSet = (): number[] =>
  [...seen]
    .filter((timer) => !timer._destroyed)
    .map((timer) => timer._idleTimeout)
    .sort((a, b) => a - b);

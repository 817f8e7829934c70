/** The computer's clocks and timers. */

import type { HostClock } from './edges.ts';

export const systemClock: HostClock = {
  wall: () => Date.now(),
  steady: () => performance.now(),
  after(milliseconds, call) {
    const timer = setTimeout(call, milliseconds);
    return () => clearTimeout(timer);
  },
};

/**
 * On Linux the cruncher lowers the share of the whole session (main/cruncher/priority/autogroup.ts), and Electron can give it
 * none of its own: the window would get as little. On a computer that is busy on all cores it would then take a minute to appear.
 * So the session has the ordinary share until the window is there, and a tenth of it while it stays; inside the session the
 * cruncher still gives way to the window. sched(7): anybody may raise the share of a session of his own, up to the ordinary one.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import type { HostClock } from '../host/edges.ts';

const FILE = '/proc/self/autogroup';
/** What the cruncher sets, and what a window needs that is there or is made. Weights of the kernel: 15, 110, 1024. */
const NICE = { none: 19, there: 10, opening: 0 } as const;
type WindowState = keyof typeof NICE;
/** A cruncher that starts, or starts again, sets it to the lowest. */
const LOOK_EVERY_MS = 1000;

export interface ShareEdges {
  /** null where there is no such thing. */
  read(): string | null;
  /** May fail: the kernel takes few changes a second, of all programs together. */
  write(nice: number): void;
  readonly clock: Pick<HostClock, 'after'>;
}

export function systemShare(clock: Pick<HostClock, 'after'>): ShareEdges {
  return {
    clock,
    read() {
      try {
        return readFileSync(FILE, 'utf8');
      } catch {
        return null;
      }
    },
    write(nice) {
      try {
        writeFileSync(FILE, String(nice), { flag: 'r+' });
      } catch {
        // the next look tries again
      }
    },
  };
}

export class WindowShare {
  readonly #edges: ShareEdges;
  #window: WindowState = 'none';
  /** The cruncher lowered the share, which is now raised. */
  #raised = false;
  #waiting = false;

  constructor(edges: ShareEdges) {
    this.#edges = edges;
  }

  /** At every change. */
  window(state: WindowState): void {
    this.#window = state;
    this.#look();
  }

  /** Until there is neither a window nor anything that was raised for one. */
  #look(): void {
    const nice = this.#nice();
    if (nice === null) return;
    // 0 is also what a session has that nobody lowered
    if (nice === NICE.none) this.#raised = false;
    const wanted = NICE[this.#window];
    if (nice !== wanted && (nice === NICE.none || this.#raised)) {
      this.#edges.write(wanted);
      this.#raised = this.#nice() !== NICE.none;
    }
    if ((this.#window === 'none' && !this.#raised) || this.#waiting) return;
    this.#waiting = true;
    this.#edges.clock.after(LOOK_EVERY_MS, () => {
      this.#waiting = false;
      this.#look();
    });
  }

  #nice(): number | null {
    const nice = / nice (-?\d+)/.exec(this.#edges.read() ?? '')?.[1];
    return nice === undefined ? null : Number(nice);
  }
}

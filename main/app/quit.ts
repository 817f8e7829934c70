/**
 * Every way to end goes through one place: the menu, SIGTERM, SIGINT and SIGHUP, the system's shutdown, the end of the Windows
 * session. It saves and ends the cruncher within a limit, once, and then the app is gone. It is
 * a courtesy: a search that is ended without it goes on from its last checkpoint.
 */

import type { App, BaseWindow, PowerMonitor } from 'electron';
import type { Log } from '../host/edges.ts';

/** A cruncher saves in milliseconds; this is for a slow disk. The system's own limits at shutdown are longer, but on Windows. */
const LIMIT_MS = 15_000;
/** Windows ends a program about five seconds after it said so. */
const SESSION_END_LIMIT_MS = 4000;

export interface QuitEdges {
  readonly app: Pick<App, 'on' | 'quit'>;
  readonly process: Pick<NodeJS.Process, 'on' | 'removeAllListeners'>;
  readonly powerMonitor: Pick<PowerMonitor, 'on'>;
  /** Saves and ends the processes within the limit. */
  readonly end: (limitMs: number) => Promise<void>;
  /** When that is done. */
  readonly ended: () => void;
  readonly log: Log;
}

export class Quitting {
  readonly #edges: QuitEdges;
  #ending: Promise<void> | null = null;
  #over = false;

  constructor(edges: QuitEdges) {
    this.#edges = edges;
    const { app, powerMonitor, log } = edges;
    this.#takeSignals();
    app.on('will-quit', (event) => {
      if (this.#over) return;
      event.preventDefault();
      void this.end(LIMIT_MS).then(() => app.quit());
    });
    // the documentation gives the event a way to ask for time, its types do not
    powerMonitor.on('shutdown', (event?: { preventDefault?: () => void }) => {
      log('The system shuts down.');
      event?.preventDefault?.();
      app.quit();
    });
  }

  /**
   * Electron quits on these by itself, but a package that electron-store brings along (when-exit) takes them for itself and
   * ends the process at once. They may come twice, to the process and to its group: the second changes nothing, for there is
   * a limit in any case.
   */
  #takeSignals(): void {
    const { app, process, log } = this.#edges;
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      process.removeAllListeners(signal);
      process.on(signal, () => {
        if (this.#ending !== null) return;
        log(`${signal}: it saves and ends.`);
        app.quit();
      });
    }
  }

  /** Windows tells only windows that its session ends, and then ends the program: no quit comes. */
  watchSessionEnd(window: Pick<BaseWindow, 'on'>): void {
    window.on('session-end', (event) => {
      this.#edges.log(`The Windows session ends (${event.reasons.join(', ')}).`);
      void this.end(SESSION_END_LIMIT_MS);
    });
  }

  /** Once, whoever asks. */
  end(limitMs: number): Promise<void> {
    this.#ending ??= this.#end(limitMs);
    return this.#ending;
  }

  async #end(limitMs: number): Promise<void> {
    try {
      await this.#edges.end(limitMs);
    } catch (error) {
      // nothing depends on it: the app must end all the same
      this.#edges.log(`Ending went wrong: ${(error as Error).stack}`);
    }
    this.#over = true;
    this.#edges.ended();
  }
}

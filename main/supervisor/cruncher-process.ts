/**
 * A running cruncher as its parent sees it, whatever runs it: a forked process in the terminal
 * (fork-port.ts), a utility process in Electron, a stand-in in a test.
 */

import type { Port, Unsubscribe } from '../contract/port.ts';

export interface ProcessExit {
  /** Exit code, or null when a signal ended it or it never started. */
  readonly code: number | null;
  /** Name of the signal that ended it, such as SIGSEGV. */
  readonly signal: string | null;
  /** The last lines that it wrote to its standard error: what the crash was about. */
  readonly lastWords: readonly string[];
}

export interface CruncherProcess<Out, In> {
  /** undefined when it could not be started; `onExit` then says why. */
  readonly pid: number | undefined;
  readonly port: Port<Out, In>;
  /** SIGTERM asks, SIGKILL ends. A process that is gone is left alone. */
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
  /** Called once, when the process is gone and its last words are read. Never called before this returns. */
  onExit(listener: (exit: ProcessExit) => void): Unsubscribe;
}

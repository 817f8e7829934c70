/**
 * What the main process does with an error that nobody expected: it is logged, and the process ends, for what it would do
 * next is not known. The search loses nothing. One that ran well for a while is started again, without its window.
 */

import type { App } from 'electron';
import type { Log } from '../host/edges.ts';
import type { OwnProgram } from './own-program.ts';

/** One that fails sooner would fail again. */
const HEALTHY_SECONDS = 600;

export function exitOnCrash(
  app: Pick<App, 'exit' | 'relaunch'>,
  again: OwnProgram,
  log: Log,
  on: (event: 'uncaughtException' | 'unhandledRejection', listener: (error: unknown) => void) => unknown = (
    event,
    listener,
  ) => process.on(event, listener),
  uptime: () => number = () => process.uptime(),
): void {
  const crashed = (error: unknown): void => {
    log(`An unexpected error: ${error instanceof Error ? error.stack : String(error)}`);
    if (uptime() >= HEALTHY_SECONDS) app.relaunch({ execPath: again.program, args: [...again.args] });
    app.exit(1);
  };
  on('uncaughtException', crashed);
  on('unhandledRejection', crashed);
}

/**
 * What goes to the terminal: results to stdout, one live line to stderr when that is a terminal. The live line
 * is wiped before anything else is written, so the two never mix.
 */

export interface Terminal {
  /** A line of result. */
  print(line: string): void;
  /** A line for the person at the terminal. */
  say(line: string): void;
  /** Replaces the live line; does nothing where there is no terminal. */
  live(line: string): void;
  /** Wipes the live line. */
  settle(): void;
  readonly interactive: boolean;
}

const WIPE = '\r\u001b[2K';

export function processTerminal(): Terminal {
  const interactive = process.stderr.isTTY === true && process.env['TERM'] !== 'dumb';
  let shown = false;
  const settle = () => {
    if (shown) process.stderr.write(WIPE);
    shown = false;
  };
  return {
    interactive,
    settle,
    print(line) {
      settle();
      process.stdout.write(`${line}\n`);
    },
    say(line) {
      settle();
      process.stderr.write(`${line}\n`);
    },
    live(line) {
      if (!interactive) return;
      const width = Math.max(20, (process.stderr.columns ?? 80) - 1);
      process.stderr.write(`${WIPE}${line.length > width ? `${line.slice(0, width - 1)}…` : line}`);
      shown = true;
    },
  };
}

/**
 * What goes to the terminal: results to stdout, one live line to stderr when that is a terminal. Everything else is
 * written above the live line, so the two never mix.
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
}

const WIPE = '\r\u001b[2K';

export function processTerminal(): Terminal {
  const interactive = process.stderr.isTTY === true && process.env['TERM'] !== 'dumb';
  /** The live line as it stands; empty when there is none. */
  let shown = '';
  const wipe = () => {
    if (shown !== '') process.stderr.write(WIPE);
  };
  const draw = () => {
    if (shown === '') return;
    const width = Math.max(20, (process.stderr.columns ?? 80) - 1);
    process.stderr.write(shown.length > width ? `${shown.slice(0, width - 1)}…` : shown);
  };
  /** Writes above the live line. */
  const write = (stream: NodeJS.WriteStream, line: string) => {
    wipe();
    stream.write(`${line}\n`);
    draw();
  };
  return {
    settle() {
      wipe();
      shown = '';
    },
    print: (line) => write(process.stdout, line),
    say: (line) => write(process.stderr, line),
    live(line) {
      if (!interactive) return;
      wipe();
      shown = line;
      draw();
    },
  };
}

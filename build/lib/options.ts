/**
 * What the checkout's own programs (benchmarks, campaigns of tests) share at their edges: options read strictly, a
 * sentence for a wrong one, a line on a terminal that is written over. The program itself has main/cli for that.
 */

import { parseArgs } from 'node:util';

/** The command line is wrong; the message says how to mend it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

type Values<Text extends string, Flag extends string> = { readonly [K in Text]?: string } & {
  readonly [K in Flag | 'help']?: boolean;
};

/**
 * Reads options that take a word, and flags; `--help` and `-h` are one.
 * @throws UsageError
 */
export function readValues<Text extends string, Flag extends string = never>(
  args: readonly string[],
  texts: readonly Text[],
  flags: readonly Flag[] = [],
): Values<Text, Flag> {
  const options = Object.fromEntries([
    ...texts.map((name) => [name, { type: 'string' as const }]),
    ...flags.map((name) => [name, { type: 'boolean' as const }]),
    ['help', { type: 'boolean' as const, short: 'h' }],
  ]);
  try {
    return parseArgs({ args: [...args], options }).values as Values<Text, Flag>;
  } catch (error) {
    // Node's first sentence says what is wrong; the rest speaks of positional arguments.
    throw new UsageError(`${(error as Error).message.split('. ')[0]}.`);
  }
}

/** @throws UsageError unless it is a whole number in the range, both ends included; 10_000 is one too */
export function wholeNumber(option: string, given: string, least: number, most = 999_999_999): number {
  const number = /^\d[\d_]*$/.test(given.trim()) ? Number(given.trim().replaceAll('_', '')) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new UsageError(`--${option} wants whole numbers from ${least} to ${most}, not ${JSON.stringify(given)}.`);
}

/** Words of a list that is known, separated by commas. @throws UsageError */
export function words<T extends string>(option: string, given: string, known: readonly T[]): T[] {
  return given.split(',').map((word) => {
    const found = known.find((name) => name === word.trim().toLowerCase());
    if (found === undefined) {
      throw new UsageError(`--${option} wants some of ${known.join(', ')}, not ${JSON.stringify(word)}.`);
    }
    return found;
  });
}

export const show = (text: string): void => void process.stdout.write(text);

/** One line that is written over, on a terminal. */
export function tell(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

/**
 * Ends a program whose options were wrong with a sentence and exit code 2.
 * @param command what shows the help, as a user types it
 * @throws any other error
 */
export function endWrongUsage(error: unknown, command: string): void {
  if (!(error instanceof UsageError)) throw error;
  tell('');
  process.stderr.write(`nice19: ${error.message} See "${command} --help".\n`);
  process.exitCode = 2;
}

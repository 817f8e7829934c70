/** The campaign's command line. */

import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { readValues, UsageError, wholeNumber } from '../../build/lib/options.ts';
import { FAULTS } from './faults/all.ts';
import type { Fault } from './faults/fault.ts';

const LONGEST_NAME = Math.max(...FAULTS.map(({ name }) => name.length));

export const HELP = `Usage: npm run torture -- [options]

Runs real searches as real processes, lets faults hit them at random moments, starts them again as a user would, and
compares each in the end with a search of the same seed that nobody disturbed. The table at the end says, for each fault,
how often it hit, how many runs were compared, how many primes were lost or came twice, and how many CPU seconds of work
had to be done again at most. Exit code 1 when a prime was lost or doubled, or a search did not go on.

  --minutes M         how long (5)
  --times N           instead: until each fault has hit N times
  --faults LIST       these faults only (all)
  --seed TEXT         repeats a campaign's choices (random); the moments depend on the computer too
  --run N             only the run with this number of each fault, as the report of a failed run says
  --side-by-side N    runs at once (one a core, at most 4)
  --keep              keep the directories of all runs, with their histories, not only of those that failed
  --json              one JSON object on standard output

Faults
${FAULTS.map(({ name, idea }) => `  ${name.padEnd(LONGEST_NAME)}  ${idea}`).join('\n')}

Some need root, strace or libfaketime (Debian: apt install strace faketime); the table lists what was not injected.
`;

/** Primes that take two to four CPU seconds, for each size: a few starts fit in, and the store stays small. */
const COUNTS: Options['counts'] = { 20: 400, 60: 400, 100: 250, 150: 150, 200: 120, 400: 30, 1000: 3 };

export interface Options {
  readonly until: { readonly minutes: number } | { readonly times: number } | { readonly run: number };
  readonly faults: readonly Fault[];
  /** Sizes in digits, and how many primes a search of that size has to find. */
  readonly counts: Readonly<Record<number, number>>;
  readonly seed: string;
  readonly sideBySide: number;
  readonly keep: boolean;
  readonly json: boolean;
}

/** @returns null when help is asked for. @throws UsageError */
export function readOptions(args: readonly string[]): Options | null {
  const texts = ['minutes', 'times', 'faults', 'seed', 'run', 'side-by-side'] as const;
  const values = readValues(args, texts, ['keep', 'json']);
  if (values.help === true) return null;
  const { minutes = '5', times, run, seed = randomBytes(4).toString('hex') } = values;
  if (!/^[\w.-]{1,64}$/.test(seed)) throw new UsageError('--seed wants up to 64 letters and digits.');
  return {
    until:
      run !== undefined
        ? { run: wholeNumber('run', run, 1) }
        : times !== undefined
          ? { times: wholeNumber('times', times, 1) }
          : { minutes: positive('minutes', minutes) },
    faults: values.faults === undefined ? FAULTS : values.faults.split(',').map((name) => faultOf(name.trim())),
    counts: COUNTS,
    seed,
    sideBySide: wholeNumber('side-by-side', values['side-by-side'] ?? String(Math.min(4, availableParallelism())), 1),
    keep: values.keep === true,
    json: values.json === true,
  };
}

function faultOf(name: string): Fault {
  const fault = FAULTS.find((known) => known.name === name);
  if (fault !== undefined) return fault;
  throw new UsageError(`--faults knows no ${JSON.stringify(name)}; there are ${FAULTS.map((f) => f.name).join(', ')}.`);
}

function positive(option: string, given: string): number {
  const number = Number(given);
  if (number > 0 && number < 1e6) return number;
  throw new UsageError(`--${option} wants a number above 0, not ${JSON.stringify(given)}.`);
}

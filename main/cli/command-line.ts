/** Reads the command line into a command, or says in one sentence what is wrong with it. */

import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import type { ImportJob } from '../contract/import.ts';
import { MOST_JOB_PRIMES } from '../contract/job-files.ts';
import { LARGEST_CHALLENGE, SMALLEST_CHALLENGE } from '../contract/library.ts';
import type { SearchJob } from '../contract/messages.ts';
import { DEFAULT_ERROR_LOG2, LARGEST_DIGITS, SMALLEST_DIGITS } from '../contract/search-spec.ts';
import type { SelfTestJob } from '../contract/selftest.ts';
import { beginning, oneLine, quoted } from '../contract/sentence.ts';
import { COMMANDS, type CommandName } from './help.ts';
import {
  directory,
  error,
  type Kernel,
  kernel,
  seconds,
  seed,
  text,
  UsageError,
  type Values,
  wholeNumber,
} from './options.ts';
import { type PoolCommand, readPoolCommand } from './pool/command-line.ts';

export { UsageError } from './options.ts';

export type CommandLine =
  | { readonly command: 'help'; readonly about: CommandName | null }
  | { readonly command: 'version' }
  | {
      readonly command: 'search';
      readonly job: SearchJob;
      readonly json: boolean;
      readonly web: Web | null;
      readonly exit: ExitOnCheckpoint | null;
    }
  | { readonly command: 'primes'; readonly directory: string; readonly format: 'text' | 'json' | 'csv' }
  | {
      readonly command: 'challenge';
      readonly directory: string;
      readonly digits: number | null;
      readonly reveal: boolean;
      readonly json: boolean;
    }
  | { readonly command: 'status'; readonly directory: string; readonly json: boolean }
  | {
      readonly command: 'test';
      readonly number: string;
      readonly errorLog2: number;
      readonly thorough: boolean;
      readonly kernel: Kernel | null;
      readonly json: boolean;
    }
  | { readonly command: 'checkpoint export'; readonly directory: string; readonly file: string; readonly json: boolean }
  | { readonly command: 'checkpoint show'; readonly file: string; readonly json: boolean }
  | { readonly command: 'bench'; readonly digits: number[]; readonly kernel: Kernel | null; readonly json: boolean }
  | { readonly command: 'import'; readonly job: ImportJob; readonly json: boolean }
  | { readonly command: 'selftest'; readonly job: SelfTestJob; readonly json: boolean }
  | PoolCommand;

/** How the window is served. `begin`: its first page counts as answered. */
export interface Web {
  readonly begin: boolean;
}

/** A search that ends by itself when it has saved, to be started again. */
export interface ExitOnCheckpoint {
  /** The exit code that says so. */
  readonly code: number;
  /** CPU seconds of one start. */
  readonly every: number;
}

const STRING = { type: 'string' } as const;
const FLAG = { type: 'boolean' } as const;

const OPTIONS: Record<CommandName, ParseArgsOptionsConfig> = {
  search: {
    digits: STRING,
    count: STRING,
    error: STRING,
    workers: STRING,
    'checkpoint-every': STRING,
    seed: STRING,
    data: STRING,
    restart: STRING,
    kernel: STRING,
    json: FLAG,
    web: FLAG,
    begin: FLAG,
    'exit-on-checkpoint': STRING,
    every: STRING,
  },
  primes: { data: STRING, json: FLAG, csv: FLAG },
  challenge: { digits: STRING, reveal: FLAG, data: STRING, json: FLAG },
  status: { data: STRING, json: FLAG },
  test: { error: STRING, thorough: FLAG, kernel: STRING, json: FLAG },
  checkpoint: { data: STRING, json: FLAG },
  bench: { digits: STRING, kernel: STRING, json: FLAG },
  import: { data: STRING, json: FLAG },
  selftest: { minutes: STRING, workers: STRING, json: FLAG },
  pool: {
    digits: STRING,
    jobs: STRING,
    count: STRING,
    error: STRING,
    every: STRING,
    seed: STRING,
    node: STRING,
    folder: STRING,
    again: STRING,
    'dry-run': FLAG,
    data: STRING,
    json: FLAG,
  },
};

/** Below 2^64 no kernel is used. */
const BENCH_SMALLEST = 20;
const BENCH_DIGITS = [100, 300, 500, 1000, 2000, 5000, 10_000];
const DEFAULT_CHECKPOINT_EVERY = 300;
const DEFAULT_EXIT_EVERY = 3600;
/** Codes that say something else: 0 to 3 of this program, from 126 on of shells and signals. */
const EXIT_CODES = { least: 10, most: 125 };

/** @throws UsageError */
export function readCommandLine(argv: readonly string[]): CommandLine {
  const [name, ...rest] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') return helpOn(rest[0]);
  if (name === '--version' || name === '-V' || name === 'version') return { command: 'version' };
  if (!isCommand(name)) {
    throw new UsageError(
      `There is no command ${quoted(name)}; the commands are ${COMMANDS.join(', ')}. See "nice19 --help".`,
    );
  }
  const { values, positionals } = parse(name, rest);
  if (values['help'] === true) return { command: 'help', about: name };
  switch (name) {
    case 'pool':
      return readPoolCommand(values, positionals);
    case 'search':
      return search(values, none(name, positionals));
    case 'primes':
      none(name, positionals);
      return { command: 'primes', directory: directory(values), format: listFormat(values) };
    case 'challenge':
      none(name, positionals);
      return {
        command: 'challenge',
        directory: directory(values),
        digits: wholeNumber(values, 'digits', SMALLEST_CHALLENGE, LARGEST_CHALLENGE),
        reveal: values['reveal'] === true,
        json: values['json'] === true,
      };
    case 'status':
      none(name, positionals);
      return { command: 'status', directory: directory(values), json: values['json'] === true };
    case 'test':
      return test(values, positionals);
    case 'checkpoint':
      return checkpoint(values, positionals);
    case 'bench':
      none(name, positionals);
      return {
        command: 'bench',
        digits: sizes(values['digits']),
        kernel: kernel(values),
        json: values['json'] === true,
      };
    case 'import':
      return importFrom(values, positionals);
    case 'selftest':
      none(name, positionals);
      return {
        command: 'selftest',
        job: { type: 'selftest', minutes: minutes(values), workers: wholeNumber(values, 'workers', 1, 256) },
        json: values['json'] === true,
      };
  }
}

function isCommand(name: string): name is CommandName {
  return (COMMANDS as readonly string[]).includes(name);
}

function helpOn(name: string | undefined): CommandLine {
  if (name === undefined || name.startsWith('-')) return { command: 'help', about: null };
  if (!isCommand(name)) throw new UsageError(`There is no command ${quoted(name)}; see "nice19 --help".`);
  return { command: 'help', about: name };
}

function parse(name: CommandName, args: string[]): { values: Values; positionals: string[] } {
  try {
    const options = { ...OPTIONS[name], help: { type: 'boolean', short: 'h' } } as const;
    return parseArgs({ args, options, allowPositionals: true, strict: true }) as {
      values: Values;
      positionals: string[];
    };
  } catch (error) {
    // Node's first sentence says what is wrong; the rest speaks of positional arguments and of dashes.
    const [sentence] = (error as Error).message.split(/\. |\.?\n/);
    throw new UsageError(`${beginning(oneLine(sentence as string), 200)}. See "nice19 ${name} --help".`);
  }
}

function none(name: CommandName, positionals: readonly string[]): readonly string[] {
  if (positionals.length > 0) {
    throw new UsageError(`${quoted(positionals[0] as string)} is one word too many; see "nice19 ${name} --help".`);
  }
  return positionals;
}

function minutes(values: Values): number {
  const given = text(values, 'minutes');
  if (given === null) return 1;
  const number = /^[0-9]+(\.[0-9]+)?$/.test(given) ? Number(given) : Number.NaN;
  if (!(number <= 100_000)) {
    throw new UsageError(`--minutes wants a number from 0 to 100,000, not ${quoted(given)}.`);
  }
  return number;
}

function sizes(given: Values[string]): number[] {
  if (typeof given !== 'string') return BENCH_DIGITS;
  return given
    .split(',')
    .map((one) => wholeNumber({ digits: one }, 'digits', BENCH_SMALLEST, LARGEST_DIGITS) as number);
}

function listFormat(values: Values): 'text' | 'json' | 'csv' {
  if (values['json'] === true && values['csv'] === true) throw new UsageError('Choose one of --json and --csv.');
  return values['json'] === true ? 'json' : values['csv'] === true ? 'csv' : 'text';
}

function search(values: Values, _positionals: readonly string[]): CommandLine {
  const restart = text(values, 'restart');
  if (restart === '') throw new UsageError('--restart wants a checkpoint file.');
  const begin = values['begin'] === true;
  const web = values['web'] === true ? { begin } : null;
  if (web !== null) forTheWindow(values);
  else if (begin) throw new UsageError('--begin answers the first page of the window: it goes with --web.');
  const exit = exitOnCheckpoint(values);
  return {
    command: 'search',
    web,
    exit,
    json: values['json'] === true,
    job: {
      type: 'search',
      directory: exit === null ? directory(values) : (text(values, 'data') ?? '.'),
      digits: wholeNumber(values, 'digits', SMALLEST_DIGITS, LARGEST_DIGITS),
      errorLog2: error(values),
      seed: seed(values),
      restart,
      count: exit === null ? wholeNumber(values, 'count', 1, 1_000_000_000) : jobCount(values),
      // A job of a pool has been given one core, whatever the computer has.
      workers: wholeNumber(values, 'workers', 1, 256) ?? (exit === null ? null : 1),
      checkpointEvery: seconds(values, 'checkpoint-every', DEFAULT_CHECKPOINT_EVERY),
      kernel: kernel(values),
      ...(exit !== null && { inJobFiles: true as const }),
    },
  };
}

function exitOnCheckpoint(values: Values): ExitOnCheckpoint | null {
  const code = wholeNumber(values, 'exit-on-checkpoint', EXIT_CODES.least, EXIT_CODES.most);
  if (code === null) {
    if (values['every'] === undefined) return null;
    throw new UsageError(
      '--every says when --exit-on-checkpoint ends: give both, or --checkpoint-every for a search that goes on.',
    );
  }
  if (values['restart'] !== undefined) {
    throw new UsageError('With --exit-on-checkpoint the search goes on with its own two files: leave --restart out.');
  }
  if (values['data'] === '') throw new UsageError('--data wants a directory.');
  return { code, every: seconds(values, 'every', DEFAULT_EXIT_EVERY) };
}

const jobCount = (values: Values): number => wholeNumber(values, 'count', 1, MOST_JOB_PRIMES) ?? MOST_JOB_PRIMES;

/** Options of a search that the window has no place for. */
const NOT_WITH_WEB = ['seed', 'restart', 'count', 'kernel', 'json', 'exit-on-checkpoint', 'every'] as const;

function forTheWindow(values: Values): void {
  const given = NOT_WITH_WEB.find((option) => values[option] !== undefined && values[option] !== false);
  if (given === undefined) return;
  throw new UsageError(`With --web the window says what to search for: leave --${given} out.`);
}

function test(values: Values, positionals: readonly string[]): CommandLine {
  const [number, ...more] = positionals;
  if (number === undefined || number === '') {
    throw new UsageError(
      'Give a number, an expression such as 2^1279-1 in quotes, or @FILE; see "nice19 test --help".',
    );
  }
  if (more.length > 0) {
    throw new UsageError('Give one number; put an expression with spaces or * in quotes, as in "3*2^2816 + 1".');
  }
  return {
    command: 'test',
    number,
    errorLog2: error(values) ?? DEFAULT_ERROR_LOG2,
    thorough: values['thorough'] === true,
    kernel: kernel(values),
    json: values['json'] === true,
  };
}

function importFrom(values: Values, positionals: readonly string[]): CommandLine {
  const [from, ...more] = positionals;
  if (from === undefined || from === '' || more.length > 0) {
    throw new UsageError('Say "nice19 import DIRECTORY" or "nice19 import FILE"; see "nice19 import --help".');
  }
  return {
    command: 'import',
    job: { type: 'import', directory: directory(values), from },
    json: values['json'] === true,
  };
}

function checkpoint(values: Values, positionals: readonly string[]): CommandLine {
  const [action, file, ...more] = positionals;
  if ((action !== 'export' && action !== 'show') || file === undefined || file === '' || more.length > 0) {
    throw new UsageError('Say "nice19 checkpoint export FILE" or "nice19 checkpoint show FILE".');
  }
  const json = values['json'] === true;
  if (action === 'export') return { command: 'checkpoint export', directory: directory(values), file, json };
  if (text(values, 'data') !== null) throw new UsageError('"checkpoint show" reads the file alone; leave --data out.');
  return { command: 'checkpoint show', file, json };
}

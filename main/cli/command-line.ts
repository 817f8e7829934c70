/** Reads the command line into a command, or says in one sentence what is wrong with it. */

import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { parseError } from '../contract/error.ts';
import type { ImportJob } from '../contract/import.ts';
import { LARGEST_CHALLENGE, SMALLEST_CHALLENGE } from '../contract/library.ts';
import type { SearchJob } from '../contract/messages.ts';
import { DEFAULT_ERROR_LOG2, LARGEST_DIGITS, SMALLEST_DIGITS } from '../contract/search-spec.ts';
import type { SelfTestJob } from '../contract/selftest.ts';
import { beginning, oneLine, quoted } from '../contract/sentence.ts';
import { defaultDataDirectory } from './data-directory.ts';
import { COMMANDS, type CommandName } from './help.ts';

export type CommandLine =
  | { readonly command: 'help'; readonly about: CommandName | null }
  | { readonly command: 'version' }
  | { readonly command: 'search'; readonly job: SearchJob; readonly json: boolean; readonly web: Web | null }
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
  | { readonly command: 'selftest'; readonly job: SelfTestJob; readonly json: boolean };

type Kernel = NonNullable<SearchJob['kernel']>;

/** How the window is served. `begin`: its first page counts as answered. */
export interface Web {
  readonly begin: boolean;
}

/** The command line is wrong; the message says how to mend it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
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
  },
  primes: { data: STRING, json: FLAG, csv: FLAG },
  challenge: { digits: STRING, reveal: FLAG, data: STRING, json: FLAG },
  status: { data: STRING, json: FLAG },
  test: { error: STRING, thorough: FLAG, kernel: STRING, json: FLAG },
  checkpoint: { data: STRING, json: FLAG },
  bench: { digits: STRING, kernel: STRING, json: FLAG },
  import: { data: STRING, json: FLAG },
  selftest: { minutes: STRING, workers: STRING, json: FLAG },
};

/** Below 2^64 no kernel is used. */
const BENCH_SMALLEST = 20;
const BENCH_DIGITS = [100, 300, 500, 1000, 2000, 5000, 10_000];
const DEFAULT_CHECKPOINT_EVERY = 300;

type Values = Record<string, string | boolean | undefined>;

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

function text(values: Values, option: string): string | null {
  const value = values[option];
  return typeof value === 'string' ? value : null;
}

function directory(values: Values): string {
  const given = text(values, 'data');
  if (given === '') throw new UsageError('--data wants a directory.');
  return given ?? defaultDataDirectory();
}

function wholeNumber(values: Values, option: string, least: number, most: number): number | null {
  const given = text(values, option);
  if (given === null) return null;
  const number = /^[0-9][0-9_,]*$/.test(given) ? Number(given.replace(/[_,]/g, '')) : Number.NaN;
  if (!Number.isSafeInteger(number) || number < least || number > most) {
    throw new UsageError(
      `--${option} wants a whole number from ${least.toLocaleString('en')} to ${most.toLocaleString('en')}, not ${quoted(given)}.`,
    );
  }
  return number;
}

function error(values: Values): number | null {
  const given = text(values, 'error');
  if (given === null) return null;
  const parsed = parseError(given);
  if (!parsed.ok) throw new UsageError(parsed.problem);
  return parsed.errorLog2;
}

function seed(values: Values): string | null {
  const given = text(values, 'seed');
  if (given === null) return null;
  const hex = given.toLowerCase().replace(/^0x/, '');
  if (!/^[0-9a-f]{1,64}$/.test(hex)) {
    throw new UsageError(`--seed wants up to 64 hexadecimal digits (256 bits), not ${quoted(given)}.`);
  }
  return hex.padStart(64, '0');
}

function kernel(values: Values): Kernel | null {
  const given = text(values, 'kernel');
  if (given === null || given === 'auto') return null;
  if (given === 'fft' || given === 'schoolbook' || given === 'bigint') return given;
  throw new UsageError(`--kernel wants auto, fft, schoolbook or bigint, not ${quoted(given)}.`);
}

function seconds(values: Values): number {
  const given = text(values, 'checkpoint-every');
  if (given === null) return DEFAULT_CHECKPOINT_EVERY;
  const number = /^[0-9]+(\.[0-9]+)?$/.test(given) ? Number(given) : Number.NaN;
  if (!(number >= 0.05 && number <= 86_400)) {
    throw new UsageError(`--checkpoint-every wants seconds of CPU time from 0.05 to 86400, not ${quoted(given)}.`);
  }
  return number;
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
  return {
    command: 'search',
    web,
    json: values['json'] === true,
    job: {
      type: 'search',
      directory: directory(values),
      digits: wholeNumber(values, 'digits', SMALLEST_DIGITS, LARGEST_DIGITS),
      errorLog2: error(values),
      seed: seed(values),
      restart,
      count: wholeNumber(values, 'count', 1, 1_000_000_000),
      workers: wholeNumber(values, 'workers', 1, 256),
      checkpointEvery: seconds(values),
      kernel: kernel(values),
    },
  };
}

/** Options of a search that the window has no place for. */
const NOT_WITH_WEB = ['seed', 'restart', 'count', 'kernel', 'json'] as const;

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

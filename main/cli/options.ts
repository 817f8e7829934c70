/** Values of the command line's options, read and looked at: what is wrong is said in one sentence. */

import { parseError } from '../contract/error.ts';
import type { SearchJob } from '../contract/messages.ts';
import { quoted } from '../contract/sentence.ts';
import { defaultDataDirectory } from './data-directory.ts';

/** The command line is wrong; the message says how to mend it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export type Values = Record<string, string | boolean | undefined>;

export type Kernel = NonNullable<SearchJob['kernel']>;

export function text(values: Values, option: string): string | null {
  const value = values[option];
  return typeof value === 'string' ? value : null;
}

export function directory(values: Values): string {
  const given = text(values, 'data');
  if (given === '') throw new UsageError('--data wants a directory.');
  return given ?? defaultDataDirectory();
}

export function wholeNumber(values: Values, option: string, least: number, most: number): number | null {
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

export function error(values: Values): number | null {
  const given = text(values, 'error');
  if (given === null) return null;
  const parsed = parseError(given);
  if (!parsed.ok) throw new UsageError(parsed.problem);
  return parsed.errorLog2;
}

export function seed(values: Values): string | null {
  const given = text(values, 'seed');
  if (given === null) return null;
  const hex = given.toLowerCase().replace(/^0x/, '');
  if (!/^[0-9a-f]{1,64}$/.test(hex)) {
    throw new UsageError(`--seed wants up to 64 hexadecimal digits (256 bits), not ${quoted(given)}.`);
  }
  return hex.padStart(64, '0');
}

export function kernel(values: Values): Kernel | null {
  const given = text(values, 'kernel');
  if (given === null || given === 'auto') return null;
  if (given === 'fft' || given === 'schoolbook' || given === 'bigint') return given;
  throw new UsageError(`--kernel wants auto, fft, schoolbook or bigint, not ${quoted(given)}.`);
}

export function seconds(values: Values, option: 'checkpoint-every' | 'every', otherwise: number): number {
  const given = text(values, option);
  if (given === null) return otherwise;
  const number = /^[0-9]+(\.[0-9]+)?$/.test(given) ? Number(given) : Number.NaN;
  if (!(number >= 0.05 && number <= 86_400)) {
    throw new UsageError(`--${option} wants seconds of CPU time from 0.05 to 86400, not ${quoted(given)}.`);
  }
  return number;
}

/** The command line and the stated error. */

import fc from 'fast-check';
import { readCommandLine, UsageError } from '../../../main/cli/command-line.ts';
import { COMMANDS } from '../../../main/cli/help.ts';
import { parseError } from '../../../main/contract/error.ts';
import { refused, TAKEN, type Target } from '../target.ts';

const OPTIONS = [
  ...['digits', 'count', 'error', 'workers', 'checkpoint-every', 'seed', 'data', 'restart', 'kernel', 'json', 'csv'],
  ...['thorough', 'help', 'minutes', 'no-json', 'digits=', 'x'],
  ...['exit-on-checkpoint', 'every', 'jobs', 'again', 'folder', 'node', 'dry-run'],
];
const VALUES = [
  ...[
    '0',
    '1',
    '-1',
    '9',
    '10',
    '1000',
    '1_000',
    '1,000',
    '1,,0',
    '100001',
    '1e3',
    '0x10',
    '1.5',
    '.',
    '٣',
    '1'.repeat(400),
  ],
  ...[
    '2^-80',
    '2^-39.9',
    '1e-24',
    '1e-999999',
    '1e-9999999',
    '10^-30',
    '2**(-80)',
    '0.0001',
    '0',
    '−',
    'e',
    '1e',
    '.e-5',
  ],
  ...[
    'auto',
    'fft',
    'gmp',
    'abc',
    '',
    ' ',
    '--',
    '-',
    '@',
    '@/',
    '\n',
    '\u0000',
    '\u001b[31m',
    '💥',
    '\ud800',
    '2^1279-1',
  ],
  ...['a. b', 'a.\nb', 'x'.repeat(10_000), '__proto__', '"', "'", '1,2,3', '100,', '300,1000'],
];
const DIGITS = [...'0123456789', '.', 'e', 'E', '+', '-', '^', '*', '(', ')', ' ', '2^-', '10^-', '1e-', '−', '_'];

const value = fc.oneof(fc.constantFrom(...VALUES), fc.string({ unit: 'binary', maxLength: 20 }));
const option = fc.constantFrom(...OPTIONS).map((name) => `--${name}`);
const word = fc.oneof(
  { weight: 3, arbitrary: option },
  { weight: 3, arbitrary: value },
  fc.tuple(option, value).map((parts) => parts.join('=')),
  fc.constantFrom('export', 'show', 'import', 'submit', 'status', 'collect', '-h', '-V', '-j', ...COMMANDS),
);
const line = fc.tuple(
  fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...COMMANDS) }, word),
  fc.array(word, { maxLength: 6 }),
);

type Case = { readonly words: string[] } | { readonly error: string };

export async function commandLineTarget(): Promise<Target<Case>> {
  return {
    name: 'command line',
    cases: fc.oneof(
      { weight: 3, arbitrary: line.map(([first, rest]) => ({ words: [first, ...rest] })) },
      {
        weight: 1,
        arbitrary: fc.array(fc.constantFrom(...DIGITS), { maxLength: 12 }).map((all) => ({ error: all.join('') })),
      },
      { weight: 1, arbitrary: value.map((error) => ({ error })) },
    ),
    run(input) {
      if ('error' in input) {
        const parsed = parseError(input.error);
        if (!parsed.ok) return refused(parsed.problem);
        const { errorLog2 } = parsed;
        if (!(errorLog2 <= -40 && errorLog2 >= -128)) throw new Error(`an error of 2^${errorLog2} came through`);
        return TAKEN;
      }
      try {
        readCommandLine(input.words);
        return TAKEN;
      } catch (error) {
        if (error instanceof UsageError) return refused(error.message);
        throw error;
      }
    },
  };
}

/** The challenge in the terminal: what it takes, and what it shows and keeps back. */

import { expect, test } from 'vitest';
import { challengeLines, challengeObject } from '../../main/cli/challenge.ts';
import { readCommandLine, UsageError } from '../../main/cli/command-line.ts';
import type { PrimeRecord } from '../../main/contract/prime-record.ts';
import { withBases } from '../../main/cruncher/run/records.ts';
import { somePrime } from '../support/arbitrary-search.ts';
import { paperSpec } from '../support/paper-run.ts';

const factors: PrimeRecord[] = ['1000000000000000003', '1000000000000000009'].map((decimal) =>
  withBases(somePrime('0', decimal), paperSpec(19, 1)),
);
const challenge = {
  digits: 37,
  composite: '1000000000000000012000000000000000027',
  factors: [3, 8] as [number, number],
  neighbours: false,
};

test('the command line', () => {
  const read = (...words: string[]) => readCommandLine(['challenge', '--data', 'd', ...words]);
  const defaults = { command: 'challenge', directory: 'd', digits: null, reveal: false, json: false };
  expect(read()).toEqual(defaults);
  expect(read('--digits', '2,000', '--reveal', '--json')).toEqual({
    ...defaults,
    digits: 2000,
    reveal: true,
    json: true,
  });
  for (const wrong of [['--digits', '19'], ['--digits', '200001'], ['--digits', 'x'], ['2000'], ['--csv']]) {
    expect(() => read(...wrong), wrong.join(' ')).toThrow(UsageError);
  }
});

test('the composite is shown as it was offered in 1988, and nothing of its factors', () => {
  const shown = challengeLines(challenge, null);
  expect(shown).toEqual([
    'Does any factoring wizard want a 37 digit composite? :-)',
    '',
    '1000000000000000012000000000000000027',
  ]);
  expect(challengeObject(challenge, null)).toEqual({
    digits: 37,
    composite: '1000000000000000012000000000000000027',
    neighbours: false,
  });
});

test('the factors are told when they are asked for', () => {
  const shown = challengeLines(challenge, factors);
  expect(shown.slice(0, 3)).toEqual(challengeLines(challenge, null));
  expect(shown.slice(3)).toEqual([
    '',
    'It is the product of',
    '',
    '1000000000000000003',
    expect.stringMatching(/^\(19 digits, found 2026-01-0\d \d\d:\d\d, error ≤ 2\^-40\)$/),
    '',
    '1000000000000000009',
    expect.stringMatching(/^\(19 digits, /),
  ]);
  expect(challengeObject(challenge, factors)).toMatchObject({
    factors: ['1000000000000000003', '1000000000000000009'],
  });
});

test('long numbers are in lines, whole; a product of neighbours is no challenge, and it says why', () => {
  const long = '7'.repeat(199);
  const lines = challengeLines({ ...challenge, digits: 199, composite: long, neighbours: true }, null);
  expect(lines.slice(2, 5).map(({ length }) => length)).toEqual([80, 80, 39]);
  expect(lines.slice(2, 5).join('')).toBe(long);
  expect(lines.at(-1)).toMatch(/^No wizard is needed for this one: .*Fermat.*next block\.$/);
});

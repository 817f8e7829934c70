/** Importing in the terminal: the command line, the live line, and what is said at the end. */

import { expect, test } from 'vitest';
import { readCommandLine, UsageError } from '../../main/cli/command-line.ts';
import { importLines, testingLine } from '../../main/cli/import.ts';

test('the command line', () => {
  expect(readCommandLine(['import', 'there', '--data', 'here', '--json'])).toEqual({
    command: 'import',
    job: { type: 'import', directory: 'here', from: 'there' },
    json: true,
  });
  for (const wrong of [[], [''], ['a', 'b'], ['a', '--digits', '5']]) {
    expect(() => readCommandLine(['import', ...wrong]), wrong.join(' ')).toThrow(UsageError);
  }
});

test('the live line counts primes, and tells the share of one that takes long', () => {
  expect(testingLine({ tested: 0, of: 0, fraction: 0 })).toBe('nothing new to test');
  expect(testingLine({ tested: 1233, of: 2000, fraction: 0 })).toBe('testing again: prime 1,234 of 2,000');
  expect(testingLine({ tested: 0, of: 3, fraction: 0.64 })).toBe('testing again: prime 1 of 3 · 64 %');
  expect(testingLine({ tested: 3, of: 3, fraction: 0 })).toBe('testing again: prime 3 of 3');
});

test('the end says what was there, what was new, and that it was tested', () => {
  const job = { type: 'import' as const, from: 'there', directory: 'here' };
  const lines = (adopted: number, advanced: number, added: number) =>
    importLines(job, { searches: 2, primes: 7, adopted, advanced, added }).join(' ');
  expect(lines(0, 0, 0)).toBe('there has 7 primes of 2 searches; nothing of it is new in here.');
  expect(lines(1, 1, 5)).toBe(
    'there has 7 primes of 2 searches. 5 new primes in here, each tested again; 1 search is new, 1 search goes on from there.',
  );
  expect(lines(0, 2, 0)).toBe('there has 7 primes of 2 searches. 0 new primes in here; 2 searches go on from there.');
});

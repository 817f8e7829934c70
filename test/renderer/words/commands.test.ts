/** The commands that check a prime elsewhere, run as they are shown. */

import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { checkCommands } from '../../../renderer/words/commands.ts';
import { exported } from '../../../renderer/words/export.ts';

/** Mersenne: 2^521 − 1 is prime, 2^523 − 1 is not. */
const PRIME = String(2n ** 521n - 1n);
const COMPOSITE = String(2n ** 523n - 1n);
/** More digits than Python reads in decimal. */
const LARGE = String(10n ** 5000n + 1n);

const run = (line: string): string => execFileSync('bash', ['-c', line], { encoding: 'utf8' }).trim();
const says = (program: string, decimal: string): string => {
  const { line } = checkCommands(decimal).find((command) => command.program === program)!;
  return run(line);
};
const has = (program: string): boolean => {
  try {
    execFileSync('bash', ['-c', `command -v ${program}`]);
    return true;
  } catch {
    return false;
  }
};

test('OpenSSL says what is prime and what is not', () => {
  expect(says('OpenSSL', PRIME)).toMatch(/is prime$/);
  expect(says('OpenSSL', COMPOSITE)).toMatch(/is not prime$/);
});

test.runIf(has('gp'))('PARI/GP says what is prime and what is not', () => {
  expect(says('PARI/GP', PRIME)).toBe('1');
  expect(says('PARI/GP', COMPOSITE)).toBe('0');
});

test.runIf(has('python3'))('Python says what is prime and what is not, also of more than 4,300 digits', () => {
  expect(says('Python', PRIME)).toBe('True');
  expect(says('Python', COMPOSITE)).toBe('False');
  const { line } = checkCommands(LARGE).find(({ program }) => program === 'Python')!;
  expect(run(line.replace(/s=\(.*$/, 'print(n % 9)"'))).toBe('2');
});

test('exports keep what others wrote apart from their own marks', () => {
  const record = {
    searchId: 's',
    block: 1,
    offset: 2,
    digits: 2,
    bits: 7,
    decimal: '97',
    verdict: 'prime' as const,
    rounds: 0,
    bases: [],
    lucas: null,
    worstCaseLog2: null,
    averageCaseLog2: null,
    kernels: ['bigint'],
    cpuSeconds: 1,
    wallSeconds: 1,
    host: 'a"b,\nc',
    version: '0.1.0',
    foundAt: '2026-11-26T20:15:00.000Z',
  };
  expect(exported(7, record, 'CSV').content).toContain(',"a""b,\nc",');
  expect(JSON.parse(exported(7, record, 'JSON').content)).toEqual(record);
  expect(exported(7, record, 'text')).toMatchObject({ name: 'prime-7-2-digits.txt', type: 'text/plain' });
  expect(exported(7, record, 'text').content).toContain('\n97\n');
});

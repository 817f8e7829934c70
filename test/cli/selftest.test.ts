/** The self-test in the terminal: its live line, its errors and its tables. */

import { expect, test } from 'vitest';
import { readCommandLine, UsageError } from '../../main/cli/command-line.ts';
import { faultLine, progressLine, reportLines } from '../../main/cli/selftest.ts';
import type { SelfTestReport } from '../../main/contract/selftest.ts';

const report: SelfTestReport = {
  complete: true,
  seconds: 60,
  tests: 1234,
  errors: 0,
  kernels: [
    { kernel: 'fft', notRun: null, tests: 1200, errors: 0, smallestBits: 64, largestBits: 332_193 },
    { kernel: 'schoolbook', notRun: 'no such CPU', tests: 0, errors: 0, smallestBits: 0, largestBits: 0 },
    { kernel: 'bigint', notRun: null, tests: 0, errors: 0, smallestBits: 0, largestBits: 0 },
  ],
  threads: [
    { thread: 0, core: 3, tests: 1000, errors: 0 },
    { thread: 1, core: null, tests: 234, errors: 0 },
  ],
};

test('the command line', () => {
  const read = (...words: string[]) => readCommandLine(['selftest', ...words]);
  expect(read()).toEqual({ command: 'selftest', job: { type: 'selftest', minutes: 1, workers: null }, json: false });
  expect(read('--minutes', '0.5', '--workers', '3', '--json')).toEqual({
    command: 'selftest',
    job: { type: 'selftest', minutes: 0.5, workers: 3 },
    json: true,
  });
  for (const wrong of [['--minutes', '-1'], ['--minutes', 'x'], ['--minutes', '1e9'], ['--workers', '0'], ['more']]) {
    expect(() => read(...wrong), wrong.join(' ')).toThrow(UsageError);
  }
});

test('the live line says how long, how many and where', () => {
  const threads = [
    { thread: 0, core: 3, kernel: 'fft' as const, bits: 4096 },
    { thread: 1, core: null, kernel: null, bits: 0 },
  ];
  const progress = { seconds: 12, ofSeconds: 60, tests: 1, errors: 0, threads };
  expect(progressLine(progress)).toBe('12 s of 1 min · 1 test · no errors · core 3: fft 4,096 bits');
  expect(progressLine({ ...progress, seconds: 61, errors: 2 })).toMatch(/^1 min 1 s, finishing · 1 test · 2 errors/);
});

test('an error names kernel, size and core', () => {
  const fault = { thread: 1, core: 5, kernel: 'fft' as const, bits: 4096, what: 'a power came out wrong' };
  expect(faultLine(fault)).toBe('ERROR on core 5, fft kernel, 4,096 bits: a power came out wrong.');
  expect(faultLine({ ...fault, core: null, kernel: null })).toBe('ERROR on thread 2: a power came out wrong.');
});

test('the tables say what ran, what did not, and what to do', () => {
  const lines = reportLines(report);
  expect(lines.find((line) => line.startsWith('fft'))?.split(/\s+/)).toEqual([
    'fft',
    '64',
    'to',
    '332,193',
    '1,200',
    '0',
  ]);
  expect(lines).toContain('schoolbook  not run: no such CPU');
  expect(lines.find((line) => line.startsWith('core 3'))?.split(/\s+/)).toEqual(['core', '3', '1,000', '0']);
  expect(lines).toContain('The threads were not bound to cores: the system moved them.');
  expect(lines.at(-1)).toBe('No errors in 1,234 tests, 1 min.');
  const bad = reportLines({ ...report, errors: 2, complete: false });
  expect(bad.join('\n')).toMatch(/makes arithmetic errors: 2 errors in 1,234 tests, 1 min, ended early\.\n.*memtest86/);
});

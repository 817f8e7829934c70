/** The command line: what it takes, and the one sentence it answers when something is wrong. */

import { describe, expect, it } from 'vitest';
import { defaultDataDirectory } from '../../main/cli/data-directory.ts';
import { COMMANDS, helpText } from '../../main/cli/help.ts';
import { problem, read } from '../support/command-line.ts';

describe('search', () => {
  it('has a window where it is asked for, with what the window has settings for', () => {
    expect(read('search --web --digits 200 --error 2^-60 --workers 1 --checkpoint-every 10')).toMatchObject({
      web: { begin: false },
      job: { digits: 200, errorLog2: -60, workers: 1, checkpointEvery: 10 },
    });
  });

  it('has the defaults of its help', () => {
    expect(read('search --data d')).toEqual({
      command: 'search',
      json: false,
      web: null,
      exit: null,
      job: {
        type: 'search',
        directory: 'd',
        digits: null,
        errorLog2: null,
        seed: null,
        restart: null,
        count: null,
        workers: null,
        checkpointEvery: 300,
        kernel: null,
      },
    });
  });

  it('takes every option', () => {
    const line =
      'search --digits 10_000 --count 3 --error 1e-20 --workers 2 --checkpoint-every 0.5 --seed 0xABC --data d --restart f --kernel fft --json';
    expect(read(line)).toMatchObject({
      json: true,
      job: {
        digits: 10_000,
        count: 3,
        errorLog2: -20 * Math.log2(10),
        workers: 2,
        checkpointEvery: 0.5,
        seed: 'abc'.padStart(64, '0'),
        restart: 'f',
        kernel: 'fft',
      },
    });
  });

  it.each([
    ['search --digits 9', '10'],
    ['search --digits 100001', '100,000'],
    ['search --digits 12.5', '12.5'],
    ['search --digits -5', 'digits'],
    ['search --digits', 'digits'],
    ['search --count 0', '--count'],
    ['search --workers none', '--workers'],
    ['search --error 2^-39', '2^-39'],
    ['search --error 2^-129', '2^-129'],
    ['search --error small', 'small'],
    ['search --seed xyz', 'xyz'],
    [`search --seed ${'f'.repeat(65)}`, '64'],
    ['search --checkpoint-every 0', '--checkpoint-every'],
    ['search --kernel gmp', 'gmp'],
    ['search --no-such-option', 'no-such-option'],
    ['search --web --json', '--json'],
    ['search --begin', '--web'],
    ['search --web --count 3', '--count'],
    ['search --web --seed 1', '--seed'],
    ['search --web --restart f', '--restart'],
    ['search --web --kernel fft', '--kernel'],
    ['search 1000', '1000'],
    ['serach', 'search'],
    ['test', 'test --help'],
    ['test 1 2', 'quotes'],
    ['test 7 --error 0.5', '0.5'],
    ['checkpoint', 'export FILE'],
    ['checkpoint export', 'export FILE'],
    ['checkpoint import f', 'export FILE'],
    ['checkpoint show f --data d', '--data'],
    ['primes --json --csv', 'one of'],
    ['bench --digits 100,x', 'x'],
    ['bench --digits 19', '20'],
    ['help nothing', 'nothing'],
  ])('%s is refused in one sentence', (line, mentions) => {
    const sentence = problem(line);
    expect(sentence).toContain(mentions);
    expect(sentence).toMatch(/^[A-Z"-].*[.]$/s);
    expect(sentence).not.toContain('\n');
  });
});

describe('help', () => {
  it('is given for the whole, for each command, and asked for in the usual ways', () => {
    for (const line of ['', '--help', '-h', 'help']) expect(read(line)).toEqual({ command: 'help', about: null });
    for (const about of COMMANDS) {
      expect(read(`${about} --help`)).toEqual({ command: 'help', about });
      expect(read(`help ${about}`)).toEqual({ command: 'help', about });
      expect(helpText(about)).toMatch(/^Usage: nice19 /);
      expect(helpText(null)).toContain(`\n  ${about} `);
    }
  });

  it('fits a terminal of 100 columns', () => {
    const home = defaultDataDirectory();
    for (const about of [null, ...COMMANDS]) {
      // The directory's length is the user's affair.
      const longest = Math.max(
        ...helpText(about)
          .split('\n')
          .map((line) => line.replace(home, '').length),
      );
      expect(longest).toBeLessThanOrEqual(120);
    }
  });
});

describe('the data directory', () => {
  it("is the desktop app's on every system", () => {
    expect(defaultDataDirectory('linux', {}, '/h/b')).toBe('/h/b/.config/nice19');
    expect(defaultDataDirectory('linux', { XDG_CONFIG_HOME: '/x' }, '/h/b')).toBe('/x/nice19');
    expect(defaultDataDirectory('darwin', {}, '/u/b')).toBe('/u/b/Library/Application Support/nice19');
    expect(defaultDataDirectory('win32', { APPDATA: 'R' }, 'h')).toMatch(/^R.nice19$/);
  });
});

/** The paired benchmark (build/bench): what it makes of its measurements, and what it says of a wrong command line. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { childrenTime, run } from '../../build/bench/children.ts';
import { readOptions } from '../../build/bench/options.ts';
import { controlledMean, meanOf, ratioOf, spreadOf } from '../../build/bench/statistics.ts';

describe('statistics', () => {
  test('of an odd and an even number of measurements', () => {
    expect(spreadOf([3, 1, 10])).toEqual({ minimum: 1, median: 3, maximum: 10 });
    expect(spreadOf([4, 1, 10, 2])).toEqual({ minimum: 1, median: 3, maximum: 10 });
    expect(() => spreadOf([])).toThrow(RangeError);
  });

  test('the standard error of a mean', () => {
    // sample variance 4 + 1 + 1 + 4 = 10 over 4, by 5 measurements
    expect(meanOf([1, 2, 3, 4, 5])).toEqual({ mean: 3, error: Math.sqrt(0.5) });
    expect(ratioOf({ mean: 6, error: 0.3 }, { mean: 2, error: 0 })).toEqual({ mean: 3, error: 0.15 });
  });

  test('what is a line of the luck alone has no luck left', () => {
    const luck = fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 3, maxLength: 40 });
    fc.assert(
      fc.property(luck, fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 9 }), (xs, slope, fixed) => {
        fc.pre(new Set(xs).size > 1);
        const ys = xs.map((x) => fixed + slope * x);
        const { mean, error } = controlledMean(xs, ys, 1000);
        expect(mean).toBeCloseTo(fixed + 1000 * slope, 4);
        expect(error).toBeLessThan(1e-4 * (1 + mean));
      }),
    );
  });

  test('without any difference in luck the mean is the mean', () => {
    expect(controlledMean([7, 7, 7], [1, 2, 3], 7).mean).toBe(2);
  });
});

describe('CPU time of a child', () => {
  test.each([
    ['0m0.000000s 0m0.000000s\n1m2.340000s 0m0.660000s\n', 63],
    ['said on stderr\n0m0,000s 0m0,000s\n0m1,250s 0m0,250s\n', 1.5],
  ])('is read from %j', (output, seconds) => {
    expect(childrenTime(output)).toBe(seconds);
  });

  test('counts what its own children took', async () => {
    const spin =
      'for (const end = performance.now() + 5000; process.cpuUsage().user < 3e5 && performance.now() < end; );';
    const twice = `process.exitCode = require('node:child_process').spawnSync(process.execPath, ['-e', ${JSON.stringify(spin)}]).status; ${spin} process.stdout.write('done')`;
    const { stdout, cpuSeconds } = await run(process.execPath, ['-e', twice]);
    expect(stdout).toBe('done');
    expect(cpuSeconds).toBeGreaterThan(0.55);
  });

  test('a failure says what failed', async () => {
    await expect(run(process.execPath, ['-e', 'console.error("no luck"); process.exit(3)'])).rejects.toThrow(
      /-e failed \(3\): no luck/,
    );
  });
});

describe('the command line', () => {
  test('has the sizes of the issue as defaults', () => {
    expect(readOptions(['--against', 'gmp,openssl'])).toMatchObject({
      against: ['gmp', 'openssl'],
      only: ['base-two', 'search', '1988'],
      digits: [300, 1000, 2000, 10_000],
      pairs: 9,
      searchDigits: 1000,
      primes: 30,
      json: false,
    });
    expect(readOptions(['--help'])).toBeNull();
  });

  test.each([
    [['--against', 'pgp'], 'gmp, openssl'],
    [['--against', 'gmp', '--pairs', '6'], 'from 7'],
    [['--against', 'gmp', '--digits', '1e3'], '"1e3"'],
    [['--against', 'gmp', '--only', 'lunch'], '"lunch"'],
    [['--against', 'gmp', '--seed', 'xyz'], 'hexadecimal'],
    [['--nonsense'], '--nonsense'],
  ])('%j is refused with a sentence', (args, part) => {
    expect(() => readOptions(args)).toThrow(part);
  });
});

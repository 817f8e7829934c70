/** The paired benchmark (build/bench): what it makes of its measurements, and what it says of a wrong command line. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wholeFrom } from '../../build/bench/base-two.ts';
import { drawChart } from '../../build/bench/chart.ts';
import { childrenTime, run } from '../../build/bench/children.ts';
import { gmpSquarings } from '../../build/bench/gmp.ts';
import { boundOf } from '../../build/bench/limit.ts';
import { Walk } from '../../build/bench/operations.ts';
import { readOptions } from '../../build/bench/options.ts';
import { shareWithoutFactorBelow } from '../../build/bench/rates.ts';
import { controlledMean, lineThrough, meanOf, ratioOf, spreadOf } from '../../build/bench/statistics.ts';
import { FunctionBuilder, f64x2, i32, ModuleBuilder, multiplyAdd, v128 } from '../../main/kernel/wasm/emit.ts';

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

  test('a line and the standard error of its slope', () => {
    expect(lineThrough([1, 2, 4], [5, 7, 11])).toEqual({ slope: 2, intercept: 3, error: 0 });
    // what is left of the points is 0.1, 0.2, -0.7 and 0.4: squared 0.7, by 2 degrees of freedom and 5 for the x
    const line = lineThrough([0, 1, 2, 3], [1, 2, 2, 4]);
    expect(line.slope).toBeCloseTo(0.9, 12);
    expect(line.error).toBeCloseTo(Math.sqrt(0.07), 12);
    expect(() => lineThrough([1, 2], [1, 2])).toThrow(RangeError);
  });
});

describe('a stretch for a whole test', () => {
  const plain = (bits: number) => bits;

  test('what costs a set-up and so much a bit is known from two stretches', () => {
    const cost = (bits: number) => 0.25 + bits / 1024;
    const at = (bits: number) => ({ bits, seconds: cost(bits) });
    expect(wholeFrom({ squarings: plain }, 332_193, at(1794), at(4608))).toBe(cost(332_193));
  });

  test('a clock that says less for more never makes the set-up negative', () => {
    const whole = wholeFrom({ squarings: plain }, 1000, { bits: 100, seconds: 1 }, { bits: 200, seconds: 2.5 });
    expect(whole).toBe(15);
  });

  test('windows: 2^(w-1) powers, then a product for w + 1 bits', () => {
    // w = 4 from 82 to 241 bits
    expect(gmpSquarings(200)).toBeCloseTo(200 + 1.15 * (8 + 40), 9);
    // and w = 10 above 28,161
    expect(gmpSquarings(332_193)).toBeCloseTo(332_193 + 1.15 * (512 + 332_193 / 11), 6);
  });

  test('odd numbers without a factor below 12', () => {
    expect(shareWithoutFactorBelow(12)).toBeCloseTo((((2 / 3) * 4) / 5) * (6 / 7) * (10 / 11), 12);
  });
});

test('operations of a module are counted through its loops, branches and calls', () => {
  const { madd } = multiplyAdd('fused');
  const zero = () => i32.const(0);
  const inner = new FunctionBuilder('inner', ['i32']);
  const x = inner.let(v128.load(zero()));
  inner.if(
    i32.and(inner.parameter(0, 'i32'), i32.const(1)),
    () => inner.set(x, madd(x, x, x)),
    () => inner.set(x, f64x2.add(x, f64x2.abs(x))),
  );
  inner.storeV128(zero(), 0, x);
  const outer = new FunctionBuilder('outer', ['i32']);
  const left = outer.local('i32', outer.parameter(0, 'i32'));
  const builder = new ModuleBuilder();
  const callee = builder.define(inner);
  outer.doWhile(
    () => {
      outer.call(callee, left);
      outer.set(left, i32.sub(left, i32.const(1)));
    },
    () => left,
  );
  builder.define(outer);
  const bytes = builder.encode(65_536);
  // the engine finds nothing wrong with it
  new WebAssembly.Module(bytes);
  const walk = new Walk(bytes, new ArrayBuffer(65_536));
  walk.call('outer', 7);
  // of 7 … 1 four are odd
  expect(walk.counts).toEqual({ 'multiply-add': 4, 'add or multiply': 3, other: 3, load: 7, store: 7 });
});

test('what is slowest bounds the cycles', () => {
  const peaks = { multiplyAdds: 2, sums: 2, together: 3, loads: 2, stores: 1 };
  const counts = { 'multiply-add': 100, 'add or multiply': 180, other: 20, load: 90, store: 60 };
  expect(boundOf(counts, peaks)).toEqual({ by: 'arithmetic', cycles: 100 });
  expect(boundOf({ ...counts, store: 120 }, peaks)).toEqual({ by: 'stores', cycles: 120 });
  expect(boundOf({ ...counts, load: 400 }, peaks)).toEqual({ by: 'loads', cycles: 200 });
});

test('a chart has a line and a name for each curve, within its frame', () => {
  const curve = (name: string, factor: number) => ({
    name,
    points: [300, 1000, 100_000].map((digits) => ({ digits, milliseconds: factor * digits ** 2 * 1e-6 })),
  });
  const svg = drawChart([curve('nice19', 1), curve('GMP', 14)], 'where');
  expect(svg.match(/<path d="M[\d. ]+L[\d. ]+L[\d. ]+" fill="none"/g)).toHaveLength(2);
  expect(svg).toContain('>nice19</text>');
  expect(svg).toContain('>100,000</text>');
  const numbers = [...svg.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)].flatMap(([, x = '', y = '']) => [
    Number(x),
    Number(y),
  ]);
  expect(Math.min(...numbers)).toBeGreaterThan(0);
  expect(Math.max(...numbers)).toBeLessThan(760);
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
      only: ['base-two', 'search', 'rates', '1988'],
      digits: [300, 1000, 2000, 5000, 10_000, 25_000, 100_000],
      pairs: 7,
      searchDigits: [100, 300, 1000],
      primes: 50,
      chart: null,
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
    [['--against', 'gmp', '--search-digits', '5'], '--search-digits'],
    [['--only', 'memory,search'], 'search compares'],
    [['--against', 'pari', '--only', 'rates'], '--against gmp'],
    [['--nonsense'], '--nonsense'],
  ])('%j is refused with a sentence', (args, part) => {
    expect(() => readOptions(args)).toThrow(part);
  });
});

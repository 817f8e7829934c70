import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ExpressionLimits, evaluateExpression } from '../../../main/search/expression/expression.ts';
import {
  log10Of,
  log10OfFactorial,
  log10OfPrimorialBound,
  primorial,
} from '../../../main/search/expression/products.ts';
import { readTable } from '../../data/read.ts';

function evaluate(text: string, limits?: Partial<ExpressionLimits>): bigint | string {
  const result = evaluateExpression(text, limits);
  return result.ok ? result.value : result.problem;
}

describe('an expression', () => {
  it('has the value that BigInt gives it', () => {
    let factorial = 1n;
    for (let n = 1n; n <= 77n; n++) factorial *= n;
    const values: [string, bigint][] = [
      ['10^999+7', 10n ** 999n + 7n],
      ['2^1279-1', 2n ** 1279n - 1n],
      ['3*2^2816+1', 3n * 2n ** 2816n + 1n],
      ['37#+1', 2n * 3n * 5n * 7n * 11n * 13n * 17n * 19n * 23n * 29n * 31n * 37n + 1n],
      ['77!+1', factorial + 1n],
      ['38#', 7_420_738_134_810n],
      ['0! + 1! + 0# + 1# + 2#', 6n],
      ['0xff', 255n],
      ['0XFF ff_Ff', 0xffffffn],
      [' 1 000_000\n007 ', 1_000_000_007n],
      ['007', 7n],
      ['2**3**2', 512n],
      ['2^3^2', 512n],
      ['-2^2', -4n],
      ['(-2)^2', 4n],
      ['2^-(-3)', 8n],
      ['7-3-2', 2n],
      ['84/2/3*5', 70n],
      ['(10^12-1)/9', 111_111_111_111n],
      ['(2^61+1)/3', 768_614_336_404_564_651n],
      ['-(3-5)*--4', 8n],
      ['(3!)!', 720n],
      ['3!#', 30n],
      ['2^3!', 64n],
      ['(-1)^(9^9)', -1n],
      ['0^0', 1n],
      ['2×3−1', 5n],
    ];
    for (const [text, value] of values) expect(evaluate(text), text).toBe(value);
  });

  it('is read as JavaScript reads it, for random sums, products, powers and parentheses', () => {
    const { tree } = fc.letrec<{ tree: string }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        fc.nat(999).map(String),
        fc.tuple(tie('tree'), fc.constantFrom('+', '-', '*'), tie('tree')).map((parts) => parts.join(' ')),
        tie('tree').map((inner) => `(${inner})`),
        tie('tree').map((inner) => `(-(${inner}))`),
        fc.tuple(fc.nat(30), fc.nat(9)).map(([base, exponent]) => `${base}**${exponent}`),
      ),
    }));
    fc.assert(
      fc.property(tree, (text) => {
        const script = text.replace(/\d+/g, '$&n');
        expect(evaluate(text)).toBe(new Function(`return ${script}`)() as bigint);
      }),
      { numRuns: 300 },
    );
  });

  it('gives every prime of the table its published number of digits', () => {
    for (const { expression, digits } of readTable('primes.json').entries) {
      expect(String(evaluate(expression)).length, expression).toBe(digits);
    }
  });

  it('gets one sentence with a position when it is wrong', () => {
    const problems: [string, string][] = [
      ['', 'There is no number here: write one such as 10^999+7.'],
      ['1+', 'Expected a number or "(" at position 3, found the end.'],
      ['1+*2', 'Expected a number or "(" at position 3, found "*".'],
      ['12a', 'Expected an operator or the end at position 3, found "a".'],
      ['(1+2', 'Expected an operator or ")" at position 5, found the end ("(" at position 1).'],
      ['1)', 'Expected an operator or the end at position 2, found ")".'],
      ['3(5)', 'Expected an operator or the end at position 2, found "(".'],
      ['1.5', 'Expected an operator or the end at position 2, found ".".'],
      ['_1', 'Expected a number or "(" at position 1, found "_".'],
      ['2 * * 3', 'Expected a number or "(" at position 5, found "*".'],
      ['2+💥', 'Expected a number or "(" at position 3, found "💥".'],
      ['7/2', 'The division at position 2 leaves a remainder: only exact ones are allowed.'],
      ['1/(1-1)', 'Division by zero at position 2.'],
      ['2^-2', 'The exponent at position 3 is negative: the result is no integer.'],
      ['(-3)!', 'The factorial at position 5 is of a negative number.'],
      ['5!!', 'Double factorials are not known (position 2): write (n!)! if that is meant.'],
    ];
    for (const [text, problem] of problems) expect(evaluate(text)).toBe(problem);
  });

  it('too large is refused before it is computed', () => {
    const before = performance.now();
    for (const text of [
      '9^9^9',
      '9^9^9^9^9',
      '1000000000!',
      '(10^9)!',
      '3000000#',
      '(10^999)!',
      '2^(10^400)',
      '(2^3000000)*(2^3000000)',
    ]) {
      expect(evaluate(text)).toMatch(/^The number at position \d+ is too large: .*digits, at most 1000000\.$/);
    }
    expect(performance.now() - before).toBeLessThan(1000);
  });

  it('may have exactly the digits that are allowed', () => {
    expect(evaluate('10^99', { digits: 100 })).toBe(10n ** 99n);
    expect(evaluate('10^100', { digits: 100 })).toMatch(/about 101 digits, at most 100/);
    expect(evaluate('9'.repeat(100), { digits: 100 })).toBe(10n ** 100n - 1n);
    expect(evaluate('9'.repeat(101), { digits: 100 })).toMatch(/too large/);
    expect(evaluate(`0x${'f'.repeat(83)}`, { digits: 100 })).toBe(16n ** 83n - 1n);
    expect(evaluate(`0x${'f'.repeat(200)}`, { digits: 100 })).toMatch(/too large/);
    expect(evaluate('69!/68!', { digits: 100 })).toBe(69n);
    expect(evaluate('70!', { digits: 100 })).toMatch(/too large/);
  });

  it('is limited in nesting, length and work', () => {
    expect(evaluate(`${'('.repeat(100)}1${')'.repeat(100)}`)).toBe(1n);
    for (const text of ['('.repeat(200_000), '-'.repeat(200_000), '1^'.repeat(200_000)]) {
      expect(evaluate(text)).toMatch(/^The expression is nested too deeply at position \d+\.$/);
    }
    expect(evaluate('1'.repeat(2_000_001))).toMatch(/^The text is too long/);
    expect(evaluate('1 '.repeat(1_000_000))).toBe(BigInt('1'.repeat(1_000_000)));
    expect(evaluate(`10^90${'+1'.repeat(100)}`, { digits: 100 })).toMatch(/^The expression takes too much work/);
  });
});

describe('sizes before computing', () => {
  it('are those of the numbers', () => {
    let factorial = 1n;
    for (let n = 1; n < 400; n++) {
      factorial *= BigInt(n);
      expect(Math.abs(log10OfFactorial(n) - log10Of(factorial))).toBeLessThan(1e-3);
      expect(log10OfPrimorialBound(n)).toBeGreaterThan(log10Of(primorial(n)));
    }
    expect(log10Of(10n ** 5000n)).toBeCloseTo(5000, 8);
    expect(log10Of(-(2n ** 100n))).toBeCloseTo(100 * Math.log10(2), 10);
  });
});

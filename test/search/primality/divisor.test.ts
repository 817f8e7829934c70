import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { smallDivisor } from '../../../main/search/primality/divisor.ts';
import { integerOf } from '../../support/big-integers.ts';

/** The least divisor above 1 that is below 2^16 and below n, by trying all of them. */
function byTrial(n: bigint): number | null {
  for (let d = 2n; d < 65_536n && d < n; d++) if (n % d === 0n) return Number(d);
  return null;
}

describe('the small divisor of a number', () => {
  test('is the least one, of every number below 20,000', () => {
    for (let n = 2n; n < 20_000n; n++) if (smallDivisor(n) !== byTrial(n)) expect.fail(`${n}: ${smallDivisor(n)}`);
  });

  test('is the least one of large numbers, with divisors or without', () => {
    const factor = fc.oneof(
      integerOf(17),
      integerOf(40),
      fc.constantFrom(65_519n, 65_521n, 65_537n, 65_539n, 251n, 257n),
    );
    const number = fc.oneof(
      fc.integer({ min: 15, max: 400 }).chain(integerOf),
      fc.array(factor, { minLength: 1, maxLength: 5 }).map((factors) => factors.reduce((a, b) => a * b)),
    );
    fc.assert(
      fc.property(number, (n) => {
        expect(smallDivisor(n)).toBe(byTrial(n));
      }),
      { numRuns: 120 },
    );
  });

  test('reaches the last prime below 2^16 and no further', () => {
    expect(smallDivisor(65_521n * ((1n << 127n) - 1n))).toBe(65_521);
    expect(smallDivisor(65_537n * ((1n << 127n) - 1n))).toBeNull();
    expect(smallDivisor(65_521n)).toBeNull();
    expect(smallDivisor(65_521n ** 2n)).toBe(65_521);
  });
});

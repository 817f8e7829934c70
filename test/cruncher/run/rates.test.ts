/** What follows from the speed: it costs or saves time, so the tests say which way. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rates } from '../../../main/cruncher/run/rates.ts';
import { primesBetween } from '../../../main/search/sieve/depth.ts';

const FIRST = 2 ** 20;
/** A unit without a find. */
const unit = (tested: number, seconds: number) => ({ tested, confirmed: 0, rounds: 20, seconds });
const digits = fc.integer({ min: 20, max: 100_000 });

describe('the depth of the sieve', () => {
  it('is left alone while nothing is invested, and reaches the depth that pays in the end', () => {
    fc.assert(
      fc.property(digits, (size) => {
        const rates = new Rates(size);
        expect(rates.depth(FIRST, Number.POSITIVE_INFINITY, 0)).toBe(FIRST);
        const final = rates.depth(2, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
        expect(rates.depth(final, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)).toBe(final);
      }),
    );
  });

  it('never costs more than it would save if the search lasts as long again', () => {
    fc.assert(
      fc.property(
        digits,
        fc.double({ min: 0.001, max: 1e7, noNaN: true }),
        fc.double({ min: 1e-9, max: 1e-5, noNaN: true }),
        (size, invested, secondsPerPrime) => {
          const rates = new Rates(size);
          const measured = { from: 2 ** 24, to: 2 ** 26 };
          rates.bookSieve(measured, secondsPerPrime * primesBetween(measured.from, measured.to));
          for (let from = FIRST; ; ) {
            const to = rates.depth(from, Number.POSITIVE_INFINITY, invested);
            expect(to).toBeGreaterThanOrEqual(from);
            if (to === from) return;
            const saved = invested * (1 - Math.log(from) / Math.log(to));
            expect(primesBetween(from, to) * secondsPerPrime).toBeLessThanOrEqual(saved * 1.000001);
            from = to;
          }
        },
      ),
    );
  });

  it('is smaller when few primes are wanted, and ends at the root of small numbers', () => {
    const rates = new Rates(1000);
    const forever = Number.POSITIVE_INFINITY;
    expect(rates.depth(2, 3, forever)).toBeLessThan(rates.depth(2, forever, forever));
    expect(new Rates(10).depth(2, forever, forever)).toBeLessThanOrEqual(100_001);
  });

  it('is that of the time of a screen, not of the confirmations beside it', () => {
    const forever = Number.POSITIVE_INFINITY;
    const depthAfter = (confirmed: number, seconds: number) => {
      const rates = new Rates(100);
      rates.bookUnit({ tested: 1000, confirmed, rounds: 20, seconds });
      return rates.depth(2, forever, forever);
    };
    const screens = depthAfter(0, 0.02);
    // 120 finds of 1,000 screens, each of which takes as long as some 40 screens.
    expect(depthAfter(120, 0.02 * (1 + 0.12 * 40))).toBeGreaterThan(0.7 * screens);
    expect(depthAfter(120, 0.02 * (1 + 0.12 * 40))).toBeLessThan(1.4 * screens);
    expect(depthAfter(0, 0.02 * (1 + 0.12 * 40))).toBeGreaterThan(3 * screens);
  });
});

describe('the size of a unit', () => {
  it('begins small, grows to a second of work, and is even', () => {
    const rates = new Rates(1000);
    const sizes: number[] = [];
    for (let k = 0; k < 20; k++) {
      sizes.push(rates.unitSize);
      rates.bookUnit(unit(rates.unitSize, 0.01 * rates.unitSize));
    }
    expect(sizes[0]).toBe(4);
    expect(sizes.at(-1)).toBe(100);
    expect(sizes.every((size) => size % 2 === 0)).toBe(true);
  });

  it('does not learn from the first small units, in which the engine warms up', () => {
    const rates = new Rates(300);
    rates.bookUnit(unit(4, 0.2));
    rates.bookUnit(unit(8, 0.1));
    for (let k = 0; k < 20; k++) rates.bookUnit(unit(1000, 0.18));
    expect(rates.unitSize).toBeGreaterThan(2000);
  });

  it('is one pair when a test takes long', () => {
    const rates = new Rates(100_000);
    rates.bookUnit(unit(2, 120));
    expect(rates.unitSize).toBe(2);
  });
});

describe('the expected time', () => {
  it('is not claimed before something is known', () => {
    const rates = new Rates(1000);
    expect(rates.expectedSeconds(null, 10)).toBeNull();
    expect(rates.expectedSeconds(0.06, null)).toBeNull();
  });

  it('is tests for each prime over tests a second', () => {
    // One odd number in 1,151 is prime at 1,000 digits; of 60 in a thousand that survive, one in 69.
    expect(new Rates(1000).expectedSeconds(0.06, 10)).toBeCloseTo(6.9, 1);
  });
});

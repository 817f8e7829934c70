import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { completeDepth } from '../../../main/search/sieve/depth.ts';
import { countSurvivors, freshSurvivors, type SieveTask, sieveBlock } from '../../../main/search/sieve/sieve.ts';
import table from '../../data/sieve-prime-counts.json' with { type: 'json' };
import { oddPrimes, sieveSlowly, unpack } from './sieve-oracle.ts';

function sieve(task: SieveTask, survivors = freshSurvivors(task.count)): Uint8Array {
  for (const _ of sieveBlock(task, survivors));
  return survivors;
}

/** Odd numbers of 10 to 400 digits, among them long runs of ones and zeros, the extremes of words. */
const starts = fc
  .oneof(
    fc
      .integer({ min: 10, max: 400 })
      .chain((digits) => fc.bigInt({ min: 10n ** BigInt(digits - 1), max: 10n ** BigInt(digits) - 1n })),
    fc.integer({ min: 34, max: 1330 }).map((bits) => 1n << BigInt(bits)),
    fc.integer({ min: 34, max: 1330 }).map((bits) => (1n << BigInt(bits)) - 1n),
    fc
      .tuple(fc.integer({ min: 34, max: 1330 }), fc.integer({ min: 2, max: 50 }))
      .map(([bits, period]) => (((1n << BigInt(bits)) - 1n) / ((1n << BigInt(period)) - 1n)) << 3n),
  )
  .map((n) => (n < 10n ** 9n ? n + 10n ** 9n : n) | 1n);

describe('a sieved block', () => {
  test('loses exactly the numbers with a proper prime factor in the window', () => {
    fc.assert(
      fc.property(
        starts,
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 0, max: 40_000 }),
        fc.integer({ min: 0, max: 20_000 }),
        (start, count, from, width) => {
          const to = from + width;
          const expected = sieveSlowly(start, count, oddPrimes(from, to));
          expect(unpack(sieve({ start, count, from, to }), count)).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  });

  test.each([2 ** 19, 2 ** 20, 2 ** 24, 2 ** 28, 2 ** 30, 2 ** 31 - 2 ** 18])(
    'loses exactly the multiples of the primes on both sides of %i',
    (middle) => {
      const [from, to] = [middle - 2 ** 18, Math.min(middle + 2 ** 18, 2 ** 31)];
      const primes = oddPrimes(from, to);
      fc.assert(
        fc.property(starts, (start) => {
          const count = 2 ** 19 - 3;
          const survivors = sieve({ start, count, from, to });
          expect(Buffer.compare(unpack(survivors, count), sieveSlowly(start, count, primes))).toBe(0);
        }),
        { numRuns: 4 },
      );
    },
  );

  test('of 10,000 and 100,000 digits is right as well', () => {
    for (const [digits, from] of [
      [10_000, 2 ** 24],
      [100_000, 2 ** 31 - 2 ** 14],
    ] as const) {
      const start = ((7n * 10n ** BigInt(digits - 1)) / 3n) | 1n;
      const to = from + 2 ** 14;
      const count = 2 ** 20;
      const survivors = sieve({ start, count, from, to });
      expect(Buffer.compare(unpack(survivors, count), sieveSlowly(start, count, oddPrimes(from, to)))).toBe(0);
    }
  });

  test('that begins at, just before or just after a multiple of a prime loses that multiple and no other', () => {
    const primes = fc.constantFrom(17, 8191, 65537, 1048573, 16777259, 1073741827, 2147483629, 2147483647);
    fc.assert(
      fc.property(
        starts,
        primes,
        fc.integer({ min: -40, max: 40 }),
        fc.integer({ min: 1, max: 80 }),
        (n, p, i, count) => {
          const multiple = BigInt(p) * (n | 1n);
          const start = multiple - 2n * BigInt(i);
          const survivors = sieve({ start, count, from: p, to: p + 1 });
          expect(unpack(survivors, count)).toEqual(sieveSlowly(start, count, [p]));
          // No second multiple lies within 120 odd numbers of it, but for p = 17.
          if (p > 17) expect(count - countSurvivors(survivors, 0, count)).toBe(Number(i >= 0 && i < count));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('keeps the numbers that are sieving primes themselves, and strikes their multiples', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500_000 }),
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 3, max: 600_000 }),
        fc.integer({ min: 3, max: 600_000 }),
        (half, count, a, b) => {
          const [start, from, to] = [BigInt(2 * half + 1), Math.min(a, b), Math.max(a, b)];
          const expected = sieveSlowly(start, count, oddPrimes(from, to));
          expect(unpack(sieve({ start, count, from, to }), count)).toEqual(expected);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('of ten digits keeps the primes that sieve it, up to 2^31', () => {
    const { from, to, primes } = table.ranges[3]!;
    const count = (to - from) / 2;
    const survivors = sieve({ start: BigInt(from + 1), count, from: 3, to: 2 ** 16 });
    expect(countSurvivors(survivors, 0, count)).toBe(primes);
    const deeper = sieve({ start: BigInt(from + 1), count, from, to }, survivors.slice());
    expect(deeper).toEqual(survivors);
  });

  test('keeps its state where a sieve is deepened: in steps or in one pass, the survivors are the same', () => {
    fc.assert(
      fc.property(
        starts,
        fc.integer({ min: 1, max: 20_000 }),
        fc.array(fc.integer({ min: 0, max: 3_000_000 }), { minLength: 2, maxLength: 5 }),
        (start, count, bounds) => {
          const steps = bounds.toSorted((a, b) => a - b);
          const survivors = freshSurvivors(count);
          // A number that was settled before stays away, whatever its factors.
          survivors[0]! &= 0xfe;
          const inSteps = survivors.slice();
          for (const [i, from] of steps.slice(0, -1).entries()) {
            sieve({ start, count, from, to: steps[i + 1]! }, inSteps);
          }
          expect(inSteps).toEqual(sieve({ start, count, from: steps[0]!, to: steps.at(-1)! }, survivors));
        },
      ),
      { numRuns: 15 },
    );
  });

  test.each(table.intervals)('of $count odd numbers from $start has $primes primes, as PARI says', (interval) => {
    const start = BigInt(interval.start);
    const { count } = interval;
    const survivors = sieve({ start, count, from: 3, to: completeDepth(start, count) });
    expect(countSurvivors(survivors, 0, count)).toBe(interval.primes);
  });
});

describe('sieving in slices', () => {
  const task = { start: 10n ** 99n + 1n, count: 2 ** 15, from: 3, to: 2 ** 25 };

  test('tells a rising part that is done, and is up to date at each yield', () => {
    const survivors = freshSurvivors(task.count);
    const parts: number[] = [];
    const counts: number[] = [];
    for (const part of sieveBlock(task, survivors)) {
      parts.push(part);
      counts.push(countSurvivors(survivors, 0, task.count));
    }
    expect(parts.length).toBeGreaterThan(3);
    expect(parts).toEqual(parts.toSorted((a, b) => a - b));
    expect(parts.every((part) => part > 0 && part <= 1)).toBe(true);
    expect(counts).toEqual(counts.toSorted((a, b) => b - a));
    expect(counts[0]).toBeLessThan(task.count / 5);
  });

  test('two sieves that run in turns, and one that is abandoned, do not disturb each other', () => {
    const tasks = [task, { ...task, start: task.start + 2n ** 200n, count: 999 }];
    const alone = tasks.map((one) => sieve(one));
    const together = tasks.map((one) => freshSurvivors(one.count));
    sieveBlock(task, freshSurvivors(task.count)).next();
    for (const _ of sieveBlock(task, freshSurvivors(task.count))) break;
    const running = tasks.map((one, i) => sieveBlock(one, together[i]!));
    while (running.map((one) => one.next().done).includes(false));
    expect(together).toEqual(alone);
  });

  test('refuses tasks that it cannot do', () => {
    const bad: Partial<SieveTask>[] = [
      { start: 10n },
      { start: 1n },
      { count: 2 ** 24 + 1 },
      { count: 0.5 },
      { to: 2 ** 31 + 1 },
      { from: 1.5 },
    ];
    for (const change of bad) {
      const wrong = { ...task, ...change };
      expect(() => sieve(wrong, new Uint8Array(Math.ceil(wrong.count / 8)))).toThrow(RangeError);
    }
    expect(() => sieve(task, freshSurvivors(task.count - 8))).toThrow(/bitmap of 4096 bytes/);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bestDepth,
  completeDepth,
  expectedSurvivors,
  measuredSecondsPerPrime,
  primesBetween,
} from '../../../main/search/sieve/depth.ts';
import { Machine } from '../../../main/search/sieve/machine.ts';
import { SEGMENT_ODDS } from '../../../main/search/sieve/primes.ts';
import { CHUNK_WORDS, chunkedWords, wordBits } from '../../../main/search/sieve/residue.ts';
import { sieveBlock } from '../../../main/search/sieve/sieve.ts';
import { countSurvivors, freshSurvivors, nextSurvivor, survives } from '../../../main/search/sieve/survivors.ts';
import table from '../../data/sieve-prime-counts.json' with { type: 'json' };
import { oddPrimes, unpack } from './sieve-oracle.ts';

describe('the enumerated primes', () => {
  const enumerate = (from: number, to: number): number[] => {
    const machine = Machine.take();
    const primes: number[] = [];
    let low = 8 * Math.floor((from - 1) / 16);
    machine.startPrimes(low, to);
    for (; 2 * low + 1 < to; low += SEGMENT_ODDS) {
      machine.nextPrimes(low, from, to);
      primes.push(...machine.listedPrimes());
    }
    machine.release();
    return primes;
  };

  test.each(table.ranges)('from $from to $to are as many and have the sum that PARI says', (range) => {
    const primes = enumerate(range.from, range.to);
    expect(primes.length).toBe(range.primes);
    expect(primes.reduce((sum, p) => sum + p, 0)).toBe(range.sum);
  });

  test('are all the odd primes of any window, in order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 1_500_000 }), fc.integer({ min: 0, max: 700_000 }), (from, width) => {
        expect(enumerate(from, from + width)).toEqual(oddPrimes(from, from + width));
      }),
      { numRuns: 15 },
    );
    for (let from = 3; from < 40; from++) expect(enumerate(from, 60)).toEqual(oddPrimes(from, 60));
  });
});

test('the words of a number are symmetric and make it up again', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 300 }),
      fc.integer({ min: 20, max: 31 }),
      fc.constantFrom(...CHUNK_WORDS),
      (bytes, primeBits, chunkWords) => {
        const bits = wordBits(primeBits, chunkWords);
        const words = chunkedWords(bytes, bits, chunkWords);
        expect(words.length % chunkWords).toBe(0);
        expect(words.every((word) => Math.abs(word) <= 2 ** (bits - 1))).toBe(true);
        let value = 0n;
        for (let chunk = 0; chunk < words.length; chunk += chunkWords) {
          for (let i = chunkWords - 1; i >= 0; i--) value = (value << BigInt(bits)) + BigInt(words[chunk + i]!);
        }
        const number = bytes.reduceRight((sum, byte) => (sum << 8n) + BigInt(byte), 0n);
        expect(value).toBe(number);
      },
    ),
  );
});

test('the bounds of docs/sieve.md hold: no sum reaches 2^53', () => {
  for (let primeBits = 8; primeBits <= 31; primeBits++) {
    for (const chunkWords of CHUNK_WORDS) {
      const bits = wordBits(primeBits, chunkWords);
      const quotientError = 2 ** (bits + Math.log2(chunkWords) - 53);
      const residue = (0.5 + quotientError) * 2 ** primeBits;
      const word = 2 ** (bits - 1);
      const carry = residue * (residue / 2 ** 15 + 0.5) + residue * 2 ** 14;
      expect((chunkWords - 1) * residue * word + word + carry).toBeLessThan(2 ** 53);
      expect(residue * 2 ** bits).toBeLessThan(2 ** 53);
    }
  }
});

describe('the bitmap of survivors', () => {
  const bitmaps = fc.array(fc.boolean(), { maxLength: 200 });

  test('is walked and counted as a list of flags would be', () => {
    fc.assert(
      fc.property(bitmaps, fc.nat(210), fc.nat(210), (flags, a, b) => {
        const bitmap = freshSurvivors(flags.length);
        for (const [i, flag] of flags.entries()) if (!flag) bitmap[i >> 3]! &= ~(1 << (i & 7));
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const expected = flags.flatMap((flag, i) => (flag && i >= from && i < to ? [i] : []));
        const walked: number[] = [];
        for (let i = nextSurvivor(bitmap, from, to); i >= 0; i = nextSurvivor(bitmap, i + 1, to)) walked.push(i);
        expect(walked).toEqual(expected);
        expect(countSurvivors(bitmap, from, to)).toBe(expected.length);
        expect(flags.every((flag, i) => survives(bitmap, i) === flag)).toBe(true);
      }),
    );
  });

  test('is fresh with all numbers and nothing behind them', () => {
    for (let count = 0; count < 40; count++) {
      expect(unpack(freshSurvivors(count), 8 * Math.ceil(count / 8)).reduce((sum, bit) => sum + bit, 0)).toBe(count);
    }
  });
});

describe('the depth', () => {
  test('is where the total of tests and sieve is least', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -4, max: 1, noNaN: true }),
        fc.double({ min: -8.5, max: -6, noNaN: true }),
        fc.integer({ min: 10, max: 20 }),
        (test, prime, log) => {
          const cost = { secondsPerTest: 10 ** test, secondsPerPrime: 10 ** prime, count: 2 ** log };
          const total = (depth: number): number =>
            cost.secondsPerTest * expectedSurvivors(cost.count, depth) + cost.secondsPerPrime * primesBetween(2, depth);
          const depth = bestDepth(cost);
          for (const other of [depth / 3, depth / 1.1, depth * 1.1, depth * 3]) {
            if (other >= 2 ** 16 && other <= 2 ** 31)
              expect(total(depth)).toBeLessThanOrEqual(total(other) * (1 + 1e-9));
          }
        },
      ),
    );
  });

  test('stays within its range, and refuses costs that are none', () => {
    expect(bestDepth({ secondsPerTest: 1e-9, secondsPerPrime: 1, count: 10 })).toBe(2 ** 16);
    expect(bestDepth({ secondsPerTest: 10, secondsPerPrime: 1e-8, count: 2 ** 20 })).toBe(2 ** 31);
    expect(() => bestDepth({ secondsPerTest: 0, secondsPerPrime: 1, count: 1 })).toThrow(RangeError);
  });

  test('from which survivors are prime is just above the root of the last number', () => {
    expect(completeDepth(121n, 1)).toBe(12);
    expect(completeDepth(119n, 1)).toBe(11);
    expect(completeDepth(117n, 3)).toBe(12);
    expect(completeDepth((2n ** 31n - 1n) ** 2n - 2n, 1)).toBe(2 ** 31 - 1);
    expect(completeDepth((2n ** 31n - 1n) ** 2n - 2n, 2)).toBe(2 ** 31);
    expect(completeDepth(10n ** 30n + 1n, 5)).toBe(Number.POSITIVE_INFINITY);
  });

  test('survivors and primes are as many as the formulas expect', () => {
    const survivors = freshSurvivors(2 ** 18);
    const task = { start: 10n ** 300n + 1n, count: 2 ** 18, from: 3, to: 2 ** 21 };
    for (const _ of sieveBlock(task, survivors));
    const expected = expectedSurvivors(task.count, task.to);
    expect(Math.abs(countSurvivors(survivors, 0, task.count) / expected - 1)).toBeLessThan(0.03);
    // π(2^31) = 105,097,565, π(2^20) = 82,025 (published)
    expect(Math.abs(primesBetween(2 ** 20, 2 ** 31) / (105_097_565 - 82_025) - 1)).toBeLessThan(1e-3);
    expect(measuredSecondsPerPrime({ from: 2 ** 20, to: 2 ** 31 }, 105.0155)).toBeCloseTo(1e-6, 8);
  });
});

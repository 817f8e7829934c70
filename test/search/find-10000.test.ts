/** A prime of 10,000 digits that the program found: its record says where it comes from, and it is what the record says. */

import { describe, expect, test } from 'vitest';
import { bitLength } from '../../main/kernel/field.ts';
import { blockCount, blockInterval } from '../../main/search/blocks.ts';
import { Kernels } from '../../main/search/kernel-names.ts';
import { averageCaseLog2ForDigits, roundsFor } from '../../main/search/primality/bounds.ts';
import { StrongPair } from '../../main/search/primality/strong.ts';
import { readTable } from '../data/read.ts';

const find = readTable('find-10000.json');
const n = BigInt(find.decimal);

describe('a find of 10,000 digits', () => {
  test('is where its seed, block and offset say, and of the size that was searched', () => {
    const { digits, seed } = find.spec;
    const size = { digits, count: blockCount(digits) };
    const { start, count } = blockInterval(size, Buffer.from(seed, 'hex'), find.block);
    expect(find.offset).toBeLessThan(count);
    expect(start + 2n * BigInt(find.offset) === n).toBe(true);
    expect([find.decimal.length, bitLength(n)]).toEqual([10_000, find.bits]);
  });

  test('states the errors of its rounds', () => {
    expect(find).toMatchObject({ verdict: 'probable prime', lucas: 'probable prime', rounds: find.spec.rounds });
    expect(roundsFor(find.spec.errorLog2)).toBe(find.rounds);
    expect(find.worstCaseLog2).toBe(-2 * find.rounds);
    expect(averageCaseLog2ForDigits(find.digits, find.rounds)).toBeCloseTo(find.averageCaseLog2, 6);
  });

  test('passes a strong test that the odd number after it fails', { timeout: 60_000 }, () => {
    const pair = new StrongPair(new Kernels(), [
      { n, base: 2n },
      { n: n + 2n, base: 2n },
    ]);
    while (!pair.done) pair.advance(pair.stepsLeft);
    expect(pair.verdicts()).toEqual([true, false]);
  });
});

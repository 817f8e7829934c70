import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bigintKernel } from '../../../main/kernel/bigint.ts';
import type { Kernel } from '../../../main/kernel/field.ts';
import { schoolbookKernel } from '../../../main/kernel/schoolbook/kernel.ts';
import { evaluateExpression } from '../../../main/search/expression/expression.ts';
import {
  LUCAS_REGISTERS,
  LucasFault,
  type LucasState,
  LucasTest,
  lucasParameter,
} from '../../../main/search/primality/lucas.ts';
import { isPrimeBelow64Bits } from '../../../main/search/primality/small.ts';
import { readTable } from '../../data/read.ts';

const kernel = bigintKernel();
/** It takes many steps in one call. */
const schoolbook = schoolbookKernel();
const begin = (n: bigint, state?: LucasState, on: Kernel = kernel) =>
  new LucasTest(on.open([n, n], LUCAS_REGISTERS), n, state);

function verdict(n: bigint, on: Kernel = kernel): string {
  const test = begin(n, undefined, on);
  while (!test.done) test.advance(10_000);
  return test.verdict();
}

function value(expression: string): bigint {
  const result = evaluateExpression(expression);
  if (!result.ok) throw new Error(result.problem);
  return result.value;
}

describe('the extra strong Lucas test', () => {
  it('calls no odd number below 200,000 wrongly but for the published pseudoprimes (OEIS A217719)', () => {
    const pseudoprimes: string[] = [];
    for (let n = 3n; n < 200_000n; n += 2n) {
      const prime = isPrimeBelow64Bits(n);
      const passes = verdict(n) === 'probable prime';
      if (prime && !passes) expect.fail(`the prime ${n} was called composite`);
      if (passes && !prime) pseudoprimes.push(String(n));
    }
    const published = ['989', '3239', '5777', '10877', '27971', '29681', '30739', '31631', '39059', '72389'];
    expect(pseudoprimes.slice(0, 10)).toEqual(published);
    expect(pseudoprimes).toEqual(readTable('lucas-pseudoprimes.json').extraStrong.filter((n) => Number(n) < 200_000));
  });

  it('passes exactly PARI’s extra strong Lucas pseudoprimes up to 10^6 among the hardest composites', () => {
    const { extraStrong, strong } = readTable('lucas-pseudoprimes.json');
    for (const n of extraStrong) expect(verdict(BigInt(n)), n).toBe('probable prime');
    for (const n of extraStrong) expect(verdict(BigInt(n), schoolbook), n).toBe('probable prime');
    const known = new Set(extraStrong);
    for (const n of strong.filter((m) => Number(m) < 1_000_000 && !known.has(m))) {
      expect(verdict(BigInt(n)), n).toBe('composite');
    }
  });

  it('rejects what strong tests let through: Carmichael numbers and strong pseudoprimes', () => {
    const carmichael = readTable('carmichael.json');
    const base2 = readTable('strong-pseudoprimes-base-2.json');
    const many = readTable('strong-pseudoprimes-many-bases.json').entries.map(({ n }) => n);
    const traps = [carmichael.below10To7, carmichael.chernick, base2.below10To7, base2.samplesBelow2To64, many].flat();
    for (const n of traps) expect(verdict(BigInt(n)), n).toBe('composite');
    for (const n of traps.slice(0, 500)) expect(verdict(BigInt(n), schoolbook), n).toBe('composite');
  });

  it('rejects squares, which have no parameters, and products of close primes', () => {
    const { squares, closePrimes } = readTable('few-factors.json');
    for (const n of squares) expect(lucasParameter(BigInt(n))).toEqual({ kind: 'composite', because: 'square' });
    for (const n of squares) expect(verdict(BigInt(n))).toBe('composite');
    for (const n of closePrimes) expect(verdict(BigInt(n))).toBe('composite');
  });

  it('passes published primes of up to 1,300 digits', () => {
    const primes = readTable('primes.json').entries.filter(({ digits }) => digits < 1300);
    for (const { expression } of primes) expect(verdict(value(expression)), expression).toBe('probable prime');
    for (const { expression } of primes)
      expect(verdict(value(expression), schoolbook), expression).toBe('probable prime');
  });

  it('gives the same verdict and the same residues however it is cut into slices and resumed', () => {
    const numbers = ['2^127-1', '3*2^41+1', '10^60+7', '5777', '10^40+1', '2^89-1', '15*2^200-1'];
    for (const n of numbers.map(value)) {
      const whole = begin(n);
      whole.advance(Number.POSITIVE_INFINITY);
      fc.assert(
        fc.property(fc.infiniteStream(fc.integer({ min: 1, max: 90 })), (slices) => {
          let test = begin(n);
          while (!test.done) {
            test.advance(slices.next().value as number);
            test = begin(n, test.state());
          }
          expect(test.verdict()).toBe(whole.verdict());
          expect(test.state()).toEqual(whole.state());
        }),
        { numRuns: 10 },
      );
    }
  });

  it('keeps V_k and V_(k+1) of the definition, k being the first bits of N + 1', () => {
    const n = value('10^30+57');
    const parameter = lucasParameter(n);
    if (parameter.kind !== 'parameter') throw new Error('expected a parameter');
    const test = begin(n);
    for (;;) {
      const { bit, v, vNext } = test.state();
      const k = Number((n + 1n) >> BigInt((n + 1n).toString(2).length - bit));
      if (k > 3000) break;
      expect([v, vNext]).toEqual(sequence(n, BigInt(parameter.p), k));
      test.advance(1);
    }
  });

  it('finds V = 0 in the middle of a slice', () => {
    // On N = 2^127 − 1 (P = 3, D = 5) 2^64 is a square root of 2: from V = 2^64 the next V is 0, and then −2, 2, 2, …
    const n = value('2^127-1');
    const v = 2n ** 64n;
    const discriminant = n - 10n;
    let root = 1n;
    for (const bit of ((n + 1n) / 4n).toString(2)) root = (((root * root) % n) * (bit === '1' ? discriminant : 1n)) % n;
    // V_(k+1) solves the sequence's quadratic equation for this V_k.
    const vNext = (((3n * v + root) % n) * ((n + 1n) / 2n)) % n;
    const test = begin(n, { bit: 10, v, vNext });
    test.advance(50);
    expect(test.done).toBe(true);
    expect(test.verdict()).toBe('probable prime');
    expect(test.state()).toMatchObject({ bit: 11, v: 0n });
  });

  it('refuses a damaged state and notices a fault of the arithmetic', () => {
    const n = value('2^521-1');
    const test = begin(n);
    test.advance(100);
    const state = test.state();
    expect(() => begin(n, { ...state, v: state.v ^ 1n })).toThrow(LucasFault);
    expect(() => begin(n, { ...state, vNext: n })).toThrow(LucasFault);
    expect(() => begin(n, { ...state, bit: 9999 })).toThrow(LucasFault);

    const m = value('10^60+7');
    const field = kernel.open([m, m], LUCAS_REGISTERS);
    const faulty = new LucasTest(field, m);
    faulty.advance(50);
    const [v, vNext] = field.read(0);
    field.write(0, [v + 1n, vNext]);
    expect(() => faulty.advance(10_000)).toThrow(LucasFault);
  });

  it('refuses a field of another number, and a verdict before the end', () => {
    expect(() => new LucasTest(kernel.open([101n, 103n], LUCAS_REGISTERS), 101n)).toThrow(RangeError);
    expect(() => new LucasTest(kernel.open([101n, 101n], 2), 101n)).toThrow(RangeError);
    expect(() => begin(value('2^127-1')).verdict()).toThrow(/steps left/);
  });
});

/** V_k and V_(k+1) mod n by V_(i+1) = P·V_i − V_(i−1), one after the other. */
function sequence(n: bigint, p: bigint, k: number): [bigint, bigint] {
  let [v, vNext] = [2n, p];
  for (let i = 0; i < k; i++) [v, vNext] = [vNext, (p * vNext - v + n) % n];
  return [v, vNext];
}

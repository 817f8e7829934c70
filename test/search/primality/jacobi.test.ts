import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jacobi } from '../../../main/search/primality/jacobi.ts';
import { integerSquareRoot, isPerfectSquare } from '../../../main/search/primality/square.ts';
import { readTable } from '../../data/read.ts';

const odd = (max: bigint) => fc.bigInt({ min: 0n, max }).map((n) => 2n * n + 1n);
const anySize = fc.integer({ min: 1, max: 3000 }).chain((bits) => fc.bigInt({ min: 0n, max: 1n << BigInt(bits) }));

describe('the Jacobi symbol', () => {
  it('is the product of Legendre symbols by Euler’s criterion, for all small odd n', () => {
    for (let n = 1; n < 400; n += 2) {
      for (let a = -30; a < 430; a++) expect(jacobi(BigInt(a), BigInt(n))).toBe(byFactors(a, n));
    }
  });

  it('is 1, -1 or 0 as Euler’s criterion says for a prime of 157 digits', () => {
    const p = 2n ** 521n - 1n;
    fc.assert(
      fc.property(fc.oneof(anySize, fc.bigInt({ min: -1000n, max: 1000n })), (a) => {
        let x = 1n;
        const reduced = ((a % p) + p) % p;
        for (const bit of ((p - 1n) / 2n).toString(2)) x = bit === '1' ? (((x * x) % p) * reduced) % p : (x * x) % p;
        expect(jacobi(a, p)).toBe(x === p - 1n ? -1 : Number(x));
      }),
      { numRuns: 30 },
    );
  });

  it('is multiplicative in both arguments', () => {
    fc.assert(
      fc.property(anySize, fc.bigInt(), odd(1n << 200n), odd(1n << 40n), (a, b, n, m) => {
        expect(jacobi(a * b, n)).toBe(jacobi(a, n) * jacobi(b, n) + 0);
        expect(jacobi(b, n * m)).toBe(jacobi(b, n) * jacobi(b, m) + 0);
      }),
    );
  });

  it('has no value for an even or negative lower argument', () => {
    for (const n of [0n, 2n, -3n]) expect(() => jacobi(1n, n)).toThrow(RangeError);
  });
});

describe('the integer square root', () => {
  it('is r with r² ≤ n < (r + 1)², for every size', () => {
    fc.assert(
      fc.property(anySize, (n) => {
        const r = integerSquareRoot(n);
        expect(r * r <= n && n < (r + 1n) * (r + 1n)).toBe(true);
      }),
    );
    for (let n = 0; n < 5000; n++) expect(integerSquareRoot(BigInt(n))).toBe(BigInt(Math.floor(Math.sqrt(n))));
  });

  it('tells squares from their neighbours', () => {
    fc.assert(
      fc.property(anySize, (r) => {
        expect(isPerfectSquare(r * r)).toBe(true);
        expect(isPerfectSquare(r * r + 1n)).toBe(r === 0n);
        expect(isPerfectSquare(r * r - 1n)).toBe(r === 1n);
        expect(isPerfectSquare(r * r + 2n * r)).toBe(r === 0n);
      }),
    );
    expect(isPerfectSquare(-4n)).toBe(false);
    for (const square of readTable('few-factors.json').squares) expect(isPerfectSquare(BigInt(square))).toBe(true);
    for (const n of readTable('few-factors.json').closePrimes) expect(isPerfectSquare(BigInt(n))).toBe(false);
  });
});

/** (a | n) from the definition: over the prime factors of n, whether a is a square modulo each. */
function byFactors(a: number, n: number): number {
  let symbol = 1;
  let rest = n;
  for (let p = 3; rest > 1; p += 2) {
    while (rest % p === 0) {
      rest /= p;
      const residue = ((a % p) + p) % p;
      let square = false;
      for (let x = 1; x < p; x++) if ((x * x) % p === residue) square = true;
      symbol *= residue === 0 ? 0 : square ? 1 : -1;
    }
  }
  return symbol + 0;
}

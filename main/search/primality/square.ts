/**
 * Integer square roots and perfect squares. A Lucas test has no parameters for a square, so squares are
 * found first; three residues reject 99 % of the others without a root (Cohen, 1.7.3).
 */

import { bitLength } from '../../kernel/field.ts';

const FILTERS: readonly { readonly modulus: number; readonly squares: ReadonlySet<number> }[] = [64, 63, 65, 11].map(
  (modulus) => ({ modulus, squares: new Set(Array.from({ length: modulus }, (_, x) => (x * x) % modulus)) }),
);
/** One division of the long number serves the three odd moduli. */
const ODD_PRODUCT = 63n * 65n * 11n;

/**
 * The largest r with r² ≤ n.
 *
 * Newton's method with the precision doubled at each step, so that the last division costs half of the whole
 * (the algorithm and its proof: Mark Dickinson, in the source of CPython's math.isqrt).
 * @throws RangeError for a negative number
 */
export function integerSquareRoot(n: bigint): bigint {
  if (n < 0n) throw new RangeError('expected a number of 0 or more to take the square root of');
  if (n === 0n) return 0n;
  const halfLength = (bitLength(n) - 1) >> 1;
  let root = 1n;
  let known = 0;
  for (let shift = 31 - Math.clz32(halfLength); shift >= 0; shift--) {
    const before = known;
    known = halfLength >> shift;
    root = (root << BigInt(known - before - 1)) + (n >> BigInt(2 * halfLength - before - known + 1)) / root;
  }
  return root * root > n ? root - 1n : root;
}

export function isPerfectSquare(n: bigint): boolean {
  if (n < 0n) return false;
  const residue = Number(n % ODD_PRODUCT);
  for (const { modulus, squares } of FILTERS) {
    if (!squares.has(modulus === 64 ? Number(n & 63n) : residue % modulus)) return false;
  }
  return integerSquareRoot(n) ** 2n === n;
}

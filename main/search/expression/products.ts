/**
 * Factorials, primorials and the sizes of numbers before they are computed. Products are taken as a balanced
 * tree, so that the multiplications are of long numbers by long numbers: 205,000! (a million digits) takes
 * about half a second, one factor after the other takes minutes.
 */

import { bitLength } from '../../kernel/field.ts';

/** log10 |value|, −Infinity for 0; right to about 12 digits. */
export function log10Of(value: bigint): number {
  const magnitude = value < 0n ? -value : value;
  const excess = bitLength(magnitude) - 1000;
  if (excess <= 0) return Math.log10(Number(magnitude));
  return Math.log10(Number(magnitude >> BigInt(excess))) + excess * Math.log10(2);
}

/** log10(n!) by Stirling's series, right to 10^-3 for every n. */
export function log10OfFactorial(n: number): number {
  if (n < 2) return 0;
  return (n * (Math.log(n) - 1) + Math.log(2 * Math.PI * n) / 2 + 1 / (12 * n)) / Math.LN10;
}

/** log10(n#) from above: the sum of ln p over primes p ≤ n is below 1.01624·n (Rosser, Schoenfeld 1962). */
export function log10OfPrimorialBound(n: number): number {
  return (1.01624 * n) / Math.LN10;
}

export function factorial(n: number): bigint {
  return product(Array.from({ length: Math.max(0, n - 1) }, (_, i) => i + 2));
}

/** The product of the primes up to n. */
export function primorial(n: number): bigint {
  return product(primesUpTo(n));
}

/** Sieve of Eratosthenes, n + 1 bytes. */
function primesUpTo(n: number): number[] {
  const crossed = new Uint8Array(n + 1);
  const primes: number[] = [];
  for (let candidate = 2; candidate <= n; candidate++) {
    if (crossed[candidate] === 1) continue;
    primes.push(candidate);
    for (let multiple = candidate * candidate; multiple <= n; multiple += candidate) crossed[multiple] = 1;
  }
  return primes;
}

function product(factors: readonly number[]): bigint {
  const multiply = (from: number, to: number): bigint => {
    if (to - from <= 16) {
      let result = 1n;
      for (let i = from; i < to; i++) result *= BigInt(factors[i] as number);
      return result;
    }
    const middle = (from + to) >> 1;
    return multiply(from, middle) * multiply(middle, to);
  };
  return multiply(0, factors.length);
}

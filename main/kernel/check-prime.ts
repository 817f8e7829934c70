/**
 * Check primes: a power modulo N·p with a small prime p tells, by its residue modulo p, whether it was computed right
 * (Shamir, Eurocrypt 1997 rump session, against faults in RSA). An error e that enters a residue x stays in it to the
 * end: squaring is injective on the squares modulo p, and all residues are squares up to sign where p ≡ 3 mod 4. So it
 * escapes only if x + e ≡ ±x, with probability 2/p; a flipped bit, ±2^k, does so with probability 1/p at most.
 *
 * The primes are safe, p = 2q + 1 with q prime, and 7 mod 8: then 2 has order q, which is odd, hence p never divides a
 * ring's 2^k + 1, nor does any flipped bit of an exponent, ±2^k, leave a power of 2 as it was.
 */

/** The largest safe prime that is 7 mod 8 below 2^k, at index k; 1 where there is none that is worth it. */
const CHECK_PRIMES: readonly number[] = [
  1, 1, 1, 1, 1, 1, 1, 1, 167, 503, 983, 2039, 4079, 8039, 16223, 32183, 65063, 130367, 262127, 521999, 1048343,
  2097143, 4194287, 8388287, 16774679, 33553799, 67107983,
];

/** Products of two residues stay below 2^53. */
export const LARGEST_CHECK_BITS = CHECK_PRIMES.length - 1;
/** Below this an error in a hundred would escape. */
export const SMALLEST_CHECK_BITS = 8;

/** The check prime of at most so many bits; 1, which checks nothing, below `SMALLEST_CHECK_BITS`. */
export function checkPrime(bits: number): number {
  return CHECK_PRIMES[Math.max(0, Math.min(LARGEST_CHECK_BITS, Math.floor(bits)))] as number;
}

/** a·b mod p for 0 ≤ a, b < p < 2^26: exact, and a fifth of the time of the remainder of doubles. */
function multiplyModulo(a: number, b: number, p: number, inverse: number): number {
  const product = a * b;
  const rest = product - Math.floor(product * inverse) * p;
  return rest < 0 ? rest + p : rest >= p ? rest - p : rest;
}

/** base^exponent mod p for integers 0 ≤ base < p < 2^26 and 0 ≤ exponent < 2^31. */
export function powerModulo(base: number, exponent: number, p: number): number {
  const inverse = 1 / p;
  let result = 1 % p;
  // Exponents are below p or so: 32-bit integers.
  for (let square = base, left = exponent | 0; left > 0; left >>= 1) {
    if ((left & 1) === 1) result = multiplyModulo(result, square, p, inverse);
    square = multiplyModulo(square, square, p, inverse);
  }
  return result;
}

/** base^exponent mod p of integers of any size, by Fermat's little theorem. p is prime or 1. */
export function residueOfPower(base: bigint, exponent: bigint, p: number): number {
  if (p === 1) return 0;
  const reduced = base === 2n ? 2 : (Number(base % BigInt(p)) + p) % p;
  if (reduced === 0) return exponent === 0n ? 1 : 0;
  return powerModulo(reduced, Number(exponent % BigInt(p - 1)), p);
}

/**
 * The number in 0..n·p − 1 that is `residue` modulo n and `check` modulo p. Where p divides n the residue says both
 * already, and is returned.
 */
export function liftResidue(residue: bigint, n: bigint, check: number, p: number): bigint {
  if (p === 1) return residue;
  const prime = BigInt(p);
  const reduced = Number(n % prime);
  if (reduced === 0) return residue;
  const missing = check - Number(residue % prime);
  const inverse = powerModulo(reduced, p - 2, p);
  return residue + n * BigInt((((missing + p) % p) * inverse) % p);
}

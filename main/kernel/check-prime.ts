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

/** base^exponent mod p for integers 0 ≤ base < p < 2^26 and exponent ≥ 0. */
export function powerModulo(base: number, exponent: number, p: number): number {
  let result = 1 % p;
  for (let square = base, left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = (result * square) % p;
    square = (square * square) % p;
  }
  return result;
}

/** base^exponent mod p of integers of any size, by Fermat's little theorem. p is prime or 1. */
export function residueOfPower(base: bigint, exponent: bigint, p: number): number {
  if (p === 1) return 0;
  const reduced = Number(base % BigInt(p));
  if (reduced === 0) return exponent === 0n ? 1 : 0;
  return powerModulo(reduced, Number(exponent % BigInt(p - 1)), p);
}

/**
 * The number in 0..n·p − 1 that is `residue` modulo n and `check` modulo p.
 * @param n not a multiple of p
 */
export function liftResidue(residue: bigint, n: bigint, check: number, p: number): bigint {
  if (p === 1) return residue;
  const prime = BigInt(p);
  const missing = check - Number(residue % prime);
  const inverse = powerModulo(Number(n % prime), p - 2, p);
  return residue + n * BigInt((((missing + p) % p) * inverse) % p);
}

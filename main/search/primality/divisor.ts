/**
 * Small divisors of one number, for `nice19 test`: the number is reduced once modulo a product of many primes,
 * then the remainder modulo each. A proper divisor is the plainest witness that a number is composite.
 */

const LIMIT = 1 << 16;

let primes: readonly number[] | undefined;

function smallPrimes(): readonly number[] {
  if (primes === undefined) {
    const composite = new Uint8Array(LIMIT);
    const found: number[] = [];
    for (let p = 2; p < LIMIT; p++) {
      if (composite[p] === 1) continue;
      found.push(p);
      for (let multiple = p * p; multiple < LIMIT; multiple += p) composite[multiple] = 1;
    }
    primes = found;
  }
  return primes;
}

/** Primes multiplied into one modulus: about 1,000 bits. */
const GROUP = 64;

/** The least prime divisor of n below 2^16 and below n itself, or null. @param n above 1 */
export function smallDivisor(n: bigint): number | null {
  const all = smallPrimes();
  for (let from = 0; from < all.length; from += GROUP) {
    const group = all.slice(from, from + GROUP);
    const rest = n % group.reduce((product, p) => product * BigInt(p), 1n);
    for (const p of group) {
      if (BigInt(p) >= n) return null;
      if (rest % BigInt(p) === 0n) return p;
    }
  }
  return null;
}

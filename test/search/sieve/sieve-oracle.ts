/** Sieving a block by BigInt remainders: slow, plain, and with nothing in common with the sieve. */

/** The odd primes from `from` to below `to`, by trial division with the odd numbers up to the root. */
export function oddPrimes(from: number, to: number): number[] {
  const low = Math.max(from, 3) | 1;
  const composite = new Uint8Array(Math.max(0, Math.ceil((to - low) / 2)));
  for (let d = 3; d * d < to; d += 2) {
    let multiple = Math.max(d * d, Math.ceil(low / d) * d);
    if (multiple % 2 === 0) multiple += d;
    for (let i = (multiple - low) / 2; i < composite.length; i += d) composite[i] = 1;
  }
  const primes: number[] = [];
  for (const [i, struck] of composite.entries()) if (struck === 0) primes.push(low + 2 * i);
  return primes;
}

/** Bytewise: 1 where start + 2i has no proper factor among the primes. */
export function sieveSlowly(start: bigint, count: number, primes: readonly number[]): Uint8Array {
  const stays = new Uint8Array(count).fill(1);
  for (const p of primes) {
    const rest = Number(start % BigInt(p));
    // The distance to the next multiple, made even by adding p when it is odd.
    const distance = rest === 0 ? 0 : p - rest;
    for (let i = (distance % 2 === 0 ? distance : distance + p) / 2; i < count; i += p) {
      if (start + 2n * BigInt(i) !== BigInt(p)) stays[i] = 0;
    }
  }
  return stays;
}

export function unpack(bitmap: Uint8Array, count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, i) => ((bitmap[i >> 3] as number) >> (i & 7)) & 1);
}

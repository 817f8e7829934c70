/** The primes that a search has to find, by OpenSSL's word on one odd number of its blocks after the other. */

import { checkPrimeSync } from 'node:crypto';
import type { SearchSpec } from '../../main/contract/search-spec.ts';
import { blockCount, blockInterval } from '../../main/search/blocks.ts';

/** The first primes of a search, as decimals, from an offset of a block on. */
export function firstPrimes(spec: SearchSpec, wanted: number, from = { block: 0, index: 0 }): string[] {
  const size = { digits: spec.digits, count: blockCount(spec.digits) };
  const primes: string[] = [];
  for (let { block, index } = from; primes.length < wanted; block++, index = 0) {
    const { start, count } = blockInterval(size, Buffer.from(spec.seed, 'hex'), block);
    for (let i = index; i < count && primes.length < wanted; i++) {
      const n = start + 2n * BigInt(i);
      if (checkPrimeSync(n)) primes.push(n.toString());
    }
  }
  return primes;
}

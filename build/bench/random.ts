/** Random numbers of a size, the same for every program, from a seed that the benchmark prints. */

import { prfInteger } from '../../main/search/prf.ts';

/** Numbers of exactly so many digits, uniform. */
export class RandomNumbers {
  private readonly seed: Uint8Array;
  private drawn = 0n;

  constructor(seedHex: string) {
    this.seed = Buffer.from(seedHex, 'hex');
  }

  odd(digits: number): bigint {
    const low = 10n ** BigInt(digits - 1);
    return low + (prfInteger(this.seed, 'paired bench', this.drawn++, 9n * low) | 1n);
  }
}

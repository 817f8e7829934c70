/**
 * The second opinion on every number that the sieve takes out. What struck a number is a pair (index, divisor);
 * the number goes only when the language's own integers find that the divisor divides it and is smaller. So an
 * error anywhere in the sieve (a residue, a word of the start, an index, a list, a prime that is none) can leave
 * a composite in, which is then tested, and cannot take a prime out.
 *
 * One remainder of the start by BigInt serves all the numbers that one prime struck in a row.
 */

/** What a remainder by BigInt costs, in the unit of `sieve.ts`: words of a residue, 0.25 ns each. */
const WORK_A_REMAINDER = 300;
const WORK_A_BYTE = 4;
const WORK_A_PAIR = 20;

export class Certificates {
  private readonly start: bigint;
  /** The start where a divisor might be as large as a number of the block, else infinite. */
  private readonly smallStart: number;
  private readonly count: number;
  private readonly survivors: Uint8Array;
  private readonly workARemainder: number;
  private divisor = 0;
  /** Of the start, by the divisor. */
  private remainder = 0;

  /** @param survivors the bitmap that loses what is verified */
  constructor(start: bigint, count: number, survivors: Uint8Array) {
    this.start = start;
    this.smallStart = start < 2n ** 32n ? Number(start) : Number.POSITIVE_INFINITY;
    this.count = count;
    this.survivors = survivors;
    this.workARemainder = WORK_A_REMAINDER + WORK_A_BYTE * Math.ceil(start.toString(16).length / 2);
  }

  /**
   * Takes out the numbers of true pairs, up to the first false one.
   * @param pairs index, divisor, index, divisor, …
   * @returns the work done; null when a pair is false, or its number was out already
   */
  apply(pairs: Int32Array): number | null {
    const { count, survivors } = this;
    let work = 0;
    for (let k = 0; k + 1 < pairs.length; k += 2) {
      const index = pairs[k] as number;
      const divisor = pairs[k + 1] as number;
      if (index < 0 || index >= count || divisor < 3) return null;
      if (divisor !== this.divisor) {
        this.remainder = Number(this.start % BigInt(divisor));
        this.divisor = divisor;
        work += this.workARemainder;
      }
      // Below 2^31 + 2^25. `>>> 0` keeps it an unsigned integer, whose remainder takes half the time of a double's.
      if (((this.remainder + 2 * index) >>> 0) % divisor !== 0 || this.smallStart + 2 * index <= divisor) return null;
      const bit = 1 << (index & 7);
      const byte = survivors[index >> 3] as number;
      if ((byte & bit) === 0) return null;
      survivors[index >> 3] = byte ^ bit;
      work += WORK_A_PAIR;
    }
    return work;
  }
}

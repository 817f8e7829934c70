/**
 * Which transform serves a modulus: n words of b bits. The smallest n, a power of two times one of a few odd numbers, whose
 * largest word with a tolerable rounding error gives n·b ≥ bits + 6, then the smallest b; time grows with n, and hardly
 * with anything else. docs/fft-kernel.md has the bounds, their derivation and the measurements.
 */

/**
 * Odd parts of a length, the steps of the trees that they are (the last ones, the leaves at the end), and the
 * shortest length that is faster than the next without it, as measured. 15 and 45 are at none.
 */
const ODD_PARTS: ReadonlyMap<number, { readonly steps: readonly number[]; readonly shortest: number }> = new Map([
  [1, { steps: [], shortest: 32 }],
  [3, { steps: [3], shortest: 48 }],
  [5, { steps: [5], shortest: 40 }],
  [9, { steps: [3, 3], shortest: 144 }],
  [25, { steps: [5, 5], shortest: 200 }],
  [27, { steps: [3, 3, 3], shortest: 864 }],
]);

export interface Transform {
  /** Words of a number; the transforms have n/2 complex points. */
  readonly n: number;
  /** Bits b of a word: balanced words lie in [−2^(b−1), 2^(b−1)]. */
  readonly wordBits: number;
  /** The odd part of n. */
  readonly odd: number;
}

/** A step whose coefficients lie further from an integer than this is not believed. */
export const ERROR_LIMIT = 0.3;

/**
 * Bits by which R exceeds N at least. A register holds at most `REGISTER_LIMIT`·N, so a product is below
 * (1 + 2·8²/64)·N = 3N, with the doubling 6N; the balanced words hold 2^6·N/2 = 32N.
 */
export const SLACK_BITS = 6;
/** Largest register allowed as a factor, in units of N. */
export const REGISTER_LIMIT = 8;

const SMALLEST_WORD_BITS = 5;
/** Longest transform chosen at first; what follows after a retry may be twice as long. */
const LARGEST_CHOSEN = 32768;
const LARGEST_LENGTH = 2 * LARGEST_CHOSEN;
/** Words go in and out by 32-bit shifts with up to 7 bits pending (words.ts). */
const LARGEST_WORD_BITS = 24;

/**
 * The largest error typical of random numbers over a whole power, as fitted to measurements (see
 * docs/fft-kernel.md): it grows with the size of a coefficient, √n·2^(2b), and a little with the number of levels.
 */
export function typicalError(n: number, wordBits: number): number {
  // Each odd step after the first adds a fifth.
  const more = Math.max(0, (ODD_PARTS.get(oddPart(n))?.steps.length ?? 0) - 1);
  return 1.2 ** more * (1.4 + 0.135 * Math.log2(n)) * Math.sqrt(n) * 2 ** (2 * wordBits - 53);
}

/** What the typical error may be when b is chosen: below the limit, so that retries are rare. */
const TYPICAL_LIMIT = 0.26;

/** The largest word of a length for random numbers. */
export function largestWordBits(n: number): number {
  let bits = SMALLEST_WORD_BITS;
  while (bits < LARGEST_WORD_BITS && typicalError(n, bits + 1) <= TYPICAL_LIMIT) bits++;
  return bits;
}

/** Every coefficient of x² + m·N is at most this: 2n products of two words. */
export function largestCoefficient({ n, wordBits }: Transform): number {
  return 2 * n * (2 ** (wordBits - 1) + 1) ** 2;
}

/** Whether some number could have coefficients of nearly 2^51, where rounding by addition ends (`rounderFor` in layout.ts). */
export function coefficientsMayOverflow(transform: Transform): boolean {
  return largestCoefficient(transform) >= 2 ** 51 - 2 ** (51 - transform.wordBits);
}

/**
 * A bound on the rounding error of any numbers whatever: ‖x‖·‖y‖·((1+ε)^3k·(1+√5·ε)^(3k+1)·(1+β)^3k − 1) for
 * k levels of radix 2, roots within β, ε = 2^-53 (Percival, Math. Comp. 72 (2003), theorem 5.1; Brent,
 * Percival and Zimmermann, Math. Comp. 76 (2007)). The two products of x² + m·N add; the odd radices and the
 * last scaling by 2/n count as three levels more.
 */
export function provenError(transform: Transform): number {
  const unit = 2 ** -53;
  const levels = Math.ceil(Math.log2(transform.n)) + 1 + 2 * Math.max(1, oddRadices(transform).length);
  const rootError = Math.SQRT2 * 2 * unit;
  const growth = 3 * levels * Math.log1p(unit) + (3 * levels + 1) * Math.log1p(Math.sqrt(5) * unit);
  return largestCoefficient(transform) * Math.expm1(growth + 3 * levels * Math.log1p(rootError));
}

/** Whether no numbers at all can go wrong in this transform. */
export function isProven(transform: Transform): boolean {
  return !coefficientsMayOverflow(transform) && provenError(transform) < ERROR_LIMIT;
}

/** The odd steps of the transform's trees, the last ones. */
export const oddRadices = ({ odd }: Transform): readonly number[] => ODD_PARTS.get(odd)?.steps ?? [];

/** Points of the smallest node that steps of the tree end at; four times as many words end the cyclic recursion. */
export const baseLength = ({ odd }: Transform): number => (odd === 1 ? 4 : odd);

export const sameTransform = (a: Transform, b: Transform): boolean => a.n === b.n && a.wordBits === b.wordBits;

export function transformOf(n: number, wordBits: number): Transform {
  const odd = oddPart(n);
  if (!LENGTHS.includes(n)) {
    throw new RangeError(`expected one of the lengths from ${LENGTHS[0]} to ${LARGEST_LENGTH}, got ${n}`);
  }
  if (!(wordBits >= SMALLEST_WORD_BITS && wordBits <= LARGEST_WORD_BITS)) {
    throw new RangeError(`expected words of ${SMALLEST_WORD_BITS} to ${LARGEST_WORD_BITS} bits, got ${wordBits}`);
  }
  return { n, wordBits, odd };
}

function oddPart(n: number): number {
  let odd = n;
  while (odd > 1 && odd % 2 === 0) odd /= 2;
  return odd;
}

/** All lengths, ascending. */
const LENGTHS: readonly number[] = [...ODD_PARTS]
  .flatMap(([odd, { shortest }]) => Array.from({ length: 17 }, (_, k) => odd * 2 ** k).filter((n) => n >= shortest))
  .filter((n) => n <= LARGEST_LENGTH)
  .sort((a, b) => a - b);

/** The transforms that serve a modulus of this size, best first, with words of at most so many bits. */
export function* transformsFor(bits: number, mostWordBits = Number.POSITIVE_INFINITY): Generator<Transform, undefined> {
  for (const n of LENGTHS) {
    const most = Math.min(mostWordBits, largestWordBits(n));
    for (
      let wordBits = Math.max(SMALLEST_WORD_BITS, Math.ceil((bits + SLACK_BITS) / n));
      wordBits <= most;
      wordBits++
    ) {
      yield transformOf(n, wordBits);
    }
  }
}

/** The longest modulus that a transform of this length serves, with the largest words: time hardly depends on them. */
export const mostBits = ({ n }: Transform): number => n * largestWordBits(n) - SLACK_BITS;

/** The best transform for a modulus of this size, or undefined above `MAXIMUM_BITS`. */
export function chooseTransform(bits: number): Transform | undefined {
  return transformsFor(bits).next().value;
}

/** Every modulus up to this size has a proven transform too, so that retries end. */
export const MAXIMUM_BITS = LARGEST_CHOSEN * largestWordBits(LARGEST_CHOSEN) - SLACK_BITS;

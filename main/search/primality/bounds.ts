/**
 * How sure a verdict is, as base-2 logarithms of probabilities.
 *
 * Two different statements, never mixed. The worst case (Rabin 1980; Monier 1980) is the chance that a given odd
 * composite passes; it needs random bases only, and is right for a number that somebody chose. The average case
 * is the chance that a number that passed is composite after all, over candidates drawn at random; it is far
 * smaller, and says nothing of a number that somebody chose. docs/bounds.md has the assumptions and the proofs.
 */

/** An odd composite passes `rounds` rounds with random bases with probability at most 4^-rounds (Rabin 1980). */
export function worstCaseLog2(rounds: number): number {
  requireRounds(rounds);
  return -2 * rounds;
}

/** Fewest rounds whose worst case is at most 2^errorLog2. */
export function roundsFor(errorLog2: number): number {
  if (!(errorLog2 < 0)) throw new RangeError(`expected the logarithm of an error below 1, got ${errorLog2}`);
  return Math.ceil(-errorLog2 / 2);
}

/**
 * Bound on p(k,t): the chance that a uniformly random odd number of `bits` bits that passed `rounds` rounds with
 * random bases is composite. The least of three: 4^-t (Burthe, Math. Comp. 65, 1996), k²·4^(2−√k) (Damgård,
 * Landrock, Pomerance, Math. Comp. 61, 1993; for one round, and more rounds only lower p), and the sum of
 * FIPS 186-5, appendix C.1, from the same paper.
 * @param bits 2 or more
 * @param rounds 1 or more
 */
export function averageCaseLog2(bits: number, rounds: number): number {
  if (!Number.isSafeInteger(bits) || bits < 2) throw new RangeError(`expected 2 bits or more, got ${bits}`);
  requireRounds(rounds);
  const burthe = -2 * rounds;
  const oneRound = 2 * Math.log2(bits) + 4 - 2 * Math.sqrt(bits);
  return Math.min(burthe, oneRound, fipsLog2(bits, rounds));
}

/**
 * The same for what a search finds: candidates uniform over the odd numbers of `digits` decimal digits.
 *
 * With k over the binades (lengths in bits) that [10^(d−1), 10^d) touches, π_k primes of k bits and p_k the bound
 * above, composites pass with total weight at most Σ π_k·p_k/(1 − p_k), against π primes of d digits. So the
 * chance is at most max p_k/(1 − max p_k) · Σ π_k / π: up to 1.11 bits more than p_k at the fewest bits.
 * @param digits 2 or more; below 20 the program decides with certainty and the answer is −Infinity
 */
export function averageCaseLog2ForDigits(digits: number, rounds: number): number {
  if (!Number.isSafeInteger(digits) || digits < 2) throw new RangeError(`expected 2 digits or more, got ${digits}`);
  requireRounds(rounds);
  if (digits < DIGITS_NOT_CERTAIN) return Number.NEGATIVE_INFINITY;
  const fewest = Math.floor((digits - 1) * LOG2_10) + 1;
  const most = Math.floor(digits * LOG2_10) + 1;
  let worst = Number.NEGATIVE_INFINITY;
  for (let bits = fewest; bits <= most; bits++) worst = Math.max(worst, averageCaseLog2(bits, rounds));
  return worst - Math.log1p(-(2 ** worst)) / Math.LN2 + binadeCorrectionLog2(digits, fewest, most);
}

const LOG2_10 = Math.log2(10);

/** 10^19 is the first power of ten whose digits reach beyond 2^64. */
const DIGITS_NOT_CERTAIN = 20;

/** FIPS 186-5 C.1 bounds the primes of k bits from below by 0.71867·2^k/k; used only where that is long true. */
const FIPS_MINIMUM_BITS = 64;

/**
 * 2.00743·ln 2·k·2^-k·[2^(k−2−Mt) + (8(π²−6)/3)·2^(k−2)·Σ_{m=3..M} 2^(m−(m−1)t)·Σ_{j=2..m} 2^-(j+(k−1)/j)],
 * least over 3 ≤ M ≤ 2√(k−1) − 1. Both sums are carried on from one M to the next, so it takes O(√k).
 */
function fipsLog2(bits: number, rounds: number): number {
  if (bits < FIPS_MINIMUM_BITS) return Number.POSITIVE_INFINITY;
  const factor = Math.log2(2.00743 * Math.LN2 * bits) - 2;
  const weight = Math.log2((8 * (Math.PI ** 2 - 6)) / 3);
  const last = Math.floor(2 * Math.sqrt(bits - 1) - 1);
  let inner = -(2 + (bits - 1) / 2);
  let sum = Number.NEGATIVE_INFINITY;
  let least = Number.POSITIVE_INFINITY;
  for (let m = 3; m <= last; m++) {
    inner = addLog2(inner, -(m + (bits - 1) / m));
    sum = addLog2(sum, m - (m - 1) * rounds + inner);
    least = Math.min(least, addLog2(-m * rounds, weight + sum));
  }
  return factor + least;
}

/** log2(2^x + 2^y) without leaving the logarithms. */
function addLog2(x: number, y: number): number {
  const high = Math.max(x, y);
  const low = Math.min(x, y);
  return low === Number.NEGATIVE_INFINITY ? high : high + Math.log1p(2 ** (low - high)) / Math.LN2;
}

/**
 * log2 of (primes in the binades fewest … most) / (primes of `digits` digits), from above, by
 * x/ln x·(1 + 1/ln x + 1.8/ln² x) ≤ π(x) for x ≥ 32,299 and π(x) ≤ x/ln x·(1 + 1/ln x + 2.51/ln² x) for
 * x ≥ 355,991 (Dusart, Math. Comp. 68, 1999).
 */
function binadeCorrectionLog2(digits: number, fewest: number, most: number): number {
  const unit = (digits - 1) * Math.LN10;
  const primes = (logarithm: number, third: number): number =>
    (Math.exp(logarithm - unit) / logarithm) * (1 + 1 / logarithm + third / logarithm ** 2);
  const above = primes(most * Math.LN2, 2.51) - primes((fewest - 1) * Math.LN2, 1.8);
  const below = primes(digits * Math.LN10, 1.8) - primes(unit, 2.51);
  return Math.log2(above / below);
}

function requireRounds(rounds: number): void {
  if (!Number.isSafeInteger(rounds) || rounds < 1) throw new RangeError(`expected 1 round or more, got ${rounds}`);
}

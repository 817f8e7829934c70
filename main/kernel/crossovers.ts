/**
 * Where the schoolbook kernel and the FFT kernel cross on this computer, by measuring. The schoolbook kernel grows with
 * the square of the size, the FFT kernel in steps, one for each length of its transform: so they may change places more
 * than once. Any kernel gives the same residues; a wrong crossover costs some percent of the time, and nothing else.
 */

import { bitLength, type Kernel, KernelRefusal, type Lanes } from './field.ts';
import { BASE_TWO_REGISTERS } from './power.ts';
import { toTheEnd } from './steps.ts';

/** Sizes in bits at which the faster kernel changes, ascending: schoolbook below the first, then FFT, and so on. */
export type Crossovers = readonly number[];

/** Where nothing was measured: from docs/kernels.md. */
export const USUAL_CROSSOVERS: Crossovers = [2450];

/** Sizes between these, in bits, are looked at: 300 to 900 digits. Outside, one of the kernels wins on every CPU that was seen. */
const LOWEST = 1000;
const HIGHEST = 3000;
/** More than the prime that a power is checked modulo has. */
const CHECK_BITS = 64;
/** The curve of the schoolbook kernel is measured at this many sizes, and drawn through them. */
const SCHOOLBOOK_POINTS = 3;
/** The other kernel must be faster by so much, to be changed to. */
const WORTH = 0.02;

/**
 * Squarings between two looks at the clock: a fraction of a millisecond. On a computer that is busy with other things a
 * thread of the lowest priority is interrupted every few of them: the fastest of many short pieces was not.
 */
const PIECE = 128;
/** Pieces are timed for so long at least, for the engine's optimised code to come, and until so many were no faster. */
const LEAST_SECONDS = 0.02;
const SETTLED = 32;
/** One is faster if it is so by more than this. */
const FASTER = 0.99;
/** On a clock that stands still. */
const MOST_PIECES = 4096;
/** A search announces the moduli of a unit together, and inversions are shared between them. */
const SET_UPS = 8;
const PAIRS = 8;

/** Seconds that only grow. */
type Clock = () => number;

interface Measured {
  readonly bits: number;
  /** For a squaring of a test, its share of set-up and reading included. */
  readonly seconds: number;
}

/** Whether the kernel of numbers of so many bits depends on what is measured; a power modulo them takes some bits more. */
export const crossoversMatter = (bits: number): boolean => bits >= LOWEST - CHECK_BITS && bits <= HIGHEST;

/** Whether these could have been measured: above the last one the FFT kernel serves. */
export function areCrossovers(sizes: Crossovers): boolean {
  const inRange = sizes.every((size) => Number.isInteger(size) && size >= LOWEST && size <= HIGHEST + 1);
  return inRange && sizes.length % 2 === 1 && sizes.every((size, k) => k === 0 || size > (sizes[k - 1] as number));
}

/** The kernel that serves a size, and the sizes around it that it serves, in bits: from `from` to below `to`. */
export function servedBetween(
  bits: number,
  crossovers: Crossovers,
): { readonly kernel: 'schoolbook' | 'fft'; readonly from: number; readonly to: number } {
  const above = crossovers.findIndex((size) => size > bits);
  const k = above === -1 ? crossovers.length : above;
  return {
    kernel: k % 2 === 0 ? 'schoolbook' : 'fft',
    from: crossovers[k - 1] ?? 0,
    to: crossovers[k] ?? Number.POSITIVE_INFINITY,
  };
}

/** The two kernels, on a CPU where both are right. */
export interface FastKernels {
  get(name: 'schoolbook' | 'fft'): Kernel;
}

/**
 * Measures what pairs of base-2 tests cost, set-up included, at the end of every step of the FFT kernel and at some sizes
 * of the schoolbook kernel: about half a second of CPU time. Yields every fraction of a millisecond, but for the making of a
 * module, which takes up to 50.
 * @param kernels their fields end
 */
export function* measureCrossovers(kernels: FastKernels, clock: Clock): Generator<void, Crossovers> {
  const fft = kernels.get('fft');
  const schoolbook = kernels.get('schoolbook');
  const steps: Measured[] = [];
  for (const bits of stepEnds(fft)) steps.push({ bits, seconds: yield* secondsPerSquaring(fft, bits, clock) });
  const ends = stepEnds(schoolbook);
  const points: Measured[] = [];
  for (let k = 0; k < SCHOOLBOOK_POINTS; k++) {
    const bits = ends[Math.round((k * (ends.length - 1)) / (SCHOOLBOOK_POINTS - 1))] as number;
    points.push({ bits, seconds: yield* secondsPerSquaring(schoolbook, bits, clock) });
  }
  return crossoversOf(
    steps,
    ends.map((bits) => ({ bits, seconds: curveThrough(points, bits) })),
  );
}

/**
 * The crossovers of two kernels whose costs are steps.
 * @param fft the ends of its steps, ascending @param schoolbook likewise
 */
export function crossoversOf(fft: readonly Measured[], schoolbook: readonly Measured[]): Crossovers {
  const secondsAt = (steps: readonly Measured[], bits: number): number =>
    (steps.find((step) => step.bits >= bits) ?? (steps.at(-1) as Measured)).seconds;
  // A step begins after the end of the one before.
  const begins = [...fft, ...schoolbook].map(({ bits }) => bits + 1).filter((bits) => bits <= HIGHEST);
  const sizes = [...new Set([LOWEST, ...begins])].sort((a, b) => a - b);
  const crossovers: number[] = [];
  for (const bits of sizes) {
    const ratio = secondsAt(fft, bits) / secondsAt(schoolbook, bits);
    const isFft = crossovers.length % 2 === 1;
    if (isFft ? ratio > 1 + WORTH : ratio < 1 - WORTH) crossovers.push(bits);
  }
  // Above what was measured the FFT kernel wins.
  return crossovers.length % 2 === 1 ? crossovers : [...crossovers, HIGHEST + 1];
}

/** The largest sizes of a kernel's steps, from the step that serves LOWEST to the one that serves HIGHEST. */
function stepEnds(kernel: Kernel): number[] {
  const ends: number[] = [];
  for (let bits = LOWEST; bits <= HIGHEST; bits = (ends.at(-1) as number) + 1) ends.push(bits + kernel.spareBits(bits));
  return ends;
}

/** The polynomial through the points (Lagrange), at a size. */
function curveThrough(points: readonly Measured[], bits: number): number {
  if (points.some(({ seconds }) => seconds === Number.POSITIVE_INFINITY)) return Number.POSITIVE_INFINITY;
  return points.reduce((sum, point) => {
    const others = points.filter((other) => other !== point);
    return (
      others.reduce((term, other) => (term * (bits - other.bits)) / (point.bits - other.bits), point.seconds) + sum
    );
  }, 0);
}

function* secondsPerSquaring(kernel: Kernel, bits: number, clock: Clock): Generator<void, number> {
  const pairs = Array.from(
    { length: PAIRS },
    (_, k) => [numberOf(bits, 4 * k + 5), numberOf(bits, 4 * k + 7)] as const,
  );
  const doublings = new Uint8Array(PIECE);
  let setUp = Number.POSITIVE_INFINITY;
  let piece = Number.POSITIVE_INFINITY;
  try {
    for (let k = 0; k < SET_UPS; k++) {
      const before = clock();
      if (kernel.expecting !== undefined) toTheEnd(kernel.expecting(pairs.flat()));
      for (const moduli of pairs) {
        const field = kernel.open(moduli, BASE_TWO_REGISTERS);
        field.write(0, [1n, 1n]);
        field.read(0);
      }
      setUp = Math.min(setUp, (clock() - before) / PAIRS);
      yield;
    }
    const field = kernel.open(pairs[0] as Lanes<bigint>, BASE_TWO_REGISTERS);
    field.write(0, [3n, 5n]);
    const began = clock();
    for (let k = 0, since = 0; k < MOST_PIECES && (since < SETTLED || clock() - began < LEAST_SECONDS); k++) {
      const before = clock();
      field.squareChain(0, doublings, 0, PIECE);
      const seconds = clock() - before;
      since = seconds < FASTER * piece ? 0 : since + 1;
      piece = Math.min(piece, seconds);
      yield;
    }
  } catch (refusal) {
    // A modulus that it cannot serve, as likely as a lottery's first prize: it is slow at this size, then.
    if (refusal instanceof KernelRefusal) return Number.POSITIVE_INFINITY;
    throw refusal;
  }
  return piece / PIECE + setUp / bits;
}

/** The primes below 300, multiplied. */
const SMALL_PRIMES = Array.from({ length: 300 }, (_, n) => n)
  .filter((n) => n > 1 && ![2, 3, 5, 7, 11, 13, 17].some((p) => n > p && n % p === 0))
  .reduce((product, p) => product * BigInt(p), 1n);

/** A number of so many bits, without a pattern and without small factors, as the sieve leaves them: kernels refuse some. */
function numberOf(bits: number, base: number): bigint {
  const power = BigInt(base) ** BigInt(bits);
  const number = power >> BigInt(bitLength(power) - bits);
  return number - (number % SMALL_PRIMES) + 1n;
}

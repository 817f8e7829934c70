/**
 * Inverses modulo R = 2^k + 1, which a Montgomery reduction needs once for each modulus.
 *
 * One inversion costs as much as some hundred squarings, so those of many moduli are shared: Montgomery's
 * trick inverts their product and divides the others out again, three products for each (Cohen, "A Course
 * in Computational Algebraic Number Theory", algorithm 10.3.4). The one inversion left is by Lehmer's
 * algorithm: many quotients from the leading 52 bits, then one long step (Knuth, TAOCP 2, 4.5.2, L).
 *
 * Of a long number that takes longer than a search may take to pause, so it yields: between two yields are at most
 * four products of the longest numbers, a division with a short quotient, or all of it up to `RECURSION_BITS`.
 */

import { type Steps, toTheEnd } from '../steps.ts';

/** v modulo 2^k + 1, for 0 ≤ v < 2^(2k+1): 2^k is −1. */
export function fold(v: bigint, k: number): bigint {
  const difference = BigInt.asUintN(k, v) - (v >> BigInt(k));
  return difference < 0n ? difference + (1n << BigInt(k)) + 1n : difference;
}

/** −1/value modulo 2^k + 1 for each of these odd values, or null where there is none. */
export function* negatedInverses(values: readonly bigint[], k: number): Steps<(bigint | null)[]> {
  if (values.length === 0) return [];
  const ring = (1n << BigInt(k)) + 1n;
  const prefixes: bigint[] = [];
  let product = 1n;
  for (const value of values) {
    prefixes.push(product);
    product = fold(product * value, k);
    yield;
  }
  const inverse = yield* inverseSteps(product, ring);
  if (inverse === null) {
    if (values.length === 1) return [null];
    const middle = values.length >> 1;
    return [
      ...(yield* negatedInverses(values.slice(0, middle), k)),
      ...(yield* negatedInverses(values.slice(middle), k)),
    ];
  }
  const out = new Array<bigint | null>(values.length).fill(null);
  let rest = ring - inverse;
  for (let index = values.length - 1; index >= 0; index--) {
    out[index] = fold(rest * (prefixes[index] as bigint), k);
    rest = fold(rest * (values[index] as bigint), k);
    yield;
  }
  return out;
}

/** Leading bits that a step of Lehmer's looks at: sums with cofactors stay exact in a double. */
const LEADING_BITS = 51;
/** Longer numbers are halved by their leading halves first; 3,000 and 8,000 are as good. */
const RECURSION_BITS = 5000;

/** Rows p, q and u, v of a unimodular matrix: a' = p·a + q·b, b' = u·a + v·b. */
type Matrix = readonly [bigint, bigint, bigint, bigint];

const IDENTITY: Matrix = [1n, 0n, 0n, 1n];

/** 1/value modulo a modulus above 1, in 0..modulus − 1, or null if they share a factor. */
export function inverseModulo(value: bigint, modulus: bigint): bigint | null {
  return toTheEnd(inverseSteps(value, modulus));
}

/** `inverseModulo`, step by step. */
export function* inverseSteps(value: bigint, modulus: bigint): Steps<bigint | null> {
  // Cofactors of `value`: a ≡ s·value, b ≡ t·value.
  let state: Pair = { a: modulus, b: value % modulus, s: 0n, t: 1n };
  while (state.b !== 0n) {
    const { a, b } = state;
    const length = lengthOf(a);
    if (length > RECURSION_BITS) {
      // A quarter of the steps at a time: the matrix of half of them takes as long as what it would spare.
      state = yield* advancedBy(state, yield* halving(a, b, length >> 1), length >> 1);
      if (state.b !== 0n) state = advanced(state, [0n, 1n, 1n, -(state.a / state.b)]);
    } else state = lehmerToTheEnd(state);
    yield;
  }
  if (state.a !== 1n) return null;
  const inverse = state.s % modulus;
  return inverse < 0n ? inverse + modulus : inverse;
}

/** Numbers a ≥ b ≥ 0, and what goes through the same steps with them. */
interface Pair {
  readonly a: bigint;
  readonly b: bigint;
  readonly s: bigint;
  readonly t: bigint;
}

/** A pair after the steps of a matrix, with the changes of sign and order that make it a pair. */
function advanced({ a, b, s, t }: Pair, matrix: Matrix): Pair {
  let [x, y] = apply(matrix, a, b);
  let [c, d] = apply(matrix, s, t);
  if (x < 0n) [x, c] = [-x, -c];
  if (y < 0n) [y, d] = [-y, -d];
  return x >= y ? { a: x, b: y, s: c, t: d } : { a: y, b: x, s: d, t: c };
}

/** `advanced` by a matrix that came from the numbers without their last `shift` bits, and led these there. */
function* advancedBy({ a, b, s, t }: Pair, steps: Halved, shift: number): Steps<Pair> {
  const { matrix } = steps;
  const [x, y] = wholeNumbers(steps, a, b, shift);
  yield;
  const [c, d] = apply(matrix, s, t);
  const first = x < 0n ? { a: -x, s: -c } : { a: x, s: c };
  const second = y < 0n ? { a: -y, s: -d } : { a: y, s: d };
  const [larger, smaller] = first.a >= second.a ? [first, second] : [second, first];
  return { a: larger.a, b: smaller.a, s: larger.s, t: smaller.s };
}

/** Where a matrix leads numbers whose leading parts it led to `steps.a` and `steps.b`: only the rest is multiplied. */
function wholeNumbers({ matrix, a, b }: Halved, long: bigint, other: bigint, shift: number): [bigint, bigint] {
  const [x, y] = apply(matrix, BigInt.asUintN(shift, long), BigInt.asUintN(shift, other));
  return [(a << BigInt(shift)) + x, (b << BigInt(shift)) + y];
}

/** A matrix, and where it leads. */
interface Halved {
  readonly matrix: Matrix;
  readonly a: bigint;
  readonly b: bigint;
}

const apply = ([p, q, u, v]: Matrix, a: bigint, b: bigint): [bigint, bigint] => [p * a + q * b, u * a + v * b];

/** First `second`'s steps, then `first`'s. */
function times(first: Matrix, second: Matrix): Matrix {
  const [p, u] = apply(first, second[0], second[2]);
  const [q, v] = apply(first, second[1], second[3]);
  return [p, q, u, v];
}

/** Length of a non-negative integer in bits, to the next multiple of four. */
const lengthOf = (value: bigint): number => 4 * value.toString(16).length;

/**
 * A matrix that leads from a ≥ b > 0, without their last `shift` bits, to numbers of about half that length: steps of
 * Euclid's algorithm, of a long number for the most part worked out from its leading half (half-gcd: Knuth, TAOCP 2,
 * 4.5.3; Möller, Math. Comp. 77 (2008)). What the leading parts promise too much is put right by a change of sign or
 * order: of the matrix only its determinant ±1 is needed.
 */
function* halving(long: bigint, other: bigint, shift: number): Steps<Halved> {
  let [a, b] = [long >> BigInt(shift), other >> BigInt(shift)];
  if (b === 0n) return { matrix: IDENTITY, a, b };
  const length = lengthOf(a);
  const target = length >> 1;
  if (length <= RECURSION_BITS || lengthOf(b) <= target) return lehmer(a, b, target);
  let matrix: Matrix = IDENTITY;
  // The first half of the bits tells a quarter of the steps; then as many bits as lead to the target.
  for (let left = length; left > target + RECURSION_BITS / 8 && b !== 0n && lengthOf(b) > target; ) {
    const omitted = left === length ? length >> 1 : Math.max(0, 2 * target - left);
    const steps = yield* halving(a, b, omitted);
    yield;
    const [p, q, u, v] = left === length ? steps.matrix : times(steps.matrix, matrix);
    yield;
    let [x, y] = wholeNumbers(steps, a, b, omitted);
    yield;
    const first = x < 0n ? ([-p, -q] as const) : ([p, q] as const);
    const second = y < 0n ? ([-u, -v] as const) : ([u, v] as const);
    if (x < 0n) x = -x;
    if (y < 0n) y = -y;
    matrix = x >= y ? [...first, ...second] : [...second, ...first];
    [a, b] = x >= y ? [x, y] : [y, x];
    if (b === 0n) break;
    const division: Matrix = [0n, 1n, 1n, -(a / b)];
    matrix = times(division, matrix);
    [a, b] = apply(division, a, b);
    const now = lengthOf(a);
    if (now >= left) break;
    left = now;
  }
  return { matrix, a, b };
}

/** Lehmer's algorithm on short numbers. */
function lehmerToTheEnd(pair: Pair): Pair {
  let { a, b, s, t } = pair;
  lehmerMatrices(a, b, 0, (steps) => {
    [a, b] = apply(steps, a, b);
    [s, t] = apply(steps, s, t);
    return [a, b];
  });
  return { a, b, s, t };
}

/** The matrix of Lehmer's algorithm on short numbers, until b has at most so many bits. */
function lehmer(long: bigint, other: bigint, target: number): Halved {
  let [a, b] = [long, other];
  let matrix: Matrix = IDENTITY;
  lehmerMatrices(a, b, target, (steps) => {
    matrix = times(steps, matrix);
    [a, b] = apply(steps, a, b);
    return [a, b];
  });
  return { matrix, a, b };
}

/** Step by step until b has at most so many bits, or is zero; `advance` says where a step leads to. */
function lehmerMatrices(
  long: bigint,
  other: bigint,
  target: number,
  advance: (steps: Matrix) => readonly [bigint, bigint],
): void {
  const limit = 1n << BigInt(target);
  let [a, b] = [long, other];
  let shift = Math.max(0, lengthOf(a) - LEADING_BITS);
  do {
    let leadingA = Number(a >> BigInt(shift));
    if (shift > 0 && leadingA < 2 ** (LEADING_BITS - 4)) {
      const length = Math.floor(Math.log2(leadingA + 1));
      shift = Math.max(0, shift - (LEADING_BITS - 1 - length));
      leadingA = Number(a >> BigInt(shift));
    }
    const [p, q, u, v] = lehmerSteps(leadingA, Number(b >> BigInt(shift)));
    [a, b] = advance(q === 0 ? [0n, 1n, 1n, -(a / b)] : [BigInt(p), BigInt(q), BigInt(u), BigInt(v)]);
  } while (b >= limit);
}

/** The steps of Euclid's algorithm that two leading parts are sure of, as a matrix of determinant ±1. */
function lehmerSteps(leadingA: number, leadingB: number): [number, number, number, number] {
  let [a, b] = [leadingA, leadingB];
  let [p, q, u, v] = [1, 0, 0, 1];
  while (b + u !== 0 && b + v !== 0) {
    const quotient = Math.floor((a + p) / (b + u));
    if (quotient !== Math.floor((a + q) / (b + v))) break;
    [a, b] = [b, a - quotient * b];
    [p, u] = [u, p - quotient * u];
    [q, v] = [v, q - quotient * v];
  }
  return [p, q, u, v];
}

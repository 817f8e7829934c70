/**
 * Inverses modulo R = 2^k + 1, which a Montgomery reduction needs once for each modulus.
 *
 * One inversion costs as much as some hundred squarings, so those of many moduli are shared: Montgomery's
 * trick inverts their product and divides the others out again, three products for each (Cohen, "A Course
 * in Computational Algebraic Number Theory", algorithm 10.3.4). The one inversion left is by Lehmer's
 * algorithm: many quotients from the leading 52 bits, then one long step (Knuth, TAOCP 2, 4.5.2, L).
 */

/** v modulo 2^k + 1, for 0 ≤ v < 2^(2k+1): 2^k is −1. */
export function fold(v: bigint, k: number): bigint {
  const difference = BigInt.asUintN(k, v) - (v >> BigInt(k));
  return difference < 0n ? difference + (1n << BigInt(k)) + 1n : difference;
}

/** −1/value modulo 2^k + 1 for each of these odd values, or null where there is none. */
export function negatedInverses(values: readonly bigint[], k: number): (bigint | null)[] {
  if (values.length === 0) return [];
  const ring = (1n << BigInt(k)) + 1n;
  const prefixes: bigint[] = [];
  let product = 1n;
  for (const value of values) {
    prefixes.push(product);
    product = fold(product * value, k);
  }
  const inverse = inverseModulo(product, ring);
  if (inverse === null) {
    if (values.length === 1) return [null];
    const middle = values.length >> 1;
    return [...negatedInverses(values.slice(0, middle), k), ...negatedInverses(values.slice(middle), k)];
  }
  const out = new Array<bigint | null>(values.length).fill(null);
  let rest = ring - inverse;
  for (let index = values.length - 1; index >= 0; index--) {
    out[index] = fold(rest * (prefixes[index] as bigint), k);
    rest = fold(rest * (values[index] as bigint), k);
  }
  return out;
}

/** Leading bits that a step of Lehmer's looks at: sums with cofactors stay exact in a double. */
const LEADING_BITS = 51;

/** 1/value modulo a modulus above 1, in 0..modulus − 1, or null if they share a factor. */
export function inverseModulo(value: bigint, modulus: bigint): bigint | null {
  let [a, b] = [modulus, value % modulus];
  // Cofactors of `value`: a ≡ s·value, b ≡ t·value.
  let [s, t] = [0n, 1n];
  let shift = Math.max(0, 4 * modulus.toString(16).length - LEADING_BITS);
  while (b !== 0n) {
    let leadingA = Number(a >> BigInt(shift));
    if (shift > 0 && leadingA < 2 ** (LEADING_BITS - 4)) {
      const length = Math.floor(Math.log2(leadingA + 1));
      shift = Math.max(0, shift - (LEADING_BITS - 1 - length));
      leadingA = Number(a >> BigInt(shift));
    }
    const [p, q, u, v] = lehmerSteps(leadingA, Number(b >> BigInt(shift)));
    if (q === 0) {
      const quotient = a / b;
      [a, b] = [b, a - quotient * b];
      [s, t] = [t, s - quotient * t];
    } else {
      const [P, Q, U, V] = [BigInt(p), BigInt(q), BigInt(u), BigInt(v)];
      [a, b] = [P * a + Q * b, U * a + V * b];
      [s, t] = [P * s + Q * t, U * s + V * t];
    }
  }
  if (a !== 1n) return null;
  return s < 0n ? s + modulus : s;
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

/**
 * Passes that split X^n − 1 = (X^(n/2) − 1)(X^(n/2) + 1) for the cyclic transform, and that join it again. The
 * first step of the second factor's tree, and its inverse at the end, are done on the way: one pass over the
 * array less each (4–5 % of a squaring with an odd first step).
 *
 * The words of X^(n/2) − 1 are left in the first half of the array, packed for the next split.
 */

import { type FunctionReference, f64x2, type I32, i32 } from '../wasm/emit.ts';
import { forward4, inverse4 } from './butterflies.ts';
import type { Complex, ComplexEmitter } from './complex.ts';
import { loadTwiddles, oddButterfly, overPoints, type Passes, parts, quarters } from './passes.ts';

/** (x, quarter, twiddles): the split with a first step of radix 4. A quarter of the second factor is `quarter` bytes. */
export function splitForward4(passes: Passes): FunctionReference {
  return passes.once('splitForward4', 3, (c, x, quarter, w) => {
    const twiddles = loadTwiddles(c, w);
    const half = c.f.let(i32.shl(quarter, i32.const(2)));
    overPoints(c, x, quarter, [], () => {
      const low = quarters(c, x, quarter);
      const high = low.map((address) => c.f.let(i32.add(address, half)));
      const outputs = forward4(c, twiddles, (k) => splitPoint(c, low[k] as I32, high[k] as I32));
      outputs.forEach((z, k) => {
        c.store(high[k] as I32, 0, z);
      });
    });
  });
}

/** (x, quarter, twiddles): the inverse of `splitForward4`: times 4 as `inverse4`, then times 2 where the halves join. */
export function joinInverse4(passes: Passes): FunctionReference {
  return passes.once('joinInverse4', 3, (c, x, quarter, w) => {
    const twiddles = loadTwiddles(c, w);
    const half = c.f.let(i32.shl(quarter, i32.const(2)));
    overPoints(c, x, quarter, [], () => {
      const low = quarters(c, x, quarter);
      const high = low.map((address) => c.f.let(i32.add(address, half)));
      inverse4(
        c,
        twiddles,
        (k) => c.load(high[k] as I32),
        (k, z) => joinPoint(c, low[k] as I32, high[k] as I32, c.keep(z)),
      );
    });
  });
}

/** (x, half): the split alone, for trees too small for a first step. `half` is the first half of the array in bytes. */
export function split(passes: Passes): FunctionReference {
  return passes.once('split', 2, (c, x, half) => {
    overPoints(c, x, half, [], () => {
      const high = c.f.let(i32.add(x, half));
      c.store(high, 0, splitPoint(c, x, high));
    });
  });
}

/** (x, half): the inverse of `split`. */
export function join(passes: Passes): FunctionReference {
  return passes.once('join', 2, (c, x, half) => {
    overPoints(c, x, half, [], () => {
      const high = c.f.let(i32.add(x, half));
      joinPoint(c, x, high, c.load(high));
    });
  });
}

/** (x, part): as `splitForward4`, with an odd first step. */
export function splitForwardOdd(passes: Passes, radix: number): FunctionReference {
  return passes.once('splitForwardOdd', 2, (c, x, part) => {
    const butterfly = oddButterfly(c, radix, 'forward');
    const half = c.f.let(i32.mul(part, i32.const(radix)));
    overPoints(c, x, part, [], () => {
      const low = parts(c, x, part, radix);
      const high = low.map((address) => c.f.let(i32.add(address, half)));
      butterfly(
        (k) => splitPoint(c, low[k] as I32, high[k] as I32),
        (k, z) => c.store(high[k] as I32, 0, z),
      );
    });
  });
}

/** (x, part): the inverse of `splitForwardOdd`. */
export function joinInverseOdd(passes: Passes, radix: number): FunctionReference {
  return passes.once('joinInverseOdd', 2, (c, x, part) => {
    const butterfly = oddButterfly(c, radix, 'inverse');
    const half = c.f.let(i32.mul(part, i32.const(radix)));
    overPoints(c, x, part, [], () => {
      const low = parts(c, x, part, radix);
      const high = low.map((address) => c.f.let(i32.add(address, half)));
      butterfly(
        (k) => c.load(high[k] as I32),
        (k, z) => joinPoint(c, low[k] as I32, high[k] as I32, c.keep(z)),
      );
    });
  });
}

/**
 * Words a, c of the low point and b, d of the high point: the sums go to the low point, the differences are
 * the point a − c + i(b − d) of X^(n/2) + 1.
 */
function splitPoint(c: ComplexEmitter, low: I32, high: I32): Complex {
  const a = c.load(low);
  const b = c.load(high);
  const difference = c.keep({ re: f64x2.sub(a.re, a.im), im: f64x2.sub(b.re, b.im) });
  c.store(low, 0, { re: f64x2.add(a.re, a.im), im: f64x2.add(b.re, b.im) });
  return difference;
}

/** Undoes `splitPoint`, times 2. */
function joinPoint(c: ComplexEmitter, low: I32, high: I32, z: Complex): void {
  const sum = c.load(low);
  c.store(low, 0, { re: f64x2.add(sum.re, z.re), im: f64x2.sub(sum.re, z.re) });
  c.store(high, 0, { re: f64x2.add(sum.im, z.im), im: f64x2.sub(sum.im, z.im) });
}

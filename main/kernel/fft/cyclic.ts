/**
 * The cyclic transform, as a schedule of passes: products modulo X^n − 1 on n real words. Recursively
 * X^n − 1 = (X^(n/2) − 1)(X^(n/2) + 1): each "+1" part is a negacyclic product with the same tables (tree.ts)
 * and no bins have to be paired, as a real transform would. What remains in the end is a product of length
 * twice the odd radix, done by the definition.
 */

import { f64x2, type I32, i32, plus, type V128, v128 } from '../wasm/emit.ts';
import { POINT_BYTES } from './complex.ts';
import { CONSTANTS } from './layout.ts';
import type { Passes } from './passes.ts';
import { join, joinInverse4, joinInverseOdd, split, splitForward4, splitForwardOdd } from './splits.ts';
import { emitTree, type Operands, type Schedule, shifted, splitsFirst, type TreeProduct, transformed } from './tree.ts';

/** Emits the product on all n words in place, times n/2. 'transform' leaves x as a second factor. */
export function emitCyclic(s: Schedule, product: 'transform' | 'squarePlus' | 'timesPlus', at: Operands): void {
  const { f, passes, layout } = s;
  const { n, radix } = layout.transform;
  const table = i32.const(layout.twiddles[0] as number);
  const bytes = (points: number): I32 => i32.const(points * POINT_BYTES);
  const splitOff = (x: I32, points: number): void => {
    if (radix > 1) f.call(splitForwardOdd(passes, radix), x, bytes(points / radix));
    else if (splitsFirst(radix, points)) f.call(splitForward4(passes), x, bytes(points / 4), table);
    else f.call(split(passes), x, bytes(points));
  };
  const joinOn = (x: I32, points: number): void => {
    if (radix > 1) f.call(joinInverseOdd(passes, radix), x, bytes(points / radix));
    else if (splitsFirst(radix, points)) f.call(joinInverse4(passes), x, bytes(points / 4), table);
    else f.call(join(passes), x, bytes(points));
  };
  let points = n / 4;
  for (; points >= radix; points /= 2) {
    for (const x of transformed(product, at)) splitOff(x, points);
    const part = shifted(at, points * POINT_BYTES);
    emitTree(s, product, part, points, part.x, splitsFirst(radix, points));
  }
  if (product === 'transform') return;
  f.call(base(passes, radix, product), at.x, at.y, at.z, at.t);
  for (points *= 2; points <= n / 4; points *= 2) joinOn(at.x, points);
}

/**
 * (x, y, z, t): x² + y·t or x·z + y·t modulo X^(2P) − 1 for P = 1, 3, 5, times P, from P points (word j
 * beside word j + P): modulo X^P − 1 on the sums, modulo X^P + 1 on the differences.
 */
function base(passes: Passes, length: number, product: TreeProduct & `${string}Plus`): ReturnType<Passes['once']> {
  return passes.once(`base${product}`, 4, (c, x, y, z, t) => {
    const { f } = c;
    const read = (array: I32): { sums: V128[]; differences: V128[] } => {
      const points = Array.from({ length }, (_, j) => c.load(plus(array, j * POINT_BYTES)));
      return {
        sums: points.map((w) => f.let(f64x2.add(w.re, w.im))),
        differences: points.map((w) => f.let(f64x2.sub(w.re, w.im))),
      };
    };
    const first = read(x);
    const pairs = [[first, product === 'squarePlus' ? first : read(z)] as const, [read(y), read(t)] as const];
    const scale = f.let(v128.load(i32.const(0), CONSTANTS.baseScale));
    for (let k = 0; k < length; k++) {
      const s = f.let(v128.zero());
      const d = f.let(v128.zero());
      for (const [a, b] of pairs) {
        for (let i = 0; i < length; i++) {
          const j = (k - i + length) % length;
          f.set(s, c.madd(a.sums[i] as V128, b.sums[j] as V128, s));
          const step = i > k ? c.nmadd : c.madd;
          f.set(d, step(a.differences[i] as V128, b.differences[j] as V128, d));
        }
      }
      c.store(x, k * POINT_BYTES, {
        re: f64x2.mul(f64x2.add(s, d), scale),
        im: f64x2.mul(f64x2.sub(s, d), scale),
      });
    }
  });
}

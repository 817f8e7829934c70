/**
 * The cyclic transform, as a schedule of passes: products modulo X^n − 1 on n real words. Recursively
 * X^n − 1 = (X^(n/2) − 1)(X^(n/2) + 1): each "+1" part is a negacyclic product by a tree (tree.ts)
 * and no bins have to be paired, as a real transform would. What remains in the end is a product of length
 * 12, 16 or 20, split into real and complex ones of length 3, 4 or 5 that are done by the definition.
 */

import { type FunctionReference, f64x2, type I32, i32, type V128, v128 } from '../wasm/emit.ts';
import { CELL_BYTES, type Complex, VECTOR_BYTES, WIDE_BYTES } from './complex.ts';
import { CONSTANTS } from './layout.ts';
import type { Passes } from './passes.ts';
import { join, split } from './splits.ts';
import { baseLength } from './transform.ts';
import { emitNodes, type Operands, type Schedule, shifted, type TreeProduct, transformed, treeOf } from './tree.ts';

/** Emits the product on all n words in place, times n/2. 'transform' leaves x as a second factor. */
export function emitCyclic(s: Schedule, product: 'transform' | 'squarePlus' | 'timesPlus', at: Operands): void {
  const { f, passes, layout } = s;
  const { n } = layout.transform;
  const length = baseLength(layout.transform);
  const part = (points: number): I32 => i32.const((points / treeOf(layout, points).first) * CELL_BYTES);
  let points = n / 4;
  for (; points >= 2 * length; points /= 2) {
    const { first } = treeOf(layout, points);
    for (const x of transformed(product, at)) f.call(split(passes, first), x, part(points));
    emitNodes(s, product, shifted(at, (points / 2) * CELL_BYTES), points);
  }
  if (product === 'transform') return;
  f.call(base(passes, length, product), at.x, at.y, at.z, at.t);
  for (points *= 2; points <= n / 4; points *= 2) {
    f.call(join(passes, treeOf(layout, points).first), at.x, part(points));
  }
}

/**
 * (x, y, z, t): x² + y·t or x·z + y·t modulo X^(4L) − 1, times 2L, from L cells: modulo X^L − 1, X^L + 1 and, with
 * complex numbers, X^L − i. A cell's four words are L apart.
 */
function base(passes: Passes, length: number, product: TreeProduct & `${string}Plus`): FunctionReference {
  return passes.once(`base${product}`, 4, (both, x, y, z, t) => {
    const { f } = both;
    const c = both.half(0);
    const word = (array: I32, cell: number, quarter: number): V128 =>
      f.let(v128.load(array, cell * CELL_BYTES + (quarter >> 1) * WIDE_BYTES + (quarter & 1) * VECTOR_BYTES));
    const read = (array: I32) => {
      const cells = Array.from({ length }, (_, cell) => [0, 1, 2, 3].map((quarter) => word(array, cell, quarter)));
      const [sums, differences, points] = [[], [], []] as [V128[], V128[], Complex[]];
      for (const [a, b, d, e] of cells as [V128, V128, V128, V128][]) {
        const [even, odd] = [f.let(f64x2.add(a, d)), f.let(f64x2.add(b, e))];
        sums.push(f.let(f64x2.add(even, odd)));
        differences.push(f.let(f64x2.sub(even, odd)));
        points.push(c.keep({ re: [f64x2.sub(a, d)], im: [f64x2.sub(b, e)] }));
      }
      return { sums, differences, points };
    };
    const first = read(x);
    const pairs = [[first, product === 'squarePlus' ? first : read(z)] as const, [read(y), read(t)] as const];
    const scale = (k: number): V128 => f.let(v128.load(i32.const(0), CONSTANTS.baseScale + WIDE_BYTES * k));
    const [half, whole] = [scale(0), scale(1)];
    for (let k = 0; k < length; k++) {
      const s = f.let(v128.zero());
      const d = f.let(v128.zero());
      const low = c.keep({ re: [v128.zero()], im: [v128.zero()] });
      // Products that pass X^L count −1 times modulo X^L + 1, i times modulo X^L − i.
      const high = c.keep({ re: [v128.zero()], im: [v128.zero()] });
      for (const [a, b] of pairs) {
        for (let i = 0; i < length; i++) {
          const j = (k - i + length) % length;
          const madd = (p: V128, q: V128, sum: V128): V128 => c.madd([p], [q], [sum])[0] as V128;
          const nmadd = (p: V128, q: V128, sum: V128): V128 => c.nmadd([p], [q], [sum])[0] as V128;
          f.set(s, madd(a.sums[i] as V128, b.sums[j] as V128, s));
          f.set(d, (i > k ? nmadd : madd)(a.differences[i] as V128, b.differences[j] as V128, d));
          const sum = i > k ? high : low;
          const [p, q] = [a.points[i] as Complex, b.points[j] as Complex];
          c.assign(sum, c.timesPlus(p, q, sum));
        }
      }
      const [sum, difference] = [f64x2.mul(s, half), f64x2.mul(d, half)];
      const even = f.let(f64x2.add(sum, difference));
      const odd = f.let(f64x2.sub(sum, difference));
      const point = c.keep(c.scaled(c.plusI(low, high), [whole]));
      const [re, im] = [point.re[0] as V128, point.im[0] as V128];
      const words = [f64x2.add(even, re), f64x2.add(odd, im), f64x2.sub(even, re), f64x2.sub(odd, im)];
      words.forEach((value, quarter) => {
        const offset = k * CELL_BYTES + (quarter >> 1) * WIDE_BYTES + (quarter & 1) * VECTOR_BYTES;
        f.storeV128(x, offset, value);
      });
    }
  });
}

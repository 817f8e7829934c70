/**
 * The cyclic transform, as a schedule of passes: products modulo X^n − 1 on n real words. Recursively
 * X^n − 1 = (X^(n/2) − 1)(X^(n/2) + 1): each "+1" part is a negacyclic product by a tree (tree.ts)
 * and no bins have to be paired, as a real transform would. What remains in the end is done by a small complex
 * transform.
 */

import { type FunctionReference, f64x2, type I32, i32, type V128, v128 } from '../wasm/emit.ts';
import { CELL_BYTES, VECTOR_BYTES, WIDE_BYTES } from './complex.ts';
import { CONSTANTS } from './layout.ts';
import { overCells, type Passes } from './passes.ts';
import { join, split } from './splits.ts';
import { baseLength } from './transform.ts';
import { emitNodes, type Operands, type Schedule, shifted, transformed, treeOf } from './tree.ts';

/** Emits the product on all n words, times n/2. x is read from `source`. 'transform' leaves x as a second factor. */
export function emitCyclic(
  s: Schedule,
  product: 'transform' | 'squarePlus' | 'timesPlus',
  at: Operands,
  source: I32 = at.x,
): void {
  const { f, passes, layout } = s;
  const { n } = layout.transform;
  const length = baseLength(layout.transform);
  const part = (points: number): I32 => i32.const((points / treeOf(layout, points).first) * CELL_BYTES);
  let points = n / 4;
  for (; points >= 2 * length; points /= 2) {
    const tree = treeOf(layout, points);
    for (const x of transformed(product, at)) {
      f.call(split(passes, tree.first), x === at.x && points === n / 4 ? source : x, x, part(points));
    }
    emitNodes(s, product, shifted(at, (points / 2) * CELL_BYTES), tree);
  }
  emitBase(s, product, at, length);
  if (product === 'transform') return;
  for (points *= 2; points <= n / 4; points *= 2) {
    f.call(join(passes, treeOf(layout, points).first), at.x, part(points));
  }
}

/**
 * What is left of 4L words, in L cells: modulo X^L − 1, X^L + 1, X^L − i and X^L + i, the nodes of a tree whose root
 * is 1. The first two are of real numbers and the last is the conjugate of the third; so this does twice the work
 * that it has to, of a small part of all.
 */
function emitBase(s: Schedule, product: 'transform' | 'squarePlus' | 'timesPlus', at: Operands, length: number): void {
  const { f, passes, layout } = s;
  const array = (name: keyof Operands): I32 => i32.const(layout.baseArrays[name]);
  const pair = i32.const(length * CELL_BYTES);
  // A product's second factor t was transformed before: 'transform' has it as its x.
  const names = product === 'transform' ? (['t'] as const) : (['x', 'y', 'z'] as const);
  transformed(product, at).forEach((x, k) => {
    f.call(expand(passes), x, array(names[k] as keyof Operands), pair);
  });
  const arrays = { x: array(names[0]), y: array('y'), z: array('z'), t: array('t') };
  emitNodes(s, product, arrays, layout.base);
  if (product !== 'transform') f.call(contract(passes), at.x, array('x'), pair);
}

/** (x, nodes, pair): words, a cell's four being L apart, to the nodes ±1 and ±i, a pair of which takes `pair` bytes. */
function expand(passes: Passes): FunctionReference {
  return passes.once('expand', 3, (c, x, nodes, pair) => {
    const { f } = c;
    const zero = f.let(v128.zero());
    overCells(c, x, pair, [nodes], () => {
      const [a, b, d, e] = QUARTERS.map((offset) => f.let(v128.load(x, offset))) as V128[] as [V128, V128, V128, V128];
      const [even, odd] = [f.let(f64x2.add(a, d)), f.let(f64x2.add(b, e))];
      const [re, im] = [f.let(f64x2.sub(a, d)), f.let(f64x2.sub(b, e))];
      const other = f.let(i32.add(nodes, pair));
      [f64x2.add(even, odd), f64x2.sub(even, odd), zero, zero].forEach((value, quarter) => {
        f.storeV128(nodes, QUARTERS[quarter] as number, value);
      });
      [re, re, im, f64x2.neg(im)].forEach((value, quarter) => {
        f.storeV128(other, QUARTERS[quarter] as number, value);
      });
    });
  });
}

/** (x, nodes, pair): the inverse of `expand`, times 2. */
function contract(passes: Passes): FunctionReference {
  return passes.once('contract', 3, (c, x, nodes, pair) => {
    const { f } = c;
    const half = f.let(v128.load(i32.const(0), CONSTANTS.half));
    overCells(c, x, pair, [nodes], () => {
      const other = f.let(i32.add(nodes, pair));
      const [s, d] = [f.let(v128.load(nodes, 0)), f.let(v128.load(nodes, VECTOR_BYTES))];
      const even = f.let(f64x2.mul(f64x2.add(s, d), half));
      const odd = f.let(f64x2.mul(f64x2.sub(s, d), half));
      const [re, im] = [f.let(v128.load(other, 0)), f.let(v128.load(other, WIDE_BYTES))];
      const words = [f64x2.add(even, re), f64x2.add(odd, im), f64x2.sub(even, re), f64x2.sub(odd, im)];
      words.forEach((value, quarter) => {
        f.storeV128(x, QUARTERS[quarter] as number, value);
      });
    });
  });
}

/** Where a cell's four words lie. */
const QUARTERS = [0, VECTOR_BYTES, WIDE_BYTES, WIDE_BYTES + VECTOR_BYTES];

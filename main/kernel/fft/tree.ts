/**
 * The negacyclic transform, as a schedule of passes: products modulo X^m − i on m complex points, which are
 * products modulo X^n + 1 on n = 2m real words by the right-angle packing (no weights are needed).
 *
 * Tree style: each node splits into four children, down to leaves of four or two points where the products
 * are made, and back (Bernstein, "Multidigit multiplication for mathematicians", 2001). No bit reversal.
 * An odd radix 3 or 5 comes first where the length has one. The schedule is worked out here, when the module
 * is built: what is emitted is a straight line of calls.
 */

import { type FunctionBuilder, type I32, i32, plus } from '../wasm/emit.ts';
import { POINT_BYTES } from './complex.ts';
import type { Layout } from './layout.ts';
import { type LeafProduct, leafPass } from './leaves.ts';
import { type Passes, TWIDDLE_BYTES } from './passes.ts';

/**
 * Points of a block that is transformed depth-first, so that it stays in the first-level cache:
 * 16 KiB of each operand.
 */
const BLOCK_POINTS = 512;

/** 'transform' leaves x as the leaves' second factor t or z. */
export type TreeProduct = LeafProduct | 'transform';

/** Addresses: x is replaced by the result; y and z are left transformed; t is a transform. */
export type Operands = Record<'x' | 'y' | 'z' | 't', I32>;

export interface Schedule {
  readonly f: FunctionBuilder;
  readonly passes: Passes;
  readonly layout: Layout;
}

export function shifted(at: Operands, bytes: number): Operands {
  return { x: plus(at.x, bytes), y: plus(at.y, bytes), z: plus(at.z, bytes), t: plus(at.t, bytes) };
}

/** The operands that a product transforms on the way down. */
export function transformed(product: TreeProduct, at: Operands): I32[] {
  if (product === 'squarePlus') return [at.x, at.y];
  if (product === 'timesPlus') return [at.x, at.y, at.z];
  return [at.x];
}

/** Whether a tree has a first step by itself: odd, or of radix 4 where that leaves children of two points or more. */
export const splitsFirst = (radix: number, points: number): boolean => radix > 1 || points >= 8;

/**
 * Emits the product on `points` complex points, times `points`. x is read from `source`.
 * @param firstStepElsewhere the caller does the first step and its inverse (only where `splitsFirst`)
 */
export function emitTree(
  s: Schedule,
  product: TreeProduct,
  at: Operands,
  points: number,
  source: I32,
  firstStepElsewhere: boolean,
): void {
  const { f, passes, layout } = s;
  const { radix } = layout.transform;
  const operands = transformed(product, at);
  const quarter = (size: number): I32 => i32.const((size / 4) * POINT_BYTES);
  const twiddles = (level: number, node: number): I32 =>
    i32.const((layout.twiddles[level] as number) + node * TWIDDLE_BYTES);
  let size = points;
  let count = 1;
  let level = 0;
  if (radix > 1) {
    size = points / radix;
    count = radix;
    if (!firstStepElsewhere) {
      for (const x of operands) {
        f.call(passes.forwardOdd(radix), x === at.x ? source : x, x, i32.const(size * POINT_BYTES));
      }
    }
  } else if (splitsFirst(radix, points)) {
    if (!firstStepElsewhere) {
      for (const x of operands) {
        f.call(passes.forward4From(), x === at.x ? source : x, x, quarter(size), twiddles(0, 0));
      }
    }
    size /= 4;
    count = 4;
    level = 1;
  }
  const first = { size, count, level };
  while (points > BLOCK_POINTS && size > BLOCK_POINTS) {
    for (const x of operands) f.call(passes.forward4(), x, quarter(size), i32.const(count), twiddles(level, 0));
    size /= 4;
    count *= 4;
    level++;
  }
  if (points <= BLOCK_POINTS) emitBlock(s, product, at, size, count, level, 0);
  else {
    for (let node = 0; node < count; node++) {
      emitBlock(s, product, shifted(at, node * size * POINT_BYTES), size, 1, level, node);
    }
  }
  if (product === 'transform') return;
  while (level > first.level) {
    size *= 4;
    count /= 4;
    level--;
    f.call(passes.inverse4(), at.x, quarter(size), i32.const(count), twiddles(level, 0));
  }
  if (firstStepElsewhere) return;
  if (radix > 1) f.call(passes.inverseOdd(radix), at.x, i32.const(size * POINT_BYTES));
  else if (first.level === 1) {
    f.call(passes.inverse4(), at.x, quarter(points), i32.const(1), twiddles(0, 0));
  }
}

/** Down to the leaves, the product and back, for `count` nodes of `size` points from a node of a level on. */
function emitBlock(
  { f, passes, layout }: Schedule,
  product: TreeProduct,
  at: Operands,
  nodeSize: number,
  nodeCount: number,
  firstLevel: number,
  firstNode: number,
): void {
  const operands = transformed(product, at);
  let [size, count, level, node] = [nodeSize, nodeCount, firstLevel, firstNode];
  const twiddles = (): I32 => i32.const((layout.twiddles[level] as number) + node * TWIDDLE_BYTES);
  const step = (x: I32): void =>
    f.call(passes.forward4(), x, i32.const((size / 4) * POINT_BYTES), i32.const(count), twiddles());
  for (; size > 4; size /= 4, count *= 4, level++, node *= 4) for (const x of operands) step(x);
  if (size !== 4 && size !== 2 && size !== 1) throw new RangeError(`expected leaves of 1, 2 or 4 points, got ${size}`);
  // What only multiplies goes down to the leaf's own points (see LeafProduct).
  if (size === 4) for (const x of product === 'transform' ? operands : operands.slice(1)) step(x);
  if (size === 2) {
    const bytes = i32.const(count * size * POINT_BYTES);
    for (const x of product === 'transform' ? operands : operands.slice(2)) f.call(passes.double(), x, bytes);
  }
  if (product === 'transform') return;
  const table = size === 4 ? twiddles() : i32.const(size === 2 ? (layout.roots[level] as number) + node * 16 : 0);
  f.call(leafPass(passes, size, product), at.x, at.y, at.z, at.t, i32.const(count), table);
  while (level > firstLevel) {
    level--;
    size *= 4;
    count /= 4;
    node /= 4;
    f.call(passes.inverse4(), at.x, i32.const((size / 4) * POINT_BYTES), i32.const(count), twiddles());
  }
}

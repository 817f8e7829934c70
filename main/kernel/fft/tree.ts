/**
 * The negacyclic transform, as a schedule of passes: products modulo X^m − i on m complex points, which are
 * products modulo X^n + 1 on n = 2m real words by the right-angle packing (no weights are needed).
 *
 * Tree style: each node splits into four children, down to leaves of three, four or five points where the products
 * are made, and back (Bernstein, "Multidigit multiplication for mathematicians", 2001). No bit reversal. Nodes go in
 * pairs, as roots.ts says. The schedule is worked out here, when the module is built: what is emitted is a straight
 * line of calls.
 */

import { type FunctionBuilder, type I32, i32, plus } from '../wasm/emit.ts';
import { CELL_BYTES } from './complex.ts';
import type { Layout, Tree } from './layout.ts';
import { type LeafProduct, leafPass } from './leaves.ts';
import { entryBytes, type Passes } from './passes.ts';
import { forwardFirst, inverseFirst } from './splits.ts';

/** Cells of a block that is transformed depth-first, so that it stays in the first-level cache: 16 KiB of each operand. */
const BLOCK_CELLS = 256;

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

export function treeOf(layout: Layout, points: number): Tree {
  const tree = layout.trees.get(points);
  if (tree === undefined) throw new RangeError(`expected a tree of the layout, got ${points} points`);
  return tree;
}

/** Emits the product on the `n/2` points of a natural array, times their number. x is read from `source`. */
export function emitTree(s: Schedule, product: TreeProduct, at: Operands, points: number, source: I32): void {
  const { f, passes } = s;
  const { first } = treeOf(s.layout, points);
  const part = i32.const((points / first) * CELL_BYTES);
  for (const x of transformed(product, at)) f.call(forwardFirst(passes, first), x === at.x ? source : x, x, part);
  emitNodes(s, product, at, treeOf(s.layout, points));
  if (product !== 'transform') f.call(inverseFirst(passes, first), at.x, part);
}

/** Emits the product on pairs of nodes, after the first step of a tree and up to its inverse. */
export function emitNodes(s: Schedule, product: TreeProduct, at: Operands, tree: Tree): void {
  const { f, passes } = s;
  const operands = transformed(product, at);
  const last = tree.steps.length - 1;
  let place: Place = { cells: tree.points / tree.first, count: tree.first / 2, level: 0, node: 0 };
  const above: Place[] = [];
  while (place.cells * place.count > BLOCK_CELLS && place.cells > BLOCK_CELLS && place.level < last) {
    for (const x of operands) f.call(passes.forward(tree.steps[place.level] as number), ...step(tree, x, place));
    above.push(place);
    place = below(tree, place);
  }
  if (place.cells * place.count <= BLOCK_CELLS) emitBlock(s, product, at, tree, place);
  else {
    for (let k = 0; k < place.count; k++) {
      const one = { ...place, count: 1, node: k };
      emitBlock(s, product, shifted(at, k * place.cells * CELL_BYTES), tree, one);
    }
  }
  if (product === 'transform') return;
  for (const up of above.reverse()) f.call(passes.inverse(tree.steps[up.level] as number), ...step(tree, at.x, up));
}

/** `count` pairs of nodes of so many cells, from number `node` of a level on. */
interface Place {
  readonly cells: number;
  readonly count: number;
  readonly level: number;
  readonly node: number;
}

function below(tree: Tree, { cells, count, level, node }: Place): Place {
  const radix = tree.steps[level] as number;
  return { cells: cells / radix, count: count * radix, level: level + 1, node: node * radix };
}

const table = (tree: Tree, { level, node }: Place): I32 =>
  i32.const((tree.tables[level] as number) + node * entryBytes(tree.steps[level] as number));

/** The arguments of a pass that does this step. */
function step(tree: Tree, x: I32, place: Place): [I32, I32, I32, I32] {
  const part = (place.cells / (tree.steps[place.level] as number)) * CELL_BYTES;
  return [x, i32.const(part), i32.const(place.count), table(tree, place)];
}

/** Down to the leaves, the product and back. */
function emitBlock({ f, passes }: Schedule, product: TreeProduct, at: Operands, tree: Tree, from: Place): void {
  const operands = transformed(product, at);
  const last = tree.steps.length - 1;
  const above: Place[] = [];
  let place = from;
  const forward = (xs: I32[]): void => {
    for (const x of xs) f.call(passes.forward(tree.steps[place.level] as number), ...step(tree, x, place));
  };
  for (; place.level < last; place = below(tree, place)) {
    forward(operands);
    above.push(place);
  }
  // What only multiplies goes down to the leaf's own points.
  forward(product === 'transform' ? operands : operands.slice(1));
  if (product === 'transform') return;
  const leaf = leafPass(passes, tree.steps[last] as number, product);
  f.call(leaf, at.x, at.y, at.z, at.t, i32.const(place.count), table(tree, place));
  for (const up of above.reverse()) f.call(passes.inverse(tree.steps[up.level] as number), ...step(tree, at.x, up));
}

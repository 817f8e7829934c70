/**
 * The square of a residue, into the columns: half the work of a product, since a_i·a_j and a_j·a_i are one product
 * with a doubled row.
 *
 * Blocks of four rows: each block multiplies its four limbs, doubled, by all limbs above, and holds its own squares
 * undoubled. The first seven limbs of a block (and all of the last, smaller one) are in registers, where a row meets
 * only factors to its right; after them every column takes one product a row.
 */

import { type FunctionBuilder, f64x2, type I32, i32, i64x2, plus, type V128, v128 } from '../wasm/emit.ts';
import { advance, BiasCount, ColumnSum, type Factors, type Shifters, until, type Vector, Window } from './columns.ts';
import { type Layout, ROWS, VECTOR } from './layout.ts';
import type { LowestColumns } from './product.ts';
import { WideColumns } from './wide-columns.ts';

/** Columns of a block in which not every row has a product: its limbs are kept in registers. */
const HEAD = 2 * ROWS - 1;
/** By pairs of columns, the one that makes it even is summed with them. */
const WIDE_HEAD = 2 * ROWS;

/** Blocks with a full head; what is left is a triangle of at most HEAD limbs. */
const fullBlocks = (limbs: number): number => Math.max(0, Math.floor((limbs - 2 * ROWS) / ROWS) + 1);

/** Products of a block's `column`: doubled rows by limbs to their right, and the square in the middle. */
function headProducts(column: number, limbs: readonly Vector[], doubled: readonly Vector[], rows: number): Factors[] {
  const products: Factors[] = [];
  for (let row = 0; row < rows; row++) {
    const other = column - row;
    if (other > row && other < limbs.length) products.push([doubled[row] as Vector, limbs[other] as Vector]);
  }
  const middle = limbs[column / 2];
  if (column % 2 === 0 && column / 2 < rows && middle !== undefined) products.push([middle, middle]);
  return products;
}

/** Pairs of columns of a block of so many limbs, after its head: in the last one the upper column may have nothing. */
const widePairs = (limbs: number): number => Math.ceil((limbs + ROWS - 1 - WIDE_HEAD) / 2);

/** What the columns receive: counted over the same blocks. */
export function squareBias(limbs: number, wide: boolean): BiasCount {
  const bias = new BiasCount(limbs);
  const blocks = fullBlocks(limbs);
  for (let block = 0; block <= blocks; block++) {
    const left = limbs - block * ROWS;
    const rows = block < blocks ? ROWS : left;
    const isWide = wide && block < blocks;
    if (isWide) {
      for (let column = 0; column < 2 * widePairs(left); column++) {
        bias.pairs(2 * block * ROWS + WIDE_HEAD + column, ROWS);
      }
    }
    for (let column = 0; column < (isWide ? WIDE_HEAD : left + rows - 1); column++) {
      let products = column % 2 === 0 && column / 2 < rows ? 1 : 0;
      for (let row = 0; row < rows; row++) if (column - row > row && column - row < left) products++;
      bias.pairs(2 * block * ROWS + column, products);
    }
  }
  return bias;
}

/** Emits columns = start + a², for the residue at address `a`; `stored` says what is stored of the lowest ones. */
export function emitSquare(
  f: FunctionBuilder,
  layout: Layout,
  constants: Shifters,
  residue: I32,
  stored: LowestColumns,
): void {
  const { limbs, columns, squareStart, highs, wide } = layout;
  const a = f.let(residue);
  const end = f.let(plus(a, VECTOR * limbs));
  const t = f.let(i32.const(columns));
  const [x, tx] = [f.local('i32'), f.local('i32')];
  const sum = new ColumnSum(f, constants);
  const head = Array.from({ length: wide ? WIDE_HEAD : HEAD }, () => f.local('v128'));
  const doubled = Array.from({ length: HEAD - 1 }, () => f.local('v128'));
  const spare = f.local('v128');
  /** From a column's address to its start value. */
  const toStart = squareStart - columns;

  const loadHead = (count: number, rows: number): void => {
    for (let k = 0; k < count; k++) f.set(head[k] as Vector, v128.load(a, VECTOR * k));
    for (let k = 0; k < rows; k++) {
      const limb = head[k] as Vector;
      f.set(doubled[k] as Vector, f64x2.add(limb, limb));
    }
  };

  const block = (first: boolean): void => {
    const from = first ? toStart : 0;
    const rows = doubled.slice(0, ROWS);
    loadHead(HEAD, ROWS);
    sum.begin(v128.load(t, from));
    let column = 0;
    for (; column < HEAD; column++) {
      const products = headProducts(column, head, doubled, ROWS);
      const finished = sum.column(products, v128.load(t, from + VECTOR * (column + 1)));
      f.storeV128(t, VECTOR * column, first ? stored(column, finished) : finished);
    }
    const window = new Window(f, [...head.slice(ROWS).reverse(), spare]);
    const full = (limb: V128, at: typeof t, offset: number): void => {
      window.push(limb);
      f.storeV128(at, offset, sum.column(window.products(rows), v128.load(at, from + offset + VECTOR)));
    };
    // Every block has a multiple of ROWS limbs less than the one before, so this remainder is the same for all.
    for (const peeled = column + ((limbs - HEAD) % ROWS); column < peeled; column++) {
      full(v128.load(a, VECTOR * column), t, VECTOR * column);
    }
    f.set(x, plus(a, VECTOR * column));
    f.set(tx, plus(t, VECTOR * column));
    f.while(
      () => i32.ltU(x, end),
      () => {
        for (let k = 0; k < ROWS; k++) full(v128.load(x, VECTOR * k), tx, VECTOR * k);
        advance(f, ROWS, tx, x);
      },
    );
    // No block before came this far: exchange what the loop has read for the start value.
    if (!first) {
      sum.begin(i64x2.add(i64x2.sub(sum.pending, v128.load(tx)), v128.load(tx, toStart)));
    }
    for (let k = 0; k < ROWS - 1; k++) {
      const next = v128.load(tx, toStart + VECTOR * (k + 1));
      f.storeV128(tx, VECTOR * k, sum.column(window.productsAfter(rows, k + 1), next));
    }
    f.storeV128(tx, VECTOR * (ROWS - 1), sum.pending);
    advance(f, ROWS, a, t);
    advance(f, ROWS, t);
  };

  /** The same by pairs of columns; what the head gives to the column after it is a high half, too. */
  const wideBlock = (first: boolean, sums: WideColumns): void => {
    const from = first ? toStart : 0;
    const rows = doubled.slice(0, ROWS);
    loadHead(WIDE_HEAD, ROWS);
    sum.begin(v128.load(t, from));
    const last = WIDE_HEAD - 1;
    const highOfLast = highs - columns + VECTOR * last;
    for (let column = 0; column <= last; column++) {
      const next = column < last ? v128.load(t, from + VECTOR * (column + 1)) : v128.load(t, highOfLast);
      const finished = sum.column(headProducts(column, head, doubled, ROWS), next);
      f.storeV128(t, VECTOR * column, first ? stored(column, finished) : finished);
    }
    f.storeV128(t, highOfLast, sum.pending);
    const pair = (limb: I32, limbAt: number, at: I32, offset: number, start: number): void => {
      const products = rows.map((row, k) => ({
        row,
        factors: (half: 0 | 1) => v128.load(limb, limbAt + VECTOR * (half - k)),
      }));
      sums.add(products, at, offset, start);
    };
    // Every block has two pairs less than the one before; its last two are of columns that no block before has reached.
    const odd = widePairs(limbs) % 2;
    if (odd === 1) pair(a, VECTOR * WIDE_HEAD, t, VECTOR * WIDE_HEAD, from);
    const column = WIDE_HEAD + 2 * odd;
    f.set(x, plus(a, VECTOR * (column - ROWS)));
    f.set(tx, plus(t, VECTOR * column));
    const two = (start: number): void => {
      pair(x, VECTOR * ROWS, tx, 0, start);
      pair(x, VECTOR * (ROWS + 2), tx, VECTOR * 2, start);
    };
    const lastTwo = f.let(plus(end, VECTOR * (-ROWS - (limbs % 2))));
    f.while(
      () => i32.ltU(x, lastTwo),
      () => {
        two(from);
        advance(f, 2 * 2, tx, x);
      },
    );
    two(toStart);
    advance(f, ROWS, a, t);
    advance(f, ROWS, t);
  };

  const triangle = (count: number, alone: boolean): void => {
    // By pairs and with an odd number of limbs, the blocks come one column less far.
    const reached = wide ? count - (count % 2) : count;
    const from = (column: number): number => VECTOR * column + (alone || column >= reached ? toStart : 0);
    loadHead(count, count - 1);
    const limbsLeft = head.slice(0, count);
    sum.begin(v128.load(t, from(0)));
    for (let column = 0; column < 2 * count - 1; column++) {
      const products = headProducts(column, limbsLeft, doubled, count);
      const finished = sum.column(products, v128.load(t, from(column + 1)));
      f.storeV128(t, VECTOR * column, alone ? stored(column, finished) : finished);
    }
    f.storeV128(t, VECTOR * (2 * count - 1), sum.pending);
  };

  const blocks = fullBlocks(limbs);
  const sums = wide && blocks > 0 ? new WideColumns(f, layout) : undefined;
  const emitBlock = (first: boolean): void => (sums === undefined ? block(first) : wideBlock(first, sums));
  if (blocks > 0) emitBlock(true);
  if (blocks > 1) {
    const lastTriangle = f.let(plus(end, -VECTOR * (limbs - blocks * ROWS)));
    until(f, a, lastTriangle, () => emitBlock(false));
  }
  triangle(limbs - blocks * ROWS, blocks === 0);
}

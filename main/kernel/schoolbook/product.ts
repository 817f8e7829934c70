/**
 * The product of two residues, into the columns: the limbs of x four rows at a time (the first block takes what
 * does not make four), each block by all limbs of y.
 */

import { type FunctionBuilder, type I32, i32, i64x2, plus, type V128, v128 } from '../wasm/emit.ts';
import { advance, BiasCount, ColumnSum, type Shifters, unrolling, until, type Vector, Window } from './columns.ts';
import { type Layout, ROWS, VECTOR } from './layout.ts';
import { WideColumns } from './wide-columns.ts';

/** Rows of the first block: 1 to ROWS, so that the others are full. */
export const firstRows = (limbs: number): number => ((limbs - 1) % ROWS) + 1;

/**
 * What is to be stored in the place of a product's finished column: for the reduction to begin with the lowest ones while
 * the columns above are summed. Of the others it is the column.
 */
export type LowestColumns = (column: number, finished: V128) => V128;

/** Columns that a block goes over by pairs: in the last one the upper column may have nothing. */
const wideColumns = (limbs: number, rows: number): number => 2 * Math.ceil((limbs + rows - 1) / 2);

/** What the columns receive. */
export function productBias(limbs: number, wide: boolean): BiasCount {
  const bias = new BiasCount(limbs);
  for (let base = 0, rows = firstRows(limbs); base < limbs; base += rows, rows = ROWS) {
    if (wide) {
      for (let column = 0; column < wideColumns(limbs, rows); column++) bias.pairs(base + column, rows);
      continue;
    }
    for (let column = 0; column < limbs + rows - 1; column++) {
      bias.pairs(base + column, Math.min(rows, column + 1, limbs + rows - 1 - column));
    }
  }
  return bias;
}

/**
 * The same by pairs of columns (wide-columns.ts). All columns begin at their start values; `stored` is asked for the
 * lowest ones when all is summed.
 */
export function emitWideProduct(
  f: FunctionBuilder,
  layout: Layout,
  first: I32,
  second: I32,
  stored: LowestColumns,
): void {
  const { limbs, columns, highs, productStart } = layout;
  const sums = new WideColumns(f, layout);
  const x = f.let(first);
  const y = f.let(plus(second, -VECTOR * ROWS));
  const t = f.let(i32.const(columns));
  const [factor, tx] = [f.local('i32'), f.local('i32')];
  const allRows = Array.from({ length: ROWS }, () => f.local('v128'));
  f.copyMemory(t, i32.const(productStart), i32.const(VECTOR * (2 * limbs + 2)));

  const block = (count: number): void => {
    const rows = allRows.slice(0, count);
    rows.forEach((row, k) => {
      f.set(row, v128.load(x, VECTOR * k));
    });
    const pair = (limb: number): void => {
      const products = rows.map((row, k) => ({
        row,
        factors: (half: 0 | 1) => v128.load(factor, VECTOR * (ROWS + limb + half - k)),
      }));
      sums.add(products, tx, VECTOR * limb);
    };
    f.set(factor, y);
    f.set(tx, t);
    const pairs = wideColumns(limbs, count) / 2;
    if (pairs % 2 === 1) {
      pair(0);
      advance(f, 2, factor, tx);
    }
    until(f, tx, f.let(plus(t, VECTOR * 2 * pairs)), () => {
      pair(0);
      pair(2);
      advance(f, 4, factor, tx);
    });
    advance(f, count, x, t);
  };

  const rest = firstRows(limbs);
  block(rest);
  if (limbs > rest) until(f, t, i32.const(columns + VECTOR * limbs), () => block(ROWS));
  for (let k = 0; k < rest; k++) {
    const at = (array: number, column: number): V128 => v128.load(i32.const(0), array + VECTOR * column);
    const column = k === 0 ? at(columns, 0) : i64x2.add(at(columns, k), at(highs, k - 1));
    f.storeV128(i32.const(0), columns + VECTOR * k, stored(k, f.let(column)));
    if (k > 0) f.storeV128(i32.const(0), highs + VECTOR * (k - 1), v128.zero());
  }
}

/** Emits columns = start + x·y, for the residues at these addresses. */
export function emitProduct(
  f: FunctionBuilder,
  { limbs, columns, productStart }: Layout,
  constants: Shifters,
  first: I32,
  second: I32,
  stored: LowestColumns,
): void {
  const x = f.let(first);
  const y = f.let(second);
  const end = f.let(plus(y, VECTOR * limbs));
  const t = f.let(i32.const(columns));
  const [factor, tx] = [f.local('i32'), f.local('i32')];
  const sum = new ColumnSum(f, constants);
  const allRows = Array.from({ length: ROWS }, () => f.local('v128'));
  const factors = Array.from({ length: ROWS }, () => f.local('v128'));
  const toStart = productStart - columns;

  const block = (count: number, lowest: boolean): void => {
    const from = lowest ? toStart : 0;
    const rows = allRows.slice(0, count);
    rows.forEach((row, k) => {
      f.set(row, v128.load(x, VECTOR * k));
    });
    sum.begin(v128.load(t, from));
    let column = 0;
    for (; column < count - 1; column++) {
      f.set(factors[column] as Vector, v128.load(y, VECTOR * column));
      const products = rows.slice(0, column + 1).map((row, k) => [row, factors[column - k] as Vector] as const);
      const finished = sum.column(products, v128.load(t, from + VECTOR * (column + 1)));
      f.storeV128(t, VECTOR * column, lowest ? stored(column, finished) : finished);
    }
    const window = new Window(f, [...factors.slice(0, count - 1).reverse(), factors[count - 1] as Vector]);
    const full = (limb: V128, at: typeof t, offset: number): void => {
      window.push(limb);
      const finished = sum.column(window.products(rows), v128.load(at, from + offset + VECTOR));
      f.storeV128(at, offset, lowest ? stored(column, finished) : finished);
    };
    if (lowest) {
      full(v128.load(y, VECTOR * column), t, VECTOR * column);
      column++;
    }
    const unroll = unrolling(count);
    for (const peeled = column + ((limbs - column) % unroll); column < peeled; column++) {
      full(v128.load(y, VECTOR * column), t, VECTOR * column);
    }
    f.set(tx, plus(t, VECTOR * column));
    if (column < limbs) {
      f.set(factor, plus(y, VECTOR * column));
      until(f, factor, end, () => {
        for (let k = 0; k < unroll; k++) full(v128.load(factor, VECTOR * k), tx, VECTOR * k);
        advance(f, unroll, tx, factor);
      });
    }
    // No block before came this far: exchange what the loop has read for the start value.
    if (!lowest) {
      sum.begin(i64x2.add(i64x2.sub(sum.pending, v128.load(tx)), v128.load(tx, toStart)));
    }
    for (let k = 0; k < count - 1; k++) {
      const next = v128.load(tx, toStart + VECTOR * (k + 1));
      f.storeV128(tx, VECTOR * k, sum.column(window.productsAfter(rows, k + 1), next));
    }
    f.storeV128(tx, VECTOR * (count - 1), sum.pending);
    advance(f, count, x, t);
  };

  const rest = firstRows(limbs);
  block(rest, true);
  if (limbs > rest) {
    until(f, t, i32.const(columns + VECTOR * limbs), () => block(ROWS, false));
  }
}

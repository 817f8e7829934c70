/**
 * Reduction of the columns modulo N, and the limbs of the result: the lowest limbs are folded upward.
 *
 * With B = 2^51, a limb at column i counts as limb·B^i, and that is limb·(B^-4 mod N)·B^(i + 4): a row of products from
 * column i + 4 on. Four limbs at a time are the rows of a block; they are the low parts of their columns, with a carry
 * from each to the next. The last four are folded by B^-3, B^-2 and B^-1 into the fourth column and those above, and
 * the fourth is cleared by a multiple of N, as Montgomery's reduction does it with all of them: after that one division
 * the result is of N's own size.
 *
 * With a quotient digit for every limb modulo a multiple of N whose lowest limb is −1, as it was before, the multiple
 * was one limb longer than N, and every digit waited for a product with the one before: 24 % slower at 100 digits,
 * 8 % at 300, 3 % at 750.
 *
 * A block leaves, in the place of its first columns, which are finished first, the limbs for the next block.
 */

import { type FunctionBuilder, type I32, i32, i64x2, type Local, plus, type V128, v128 } from '../wasm/emit.ts';
import {
  advance,
  BiasCount,
  ColumnSum,
  constant,
  type Factors,
  lowProduct,
  type Shifters,
  unrolling,
  until,
  type Vector,
  Window,
} from './columns.ts';
import { CONSTANT, type Layout, ROWS, VECTOR } from './layout.ts';
import { balancedLimb, CarryChain, carryOf } from './normalise.ts';
import { firstRows } from './product.ts';
import { WideColumns } from './wide-columns.ts';

/** Columns in one iteration of the last block's loop. */
const LAST_UNROLLING = 4;

/** Columns that a block goes over by pairs: in the last one the upper column may have nothing. */
const wideColumns = (columns: number): number => 2 * Math.ceil(columns / 2);

/** What the columns receive. */
export function reductionBias(limbs: number, wide: boolean): BiasCount {
  const bias = new BiasCount(limbs);
  let base = 0;
  for (let rows = firstRows(limbs); base + ROWS < limbs; base += rows, rows = ROWS) {
    if (wide) {
      for (let c = 0; c < wideColumns(limbs + rows - 1); c++) bias.pairs(base + ROWS + c, rows);
    } else {
      for (let c = 0; c < limbs + rows - 1; c++) {
        bias.pairs(base + ROWS + c, Math.min(rows, c + 1, limbs + rows - 1 - c));
      }
    }
  }
  // The pair, the third product and the one that clears the column, one after the other.
  bias.singles(base + ROWS - 1, 3);
  const above = wide ? wideColumns(limbs - 1) : limbs - 1;
  for (let c = 0; c < above; c++) bias.pairs(base + ROWS + c, ROWS);
  return bias;
}

/**
 * Emits the reduction: `lowest` makes of a product's lowest columns, as they are finished, what is to be stored in their
 * place; then `finish`, after which the limbs at `to` are columns / R mod N, twice that in the lanes of the mask at
 * address `doubling`.
 */
export class Reduction {
  private readonly f: FunctionBuilder;
  private readonly layout: Layout;
  private readonly shifters: Shifters;
  private readonly sum: ColumnSum;
  private readonly t: Local<'i32'>;
  private readonly rows: readonly Vector[];
  private readonly factors: readonly Vector[];
  private readonly current: Vector;
  private readonly carry: Vector;
  /** Given where it goes by pairs of columns. */
  private readonly wide: WideColumns | undefined;

  constructor(f: FunctionBuilder, layout: Layout, shifters: Shifters) {
    const vectors = (): Vector[] => Array.from({ length: ROWS }, () => f.local('v128'));
    this.f = f;
    this.layout = layout;
    this.shifters = shifters;
    this.sum = new ColumnSum(f, shifters);
    this.t = f.let(i32.const(layout.columns));
    this.rows = vectors();
    this.factors = vectors();
    this.current = f.local('v128');
    this.carry = f.local('v128');
    this.wide = layout.wide ? new WideColumns(f, layout) : undefined;
  }

  /** What is to be stored in the place of a product's finished column. */
  lowest(column: number, finished: V128): V128 {
    return this.limbOf(column, firstRows(this.layout.limbs), finished);
  }

  finish(to: I32, doubling: I32): void {
    const { f, t } = this;
    const { limbs, columns } = this.layout;
    const rest = firstRows(limbs);
    const { wide } = this;
    const block = (count: number): void => (wide === undefined ? this.block(count) : this.wideBlock(count, wide));
    if (rest < limbs) block(rest);
    if (rest + ROWS < limbs) {
      until(f, t, i32.const(columns + VECTOR * (limbs - ROWS)), () => block(ROWS));
    }
    this.lastBlock();

    const carries = new CarryChain(f);
    const doubled = f.let(v128.load(doubling));
    for (let k = 0; k < limbs; k++) {
      const column = f.let(this.finished(k));
      const value = i64x2.add(column, v128.and(column, doubled));
      f.storeV128(to, VECTOR * k, carries.next(value, constant(CONSTANT.carryOffset)));
    }
  }

  /** Column L + k; by pairs it comes in two parts, and the first one in three. */
  private finished(k: number): V128 {
    const { limbs, columns, highs } = this.layout;
    const column = constant(columns + VECTOR * (limbs + k));
    if (this.wide === undefined) return column;
    const high = highs + VECTOR * (limbs + k - 1);
    const whole = this.f.let(i64x2.add(column, constant(high)));
    this.f.storeV128(i32.const(0), high, v128.zero());
    return k === 0 ? i64x2.add(whole, this.carry) : whole;
  }

  /**
   * Of column k, taken in turn, what is stored for the block that folds the lowest `count`: the limb; of the last one
   * the column with the carry into it, whose own carry then goes to a column that is not finished yet.
   */
  private limbOf(k: number, count: number, column: V128): V128 {
    const { f, current, carry } = this;
    if (k >= count) return column;
    f.set(current, k === 0 ? column : i64x2.add(column, carry));
    if (k === count - 1) return current;
    f.set(carry, carryOf(current));
    return balancedLimb(current);
  }

  /** The lowest `count` limbs, in registers; the last is balanced here, and its carry kept. */
  private takeLowest(count: number): Vector[] {
    const { f, t, carry, current } = this;
    const rows = this.rows.slice(0, count);
    rows.slice(0, -1).forEach((row, k) => {
      f.set(row, v128.load(t, VECTOR * k));
    });
    f.set(current, v128.load(t, VECTOR * (count - 1)));
    f.set(rows[count - 1] as Vector, balancedLimb(current));
    f.set(carry, carryOf(current));
    return rows;
  }

  /** Folds `count` limbs by B^-4. */
  private block(count: number): void {
    const { f, t, sum, factors, carry } = this;
    const { limbs, folds } = this.layout;
    const fold = folds[ROWS];
    const rows = this.takeLowest(count);
    // Columns are counted from here on where the first of them is folded to.
    const at = (column: number): number => VECTOR * (ROWS + column);
    let kept = 0;
    const store = (column: number, finished: V128): void => {
      f.storeV128(t, at(column), this.limbOf(kept++, ROWS, finished));
    };
    const withCarry = (column: number): V128 => {
      const start = v128.load(t, at(column));
      return kept === 0 && column === count - ROWS ? i64x2.add(start, carry) : start;
    };
    // Where fewer rows than four are folded, columns lie between.
    for (let column = count - ROWS; column < 0; column++) store(column, f.let(withCarry(column)));
    sum.begin(withCarry(0));
    const window = new Window(f, factors.slice(0, count));
    const end = limbs + count - 1;
    let next = 0;
    const finish = (): void => {
      if (next < limbs) window.push(constant(fold + VECTOR * next));
      const products =
        next < limbs ? window.products(rows.slice(0, next + 1)) : window.productsAfter(rows, next - limbs + 1);
      store(next, sum.column(products, v128.load(t, at(next + 1))));
      next++;
    };
    // The first ones not in a loop: not all rows have a product there, and they become limbs.
    while (next < end && (next < count - 1 || kept < ROWS)) finish();
    const unroll = unrolling(count);
    for (let peeled = Math.max(0, limbs - next) % unroll; peeled > 0; peeled--) finish();
    if (next < limbs) {
      const factor = f.let(i32.const(fold + VECTOR * next));
      const tx = f.let(plus(t, at(next)));
      until(f, factor, i32.const(fold + VECTOR * limbs), () => {
        for (let k = 0; k < unroll; k++) {
          window.push(v128.load(factor, VECTOR * k));
          f.storeV128(tx, VECTOR * k, sum.column(window.products(rows), v128.load(tx, VECTOR * (k + 1))));
        }
        advance(f, unroll, tx, factor);
      });
      next = limbs;
    }
    while (next < end) finish();
    f.storeV128(t, at(end), sum.pending);
    advance(f, count, t);
  }

  /** Folds `count` limbs by B^-4, by pairs of columns: tables have zeros before and after them, so all rows go all the way. */
  private wideBlock(count: number, wide: WideColumns): void {
    const { f, t, carry } = this;
    const { limbs, folds, columns, highs } = this.layout;
    const fold = folds[ROWS];
    const rows = this.takeLowest(count);
    const at = (column: number): number => VECTOR * (ROWS + column);
    const pair = (table: I32, tableAt: number, columnsAt: I32, offset: number): void => {
      const products = rows.map((row, k) => ({
        row,
        factors: (half: 0 | 1) => v128.load(table, tableAt + VECTOR * (half - k)),
      }));
      wide.add(products, columnsAt, offset);
    };
    const end = wideColumns(limbs + count - 1);
    let next = 0;
    const finish = (): void => {
      pair(i32.const(0), fold + VECTOR * next, t, at(next));
      next += 2;
    };
    while (next < ROWS) finish();
    for (let k = 0; k < ROWS; k++) {
      const column = count - ROWS + k;
      const high = at(column - 1) + highs - columns;
      const whole = i64x2.add(v128.load(t, at(column)), v128.load(t, high));
      const limb = this.limbOf(k, ROWS, f.let(k === 0 ? i64x2.add(whole, carry) : whole));
      f.storeV128(t, at(column), limb);
      f.storeV128(t, high, v128.zero());
    }
    if (((end - next) / 2) % 2 === 1) finish();
    if (next < end) {
      // Addresses have no negative offsets: the table's pointer is a margin behind.
      const table = f.let(i32.const(fold + VECTOR * (next - ROWS)));
      const tx = f.let(plus(t, at(next)));
      until(f, table, i32.const(fold + VECTOR * (end - ROWS)), () => {
        for (let k = 0; k < 4; k += 2) pair(table, VECTOR * (ROWS + k), tx, VECTOR * k);
        advance(f, 4, tx, table);
      });
    }
    advance(f, count, t);
  }

  /** Folds three limbs by B^-3, B^-2 and B^-1 and clears the fourth column by a multiple of N: all in step. */
  private lastBlock(): void {
    const { f, shifters, sum, rows, current } = this;
    const { limbs, columns, folds, inverse } = this.layout;
    const [modulus] = folds;
    const t = columns + VECTOR * (limbs - ROWS);
    const at = (column: number): number => t + VECTOR * (ROWS - 1 + column);
    rows.slice(0, -1).forEach((row, k) => {
      f.set(row, constant(t + VECTOR * k));
    });
    /** Row k times limb `column` of its table; they lie at equal distances, B^-3 the last. */
    const product = (k: number, table: I32, column: number): Factors => {
      const factor = this.factors[k] as Vector;
      f.set(factor, v128.load(table, (folds[ROWS - 1 - k] as number) - modulus + VECTOR * column));
      return [rows[k] as Vector, factor];
    };
    const first = (k: number): Factors => product(k, i32.const(modulus), 0);
    const last = rows[ROWS - 1] as Vector;
    const { wide } = this;
    sum.begin(constant(at(0)));
    sum.add([first(0), first(1)], wide === undefined ? constant(at(1)) : v128.zero());
    sum.add([first(2)]);
    f.set(last, balancedLimb(sum.pending));
    f.set(last, lowProduct(f, shifters, [last, constant(inverse)]));
    sum.add([first(3)]);
    f.set(current, sum.next());
    if (wide !== undefined) {
      f.set(this.carry, i64x2.add(sum.pending, carryOf(current)));
      this.lastPairs(wide, at);
      return;
    }
    sum.begin(i64x2.add(sum.pending, carryOf(current)));

    const column = (table: I32, k: number, following: V128): Vector =>
      sum.column(
        rows.map((_, row) => product(row, table, k)),
        following,
      );
    const peeled = 1 + ((limbs - 1) % LAST_UNROLLING);
    for (let k = 1; k < peeled; k++) {
      f.storeV128(i32.const(0), at(k), column(i32.const(modulus), k, constant(at(k + 1))));
    }
    if (peeled < limbs) {
      const table = f.let(i32.const(modulus + VECTOR * peeled));
      const tx = f.let(i32.const(at(peeled)));
      until(f, tx, i32.const(at(limbs)), () => {
        for (let k = 0; k < LAST_UNROLLING; k++) {
          f.storeV128(tx, VECTOR * k, column(table, k, v128.load(tx, VECTOR * (k + 1))));
        }
        advance(f, LAST_UNROLLING, tx, table);
      });
    }
    f.storeV128(i32.const(0), at(limbs), sum.pending);
  }

  /** The columns of the last block after its first one, by pairs. @param at the address of a column */
  private lastPairs(wide: WideColumns, at: (column: number) => number): void {
    const { f, rows } = this;
    const { limbs, folds } = this.layout;
    const [modulus] = folds;
    const pair = (table: I32, tableAt: number, columns: I32, offset: number): void => {
      const products = rows.map((row, k) => ({
        row,
        factors: (half: 0 | 1) => v128.load(table, (folds[ROWS - 1 - k] as number) - modulus + tableAt + VECTOR * half),
      }));
      wide.add(products, columns, offset);
    };
    const end = 1 + wideColumns(limbs - 1);
    let next = 1;
    if (((end - next) / 2) % 2 === 1) {
      pair(i32.const(0), modulus + VECTOR * next, i32.const(0), at(next));
      next += 2;
    }
    if (next === end) return;
    const table = f.let(i32.const(modulus + VECTOR * next));
    const tx = f.let(i32.const(at(next)));
    until(f, tx, i32.const(at(end)), () => {
      for (let k = 0; k < 4; k += 2) pair(table, VECTOR * k, tx, VECTOR * k);
      advance(f, 4, tx, table);
    });
  }
}

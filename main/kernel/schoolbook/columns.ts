/**
 * Columns: the sums of limb products that a schoolbook product consists of, by fused multiply-add.
 *
 * With the rounding of the FMA unit a product of two limbs splits exactly into two halves (Dekker's product; in
 * this form, with shifters, after Emmart, Zheng and Weems, ARITH 2018):
 *
 *     h = fma(a, x, S + ...)      the high half, a multiple of 2^51, on top of the shifter S = 1.5·2^103
 *     l = fma(a, x, S + s − h)    the low half, in −2^50 … 2^50, on top of s = 1.5·2^52
 *
 * The bits of such a double count its value as an integer, beside the constant bits of the shifter: so h and l are
 * added to 64-bit columns as they are, and the columns start at minus the shifters that they will receive. Two
 * products share one pair of halves, 18 vector operations for four products instead of 20 (1.89 → 1.80 µs a squaring
 * at 1,000 digits); longer chains were slower.
 */

import {
  type FunctionBuilder,
  f64x2,
  type I32,
  i32,
  i64x2,
  type Local,
  multiplyAdd,
  plus,
  type V128,
  v128,
} from '../wasm/emit.ts';
import { CARRY_EXCESS, CARRY_OFFSET, CONSTANT, HIGH_BIAS, LOW_BIAS, VECTOR } from './layout.ts';

const { madd } = multiplyAdd('fused');

/** A constant of `layout.ts`, read from memory: cheaper than a register in a crowded loop. */
export const constant = (address: number): V128 => v128.load(i32.const(0), address);

export type Vector = Local<'v128'>;
export type Factors = readonly [Vector, V128];

/** The shifters, in registers for the whole function. */
export interface Shifters {
  readonly high: Vector;
  readonly both: Vector;
}

export function shifters(f: FunctionBuilder): Shifters {
  return { high: f.let(constant(CONSTANT.highShifter)), both: f.let(constant(CONSTANT.bothShifters)) };
}

/** Sums one column after the other: low halves into the column, high halves into the one that follows. */
export class ColumnSum {
  private readonly f: FunctionBuilder;
  private readonly shifters: Shifters;
  private current: Vector;
  private following: Vector;
  private readonly high: readonly [Vector, Vector];
  private readonly low: Vector;

  constructor(f: FunctionBuilder, constants: Shifters) {
    this.f = f;
    this.shifters = constants;
    this.current = f.local('v128');
    this.following = f.local('v128');
    this.high = [f.local('v128'), f.local('v128')];
    this.low = f.local('v128');
  }

  /** Sets the column that comes next. */
  begin(column: V128): void {
    this.f.set(this.current, column);
  }

  /** The column that comes next, with what it has received so far. */
  get pending(): Vector {
    return this.current;
  }

  /**
   * Adds products to the column and moves on to the one that follows, which starts at `following`.
   * @returns the finished column, good until the next call
   */
  column(products: readonly Factors[], following: V128): Vector {
    if (products.length === 0) this.f.set(this.following, following);
    this.add(products, following);
    return this.next();
  }

  /** Adds products to the column; the one that follows starts at `following` if that is given, else it has begun. */
  add(products: readonly Factors[], following?: V128): void {
    const { f, shifters: s } = this;
    for (let k = 0; k < products.length; k += 2) {
      const pair = products.slice(k, k + 2);
      let before = s.high;
      pair.forEach(([a, x], place) => {
        const high = this.high[place as 0 | 1];
        f.set(high, madd(a, x, before));
        const low = madd(a, x, f64x2.sub(place === 0 ? s.both : before, high));
        f.set(this.low, place === 0 ? low : f64x2.add(this.low, low));
        before = high;
      });
      f.set(this.following, i64x2.add(k === 0 && following !== undefined ? following : this.following, before));
      f.set(this.current, i64x2.add(this.current, this.low));
    }
  }

  /** Moves on to the column that follows. @returns the finished one, good until the next call */
  next(): Vector {
    const finished = this.current;
    this.current = this.following;
    this.following = finished;
    return finished;
  }
}

/** The halves of one product, on top of their shifters. */
export function halves(
  f: FunctionBuilder,
  s: Shifters,
  [a, x]: Factors,
): { readonly high: Vector; readonly low: V128 } {
  const high = f.let(madd(a, x, s.high));
  return { high, low: madd(a, x, f64x2.sub(s.both, high)) };
}

/** The product of two limbs modulo 2^51, in −2^50 … 2^50. */
export function lowProduct(f: FunctionBuilder, s: Shifters, factors: Factors): V128 {
  return f64x2.sub(halves(f, s, factors).low, constant(CONSTANT.lowShifter));
}

/**
 * The factors that meet the rows in one column, newest first: from column to column each moves on by one row, so
 * they stay in their registers and only the names rotate. A loop must take a multiple of the number of rows.
 */
export class Window {
  private readonly f: FunctionBuilder;
  private readonly order: Vector[];

  /** @param registers one for each row: the factors so far, newest first, and free ones */
  constructor(f: FunctionBuilder, registers: readonly Vector[]) {
    this.f = f;
    this.order = [...registers];
  }

  push(factor: V128): void {
    const oldest = this.order.pop() as Vector;
    this.f.set(oldest, factor);
    this.order.unshift(oldest);
  }

  /** The products of this column: row k with the factor that came k columns ago. */
  products(rows: readonly Vector[]): Factors[] {
    return rows.map((row, k) => [row, this.order[k] as Vector]);
  }

  /** The products of the `after`-th column after the last factor: the first rows have none left. */
  productsAfter(rows: readonly Vector[], after: number): Factors[] {
    return rows.slice(after).map((row, k) => [row, this.order[k] as Vector]);
  }
}

/** Columns in one iteration of a loop over columns: the window comes round, and so do the two column registers. */
export const unrolling = (rows: number): number => (rows === 3 ? 6 : 4);

/** Moves pointers on by a number of vectors. */
export function advance(f: FunctionBuilder, vectors: number, ...pointers: Local<'i32'>[]): void {
  for (const pointer of pointers) f.set(pointer, plus(pointer, VECTOR * vectors));
}

/** Runs `body` at least once, until the pointer has come to `end`. */
export function until(f: FunctionBuilder, pointer: Local<'i32'>, end: I32, body: () => void): void {
  f.doWhile(body, () => i32.ltU(pointer, end));
}

/** How many low halves and high halves each column will have received, paired or not. */
export class BiasCount {
  readonly low: number[];
  readonly high: number[];

  constructor(limbs: number) {
    // A pair of columns may go beyond the last one.
    this.low = new Array<number>(2 * limbs + 4).fill(0);
    this.high = new Array<number>(2 * limbs + 4).fill(0);
  }

  /** A column sum of so many products, taken in pairs. */
  pairs(column: number, products: number): void {
    this.singles(column, Math.ceil(products / 2));
  }

  /** So many products taken one by one. */
  singles(column: number, products: number): void {
    if (products === 0) return;
    this.low[column] = (this.low[column] as number) + products;
    this.high[column + 1] = (this.high[column + 1] as number) + products;
  }
}

/**
 * Where the columns of a product and its reduction start: minus all shifters to come. The lower half, which the
 * reduction carries off, also gets the carry offset, less what the carry from the column below has too much.
 */
export function startColumns(limbs: number, counts: readonly BiasCount[]): BigInt64Array {
  const start = new BigInt64Array(2 * limbs);
  for (let column = 0; column < 2 * limbs; column++) {
    let value = 0n;
    for (const { low, high } of counts) {
      value -= BigInt(low[column] as number) * LOW_BIAS + BigInt(high[column] as number) * HIGH_BIAS;
    }
    if (column < limbs) value += CARRY_OFFSET;
    if (column > 0 && column <= limbs) value -= CARRY_EXCESS;
    start[column] = BigInt.asIntN(64, value);
  }
  return start;
}

/**
 * Montgomery reduction of the columns, and the limbs of the result.
 *
 * The modulus is N* = N·c with c ≡ −1/N (mod 2^51), so that its lowest limb is −1: then the quotient digit which
 * clears a column is that column's own balanced low limb, and costs no multiplication (1.9 → 1.74 µs a squaring at
 * 1,000 digits). Four digits at a time: found one after the other from four columns, they are the rows of a block
 * that adds digit·N* to all columns above.
 *
 * The digits depend on each other, a latency of some twenty cycles each, so the four of the next block are found
 * while this block's columns go on (2-4 %): a block keeps its first four columns in registers for them. The first
 * four are found between the last columns of a square (4 % at 100 digits, 2 % at 200). Normalising the last block's
 * columns as they come, instead of in a pass of its own, was 1-4 % slower: too few registers.
 */

import { type FunctionBuilder, type I32, i32, i64x2, type Local, plus, type V128, v128 } from '../wasm/emit.ts';
import {
  advance,
  BiasCount,
  ColumnSum,
  constant,
  type Shifters,
  unrolling,
  until,
  type Vector,
  Window,
} from './columns.ts';
import { CONSTANT, type Layout, ROWS, VECTOR } from './layout.ts';
import { balancedLimb, CarryChain, carryOf } from './normalise.ts';
import { firstRows } from './product.ts';

/** What the columns receive. */
export function reductionBias(limbs: number): BiasCount {
  const bias = new BiasCount(limbs);
  for (let base = 0, rows = firstRows(limbs); base < limbs; base += rows, rows = ROWS) {
    for (let column = 1; column < rows; column++) bias.singles(base + column, column);
    for (let column = rows; column < limbs + rows - 1; column++) {
      bias.pairs(base + column, Math.min(rows, limbs + rows - 1 - column));
    }
  }
  return bias;
}

/**
 * Emits the reduction: `firstDigit(k)`, for k from 0 to ROWS − 1, as soon as the columns to k are ready; then `finish`,
 * after which the limbs at `to` are columns / R mod N*, twice that in the lanes of the mask at address `doubling`.
 */
export class Reduction {
  private readonly f: FunctionBuilder;
  private readonly layout: Layout;
  private readonly sum: ColumnSum;
  private readonly t: Local<'i32'>;
  private readonly digits: readonly Vector[];
  private readonly nextDigits: readonly Vector[];
  private readonly factors: readonly Vector[];
  /** The block's first columns, from which the digits of the next one are found. */
  private readonly kept: readonly Vector[];
  private readonly current: Vector;
  private readonly carry: Vector;

  constructor(f: FunctionBuilder, layout: Layout, constants: Shifters) {
    const vectors = (): Vector[] => Array.from({ length: ROWS }, () => f.local('v128'));
    this.f = f;
    this.layout = layout;
    this.sum = new ColumnSum(f, constants);
    this.t = f.let(i32.const(layout.columns));
    this.digits = vectors();
    this.nextDigits = vectors();
    this.factors = vectors();
    this.kept = vectors();
    this.current = f.local('v128');
    this.carry = f.local('v128');
  }

  firstDigit(k: number): void {
    if (k < firstRows(this.layout.limbs)) this.findDigit(k, this.digits, v128.load(this.t, VECTOR * k));
  }

  finish(to: I32, doubling: I32): void {
    const { f, t } = this;
    const { limbs, columns } = this.layout;
    const rest = firstRows(limbs);
    if (rest < limbs) this.block(rest, false);
    if (rest + ROWS < limbs) {
      until(f, t, i32.const(columns + VECTOR * (limbs - ROWS)), () => this.block(ROWS, false));
    }
    this.block(ROWS, true);

    const carries = new CarryChain(f);
    const doubled = f.let(v128.load(doubling));
    for (let k = 0; k < limbs; k++) {
      const column = f.let(constant(columns + VECTOR * (limbs + k)));
      const value = i64x2.add(column, v128.and(column, doubled));
      f.storeV128(to, VECTOR * k, carries.next(value, constant(CONSTANT.carryOffset)));
    }
  }

  private limb(k: number): V128 {
    return constant(this.layout.modulus + VECTOR * k);
  }

  /** Finds digit k of a block from its column; leaves in `carry` what goes into the column that follows. */
  private findDigit(k: number, into: readonly Vector[], column: V128): void {
    const { f, sum, current, carry } = this;
    f.set(current, k === 0 ? column : i64x2.add(column, carry));
    for (let j = 0; j < k; j++) sum.single(current, carry, [into[j] as Vector, this.limb(k - j)], j === 0);
    f.set(into[k] as Vector, balancedLimb(current));
    f.set(carry, k === 0 ? carryOf(current) : i64x2.add(carry, carryOf(current)));
  }

  /** Adds a block's digits times N* to the columns above its own, where `findDigit` has done it. */
  private block(count: number, last: boolean): void {
    const { f, t, sum, factors, carry } = this;
    const { limbs, modulus } = this.layout;
    const rows = this.digits.slice(0, count);
    for (let k = 1; k < count; k++) f.set(factors[k - 1] as Vector, this.limb(k));
    const window = new Window(f, factors.slice(0, count - 1).reverse(), factors[count - 1] as Vector);
    sum.begin(i64x2.add(v128.load(t, VECTOR * count), carry));
    const end = limbs + count - 1;
    const column = (k: number): Vector => {
      if (k < limbs) window.push(this.limb(k));
      const products = window.productsAfter(rows, Math.max(0, k - limbs + 1));
      return sum.column(products, v128.load(t, VECTOR * (k + 1)));
    };
    const finish = (k: number): void => f.storeV128(t, VECTOR * k, column(k));
    let next = count;
    if (!last) {
      for (const keep of this.kept) f.set(keep, column(next++));
      this.kept.forEach((keep, k) => {
        this.findDigit(k, this.nextDigits, keep);
        if (k < ROWS - 1 && next < end) finish(next++);
      });
    }
    const unroll = unrolling(count);
    for (let peeled = Math.max(0, limbs - next) % unroll; peeled > 0; peeled--) finish(next++);
    if (next < limbs) {
      const factor = f.let(i32.const(modulus + VECTOR * next));
      const tx = f.let(plus(t, VECTOR * next));
      until(f, factor, i32.const(modulus + VECTOR * limbs), () => {
        for (let k = 0; k < unroll; k++) {
          window.push(v128.load(factor, VECTOR * k));
          f.storeV128(tx, VECTOR * k, sum.column(window.products(rows), v128.load(tx, VECTOR * (k + 1))));
        }
        advance(f, unroll, tx, factor);
      });
      next = limbs;
    }
    while (next < end) finish(next++);
    f.storeV128(t, VECTOR * end, sum.pending);
    if (last) return;
    advance(f, count, t);
    this.digits.forEach((digit, k) => {
      f.set(digit, this.nextDigits[k] as Vector);
    });
  }
}

/**
 * Montgomery reduction of the columns, and the limbs of the result.
 *
 * The modulus is N* = N·c with c ≡ −1/N (mod 2^51), so that its lowest limb is −1: then the quotient digit which
 * clears a column is that column's own balanced low limb, and costs no multiplication (1.9 → 1.74 µs a squaring at
 * 1,000 digits). Four digits at a time: found one after the other from four columns, they are the rows of a block
 * that adds digit·N* to all columns above.
 *
 * The digits depend on each other, a latency of some twenty cycles each, so the four of the next block are found
 * while this block's columns go on (2-4 %): a block keeps its first four columns in registers for them. Normalising the
 * last block's columns as they come, instead of in a pass of its own, was 1-4 % slower: too few registers.
 */

import { FunctionBuilder, i32, i64x2, plus, type V128, v128 } from '../wasm/emit.ts';
import { advance, BiasCount, ColumnSum, constant, shifters, unrolling, until, type Vector, Window } from './columns.ts';
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
 * `reduce(to, doubling)`: the limbs at `to` become columns / R mod N*, in the lanes of the mask at address
 * `doubling` twice that.
 */
export function reduceFunction({ limbs, columns, modulus }: Layout): FunctionBuilder {
  const f = new FunctionBuilder('reduce', ['i32', 'i32']);
  const to = f.parameter(0, 'i32');
  const doubling = f.parameter(1, 'i32');
  const t = f.let(i32.const(columns));
  const [factor, tx] = [f.local('i32'), f.local('i32')];
  const constants = shifters(f);
  const sum = new ColumnSum(f, constants);
  const vectors = (count: number): Vector[] => Array.from({ length: count }, () => f.local('v128'));
  const [digits, nextDigits, factors, kept] = [vectors(ROWS), vectors(ROWS), vectors(ROWS), vectors(ROWS)];
  const [current, carry] = [f.local('v128'), f.local('v128')];
  const limb = (k: number): V128 => constant(modulus + VECTOR * k);

  /** Finds digit k of a block from its column; leaves in `carry` what goes into the column that follows. */
  const findDigit = (k: number, into: readonly Vector[], column: V128): void => {
    f.set(current, k === 0 ? column : i64x2.add(column, carry));
    for (let j = 0; j < k; j++) sum.single(current, carry, [into[j] as Vector, limb(k - j)], j === 0);
    f.set(into[k] as Vector, balancedLimb(current));
    f.set(carry, k === 0 ? carryOf(current) : i64x2.add(carry, carryOf(current)));
  };

  /** Adds a block's digits times N* to the columns above its own, where `findDigit` has done it. */
  const block = (count: number, last: boolean): void => {
    const rows = digits.slice(0, count);
    for (let k = 1; k < count; k++) f.set(factors[k - 1] as Vector, limb(k));
    const window = new Window(f, factors.slice(0, count - 1).reverse(), factors[count - 1] as Vector);
    sum.begin(i64x2.add(v128.load(t, VECTOR * count), carry));
    const end = limbs + count - 1;
    const column = (k: number): Vector => {
      if (k < limbs) window.push(limb(k));
      const products = window.productsAfter(rows, Math.max(0, k - limbs + 1));
      return sum.column(products, v128.load(t, VECTOR * (k + 1)));
    };
    const finish = (k: number): void => f.storeV128(t, VECTOR * k, column(k));
    let next = count;
    if (!last) {
      for (const keep of kept) f.set(keep, column(next++));
      for (let k = 0; k < ROWS; k++) {
        findDigit(k, nextDigits, kept[k] as Vector);
        if (k < ROWS - 1 && next < end) finish(next++);
      }
    }
    if (next < limbs) {
      const unroll = unrolling(count);
      for (const peeled = next + ((limbs - next) % unroll); next < peeled; ) finish(next++);
    }
    if (next < limbs) {
      f.set(factor, i32.const(modulus + VECTOR * next));
      f.set(tx, plus(t, VECTOR * next));
      until(f, factor, i32.const(modulus + VECTOR * limbs), () => {
        for (let k = 0; k < unrolling(count); k++) {
          window.push(v128.load(factor, VECTOR * k));
          const following = v128.load(tx, VECTOR * (k + 1));
          f.storeV128(tx, VECTOR * k, sum.column(window.products(rows), following));
        }
        advance(f, unrolling(count), tx, factor);
      });
      next = limbs;
    }
    while (next < end) finish(next++);
    f.storeV128(t, VECTOR * end, sum.pending);
    if (last) return;
    advance(f, count, t);
    for (let k = 0; k < ROWS; k++) f.set(digits[k] as Vector, nextDigits[k] as Vector);
  };

  const first = firstRows(limbs);
  for (let k = 0; k < first; k++) findDigit(k, digits, v128.load(t, VECTOR * k));
  if (first < limbs) block(first, false);
  if (first + ROWS < limbs) until(f, t, i32.const(columns + VECTOR * (limbs - ROWS)), () => block(ROWS, false));
  block(ROWS, true);

  const carries = new CarryChain(f);
  const doubled = f.let(v128.load(doubling));
  for (let k = 0; k < limbs; k++) {
    const column = f.let(constant(columns + VECTOR * (limbs + k)));
    const value = i64x2.add(column, v128.and(column, doubled));
    f.storeV128(to, VECTOR * k, carries.next(value, constant(CONSTANT.carryOffset)));
  }
  return f;
}

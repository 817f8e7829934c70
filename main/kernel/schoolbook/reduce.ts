/**
 * Montgomery reduction of the columns, and the limbs of the result.
 *
 * The modulus is N* = N·c with c ≡ −1/N (mod 2^51), so that its lowest limb is −1: then the quotient digit which
 * clears a column is that column's own balanced low limb, and costs no multiplication (1.9 → 1.74 µs a squaring at
 * 1,000 digits). Four digits at a time: found one after the other from four columns, they are the rows of a block
 * that adds digit·N* to all columns above.
 *
 * The digits depend on each other, a latency of some twenty cycles each, so the four of the next block are found
 * while this block's columns go on (2-4 %): a block keeps its first four columns in registers for them. The last
 * block's columns are the result; they are normalised, and doubled where wanted, as they come.
 */

import { FunctionBuilder, i32, i64x2, type Local, plus, type V128, v128 } from '../wasm/emit.ts';
import { advance, BiasCount, ColumnSum, constant, shifters, unrolling, until, type Vector, Window } from './columns.ts';
import { CONSTANT, type Layout, ROWS, VECTOR } from './layout.ts';
import { balancedLimb, CarryChain, carryOf } from './normalise.ts';
import { firstRows } from './product.ts';

type Pointer = Local<'i32'>;
/** What becomes of a finished column: stored as it is, or as a limb of the result. */
type Finish = (columns: Pointer, result: Pointer, offset: number, column: Vector) => void;

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
  /** The last block's columns become limbs: column k of the block at `t` is the limb at `result` + k vectors. */
  const result = f.let(plus(to, -VECTOR * ROWS));
  const [factor, tx, resultX] = [f.local('i32'), f.local('i32'), f.local('i32')];
  const constants = shifters(f);
  const sum = new ColumnSum(f, constants);
  const vectors = (count: number): Vector[] => Array.from({ length: count }, () => f.local('v128'));
  const [allDigits, nextDigits, factors, kept] = [vectors(ROWS), vectors(ROWS), vectors(ROWS), vectors(ROWS)];
  const [current, carry] = [f.local('v128'), f.local('v128')];
  const limb = (k: number): V128 => constant(modulus + VECTOR * k);

  /** Finds digit k of a block from its column; leaves in `carry` what goes into the column that follows. */
  const findDigit = (k: number, digits: readonly Vector[], column: V128): void => {
    f.set(current, k === 0 ? column : i64x2.add(column, carry));
    for (let j = 0; j < k; j++) sum.single(current, carry, [digits[j] as Vector, limb(k - j)], j === 0);
    f.set(digits[k] as Vector, balancedLimb(current));
    f.set(carry, k === 0 ? carryOf(current) : i64x2.add(carry, carryOf(current)));
  };

  const storing: Finish = (at, _result, offset, column) => f.storeV128(at, offset, column);
  const normalising = (): Finish => {
    const carries = new CarryChain(f);
    const doubled = f.let(v128.load(doubling));
    return (_at, limbs, offset, column) => {
      const value = i64x2.add(column, v128.and(column, doubled));
      f.storeV128(limbs, offset, carries.next(value, constant(CONSTANT.carryOffset)));
    };
  };

  /** Adds a block's digits times N* to the columns above its own, where `findDigit` has done it. */
  const block = (count: number, last: boolean): void => {
    const digits = allDigits.slice(0, count);
    const finish = last ? normalising() : storing;
    for (let k = 1; k < count; k++) f.set(factors[k - 1] as Vector, limb(k));
    const window = new Window(f, factors.slice(0, count - 1).reverse(), factors[count - 1] as Vector);
    sum.begin(i64x2.add(v128.load(t, VECTOR * count), carry));
    let column = count;
    const end = limbs + count - 1;
    /** Emits the column at `column`, and moves on. */
    const next = (into: Finish): void => {
      if (column < limbs) window.push(limb(column));
      const offset = VECTOR * column;
      const rowsDone = Math.max(0, column - limbs + 1);
      into(t, result, offset, sum.column(window.productsAfter(digits, rowsDone), v128.load(t, offset + VECTOR)));
      column++;
    };
    if (!last) {
      for (const keep of kept) next((_columns, _result, _offset, finished) => f.set(keep, finished));
      for (let k = 0; k < ROWS; k++) {
        findDigit(k, nextDigits, kept[k] as Vector);
        if (k < ROWS - 1 && column < end) next(finish);
      }
    }
    const unroll = unrolling(count);
    for (const peeled = column + (Math.max(0, limbs - column) % unroll); column < peeled; ) next(finish);
    if (column < limbs) {
      f.set(factor, i32.const(modulus + VECTOR * column));
      f.set(tx, plus(t, VECTOR * column));
      if (last) f.set(resultX, plus(result, VECTOR * column));
      until(f, factor, i32.const(modulus + VECTOR * limbs), () => {
        for (let k = 0; k < unroll; k++) {
          window.push(v128.load(factor, VECTOR * k));
          finish(tx, resultX, VECTOR * k, sum.column(window.products(digits), v128.load(tx, VECTOR * (k + 1))));
        }
        advance(f, unroll, tx, factor);
        if (last) advance(f, unroll, resultX);
      });
      column = limbs;
    }
    while (column < end) next(finish);
    finish(t, result, VECTOR * end, sum.pending);
    if (last) return;
    advance(f, count, t);
    for (let k = 0; k < ROWS; k++) f.set(allDigits[k] as Vector, nextDigits[k] as Vector);
  };

  const first = firstRows(limbs);
  for (let k = 0; k < first; k++) findDigit(k, allDigits, v128.load(t, VECTOR * k));
  if (first < limbs) block(first, false);
  if (first + ROWS < limbs) until(f, t, i32.const(columns + VECTOR * (limbs - ROWS)), () => block(ROWS, false));
  block(ROWS, true);
  return f;
}

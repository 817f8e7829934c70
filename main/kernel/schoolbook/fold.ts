/**
 * What the reduction folds by (reduce.ts): B^-1 to B^-4 modulo N, B = 2^51, each from the one before by one step of
 * Montgomery's reduction. A microsecond or less for a pair of moduli of 300 digits: less than a division.
 */

import { FunctionBuilder, f64x2, i32, i64x2, type V128, v128 } from '../wasm/emit.ts';
import { advance, constant, halves, lowProduct, shifters, until } from './columns.ts';
import { CONSTANT, type Layout, VECTOR } from './layout.ts';
import { CarryChain } from './normalise.ts';

/**
 * `fold(to, from)`: the balanced limbs of (x + q·N)/B, where q ≡ −x/N (mod B) is balanced. For |x| ≤ N it is within
 * N/2 + 1 in size, and congruent to x/B.
 */
export function foldFunction({ limbs, folds: [modulus], inverse }: Layout): FunctionBuilder {
  const f = new FunctionBuilder('fold', ['i32', 'i32']);
  const [to, from] = [f.parameter(0, 'i32'), f.parameter(1, 'i32')];
  const constants = shifters(f);
  const shifter = f.let(constant(CONSTANT.lowShifter));
  const offset = f.let(constant(CONSTANT.carryOffsetOfFold));
  const carries = new CarryChain(f);
  const q = f.let(lowProduct(f, constants, [f.let(v128.load(from)), constant(inverse)]));
  /** What the column gets from the product below. */
  const high = f.let(constants.high);
  const limb = (lowHalf: V128, x: V128): V128 =>
    carries.next(i64x2.add(i64x2.add(f64x2.add(x, shifter), lowHalf), high), offset);
  const n = f.let(i32.const(modulus));
  const column = (): V128 => {
    const product = halves(f, constants, [q, f.let(v128.load(n))]);
    const low = f.let(product.low);
    const value = f.let(limb(low, v128.load(from)));
    f.set(high, product.high);
    advance(f, 1, n, from);
    return value;
  };
  // The lowest limb is zero: that is what q is for.
  column();
  until(f, n, i32.const(modulus + VECTOR * limbs), () => {
    f.storeV128(to, 0, column());
    advance(f, 1, to);
  });
  f.storeV128(to, 0, limb(shifter, v128.zero()));
  return f;
}

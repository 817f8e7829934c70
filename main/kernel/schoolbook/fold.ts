/**
 * What the reduction folds by (reduce.ts): B^-1 to B^-4 modulo N, B = 2^51, each from the one before by one step of
 * Montgomery's reduction; and R modulo N, the Montgomery form of 1, with which most powers begin. Less than a
 * microsecond for a pair of moduli of 300 digits: in plain integers a single division takes as long.
 */

import { FunctionBuilder, f64x2, i32, i64x2, type V128, v128 } from '../wasm/emit.ts';
import { advance, constant, halves, lowProduct, type Shifters, shifters, until, type Vector } from './columns.ts';
import { CONSTANT, type Layout, VECTOR } from './layout.ts';
import { CarryChain } from './normalise.ts';

/** The limbs of x + q·N, lowest first, for one q a lane. */
class MultipleAdded {
  private readonly f: FunctionBuilder;
  private readonly constants: Shifters;
  private readonly shifter: Vector;
  private readonly offset: Vector;
  private readonly carries: CarryChain;
  /** What a limb gets from the product below. */
  private readonly high: Vector;

  constructor(f: FunctionBuilder, constants: Shifters) {
    this.f = f;
    this.constants = constants;
    this.shifter = f.let(constant(CONSTANT.lowShifter));
    this.offset = f.let(constant(CONSTANT.carryOffsetOfFold));
    this.carries = new CarryChain(f);
    this.high = f.let(constants.high);
  }

  next(x: V128, q: Vector, limb: V128): Vector {
    const { f } = this;
    const product = halves(f, this.constants, [q, f.let(limb)]);
    const value = f.let(this.sum(x, product.low));
    f.set(this.high, product.high);
    return value;
  }

  /** The limb above N's highest. */
  last(): V128 {
    return this.sum(v128.zero(), this.shifter);
  }

  private sum(x: V128, low: V128): V128 {
    const limb = i64x2.add(f64x2.add(x, this.shifter), low);
    return this.carries.next(i64x2.add(limb, this.high), this.offset);
  }
}

/**
 * `fold(to, from)`: the balanced limbs of (x + q·N)/B, where q ≡ −x/N (mod B) is balanced. For |x| ≤ N it is within
 * N/2 + 1 in size, and congruent to x/B.
 */
export function foldFunction({ limbs, folds: [modulus], inverse }: Layout): FunctionBuilder {
  const f = new FunctionBuilder('fold', ['i32', 'i32']);
  const [to, from] = [f.parameter(0, 'i32'), f.parameter(1, 'i32')];
  const constants = shifters(f);
  const sum = new MultipleAdded(f, constants);
  const q = f.let(lowProduct(f, constants, [f.let(v128.load(from)), constant(inverse)]));
  // The lowest limb is zero: that is what q is for.
  sum.next(v128.load(from), q, constant(modulus));
  const factor = f.let(i32.const(modulus + VECTOR));
  until(f, factor, i32.const(modulus + VECTOR * limbs), () => {
    f.storeV128(to, 0, sum.next(v128.load(from, VECTOR), q, v128.load(factor)));
    advance(f, 1, factor, from, to);
  });
  f.storeV128(to, 0, sum.last());
  return f;
}

/** `multiple(to, factor)`: the balanced limbs of q·N modulo R, for the q of each lane at `factor`, within 2^50. */
export function multipleFunction({ limbs, folds: [modulus] }: Layout): FunctionBuilder {
  const f = new FunctionBuilder('multiple', ['i32', 'i32']);
  const to = f.parameter(0, 'i32');
  const sum = new MultipleAdded(f, shifters(f));
  const q = f.let(v128.load(f.parameter(1, 'i32')));
  const n = f.let(i32.const(modulus));
  until(f, n, i32.const(modulus + VECTOR * limbs), () => {
    f.storeV128(to, 0, sum.next(v128.zero(), q, v128.load(n)));
    advance(f, 1, n, to);
  });
  return f;
}

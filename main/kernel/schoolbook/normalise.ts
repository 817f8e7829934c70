/**
 * Normalisation: columns, each a signed sum below 2^62, become balanced limbs, lowest first, with a carry from each
 * to the next. The carry of the highest limb is dropped: the bounds on values say that it is zero.
 */

import { type FunctionBuilder, f64x2, i64x2, type V128, v128 } from '../wasm/emit.ts';
import { constant, type Vector } from './columns.ts';
import { CONSTANT, LIMB_BITS } from './layout.ts';

/** The balanced low limb of a column that holds CARRY_OFFSET: its low 51 bits less the half that the offset added. */
export function balancedLimb(column: V128): V128 {
  const bits = v128.or(v128.and(column, constant(CONSTANT.limbMask)), constant(CONSTANT.doubleExponent));
  return f64x2.sub(bits, constant(CONSTANT.limbCentre));
}

/** What a column that holds CARRY_OFFSET carries into the next, and CARRY_EXCESS. */
export const carryOf = (column: V128): V128 => i64x2.shrU(column, LIMB_BITS);

export class CarryChain {
  private readonly f: FunctionBuilder;
  private readonly carry: Vector;
  private readonly column: Vector;

  constructor(f: FunctionBuilder) {
    this.f = f;
    this.carry = f.let(constant(CONSTANT.firstCarry));
    this.column = f.local('v128');
  }

  /** The next limb, of a column without offset; `offset` is CARRY_OFFSET − CARRY_EXCESS, less what the column has too much. */
  next(column: V128, offset: V128): V128 {
    this.f.set(this.column, i64x2.add(i64x2.add(column, offset), this.carry));
    this.f.set(this.carry, carryOf(this.column));
    return balancedLimb(this.column);
  }
}

/**
 * The operations without a product: lanes put together anew, and the difference of two residues.
 */

import { FunctionBuilder, f64x2, plus, v128 } from '../wasm/emit.ts';
import { advance, constant, until } from './columns.ts';
import { CONSTANT, type Layout, VECTOR } from './layout.ts';
import { CarryChain } from './normalise.ts';

/** `join<i><j>(to, a, b)`: lane 0 of `to` becomes lane i of `a`, lane 1 becomes lane j of `b`. */
export function joinFunction({ limbs }: Layout, first: 0 | 1, second: 0 | 1): FunctionBuilder {
  const f = new FunctionBuilder(`join${first}${second}`, ['i32', 'i32', 'i32']);
  const [to, a, b] = [f.parameter(0, 'i32'), f.parameter(1, 'i32'), f.parameter(2, 'i32')];
  until(f, to, f.let(plus(to, VECTOR * limbs)), () => {
    f.storeV128(to, 0, v128.shuffle64(v128.load(a), v128.load(b), first, second === 0 ? 2 : 3));
    advance(f, 1, to, a, b);
  });
  return f;
}

/**
 * `subtract(to, a, b)`: the balanced limbs of a − b. The difference of two limbs is exact, and so is its sum with
 * the shifter, whose bits make it a column; the value is not reduced, see the bounds in `lane-field.ts`.
 */
export function subtractFunction({ limbs }: Layout): FunctionBuilder {
  const f = new FunctionBuilder('subtract', ['i32', 'i32', 'i32']);
  const [to, a, b] = [f.parameter(0, 'i32'), f.parameter(1, 'i32'), f.parameter(2, 'i32')];
  const shifter = f.let(constant(CONSTANT.lowShifter));
  const offset = f.let(constant(CONSTANT.carryOffsetOfDouble));
  const carries = new CarryChain(f);
  until(f, to, f.let(plus(to, VECTOR * limbs)), () => {
    const difference = f64x2.sub(v128.load(a), v128.load(b));
    f.storeV128(to, 0, carries.next(f64x2.add(difference, shifter), offset));
    advance(f, 1, to, a, b);
  });
  return f;
}

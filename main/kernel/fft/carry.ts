/**
 * Carry passes: from the coefficients of a product to balanced words, in [−B/2, B/2] for B = 2^b. Four
 * chains run side by side, one for each quarter of the number; a carry that leaves a quarter is worked into
 * the first words of the next, and the last one wraps round (times −1 modulo B^n + 1, +1 modulo B^n − 1).
 *
 * Rounding is by adding 1.5·2^52, for coefficients below 2^51. Every pass keeps the largest distance between
 * a coefficient and the integer that it was rounded to; where coefficients of 2^51 are possible at all
 * (see transform.ts) it keeps the largest coefficient too.
 */

import { type FunctionReference, f64x2, type I32, i32, type Local, plus, type V128, v128 } from '../wasm/emit.ts';
import { type ComplexEmitter, POINT_BYTES } from './complex.ts';
import { CONSTANTS } from './layout.ts';
import type { Passes } from './passes.ts';
import { coefficientsMayOverflow, type Transform } from './transform.ts';

const constant = (address: number): V128 => v128.load(i32.const(0), address);

/** (x): scaled coefficients of a product modulo B^n + 1 become words. */
export function negacyclicCarry(passes: Passes, transform: Transform): FunctionReference {
  return passes.once('negacyclicCarry', 1, (c, x) => {
    const tracker = new Tracker(c, transform);
    chains(c, transform, x, -1, (address, offset, rounder) =>
      f64x2.sub(tracker.rounded(address, offset, rounder), rounder),
    );
    tracker.save();
  });
}

/** (x, factor): coefficients of a product modulo B^n − 1 become the words of it times a vector of factors. */
export function cyclicCarry(passes: Passes, transform: Transform): FunctionReference {
  return passes.once('cyclicCarry', 2, (c, x, factorAddress) => {
    const tracker = new Tracker(c, transform);
    const factor = c.f.let(v128.load(factorAddress));
    const minusRounder = c.f.let(f64x2.neg(constant(CONSTANTS.rounder)));
    chains(c, transform, x, 1, (address, offset, rounder) =>
      c.madd(tracker.rounded(address, offset, rounder), factor, minusRounder),
    );
    tracker.save();
  });
}

/** (to, x, y): the words of x − y. They are exact, so nothing is tracked. */
export function subtraction(passes: Passes, transform: Transform): FunctionReference {
  return passes.once('subtraction', 3, (c, to, x, y) => {
    const { f } = c;
    const fromX = f.let(i32.sub(x, to));
    const fromY = f.let(i32.sub(y, to));
    chains(c, transform, to, 1, (address, offset, rounder) =>
      f64x2.sub(
        f64x2.sub(v128.load(i32.add(address, fromX), offset), v128.load(i32.add(address, fromY), offset)),
        rounder,
      ),
    );
  });
}

/** Rounds coefficients and remembers the worst. */
class Tracker {
  private readonly c: ComplexEmitter;
  private readonly scale: Local<'v128'>;
  private readonly error: Local<'v128'>;
  private readonly largest: Local<'v128'> | undefined;

  constructor(c: ComplexEmitter, transform: Transform) {
    this.c = c;
    this.scale = c.f.let(constant(CONSTANTS.scale));
    this.error = c.f.let(constant(CONSTANTS.largestError));
    if (coefficientsMayOverflow(transform)) this.largest = c.f.let(constant(CONSTANTS.largestCoefficient));
  }

  rounded(address: I32, offset: number, rounder: V128): V128 {
    const { f, madd, nmadd } = this.c;
    const value = f.let(v128.load(address, offset));
    const rounded = f.let(f64x2.sub(madd(value, this.scale, rounder), rounder));
    f.set(this.error, f64x2.pmax(this.error, f64x2.abs(nmadd(value, this.scale, rounded))));
    if (this.largest !== undefined) f.set(this.largest, f64x2.pmax(this.largest, f64x2.abs(rounded)));
    return rounded;
  }

  save(): void {
    const { f } = this.c;
    f.storeV128(i32.const(0), CONSTANTS.largestError, this.error);
    if (this.largest !== undefined) f.storeV128(i32.const(0), CONSTANTS.largestCoefficient, this.largest);
  }
}

/**
 * The four chains and their ends. `input` gives an integer minus the rounding constant: a carry is kept with
 * that constant added, which takes one operation out of the chain from word to word.
 */
function chains(
  c: ComplexEmitter,
  { n }: Transform,
  x: Local<'i32'>,
  wrap: 1 | -1,
  input: (address: I32, offset: number, rounder: V128) => V128,
): void {
  const { f, madd, nmadd } = c;
  const quarter = (n / 4) * POINT_BYTES;
  const rounder = f.let(constant(CONSTANTS.rounder));
  const inverseBase = f.let(constant(CONSTANTS.inverseBase));
  const base = f.let(constant(CONSTANTS.base));
  const start = f.let(x);
  const end = f.let(plus(x, quarter));
  const carries = [0, 1, 2, 3].map(() => f.let(rounder));
  f.doWhile(
    () => {
      const second = f.let(plus(x, quarter));
      carries.forEach((carry, k) => {
        const address = k < 2 ? x : second;
        const offset = 16 * (k & 1);
        const sum = f.let(f64x2.add(input(address, offset, rounder), carry));
        f.set(carry, madd(sum, inverseBase, rounder));
        f.storeV128(address, offset, nmadd(f64x2.sub(carry, rounder), base, sum));
      });
      f.set(x, plus(x, POINT_BYTES));
    },
    () => i32.ltU(x, end),
  );
  const [realLow, imaginaryLow, realHigh, imaginaryHigh] = carries.map((carry) => f64x2.sub(carry, rounder)) as [
    V128,
    V128,
    V128,
    V128,
  ];
  // Three words take in what is left of a carry; the fourth is at most one larger than a balanced word.
  const settle = (offset: number, carry: V128): void => {
    const rest = f.let(carry);
    for (let word = 0; word < 3; word++) {
      const sum = f.let(f64x2.add(v128.load(start, offset + word * POINT_BYTES), rest));
      f.set(rest, f64x2.sub(madd(sum, inverseBase, rounder), rounder));
      f.storeV128(start, offset + word * POINT_BYTES, nmadd(rest, base, sum));
    }
    const last = offset + 3 * POINT_BYTES;
    f.storeV128(start, last, f64x2.add(v128.load(start, last), rest));
  };
  settle(0, wrap === 1 ? imaginaryHigh : f64x2.neg(imaginaryHigh));
  settle(quarter, realLow);
  settle(16, realHigh);
  settle(quarter + 16, imaginaryLow);
}

/**
 * Carry passes: from the coefficients of a product to balanced words, in [−B/2, B/2] for B = 2^b. Four
 * chains run side by side, one for each quarter of the number; a carry that leaves a quarter is worked into
 * the first words of the next, and the last one wraps round (times −1 modulo B^n + 1, +1 modulo B^n − 1).
 * A carry has its rounding constant taken off at once: nine operations a word, against ten for carries that
 * keep it (a shorter chain), measured 12 % faster.
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

/** Two blocks make four chains; with eight, the steps wait for execution units instead (measured 2 % slower). */
const BLOCKS = 2;

const constant = (address: number): V128 => v128.load(i32.const(0), address);

/** (x): scaled coefficients of a product modulo B^n + 1 become words. */
export function negacyclicCarry(passes: Passes, transform: Transform): FunctionReference {
  return passes.once('negacyclicCarry', 1, (c, x) => {
    const tracker = new Tracker(c, transform);
    chains(c, transform, x, -1, (address, offset, rounder, carry) =>
      f64x2.add(tracker.rounded(address, offset, rounder), carry),
    );
    tracker.save();
  });
}

/** (x, factor): coefficients of a product modulo B^n − 1 become the words of it times a vector of factors. */
export function cyclicCarry(passes: Passes, transform: Transform): FunctionReference {
  return passes.once('cyclicCarry', 2, (c, x, factorAddress) => {
    const tracker = new Tracker(c, transform);
    const factor = c.f.let(v128.load(factorAddress));
    chains(c, transform, x, 1, (address, offset, rounder, carry) =>
      c.madd(tracker.rounded(address, offset, rounder), factor, carry),
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
    chains(c, transform, to, 1, (address, offset, _rounder, carry) =>
      f64x2.add(
        f64x2.sub(v128.load(i32.add(address, fromX), offset), v128.load(i32.add(address, fromY), offset)),
        carry,
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
 * The chains and their ends. `input` gives the integer of a word plus the carry into it. The points are cut
 * into blocks; a block has one chain for its real and one for its imaginary parts, and the chains follow each
 * other in the number: all real parts first, then all imaginary parts.
 */
function chains(
  c: ComplexEmitter,
  { n }: Transform,
  x: Local<'i32'>,
  wrap: 1 | -1,
  input: (address: I32, offset: number, rounder: V128, carry: V128) => V128,
): void {
  const { f, madd, nmadd } = c;
  const blockBytes = (n / 2 / BLOCKS) * POINT_BYTES;
  const rounder = f.let(constant(CONSTANTS.rounder));
  const inverseBase = f.let(constant(CONSTANTS.inverseBase));
  const base = f.let(constant(CONSTANTS.base));
  const start = f.let(x);
  const end = f.let(plus(x, blockBytes));
  const places = Array.from({ length: 2 * BLOCKS }, (_, k) => (k % BLOCKS) * blockBytes + (k < BLOCKS ? 0 : 16));
  const carries = places.map(() => f.let(v128.zero()));
  f.doWhile(
    () => {
      places.forEach((place, k) => {
        const carry = carries[k] as Local<'v128'>;
        const sum = f.let(input(x, place, rounder, carry));
        f.set(carry, f64x2.sub(madd(sum, inverseBase, rounder), rounder));
        f.storeV128(x, place, nmadd(carry, base, sum));
      });
      f.set(x, plus(x, POINT_BYTES));
    },
    () => i32.ltU(x, end),
  );
  // Three words take in what is left of a carry; the fourth is at most one larger than a balanced word.
  places.forEach((place, k) => {
    const carry = carries.at(k - 1) as V128;
    const rest = f.let(k === 0 && wrap === -1 ? f64x2.neg(carry) : carry);
    for (let word = 0; word < 3; word++) {
      const sum = f.let(f64x2.add(v128.load(start, place + word * POINT_BYTES), rest));
      f.set(rest, f64x2.sub(madd(sum, inverseBase, rounder), rounder));
      f.storeV128(start, place + word * POINT_BYTES, nmadd(rest, base, sum));
    }
    const last = place + 3 * POINT_BYTES;
    f.storeV128(start, last, f64x2.add(v128.load(start, last), rest));
  });
}

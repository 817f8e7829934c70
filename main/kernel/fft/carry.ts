/**
 * Carry passes: from the coefficients of a product to balanced words, in [−B/2, B/2] for B = 2^b. Eight chains run
 * side by side, one for each eighth of the number, two to a wide vector; a carry that leaves an eighth is worked into
 * the first words of the next, and the last one wraps round (times −1 modulo B^n + 1, +1 modulo B^n − 1).
 * A carry has its rounding constant taken off at once: nine operations a word, against ten for carries that
 * keep it (a shorter chain), measured 12 % faster.
 *
 * Rounding is by adding about 1.5·2^52, for coefficients below 2^51. Every pass keeps the largest distance between
 * a coefficient and the integer that it was rounded to. Where coefficients of 2^51 are possible at all (see
 * transform.ts) it keeps all bits of all carries too: `rounder` in layout.ts says what they show.
 */

import { type FunctionReference, f64x2, type I32, i32, type Local, plus, type V128, v128 } from '../wasm/emit.ts';
import { CELL_BYTES, type ComplexEmitter, WIDE_BYTES, type Wide } from './complex.ts';
import { CONSTANTS } from './layout.ts';
import type { Passes } from './passes.ts';
import { coefficientsMayOverflow, type Transform } from './transform.ts';

/** The cells in two blocks: with the halves and the two parts of a point, eight chains. */
const BLOCKS = 2;

const constant = (c: ComplexEmitter, address: number): Wide => c.loadWide(i32.const(0), address);

/** (x): scaled coefficients of a product modulo B^n + 1 become words. */
export function negacyclicCarry(passes: Passes, transform: Transform): FunctionReference {
  return passes.once('negacyclicCarry', 1, (c, x) => {
    chains(c, transform, x, -1, (half) => {
      const tracker = new Tracker(half, transform);
      return {
        input: (address, offset, rounder, carry) => half.add(tracker.rounded(address, offset, rounder), carry),
        see: (carry) => tracker.see(carry),
        end: () => tracker.save(),
      };
    });
  });
}

/** (x, factor): coefficients of a product modulo B^n − 1 become the words of it times a vector of factors. */
export function cyclicCarry(passes: Passes, transform: Transform): FunctionReference {
  return passes.once('cyclicCarry', 2, (c, x, factorAddress) => {
    chains(c, transform, x, 1, (half) => {
      const tracker = new Tracker(half, transform);
      const factor = half.loadWide(factorAddress);
      return {
        input: (address, offset, rounder, carry) => half.madd(tracker.rounded(address, offset, rounder), factor, carry),
        see: (carry) => tracker.see(carry),
        end: () => tracker.save(),
      };
    });
  });
}

/** (to, x, y): the words of x − y. They are exact, so nothing is tracked. */
export function subtraction(passes: Passes, transform: Transform): FunctionReference {
  return passes.once('subtraction', 3, (c, to, x, y) => {
    const { f } = c;
    const fromX = f.let(i32.sub(x, to));
    const fromY = f.let(i32.sub(y, to));
    chains(c, transform, to, 1, (half) => ({
      input: (address, offset, _rounder, carry) =>
        half.add(
          half.sub(
            half.loadWide(f.let(i32.add(address, fromX)), offset),
            half.loadWide(f.let(i32.add(address, fromY)), offset),
          ),
          carry,
        ),
      see: () => {},
      end: () => {},
    }));
  });
}

/** Rounds coefficients and remembers the worst. */
class Tracker {
  private readonly c: ComplexEmitter;
  private readonly scale: Wide;
  /** The bits of an absolute value, read from memory: V8 makes them anew for each `abs`. */
  private readonly magnitude: Wide;
  private readonly error: Wide;
  private readonly carries: Wide | undefined;
  private calls = 0;
  private worst: Wide | undefined;

  constructor(c: ComplexEmitter, transform: Transform) {
    this.c = c;
    this.scale = constant(c, CONSTANTS.scale);
    this.magnitude = constant(c, CONSTANTS.magnitude);
    this.error = constant(c, CONSTANTS.largestError);
    if (coefficientsMayOverflow(transform)) this.carries = constant(c, CONSTANTS.carries);
  }

  /** The errors are joined once for the words of one turn of a loop: a chain of maxima over all of them took longer than the rest. */
  rounded(address: I32, offset: number, rounder: Wide): Wide {
    const { c } = this;
    const value = c.loadWide(address, offset);
    const rounded = c.let(c.sub(c.madd(value, this.scale, rounder), rounder));
    const error = c.let(c.and(c.nmadd(value, this.scale, rounded), this.magnitude));
    const turn = this.calls++ % (2 * BLOCKS);
    const lastOfTurn = turn === 2 * BLOCKS - 1;
    this.worst = turn === 0 ? error : c.let(c.max(error, this.worst as Wide));
    if (lastOfTurn) c.set(this.error, c.max(this.error, this.worst));
    return rounded;
  }

  /** A carry with the rounder still in it. */
  see(carry: Wide): void {
    if (this.carries !== undefined) this.c.set(this.carries, this.c.or(this.carries, carry));
  }

  save(): void {
    const { c } = this;
    c.storeWide(i32.const(0), CONSTANTS.largestError, this.error);
    if (this.carries !== undefined) c.storeWide(i32.const(0), CONSTANTS.carries, this.carries);
  }
}

/** How a carry pass gets the integer of a word plus the carry into it. */
interface Source {
  readonly input: (address: I32, offset: number, rounder: Wide, carry: Wide) => Wide;
  /** Each carry out of a word, with the rounder still in it. */
  readonly see: (carry: Wide) => void;
  /** After the last word. */
  readonly end: () => void;
}

/**
 * The chains and their ends. The cells are cut into blocks; a block has chains for its real and for its imaginary
 * parts. In the number all real parts of first halves come first, then those of second halves, then the imaginary ones.
 */
function chains(
  c: ComplexEmitter,
  transform: Transform,
  x: Local<'i32'>,
  wrap: 1 | -1,
  sourceOf: (half: ComplexEmitter) => Source,
): void {
  const { f } = c;
  const blockBytes = (transform.n / 4 / BLOCKS) * CELL_BYTES;
  const start = f.let(x);
  /** The carry out of each chain, by its place in the number. */
  const out: V128[] = [];
  const chainOf = (part: number, half: number, block: number): number => (2 * part + half) * BLOCKS + block;
  c.eachHalf((half) => {
    const [rounder, inverseBase, base] = chainConstants(half);
    const source = sourceOf(half);
    const at = f.let(start);
    const end = f.let(plus(start, blockBytes));
    const places = Array.from({ length: 2 * BLOCKS }, (_, k) => ({ block: k >> 1, part: k & 1 }));
    const carries = places.map(() => half.let(half.halves.map(() => v128.zero())));
    f.doWhile(
      () => {
        places.forEach(({ block, part }, k) => {
          const carry = carries[k] as Wide;
          const place = block * blockBytes + part * WIDE_BYTES;
          const sum = half.let(source.input(at, place, rounder, carry));
          const next = half.let(half.madd(sum, inverseBase, rounder));
          source.see(next);
          half.set(carry, half.sub(next, rounder));
          half.storeWide(at, place, half.nmadd(carry, base, sum));
        });
        f.set(at, plus(at, CELL_BYTES));
      },
      () => i32.ltU(at, end),
    );
    source.end();
    places.forEach(({ block, part }, k) => {
      half.halves.forEach((which, index) => {
        out[chainOf(part, which, block)] = (carries[k] as Wide)[index] as V128;
      });
    });
  });
  const carryInto = (chain: number): V128 => {
    const carry = out.at(chain - 1) as V128;
    return chain === 0 && wrap === -1 ? f.let(f64x2.neg(carry)) : carry;
  };
  const words = fixWords(transform);
  for (const part of [0, 1]) {
    const place = part * WIDE_BYTES;
    // Carries into the second block come from the first one, in the same halves; those into the first do not.
    c.eachHalf((half) => {
      fix(
        half,
        start,
        place + blockBytes,
        half.halves.map((which) => carryInto(chainOf(part, which, 1))),
        words,
      );
    });
    for (const which of [0, 1] as const) {
      fix(c.half(which), start, place, [carryInto(chainOf(part, which, 0))], words);
    }
  }
}

/**
 * Words that take in what is left of a carry, the last by adding 0 or ±1. A carry out of a chain is at most n·B;
 * the first word leaves n + 1 of it at most, and the second ±1 if that is below B.
 */
function fixWords({ n, wordBits }: Transform): number {
  return n + 2 <= 2 ** wordBits ? 3 : 4;
}

/** Works a carry into the first words of a chain. */
function fix(c: ComplexEmitter, x: I32, place: number, carry: Wide, words: number): void {
  const [rounder, inverseBase, base] = chainConstants(c);
  let rest = carry;
  for (let word = 0; word < words; word++) {
    const offset = place + word * CELL_BYTES;
    const sum = c.let(c.add(c.loadWide(x, offset), rest));
    if (word === words - 1) c.storeWide(x, offset, sum);
    else {
      rest = c.let(c.sub(c.madd(sum, inverseBase, rounder), rounder));
      c.storeWide(x, offset, c.nmadd(rest, base, sum));
    }
  }
}

function chainConstants(c: ComplexEmitter): [Wide, Wide, Wide] {
  return [constant(c, CONSTANTS.rounder), constant(c, CONSTANTS.inverseBase), constant(c, CONSTANTS.base)];
}

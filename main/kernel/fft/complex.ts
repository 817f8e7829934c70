/**
 * Arithmetic on wide vectors and complex numbers, for the emitter. A wide vector is two vectors of two doubles, its
 * halves, that lie side by side in memory: two numbers of one transform, with one value for each lane (one candidate
 * a lane). Both halves go through the same operations, so that V8 can make one 256-bit operation of two (see
 * wasm/wide.ts). Where it does not, an emitter works on one half at a time: two at once would not fit into registers.
 *
 * Operations are lazy: they build expressions. `keep` evaluates now and names the result; `load`, `square`
 * and whatever needs a value twice keep by themselves. So the order of the calls is the order of the code.
 */

import {
  type FunctionBuilder,
  type Fusion,
  f64x2,
  type I32,
  type Local,
  type MultiplyAdd,
  multiplyAdd,
  type V128,
  v128,
} from '../wasm/emit.ts';

/** The halves of a wide vector that an emitter works on. */
export type Wide = readonly V128[];
export type Half = 0 | 1;

export interface Complex {
  readonly re: Wide;
  readonly im: Wide;
}

export const VECTOR_BYTES = 16;
export const WIDE_BYTES = 32;
/** Bytes of a cell: two complex points, the real parts first. */
export const CELL_BYTES = 64;

/** How a module is emitted. */
export interface Style {
  readonly fusion: Fusion;
  /** Both halves of wide vectors at once, for V8 to merge; else one after the other. */
  readonly wide: boolean;
}

export class ComplexEmitter {
  readonly f: FunctionBuilder;
  readonly style: Style;
  readonly halves: readonly Half[];
  private readonly fused: MultiplyAdd;

  constructor(f: FunctionBuilder, style: Style, halves: readonly Half[] = [0, 1]) {
    this.f = f;
    this.style = style;
    this.halves = halves;
    this.fused = multiplyAdd(style.fusion);
  }

  /** The same function, in one half. */
  half(half: Half): ComplexEmitter {
    return new ComplexEmitter(this.f, this.style, [half]);
  }

  /** Emits a body for both halves: once, where they go side by side. */
  eachHalf(body: (c: ComplexEmitter) => void): void {
    if (this.style.wide) body(this);
    else for (const half of this.halves) body(this.half(half));
  }

  add(a: Wide, b: Wide): Wide {
    return a.map((x, k) => f64x2.add(x, b[k] as V128));
  }

  sub(a: Wide, b: Wide): Wide {
    return a.map((x, k) => f64x2.sub(x, b[k] as V128));
  }

  mul(a: Wide, b: Wide): Wide {
    return a.map((x, k) => f64x2.mul(x, b[k] as V128));
  }

  /** a·b + c */
  madd(a: Wide, b: Wide, c: Wide): Wide {
    return a.map((x, k) => this.fused.madd(x, b[k] as V128, c[k] as V128));
  }

  /** c − a·b */
  nmadd(a: Wide, b: Wide, c: Wide): Wide {
    return a.map((x, k) => this.fused.nmadd(x, b[k] as V128, c[k] as V128));
  }

  /** The larger of two numbers that are not NaN. */
  max(a: Wide, b: Wide): Wide {
    return a.map((x, k) => f64x2.pmax(x, b[k] as V128));
  }

  and(a: Wide, b: Wide): Wide {
    return a.map((x, k) => v128.and(x, b[k] as V128));
  }

  or(a: Wide, b: Wide): Wide {
    return a.map((x, k) => v128.or(x, b[k] as V128));
  }

  let(a: Wide): Wide {
    return a.map((x) => this.f.let(x));
  }

  loadWide(address: I32, offset = 0): Wide {
    return this.let(this.halves.map((half) => v128.load(address, offset + VECTOR_BYTES * half)));
  }

  /** The second half first: V8 merges stores in that order into one, in the other it keeps the first of them too. */
  storeWide(address: I32, offset: number, a: Wide): void {
    for (let k = a.length - 1; k >= 0; k--) {
      this.f.storeV128(address, offset + VECTOR_BYTES * (this.halves[k] as Half), a[k] as V128);
    }
  }

  keep(z: Complex): Complex {
    return { re: this.let(z.re), im: this.let(z.im) };
  }

  /** Gives a variable (what `let` returned) a new value. */
  set(variable: Wide, a: Wide): void {
    variable.forEach((local, k) => {
      this.f.set(local as Local<'v128'>, a[k] as V128);
    });
  }

  /** Gives a variable (what `keep` returned) a new value. */
  assign(variable: Complex, z: Complex): void {
    const next = this.keep(z);
    this.set(variable.re, next.re);
    this.set(variable.im, next.im);
  }

  load(address: I32, offset = 0): Complex {
    return { re: this.loadWide(address, offset), im: this.loadWide(address, offset + WIDE_BYTES) };
  }

  store(address: I32, offset: number, z: Complex): void {
    this.storeWide(address, offset, z.re);
    this.storeWide(address, offset + WIDE_BYTES, z.im);
  }

  plus(a: Complex, b: Complex): Complex {
    return { re: this.add(a.re, b.re), im: this.add(a.im, b.im) };
  }

  minus(a: Complex, b: Complex): Complex {
    return { re: this.sub(a.re, b.re), im: this.sub(a.im, b.im) };
  }

  /** a + i·b */
  plusI(a: Complex, b: Complex): Complex {
    return { re: this.sub(a.re, b.im), im: this.add(a.im, b.re) };
  }

  /** a − i·b */
  minusI(a: Complex, b: Complex): Complex {
    return { re: this.add(a.re, b.im), im: this.sub(a.im, b.re) };
  }

  times(a: Complex, b: Complex): Complex {
    return {
      re: this.nmadd(a.im, b.im, this.mul(a.re, b.re)),
      im: this.madd(a.re, b.im, this.mul(a.im, b.re)),
    };
  }

  /** a·b + c */
  timesPlus(a: Complex, b: Complex, c: Complex): Complex {
    return {
      re: this.nmadd(a.im, b.im, this.madd(a.re, b.re, c.re)),
      im: this.madd(a.re, b.im, this.madd(a.im, b.re, c.im)),
    };
  }

  /** a times the conjugate of b */
  timesConjugate(a: Complex, b: Complex): Complex {
    return {
      re: this.madd(a.im, b.im, this.mul(a.re, b.re)),
      im: this.nmadd(a.re, b.im, this.mul(a.im, b.re)),
    };
  }

  /** a times a real number */
  scaled(a: Complex, by: Wide): Complex {
    return { re: this.mul(a.re, by), im: this.mul(a.im, by) };
  }

  /** a·by + c for a real number `by` */
  scaledPlus(a: Complex, by: Wide, c: Complex): Complex {
    return { re: this.madd(by, a.re, c.re), im: this.madd(by, a.im, c.im) };
  }

  /** c − a·by for a real number `by` */
  scaledFrom(a: Complex, by: Wide, c: Complex): Complex {
    return { re: this.nmadd(by, a.re, c.re), im: this.nmadd(by, a.im, c.im) };
  }

  square(z: Complex): Complex {
    const re = this.let(this.mul(this.add(z.re, z.im), this.sub(z.re, z.im)));
    const cross = this.let(this.mul(z.re, z.im));
    return { re, im: this.let(this.add(cross, cross)) };
  }

  /** z² + c, where c is evaluated once */
  squarePlus(z: Complex, c: Complex): Complex {
    const cross = this.let(this.mul(z.re, z.im));
    return this.keep({
      re: this.madd(this.add(z.re, z.im), this.sub(z.re, z.im), c.re),
      im: this.add(this.add(cross, cross), c.im),
    });
  }
}

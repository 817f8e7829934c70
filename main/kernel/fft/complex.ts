/**
 * Complex arithmetic on vectors, for the emitter: a complex number is two vectors, its real and imaginary
 * parts, each holding one value for each lane (one candidate a lane).
 *
 * Operations are lazy: they build expressions. `keep` evaluates now and names the result; `load`, `square`
 * and whatever needs a value twice keep by themselves. So the order of the calls is the order of the code.
 */

import { type FunctionBuilder, type Fusion, f64x2, type I32, multiplyAdd, type V128, v128 } from '../wasm/emit.ts';

export interface Complex {
  readonly re: V128;
  readonly im: V128;
}

/** Bytes of one complex point: two vectors of two doubles. */
export const POINT_BYTES = 32;

export class ComplexEmitter {
  readonly f: FunctionBuilder;
  readonly madd: (a: V128, b: V128, c: V128) => V128;
  readonly nmadd: (a: V128, b: V128, c: V128) => V128;

  constructor(f: FunctionBuilder, fusion: Fusion) {
    this.f = f;
    const { madd, nmadd } = multiplyAdd(fusion);
    this.madd = madd;
    this.nmadd = nmadd;
  }

  keep(z: Complex): Complex {
    return { re: this.f.let(z.re), im: this.f.let(z.im) };
  }

  load(address: I32, offset = 0): Complex {
    return this.keep({ re: v128.load(address, offset), im: v128.load(address, offset + 16) });
  }

  /** A root of unity stored once, used in both lanes. */
  loadRoot(address: I32, offset = 0): Complex {
    return this.keep({ re: v128.loadSplat64(address, offset), im: v128.loadSplat64(address, offset + 8) });
  }

  store(address: I32, offset: number, z: Complex): void {
    this.f.storeV128(address, offset, z.re);
    this.f.storeV128(address, offset + 16, z.im);
  }

  plus(a: Complex, b: Complex): Complex {
    return { re: f64x2.add(a.re, b.re), im: f64x2.add(a.im, b.im) };
  }

  minus(a: Complex, b: Complex): Complex {
    return { re: f64x2.sub(a.re, b.re), im: f64x2.sub(a.im, b.im) };
  }

  /** a + i·b */
  plusI(a: Complex, b: Complex): Complex {
    return { re: f64x2.sub(a.re, b.im), im: f64x2.add(a.im, b.re) };
  }

  /** a − i·b */
  minusI(a: Complex, b: Complex): Complex {
    return { re: f64x2.add(a.re, b.im), im: f64x2.sub(a.im, b.re) };
  }

  times(a: Complex, b: Complex): Complex {
    return {
      re: this.nmadd(a.im, b.im, f64x2.mul(a.re, b.re)),
      im: this.madd(a.re, b.im, f64x2.mul(a.im, b.re)),
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
      re: this.madd(a.im, b.im, f64x2.mul(a.re, b.re)),
      im: this.nmadd(a.re, b.im, f64x2.mul(a.im, b.re)),
    };
  }

  /** a times a real number */
  scaled(a: Complex, by: V128): Complex {
    return { re: f64x2.mul(a.re, by), im: f64x2.mul(a.im, by) };
  }

  /** a·by + c for a real number `by` */
  scaledPlus(a: Complex, by: V128, c: Complex): Complex {
    return { re: this.madd(by, a.re, c.re), im: this.madd(by, a.im, c.im) };
  }

  /** c − a·by for a real number `by` */
  scaledFrom(a: Complex, by: V128, c: Complex): Complex {
    return { re: this.nmadd(by, a.re, c.re), im: this.nmadd(by, a.im, c.im) };
  }

  square(z: Complex): Complex {
    const re = this.f.let(f64x2.mul(f64x2.add(z.re, z.im), f64x2.sub(z.re, z.im)));
    const cross = this.f.let(f64x2.mul(z.re, z.im));
    return { re, im: this.f.let(f64x2.add(cross, cross)) };
  }

  /** z² + c, where c is evaluated once */
  squarePlus(z: Complex, c: Complex): Complex {
    const cross = this.f.let(f64x2.mul(z.re, z.im));
    return this.keep({
      re: this.madd(f64x2.add(z.re, z.im), f64x2.sub(z.re, z.im), c.re),
      im: f64x2.add(f64x2.add(cross, cross), c.im),
    });
  }
}

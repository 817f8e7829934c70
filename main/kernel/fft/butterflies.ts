/**
 * Butterflies: the small transforms of which the passes are made, each written once. A node X^m − r of the
 * transform tree splits into k children X^(m/k) − r^(1/k)·e^(2πi·j/k); with the twiddles w_j = r^(j/k) the
 * j-th quarter is multiplied by w_j, and then a plain transform of length k gives the children.
 *
 * Inputs are fetched by a callback at the moment they are needed, and outputs are handed over unevaluated
 * (or, in the inverses, to a callback): the order of loads and operations was tuned to avoid spills, and
 * V8 keeps it. Every pass that uses a butterfly only says where its numbers come from and go to.
 */

import type { Complex, ComplexEmitter, Wide } from './complex.ts';

type Input = (index: number) => Complex;
type Output = (index: number, z: Complex) => void;

/** Twiddles of a radix-4 node: index 1, 2, 3. */
export type Twiddles = readonly [null, Complex, Complex, Complex];

/** Children 0..3 of a radix-4 node: at the square roots s (0, 1) and −s (2, 3) of the node's root. */
export function forward4(c: ComplexEmitter, w: Twiddles, input: Input): readonly Complex[] {
  const third = c.keep(c.times(input(2), w[2]));
  const first = input(0);
  const s = c.keep(c.plus(first, third));
  const t = c.keep(c.minus(first, third));
  const second = c.keep(c.times(input(1), w[1]));
  const fourth = c.keep(c.times(input(3), w[3]));
  const y = c.keep(c.plus(second, fourth));
  const z = c.keep(c.minus(second, fourth));
  return [c.plus(s, y), c.minus(s, y), c.plusI(t, z), c.minusI(t, z)];
}

/** The inverse of `forward4`, times 4. Inputs are fetched in the order 0, 1, 2, 3. */
export function inverse4(c: ComplexEmitter, w: Twiddles, input: Input, output: Output): void {
  const a0 = input(0);
  const a1 = input(1);
  const u = c.keep(c.plus(a0, a1));
  const v = c.keep(c.minus(a0, a1));
  const a2 = input(2);
  const a3 = input(3);
  const p = c.keep(c.plus(a2, a3));
  const q = c.keep(c.minus(a2, a3));
  output(0, c.plus(u, p));
  const third = c.keep(c.minus(u, p));
  output(2, c.timesConjugate(third, w[2]));
  const second = c.keep(c.minusI(v, q));
  const fourth = c.keep(c.plusI(v, q));
  output(1, c.timesConjugate(second, w[1]));
  output(3, c.timesConjugate(fourth, w[3]));
}

/** Twiddles of a radix-3 node: index 1, 2. */
export type Radix3Twiddles = readonly [null, Complex, Complex];

/** Real constants of the radix-3 transform: √3/2 and 1/2. */
export interface Radix3 {
  readonly sine: Wide;
  readonly half: Wide;
}

export function forward3(c: ComplexEmitter, w: Radix3Twiddles, k: Radix3, input: Input, output: Output): void {
  const b = c.keep(c.times(input(1), w[1]));
  const d = c.keep(c.times(input(2), w[2]));
  const first = (): Complex => input(0);
  transform3(c, k, b, d, first, (index, z) => output(index, z));
}

/** The inverse of `forward3`, times 3. */
export function inverse3(c: ComplexEmitter, w: Radix3Twiddles, k: Radix3, input: Input, output: Output): void {
  const b = input(1);
  const d = input(2);
  transform3(
    c,
    k,
    b,
    d,
    () => input(0),
    (index, z) => {
      if (index === 0) output(0, z);
      else output(3 - index, c.timesConjugate(c.keep(z), w[index === 1 ? 2 : 1]));
    },
  );
}

/** a + b + d, a + ωb + ω²d, a + ω²b + ωd for ω = e^(2πi/3). */
function transform3(c: ComplexEmitter, k: Radix3, b: Complex, d: Complex, first: () => Complex, output: Output): void {
  const sum = c.keep(c.plus(b, d));
  const turned = c.keep(c.scaled(c.minus(b, d), k.sine));
  const a = first();
  output(0, c.plus(a, sum));
  const t = c.keep(c.scaledFrom(sum, k.half, a));
  output(1, c.plusI(t, turned));
  output(2, c.minusI(t, turned));
}

/** Real constants of the radix-5 transform: cosines and sines of 2π/5 and 4π/5. */
export interface Radix5 {
  readonly cosines: readonly [Wide, Wide];
  readonly sines: readonly [Wide, Wide];
}

/** A root is fetched when it is used: four of them do not fit beside the constants. */
type Roots = (index: number) => Complex;

export function forward5(c: ComplexEmitter, w: Roots, k: Radix5, input: Input, output: Output): void {
  transform5(
    c,
    k,
    (index) => {
      const z = input(index);
      return index === 0 ? z : c.keep(c.times(z, w(index)));
    },
    output,
  );
}

/** The inverse of `forward5`, times 5. */
export function inverse5(c: ComplexEmitter, w: Roots, k: Radix5, input: Input, output: Output): void {
  transform5(c, k, input, (index, z) => {
    if (index === 0) output(0, z);
    else {
      const root = w(5 - index);
      output(5 - index, c.timesConjugate(c.keep(z), root));
    }
  });
}

/** Σ_j ω^(jk)·a_j for ω = e^(2πi/5), k = 0, 1, 4, 2, 3. */
function transform5(c: ComplexEmitter, k: Radix5, input: Input, output: Output): void {
  const [c1, c2] = k.cosines;
  const [s1, s2] = k.sines;
  const a1 = input(1);
  const a4 = input(4);
  const outer = c.keep(c.plus(a1, a4));
  const outerTurn = c.keep(c.minus(a1, a4));
  const a2 = input(2);
  const a3 = input(3);
  const inner = c.keep(c.plus(a2, a3));
  const innerTurn = c.keep(c.minus(a2, a3));
  const a0 = input(0);
  output(0, {
    re: c.add(a0.re, c.add(outer.re, inner.re)),
    im: c.add(a0.im, c.add(outer.im, inner.im)),
  });
  const t1 = c.keep(c.scaledPlus(inner, c2, c.scaledPlus(outer, c1, a0)));
  const t2 = c.keep(c.scaledPlus(inner, c1, c.scaledPlus(outer, c2, a0)));
  const v1 = c.keep(c.scaledPlus(innerTurn, s2, c.scaled(outerTurn, s1)));
  const v2 = c.keep(c.scaledFrom(innerTurn, s1, c.scaled(outerTurn, s2)));
  output(1, c.plusI(t1, v1));
  output(4, c.minusI(t1, v1));
  output(2, c.plusI(t2, v2));
  output(3, c.minusI(t2, v2));
}

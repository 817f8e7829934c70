/**
 * Leaves of the transform tree: nodes of four, two or one complex points, where the products are made. A
 * leaf of four points does the last radix-4 step, the product and the first inverse step in one go, without
 * touching memory between. A leaf of two points multiplies polynomials modulo X² − r directly and gives
 * twice the product; an already transformed factor (of a leaf of two) is stored doubled for that.
 */

import { type FunctionReference, f64x2, type I32, i32, type Local, plus } from '../wasm/emit.ts';
import { forward4, inverse4 } from './butterflies.ts';
import { type Complex, type ComplexEmitter, POINT_BYTES } from './complex.ts';
import { loadTwiddles, type Passes, TWIDDLE_BYTES } from './passes.ts';

/**
 * What a leaf makes of its x: x², x·t, x² + y·t, or x·z + y·t. Here t and z are transformed down to the
 * leaf's points; y is so in leaves of four, and as x (not yet split) in leaves of two.
 */
export type LeafProduct = 'square' | 'times' | 'squarePlus' | 'timesPlus';

/** Arguments of a leaf pass: (x, y, z, t, count, table). Those that a product does not use are ignored. */
const PARAMETERS = 6;

/** Defines the pass over leaves of 4, 2 or 1 points. */
export function leafPass(passes: Passes, points: 1 | 2 | 4, product: LeafProduct): FunctionReference {
  const leaf = { 1: leaf1, 2: leaf2, 4: leaf4 }[points];
  const tableBytes = { 1: 0, 2: 16, 4: TWIDDLE_BYTES }[points];
  return passes.once(`leaf${points}${product}`, PARAMETERS, (c, ...p) => {
    const { f } = c;
    const [x, y, z, t, count, table] = p as [I32Local, I32Local, I32Local, I32Local, I32Local, I32Local];
    const end = f.let(i32.add(x, i32.mul(count, i32.const(points * POINT_BYTES))));
    const moving = [x, ...(product === 'square' ? [] : [t]), ...(product.endsWith('Plus') ? [y] : [])];
    if (product === 'timesPlus') moving.push(z);
    f.doWhile(
      () => {
        leaf(c, product, { x, y, z, t, table });
        for (const pointer of moving) f.set(pointer, plus(pointer, points * POINT_BYTES));
        f.set(table, plus(table, tableBytes));
      },
      () => i32.ltU(x, end),
    );
  });
}

type I32Local = Local<'i32'>;
type Operands = Record<'x' | 'y' | 'z' | 't' | 'table', I32>;

/** The product at one point, whose x is `value` and whose other operands lie at `offset`. */
function pointProduct(c: ComplexEmitter, product: LeafProduct, at: Operands, offset: number, value: Complex): Complex {
  if (product === 'square') return c.square(value);
  const t = c.load(at.t, offset);
  if (product === 'times') return c.keep(c.times(value, t));
  const y = c.load(at.y, offset);
  if (product === 'squarePlus') return c.squarePlus(value, c.times(y, t));
  const z = c.load(at.z, offset);
  return c.keep(c.timesPlus(value, z, c.times(y, t)));
}

function leaf1(c: ComplexEmitter, product: LeafProduct, at: Operands): void {
  c.store(at.x, 0, pointProduct(c, product, at, 0, c.load(at.x)));
}

function leaf4(c: ComplexEmitter, product: LeafProduct, at: Operands): void {
  const twiddles = loadTwiddles(c, at.table);
  const points = forward4(c, twiddles, (k) => c.load(at.x, k * POINT_BYTES));
  inverse4(
    c,
    twiddles,
    (k) => pointProduct(c, product, at, k * POINT_BYTES, c.keep(points[k] as Complex)),
    (k, z) => c.store(at.x, k * POINT_BYTES, z),
  );
}

/** Twice the product modulo X² − r. */
function leaf2(c: ComplexEmitter, product: LeafProduct, at: Operands): void {
  if (product === 'square') leaf2Square(c, at);
  else if (product === 'squarePlus') leaf2SquarePlus(c, at);
  else leaf2Times(c, product, at);
}

/** (a + bX)², doubled: 2a² + r·2b², and 4ab. */
function leaf2Square(c: ComplexEmitter, at: Operands): void {
  const { f } = c;
  const root = c.loadRoot(at.table);
  const a = c.load(at.x);
  const b = c.load(at.x, POINT_BYTES);
  const a2 = c.keep(c.plus(a, a));
  const b2 = c.keep(c.plus(b, b));
  const s = c.keep({
    re: f64x2.mul(f64x2.add(b2.re, b2.im), f64x2.sub(b.re, b.im)),
    im: f64x2.mul(f64x2.add(b2.re, b2.re), b.im),
  });
  f.storeV128(at.x, 0, c.madd(f64x2.add(a2.re, a2.im), f64x2.sub(a.re, a.im), c.times(s, root).re));
  f.storeV128(at.x, 16, c.madd(f64x2.add(a2.re, a2.re), a.im, c.times(s, root).im));
  const a4 = c.keep(c.plus(a2, a2));
  c.store(at.x, POINT_BYTES, c.times(b, a4));
}

/** (a + bX)(c + dX) with the second factor doubled beforehand, and a second such product added for 'timesPlus'. */
function leaf2Times(c: ComplexEmitter, product: 'times' | 'timesPlus', at: Operands): void {
  const pairs: [I32, I32][] =
    product === 'times'
      ? [[at.x, at.t]]
      : [
          [at.y, at.t],
          [at.x, at.z],
        ];
  let high: Complex | undefined;
  let low: Complex | undefined;
  let middle: Complex | undefined;
  for (const [first, second] of pairs) {
    const a = c.load(first);
    const b = c.load(first, POINT_BYTES);
    const e = c.load(second);
    const d = c.load(second, POINT_BYTES);
    const add = (p: Complex, q: Complex, sum?: Complex): Complex =>
      c.keep(sum === undefined ? c.times(p, q) : c.timesPlus(p, q, sum));
    high = add(b, d, high);
    low = add(a, e, low);
    middle = add(a, d, add(b, e, middle));
  }
  const root = c.loadRoot(at.table);
  c.store(at.x, 0, c.timesPlus(high as Complex, root, low as Complex));
  c.store(at.x, POINT_BYTES, middle as Complex);
}

/** 2·(a + bX)² + y·t, t doubled beforehand. */
function leaf2SquarePlus(c: ComplexEmitter, at: Operands): void {
  const { f } = c;
  const b = c.load(at.x, POINT_BYTES);
  const yb = c.load(at.y, POINT_BYTES);
  const td = c.load(at.t, POINT_BYTES);
  const b2 = f.let(f64x2.add(b.re, b.re));
  const product = c.keep(c.times(yb, td));
  const high = c.keep({
    re: c.madd(f64x2.add(b2, f64x2.add(b.im, b.im)), f64x2.sub(b.re, b.im), product.re),
    im: c.madd(f64x2.add(b2, b2), b.im, product.im),
  });
  const ta = c.load(at.t);
  let middle = c.keep(c.times(yb, ta));
  const ya = c.load(at.y);
  middle = c.keep(c.timesPlus(ya, td, middle));
  let low = c.keep(c.times(ya, ta));
  const root = c.loadRoot(at.table);
  low = c.keep(c.timesPlus(high, root, low));
  const a = c.load(at.x);
  const a2 = c.keep(c.plus(a, a));
  f.storeV128(at.x, 0, c.madd(f64x2.add(a2.re, a2.im), f64x2.sub(a.re, a.im), low.re));
  const a4 = c.keep(c.plus(a2, a2));
  f.storeV128(at.x, 16, c.madd(a4.re, a.im, low.im));
  f.storeV128(at.x, POINT_BYTES, c.timesPlus(a4, b, middle).re);
  f.storeV128(at.x, POINT_BYTES + 16, c.timesPlus(a4, b, middle).im);
}

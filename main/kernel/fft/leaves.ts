/**
 * Leaves of the transform tree: pairs of nodes of three, four or five complex points, where the products are made. A
 * leaf does the last step, the product and the first inverse step in one go, without touching memory between.
 */

import { type FunctionReference, type I32, i32, type Local, plus } from '../wasm/emit.ts';
import { CELL_BYTES, type Complex, type ComplexEmitter } from './complex.ts';
import { type Butterfly, butterfly, entryBytes, type Passes } from './passes.ts';

/** What a leaf makes of its x: x², x·t, x² + y·t, or x·z + y·t. Here y, z and t are transformed down to the points. */
export type LeafProduct = 'square' | 'times' | 'squarePlus' | 'timesPlus';

/** Defines the pass over leaves of a radix: (x, y, z, t, count, table). What a product does not use is ignored. */
export function leafPass(passes: Passes, radix: number, product: LeafProduct): FunctionReference {
  return passes.once(`leaf${radix}${product}`, 6, (c, ...p) => {
    const { f } = c;
    c.eachHalf((half) => {
      const [x, y, z, t, count, table] = p.map((local) => f.let(local)) as [L, L, L, L, L, L];
      const end = f.let(i32.add(x, i32.mul(count, i32.const(radix * CELL_BYTES))));
      const moving = [x, ...(product === 'square' ? [] : [t]), ...(product.endsWith('Plus') ? [y] : [])];
      if (product === 'timesPlus') moving.push(z);
      const step = butterfly(half, radix);
      f.doWhile(
        () => {
          leaf(half, radix, product, { x, y, z, t }, step(table));
          for (const pointer of moving) f.set(pointer, plus(pointer, radix * CELL_BYTES));
          f.set(table, plus(table, entryBytes(radix)));
        },
        () => i32.ltU(x, end),
      );
    });
  });
}

type L = Local<'i32'>;
type Operands = Record<'x' | 'y' | 'z' | 't', I32>;

function leaf(c: ComplexEmitter, radix: number, product: LeafProduct, at: Operands, step: Butterfly): void {
  const points: Complex[] = [];
  const multiply = (k: number, z: Complex): Complex => pointProduct(c, product, at, k * CELL_BYTES, c.keep(z));
  // Of four points each is multiplied when it is needed; what odd radices leave for that takes more registers.
  const lazily = radix === 4;
  step.forward(
    (k) => c.load(at.x, k * CELL_BYTES),
    (k, z) => {
      points[k] = lazily ? z : multiply(k, z);
    },
  );
  step.inverse(
    (k) => (lazily ? multiply(k, points[k] as Complex) : (points[k] as Complex)),
    (k, z) => c.store(at.x, k * CELL_BYTES, z),
  );
}

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

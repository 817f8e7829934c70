/**
 * Passes: loops of one butterfly over an array, each a WebAssembly function that is written once and defined
 * in the module when a schedule first calls it. Addresses and byte counts come as arguments.
 */

import {
  FunctionBuilder,
  type FunctionReference,
  type I32,
  i32,
  type Local,
  type ModuleBuilder,
  plus,
} from '../wasm/emit.ts';
import {
  forward3,
  forward4,
  forward5,
  inverse3,
  inverse4,
  inverse5,
  type Radix3,
  type Radix3Twiddles,
  type Radix5,
  type Twiddles,
} from './butterflies.ts';
import { CELL_BYTES, type Complex, ComplexEmitter, type Style, WIDE_BYTES, type Wide } from './complex.ts';
import { CONSTANTS } from './layout.ts';
import { entryDoubles } from './roots.ts';

/** Bytes of the twiddles of a pair of nodes. */
export const entryBytes = (radix: number): number => 8 * entryDoubles(radix);

export class Passes {
  readonly style: Style;
  private readonly module: ModuleBuilder;
  private readonly defined = new Map<string, FunctionReference>();

  constructor(module: ModuleBuilder, style: Style) {
    this.module = module;
    this.style = style;
  }

  /** A function of i32 parameters, defined in the module at its first use. */
  once(name: string, parameters: number, body: (c: ComplexEmitter, ...p: Local<'i32'>[]) => void): FunctionReference {
    let reference = this.defined.get(name);
    if (reference === undefined) {
      const f = new FunctionBuilder(name, new Array<'i32'>(parameters).fill('i32'));
      body(new ComplexEmitter(f, this.style), ...f.parameters.map((_, index) => f.parameter(index, 'i32')));
      reference = this.module.define(f);
      this.defined.set(name, reference);
    }
    return reference;
  }

  /** (x, part, count, twiddles): a step of `count` pairs of nodes in place, a child being `part` bytes. */
  forward(radix: number): FunctionReference {
    return this.once(`forward${radix}`, 4, (c, ...p) => inPlace(c, radix, 'forward', p));
  }

  /** (x, part, count, twiddles): the inverse of `forward`, times the radix. */
  inverse(radix: number): FunctionReference {
    return this.once(`inverse${radix}`, 4, (c, ...p) => inPlace(c, radix, 'inverse', p));
  }
}

/** Runs the body for each cell of `bytes` bytes from x on; x and the other pointers move along. */
export function overCells(
  c: ComplexEmitter,
  x: Local<'i32'>,
  bytes: I32,
  others: Local<'i32'>[],
  body: () => void,
): void {
  const { f } = c;
  const end = f.let(i32.add(x, bytes));
  f.doWhile(
    () => {
      body();
      for (const pointer of [x, ...others]) f.set(pointer, plus(pointer, CELL_BYTES));
    },
    () => i32.ltU(x, end),
  );
}

/** x and the addresses 1 … count − 1 times `part` bytes after it. */
export function parts(c: ComplexEmitter, x: I32, part: I32, count: number): readonly I32[] {
  const { f } = c;
  const out: I32[] = [x];
  for (let k = 1; k < count; k++) out.push(f.let(i32.add(x, k === 1 ? part : i32.mul(part, i32.const(k)))));
  return out;
}

/** A loop over pairs of nodes and, in each, over the cells of a child; once for each half where they go apart. */
function inPlace(c: ComplexEmitter, radix: number, way: keyof Butterfly, [x, part, count, w]: Local<'i32'>[]): void {
  const { f } = c;
  const size = part as I32;
  const offsets = Array.from({ length: radix }, (_, k) => f.let(i32.mul(size, i32.const(k))));
  c.eachHalf((half) => {
    const step = butterfly(half, radix);
    const at = f.let(x as I32);
    const entry = f.let(w as I32);
    const left = f.let(count as I32);
    f.doWhile(
      () => {
        const run = step(entry)[way];
        overCells(half, at, size, [], () => {
          const places = offsets.map((offset, k) => (k === 0 ? at : f.let(i32.add(at, offset))));
          run(
            (k) => half.load(places[k] as I32),
            (k, z) => half.store(places[k] as I32, 0, z),
          );
        });
        f.set(at, i32.add(at, offsets[radix - 1] as I32));
        f.set(entry, plus(entry, entryBytes(radix)));
        f.set(left, i32.sub(left, i32.const(1)));
      },
      () => left,
    );
  });
}

export type Run = (input: (k: number) => Complex, output: (k: number, z: Complex) => void) => void;

/** A step of the tree and its inverse (times the radix), with the twiddles of one table entry. */
export interface Butterfly {
  readonly forward: Run;
  readonly inverse: Run;
}

/**
 * The butterfly of a radix, for any table entry. Constants are loaded now; twiddles when an entry is given, or
 * with radix 5, where they would not fit into registers, when they are used.
 */
export function butterfly(c: ComplexEmitter, radix: number): (entry: I32) => Butterfly {
  const twiddle = (entry: I32, power: number): Complex => c.load(entry, CELL_BYTES * (power - 1));
  const constant = (address: number, k: number) => c.loadWide(i32.const(0), address + WIDE_BYTES * k);
  switch (radix) {
    case 3: {
      const constants: Radix3 = { sine: constant(CONSTANTS.radix3, 0), half: constant(CONSTANTS.radix3, 1) };
      return (entry) => {
        const roots: Radix3Twiddles = [null, twiddle(entry, 1), twiddle(entry, 2)];
        return {
          forward: (input, output) => forward3(c, roots, constants, input, output),
          inverse: (input, output) => inverse3(c, roots, constants, input, output),
        };
      };
    }
    case 4:
      return (entry) => {
        const roots: Twiddles = [null, twiddle(entry, 1), twiddle(entry, 2), twiddle(entry, 3)];
        return {
          forward: (input, output) => {
            forward4(c, roots, input).forEach((z, k) => {
              output(k, z);
            });
          },
          inverse: (input, output) => inverse4(c, roots, input, output),
        };
      };
    case 5: {
      const [c1, c2, s1, s2] = [0, 1, 2, 3].map((k) => constant(CONSTANTS.radix5, k)) as [Wide, Wide, Wide, Wide];
      const constants: Radix5 = { cosines: [c1, c2], sines: [s1, s2] };
      return (entry) => ({
        forward: (input, output) => forward5(c, (power) => twiddle(entry, power), constants, input, output),
        inverse: (input, output) => inverse5(c, (power) => twiddle(entry, power), constants, input, output),
      });
    }
    default:
      throw new RangeError(`expected radix 3, 4 or 5, got ${radix}`);
  }
}

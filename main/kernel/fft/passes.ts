/**
 * Passes: loops of one butterfly over an array, each a WebAssembly function that is written once and defined
 * in the module when a schedule first calls it. Addresses and byte counts come as arguments.
 */

import {
  FunctionBuilder,
  type FunctionReference,
  type Fusion,
  type I32,
  i32,
  type Local,
  type ModuleBuilder,
  plus,
  v128,
} from '../wasm/emit.ts';
import {
  forward3,
  forward4,
  forward5,
  inverse3,
  inverse4,
  inverse5,
  type Radix3,
  type Radix5,
  type Twiddles,
} from './butterflies.ts';
import { type Complex, ComplexEmitter, POINT_BYTES } from './complex.ts';
import { CONSTANTS } from './layout.ts';

/** Bytes of a node's three twiddles. */
export const TWIDDLE_BYTES = 48;

export class Passes {
  private readonly module: ModuleBuilder;
  private readonly fusion: Fusion;
  private readonly defined = new Map<string, FunctionReference>();

  constructor(module: ModuleBuilder, fusion: Fusion) {
    this.module = module;
    this.fusion = fusion;
  }

  /** A function of i32 parameters, defined in the module at its first use. */
  once(name: string, parameters: number, body: (c: ComplexEmitter, ...p: Local<'i32'>[]) => void): FunctionReference {
    let reference = this.defined.get(name);
    if (reference === undefined) {
      const f = new FunctionBuilder(name, new Array<'i32'>(parameters).fill('i32'));
      body(new ComplexEmitter(f, this.fusion), ...f.parameters.map((_, index) => f.parameter(index, 'i32')));
      reference = this.module.define(f);
      this.defined.set(name, reference);
    }
    return reference;
  }

  /** (x, quarter, count, twiddles): radix-4 step of `count` nodes in place, a quarter of one being `quarter` bytes. */
  forward4(): FunctionReference {
    return this.once('forward4', 4, (c, x, quarter, count, w) => {
      nodes(c, x, quarter, count, w, (twiddles, at) => {
        const outputs = forward4(c, twiddles, (k) => c.load(at[k] as I32));
        outputs.forEach((z, k) => {
          c.store(at[k] as I32, 0, z);
        });
      });
    });
  }

  /** (source, x, quarter, twiddles): radix-4 step of one node, out of place. */
  forward4From(): FunctionReference {
    return this.once('forward4From', 4, (c, source, x, quarter, w) => {
      const twiddles = loadTwiddles(c, w);
      overPoints(c, x, quarter, [source], () => {
        const from = quarters(c, source, quarter);
        const to = quarters(c, x, quarter);
        const outputs = forward4(c, twiddles, (k) => c.load(from[k] as I32));
        outputs.forEach((z, k) => {
          c.store(to[k] as I32, 0, z);
        });
      });
    });
  }

  /** (x, quarter, count, twiddles): the inverse of `forward4`, times 4. */
  inverse4(): FunctionReference {
    return this.once('inverse4', 4, (c, x, quarter, count, w) => {
      nodes(c, x, quarter, count, w, (twiddles, at) => {
        inverse4(
          c,
          twiddles,
          (k) => c.load(at[k] as I32),
          (k, z) => c.store(at[k] as I32, 0, z),
        );
      });
    });
  }

  /** (source, x, part): odd first step of the tree, `part` bytes a child. */
  forwardOdd(radix: number): FunctionReference {
    return this.once('forwardOdd', 3, (c, source, x, part) => {
      const butterfly = oddButterfly(c, radix, 'forward');
      overPoints(c, x, part, [source], () => {
        const from = parts(c, source, part, radix);
        const to = parts(c, x, part, radix);
        butterfly(
          (k) => c.load(from[k] as I32),
          (k, z) => c.store(to[k] as I32, 0, z),
        );
      });
    });
  }

  /** (x, part): the inverse of `forwardOdd`, times the radix. */
  inverseOdd(radix: number): FunctionReference {
    return this.once('inverseOdd', 2, (c, x, part) => {
      const butterfly = oddButterfly(c, radix, 'inverse');
      overPoints(c, x, part, [], () => {
        const at = parts(c, x, part, radix);
        butterfly(
          (k) => c.load(at[k] as I32),
          (k, z) => c.store(at[k] as I32, 0, z),
        );
      });
    });
  }

  /** (x, bytes): doubles every value, for what a leaf of two points multiplies by (see leaves.ts). */
  double(): FunctionReference {
    return this.once('double', 2, (c, x, bytes) => {
      overPoints(c, x, bytes, [], () => {
        const z = c.load(x);
        c.store(x, 0, c.plus(z, z));
      });
    });
  }
}

/** Runs the body for each point of `bytes` bytes from x on; x and the other pointers move along. */
export function overPoints(
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
      for (const pointer of [x, ...others]) f.set(pointer, plus(pointer, POINT_BYTES));
    },
    () => i32.ltU(x, end),
  );
}

export function quarters(c: ComplexEmitter, x: I32, quarter: I32): readonly I32[] {
  return [x, ...[1, 2, 3].map((k) => c.f.let(i32.add(x, k === 1 ? quarter : i32.mul(quarter, i32.const(k)))))];
}

export function parts(c: ComplexEmitter, x: I32, part: I32, count: number): readonly I32[] {
  const out: I32[] = [x];
  for (let k = 1; k < count; k++) out.push(c.f.let(i32.add(out[k - 1] as I32, part)));
  return out;
}

export function loadTwiddles(c: ComplexEmitter, w: I32): Twiddles {
  return [null, c.loadRoot(w, 0), c.loadRoot(w, 16), c.loadRoot(w, 32)];
}

/** A loop over nodes and, in each, over the points of a quarter. */
function nodes(
  c: ComplexEmitter,
  x: Local<'i32'>,
  quarter: I32,
  count: Local<'i32'>,
  w: Local<'i32'>,
  body: (twiddles: Twiddles, at: readonly I32[]) => void,
): void {
  const { f } = c;
  const quarter2 = f.let(i32.shl(quarter, i32.const(1)));
  const quarter3 = f.let(i32.add(quarter2, quarter));
  f.doWhile(
    () => {
      const twiddles = loadTwiddles(c, w);
      overPoints(c, x, quarter, [], () => {
        const at = [x, f.let(i32.add(x, quarter)), f.let(i32.add(x, quarter2)), f.let(i32.add(x, quarter3))];
        body(twiddles, at);
      });
      f.set(x, i32.add(x, quarter3));
      f.set(w, plus(w, TWIDDLE_BYTES));
      f.set(count, i32.sub(count, i32.const(1)));
    },
    () => count,
  );
}

type OddButterfly = (input: (k: number) => Complex, output: (k: number, z: Complex) => void) => void;

export function oddButterfly(c: ComplexEmitter, radix: number, way: 'forward' | 'inverse'): OddButterfly {
  return radix === 3 ? odd3(c, way) : odd5(c, way);
}

function odd3(c: ComplexEmitter, way: 'forward' | 'inverse'): OddButterfly {
  const zero = i32.const(0);
  const w = [1, 2].map((power) => c.loadRoot(zero, CONSTANTS.firstTwiddles + 16 * (power - 1)));
  const constants: Radix3 = {
    sine: c.f.let(v128.loadSplat64(zero, CONSTANTS.radix3)),
    half: c.f.let(v128.loadSplat64(zero, CONSTANTS.radix3 + 8)),
  };
  const roots = [w[0] as Complex, ...w];
  return (input, output) => (way === 'forward' ? forward3 : inverse3)(c, roots, constants, input, output);
}

function odd5(c: ComplexEmitter, way: 'forward' | 'inverse'): OddButterfly {
  const zero = i32.const(0);
  const constant = (k: number) => c.f.let(v128.loadSplat64(zero, CONSTANTS.radix5 + 8 * k));
  const constants: Radix5 = { cosines: [constant(0), constant(1)], sines: [constant(2), constant(3)] };
  const root = (power: number): Complex => c.loadRoot(zero, CONSTANTS.firstTwiddles + 16 * (power - 1));
  return (input, output) => (way === 'forward' ? forward5 : inverse5)(c, root, constants, input, output);
}

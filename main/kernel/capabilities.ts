/**
 * What this CPU and this engine can do, found by trying: tiny modules are compiled and run, and their
 * answers compared with known ones. Nothing is concluded from names or version numbers.
 */

import { FunctionBuilder, f64x2, i32, ModuleBuilder, multiplyAdd, type V128, v128 } from './wasm/emit.ts';

export interface Capabilities {
  /** 128-bit SIMD with two doubles a vector. */
  readonly simd: boolean;
  /** The relaxed-SIMD operations compile. */
  readonly relaxedSimd: boolean;
  /** `relaxed_madd` rounds once: without that the schoolbook kernel is wrong, the FFT kernel only slower. */
  readonly fusedMultiplyAdd: boolean;
}

/** Three vectors of two doubles, one after the other. */
type ThreeVectors = [number, number, number, number, number, number];
type VectorExpression = (a: V128, b: V128, c: V128) => V128;

/** What a small SIMD expression makes of three vectors, or null where the engine refuses it. */
function tryVector(input: ThreeVectors, expression: VectorExpression): [number, number] | null {
  try {
    const instance = new WebAssembly.Instance(new WebAssembly.Module(probe(expression)));
    const { memory, run } = instance.exports as { memory: WebAssembly.Memory; run: () => void };
    const doubles = new Float64Array(memory.buffer);
    doubles.set(input);
    run();
    return [doubles[6] as number, doubles[7] as number];
  } catch {
    return null;
  }
}

/** A module whose `run` stores the expression of the vectors at 0, 16 and 32 at 48. */
function probe(expression: VectorExpression): Uint8Array<ArrayBuffer> {
  const run = new FunctionBuilder('run');
  const zero = i32.const(0);
  run.storeV128(zero, 48, expression(v128.load(zero, 0), v128.load(zero, 16), v128.load(zero, 32)));
  const module = new ModuleBuilder();
  module.define(run);
  return module.encode(1);
}

/** Tries the CPU. Takes well under a millisecond. */
export function detectCapabilities(): Capabilities {
  const sum = tryVector([1, 2, 3, 4, 0, 0], (a, b) => f64x2.add(a, b));
  const simd = sum !== null && sum[0] === 4 && sum[1] === 6;
  // (1 + 2^-30)² − 1 − 2^-29 is 2^-60 when rounded once, and 0 when the product is rounded first.
  const x = 1 + 2 ** -30;
  const c = -(1 + 2 ** -29);
  const product = tryVector([x, -x, x, x, c, -c], multiplyAdd('fused').madd);
  const relaxedSimd = simd && product !== null;
  const fused = relaxedSimd && product[0] === 2 ** -60 && product[1] === -(2 ** -60);
  const negated = tryVector([x, -x, x, x, -c, c], multiplyAdd('fused').nmadd);
  return {
    simd,
    relaxedSimd,
    fusedMultiplyAdd: fused && negated !== null && negated[0] === -(2 ** -60) && negated[1] === 2 ** -60,
  };
}

/**
 * 256-bit vectors. WebAssembly has vectors of 128 bits; V8 can merge pairs of operations that go side by side into
 * one of 256 bits ("revectorization", on x86-64 with AVX2), which takes a third off the time of what is written for
 * it: stores at an address and 16 bytes on, and in pairs all that leads to them. It is behind a flag, experimental
 * like the engine's other names for it.
 */

import { setFlagsFromString } from 'node:v8';

/** The only architecture on which V8 does it; NICE19_NARROW=1 does without, to compare or in case of trouble. */
const CAN_MERGE = process.arch === 'x64' && process.env['NICE19_NARROW'] !== '1';
const MERGE = '--experimental-wasm-revectorize';
const AT_ONCE = ['--no-liftoff', '--no-wasm-lazy-compilation', '--no-wasm-tier-up'];
const AS_USUAL = ['--liftoff', '--wasm-lazy-compilation', '--wasm-tier-up'];

/** Whether pairs of operations are worth emitting side by side: V8 may merge them. */
export const mergesVectors = (): boolean => CAN_MERGE;

/**
 * Compiles a module, with vectors merged if wanted. By the best compiler, at once: what it takes it would take in the
 * background later, and the code that a known answer is asked of is the code that works.
 * Merging stays asked for: another thread may be compiling, and to it the flag belongs as well.
 */
export function compileModule(bytes: Uint8Array<ArrayBuffer>, merged: boolean): WebAssembly.Module {
  if (merged) setFlagsFromString(MERGE);
  for (const flag of AT_ONCE) setFlagsFromString(flag);
  try {
    return new WebAssembly.Module(bytes);
  } finally {
    for (const flag of AS_USUAL) setFlagsFromString(flag);
  }
}

/**
 * Where everything lies in the memory of one kernel instance. Constants are read from memory, because V8
 * builds a `v128.const` anew each time round a loop; each is a full vector, the same in both lanes.
 *
 * Arrays of words ("registers" and work space) have n/2 points of 32 bytes: word j and word j + n/2 are the
 * real and the imaginary part of point j (the right-angle packing), each a vector with one word a lane.
 */

import { POINT_BYTES } from './complex.ts';
import { type Roots, rootTables } from './roots.ts';
import type { Transform } from './transform.ts';

/** Addresses of the vector constants. */
export const CONSTANTS = {
  /** 1.5·2^52: adding it rounds a double below 2^51 to an integer. */
  rounder: 1024,
  inverseBase: 1040,
  base: 1056,
  /** 2/n, the scale of a transform there and back. */
  scale: 1072,
  /** Largest distance to an integer seen so far: an accumulator, not a constant. */
  largestError: 1088,
  /** Largest coefficient seen so far: an accumulator, kept only where 2^51 could be passed. */
  largestCoefficient: 1104,
  /** Four vectors: what doubles no lane, lane 0, lane 1, both. */
  factors: 1120,
  /** √3/2, 1/2; then cosines and sines of 2π/5 and 4π/5: one double each. */
  radix3: 1184,
  radix5: 1200,
  /** Twiddles of the odd first step: up to four complex numbers. */
  firstTwiddles: 1248,
  /** Half the odd radix: the scale of the product at the end of the cyclic recursion. */
  baseScale: 1312,
} as const;

const FIRST_ARRAY = 2048;
/** Squarings in one call at most: their doublings are copied into memory. */
export const CHAIN_LIMIT = 4096;

export interface Layout {
  readonly transform: Transform;
  /** Addresses of the tables of each level. */
  readonly twiddles: readonly number[];
  readonly roots: readonly number[];
  /** Transform of −1/N modulo R; cyclic transform of N. */
  readonly negatedInverse: number;
  readonly modulus: number;
  /** The reduction's own array, a transformed second factor, and a copy to go back to. */
  readonly work: number;
  readonly factor: number;
  readonly snapshot: number;
  readonly doublings: number;
  readonly registers: number;
  readonly arrayBytes: number;
  /** Distance from one register to the next. */
  readonly stride: number;
  readonly tables: Roots;
}

export function layoutFor(transform: Transform): Layout {
  const { n, radix } = transform;
  const tables = rootTables(n, radix);
  let next = FIRST_ARRAY;
  // The 256 bytes between arrays keep them off each other's cache sets.
  const take = (bytes: number): number => {
    const address = next;
    next += Math.ceil(bytes / 64) * 64 + 256;
    return address;
  };
  const arrayBytes = (n / 2) * POINT_BYTES;
  const twiddles = tables.levels.map((level) => take(level.twiddles.byteLength));
  const roots = tables.levels.map((level) => take(level.roots.byteLength));
  const negatedInverse = take(arrayBytes);
  const modulus = take(arrayBytes);
  const work = take(arrayBytes);
  const factor = take(arrayBytes);
  const snapshot = take(arrayBytes);
  const doublings = take(CHAIN_LIMIT);
  const registers = take(arrayBytes);
  return {
    transform,
    twiddles,
    roots,
    negatedInverse,
    modulus,
    work,
    factor,
    snapshot,
    doublings,
    registers,
    arrayBytes,
    stride: next - registers,
    tables,
  };
}

/** Bytes that an instance with this many registers needs. */
export function memoryBytes(layout: Layout, registers: number): number {
  return layout.registers + registers * layout.stride;
}

/** Fills the constants and tables of a fresh memory. */
export function writeTables(layout: Layout, memory: WebAssembly.Memory): void {
  const doubles = new Float64Array(memory.buffer);
  const put = (address: number, ...values: number[]): void => doubles.set(values, address / 8);
  const both = (address: number, value: number): void => put(address, value, value);
  const { n, radix, wordBits } = layout.transform;
  both(CONSTANTS.rounder, 1.5 * 2 ** 52);
  both(CONSTANTS.inverseBase, 2 ** -wordBits);
  both(CONSTANTS.base, 2 ** wordBits);
  both(CONSTANTS.scale, 2 / n);
  both(CONSTANTS.baseScale, radix / 2);
  put(CONSTANTS.factors, 1, 1, 2, 1, 1, 2, 2, 2);
  put(CONSTANTS.radix3, Math.sqrt(3) / 2, 0.5);
  const fifth = (2 * Math.PI) / 5;
  put(CONSTANTS.radix5, Math.cos(fifth), Math.cos(2 * fifth), Math.sin(fifth), Math.sin(2 * fifth));
  doubles.set(layout.tables.first, CONSTANTS.firstTwiddles / 8);
  layout.tables.levels.forEach((level, index) => {
    doubles.set(level.twiddles, (layout.twiddles[index] as number) / 8);
    doubles.set(level.roots, (layout.roots[index] as number) / 8);
  });
}

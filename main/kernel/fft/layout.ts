/**
 * Where everything lies in the memory of one kernel instance. Constants are read from memory, because V8
 * builds a `v128.const` anew each time round a loop; each is a wide vector, the same in both lanes.
 *
 * Arrays of words ("registers" and work space) have n/2 points: word j and word j + n/2 are the real and the
 * imaginary part of point j (the right-angle packing). Points j and j + n/4 share a cell of 64 bytes: two real parts,
 * two imaginary parts, each a vector with one word a lane.
 */

import { CELL_BYTES, WIDE_BYTES } from './complex.ts';
import { type TreeShape, treeShape, treeTables } from './roots.ts';
import { baseLength, oddRadices, type Transform } from './transform.ts';

/** Addresses of the vector constants. */
export const CONSTANTS = {
  /** Adding it rounds a double below 2^51 to an integer: see `rounderFor`. */
  rounder: 1024,
  inverseBase: 1056,
  base: 1088,
  /** 2/n, the scale of a transform there and back. */
  scale: 1120,
  /** Largest distance to an integer seen so far: an accumulator, not a constant. */
  largestError: 1152,
  /** The bits of all carries, with the rounder in them, by "or": an accumulator, kept only where 2^51 could be passed. */
  carries: 1184,
  /** Four wide vectors: what doubles no lane, lane 0, lane 1, both. */
  factors: 1216,
  /** √3/2, 1/2; then cosines and sines of 2π/5 and 4π/5. */
  radix3: 1344,
  radix5: 1408,
  /** Twiddles of the first steps, in two and in four: one and three complex numbers, as wide vectors. */
  firstTwiddles: { 2: 1536, 4: 1600 },
  half: 1792,
  /** All bits but the sign: what `and` leaves of a double is its absolute value. */
  magnitude: 1856,
} as const;

const FIRST_ARRAY = 2048;
/** Squarings in one call at most: their doublings are copied into memory. */
export const CHAIN_LIMIT = 4096;

/** A tree's shape, and the address of each step's table. */
export interface Tree extends TreeShape {
  readonly tables: readonly number[];
}

export interface Layout {
  readonly transform: Transform;
  /** The trees of the negacyclic transform and of the parts of the cyclic one, by their points. */
  readonly trees: ReadonlyMap<number, Tree>;
  readonly tables: ReadonlyMap<number, Float64Array>;
  /** What ends the cyclic recursion: a tree, and its arrays for the operands of a product. */
  readonly base: Tree;
  readonly baseArrays: Readonly<Record<'x' | 'y' | 'z' | 't', number>>;
  /** Transform of −1/N modulo R; cyclic transform of N. */
  readonly negatedInverse: number;
  readonly modulus: number;
  /** The reduction's own array, and a transformed second factor. */
  readonly work: number;
  readonly factor: number;
  readonly doublings: number;
  readonly registers: number;
  readonly arrayBytes: number;
  /** Distance from one register to the next. */
  readonly stride: number;
}

export function layoutFor(transform: Transform): Layout {
  const { n } = transform;
  let next = FIRST_ARRAY;
  // The 256 bytes between arrays keep them off each other's cache sets.
  const take = (bytes: number): number => {
    const address = next;
    next += Math.ceil(bytes / 64) * 64 + 256;
    return address;
  };
  const trees = new Map<number, Tree>();
  const tables = new Map<number, Float64Array>();
  const known = new Map<string, number>();
  const plant = (shape: TreeShape, rootTurns: number): Tree => {
    const contents = treeTables(shape, rootTurns);
    const addresses = contents.steps.map((table, step) => {
      // Trees with the same root and steps so far share the table of the next.
      const key = `${rootTurns}:${shape.first}:${shape.steps.slice(0, step + 1).join()}`;
      const address = known.get(key) ?? take(table.byteLength);
      known.set(key, address);
      tables.set(address, table);
      return address;
    });
    if (rootTurns !== 0) tables.set(CONSTANTS.firstTwiddles[shape.first], wide(contents.first));
    return { ...shape, tables: addresses };
  };
  // The trees' roots are i, a quarter of a turn.
  for (let points = n / 2; points >= 2 * baseLength(transform); points /= 2) {
    trees.set(points, plant(treeShape(points, oddRadices(transform)), 1 / 4));
  }
  const basePoints = 4 * baseLength(transform);
  const base = plant({ ...treeShape(basePoints, oddRadices(transform)), first: 4 }, 0);
  const baseBytes = (basePoints / 2) * CELL_BYTES;
  const baseArrays = { x: take(baseBytes), y: take(baseBytes), z: take(baseBytes), t: take(baseBytes) };
  const arrayBytes = (n / 4) * CELL_BYTES;
  const negatedInverse = take(arrayBytes);
  const modulus = take(arrayBytes);
  const work = take(arrayBytes);
  const factor = take(arrayBytes);
  const doublings = take(CHAIN_LIMIT);
  const registers = take(arrayBytes);
  return {
    transform,
    trees,
    tables,
    base,
    baseArrays,
    negatedInverse,
    modulus,
    work,
    factor,
    doublings,
    registers,
    arrayBytes,
    stride: next - registers,
  };
}

/** Each number four times: the lanes and halves of a wide vector. */
function wide(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(Array.from(values).flatMap((value) => [value, value, value, value]));
}

/** Bytes that an instance with this many registers needs. */
export function memoryBytes(layout: Layout, registers: number): number {
  return layout.registers + registers * layout.stride;
}

/**
 * What rounds by being added, and shows coefficients of 2^51 by the carries that they leave. It is r = 1.5·2^52 + 2^(51−b) − 2^(54−2b):
 * as long as all carries lie within ±(2^(51−b) ∓ 2^(54−2b)) they leave r + carry within 1.5·2^52 + [0, 2^(52−b)), whose bits
 * "or" keeps there. Outside it would set a bit that is clear in all of these. A carry within means a coefficient above −2^51, where
 * r rounds to integers; at the other end, from 2^51 − 2^(51−b) on, r rounds to even integers, which the distance shows.
 */
export function rounderFor({ wordBits }: Transform): number {
  return 1.5 * 2 ** 52 + 2 ** (51 - wordBits) - 2 ** (54 - 2 * wordBits);
}

/** Whether the bits of all carries, as a number, are of carries that coefficients below 2^51 leave. */
export function carriesFit(carries: number, { wordBits }: Transform): boolean {
  return carries < 1.5 * 2 ** 52 + 2 ** (52 - wordBits);
}

/** Fills the constants and tables of a fresh memory. */
export function writeTables(layout: Layout, memory: WebAssembly.Memory): void {
  const doubles = new Float64Array(memory.buffer);
  const put = (address: number, ...values: number[]): void => doubles.set(wide(values), address / 8);
  const { n, wordBits } = layout.transform;
  put(CONSTANTS.rounder, rounderFor(layout.transform));
  put(CONSTANTS.inverseBase, 2 ** -wordBits);
  put(CONSTANTS.base, 2 ** wordBits);
  new BigUint64Array(memory.buffer).fill(2n ** 63n - 1n, CONSTANTS.magnitude / 8, CONSTANTS.magnitude / 8 + 4);
  put(CONSTANTS.scale, 2 / n);
  put(CONSTANTS.half, 0.5);
  for (let lanes = 0; lanes < 4; lanes++) {
    const [first, second] = [1 + (lanes & 1), 1 + (lanes >> 1)];
    doubles.set([first, second, first, second], (CONSTANTS.factors + WIDE_BYTES * lanes) / 8);
  }
  put(CONSTANTS.radix3, Math.sqrt(3) / 2, 0.5);
  const fifth = (2 * Math.PI) / 5;
  put(CONSTANTS.radix5, Math.cos(fifth), Math.cos(2 * fifth), Math.sin(fifth), Math.sin(2 * fifth));
  for (const [address, table] of layout.tables) doubles.set(table, address / 8);
}

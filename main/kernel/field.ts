/**
 * What every kernel offers: arithmetic modulo two odd numbers at once, one in each lane of a vector.
 * The two moduli may be different (two candidates) or the same (two bases on one number).
 *
 * Only this room knows how a residue is represented. Registers hold one residue a lane in the kernel's own
 * (Montgomery) form; `write` and `read` cross over to plain integers, so that a state can leave one kernel
 * and go on in another, on another machine or in another version.
 */

import type { Steps } from './steps.ts';

/** One thing for each lane. */
export type Lanes<T> = readonly [T, T];

export const KERNEL_NAMES = ['fft', 'schoolbook', 'bigint'] as const;
export type KernelName = (typeof KERNEL_NAMES)[number];

export interface LaneField {
  readonly kernel: KernelName;
  readonly moduli: Lanes<bigint>;
  /** How many registers there are, numbered from 0. */
  readonly registers: number;

  /** Sets a register to plain residues. Values outside 0..N−1 are reduced. */
  write(register: number, values: Lanes<bigint>): void;
  /** The plain residues of a register, each in 0..N−1. */
  read(register: number): Lanes<bigint>;
  copy(to: number, from: number): void;
  /** Lane 0 of `to` becomes lane `lanes[0]` of `from`, lane 1 becomes lane `lanes[1]`: for equal moduli. */
  swizzle(to: number, from: number, lanes: Lanes<0 | 1>): void;
  /** Lane 0 of `to` becomes lane 0 of `first`, lane 1 becomes lane 1 of `second`. */
  select(to: number, first: number, second: number): void;
  /**
   * Squares a register `count` times. After squaring number k, lane 0 is doubled if bit 0 of
   * `doublings[from + k]` is set, lane 1 if bit 1 is.
   */
  squareChain(register: number, doublings: Uint8Array, from: number, count: number): void;
  /**
   * For each pair (count, factor) of `steps`: squares register 0 `count` times, and multiplies it by register `factor`
   * unless that is 0. Not there where the calls between do not count.
   */
  squareAndMultiply?(steps: Uint8Array): void;
  /**
   * For each of `lanes`, 0 or 1: `pair` is multiplied by what it has in that lane, which goes to `scratch`, and the first
   * or the second of `less` is subtracted. For equal moduli; not there where the calls between do not count.
   */
  ladder?(pair: number, scratch: number, less: Lanes<number>, lanes: Uint8Array): void;
  /** to = x·y. Any of the three may be the same register. */
  multiply(to: number, x: number, y: number): void;
  /** to = x − y. Any of the three may be the same register. */
  subtract(to: number, x: number, y: number): void;
}

/** A kernel said no to these moduli: too large, even, or of a form it cannot serve. Another one will do. */
export class KernelRefusal extends Error {
  override readonly name = 'KernelRefusal';
}

export interface Kernel {
  readonly name: KernelName;
  /** Sizes of the modulus in bits that it serves, both ends included. */
  readonly minimumBits: number;
  readonly maximumBits: number;
  /** Bits by which a modulus of this size could be longer and a step would still take the same time. */
  spareBits(bits: number): number;
  /**
   * Makes ready for a pair of odd moduli above 1, of about the same size. A kernel may keep its tables and
   * memory between calls: **opening a field ends the one opened before it** on the same kernel object.
   * @param registers how many registers are wanted
   * @throws KernelRefusal when it cannot serve these moduli
   */
  open(moduli: Lanes<bigint>, registers: number): LaneField;
  /**
   * A hint: these moduli will be opened soon. A kernel whose set-up is costly for a single modulus can
   * share it between many (one inversion for all, by Montgomery's trick), and do it step by step.
   */
  expecting?(moduli: readonly bigint[]): Steps<void>;
}

export function requireModuli(moduli: Lanes<bigint>): void {
  for (const modulus of moduli) {
    if (modulus < 3n || (modulus & 1n) === 0n) {
      throw new KernelRefusal(`expected an odd modulus above 1, got ${modulus < 1000n ? modulus : 'an even number'}`);
    }
  }
}

/** The length that was found last: numbers that are asked about one after the other mostly are of one size. */
let lastLength = 64;

/** Length of a positive integer in bits. */
export function bitLength(value: bigint): number {
  if (value <= 0n) return 0;
  // A shift to a single bit is a quarter of the time of writing the number out.
  if (value >> BigInt(lastLength - 1) === 1n) return lastLength;
  const hex = value.toString(16);
  lastLength = 4 * (hex.length - 1) + (32 - Math.clz32(Number.parseInt(hex[0] as string, 16)));
  return lastLength;
}

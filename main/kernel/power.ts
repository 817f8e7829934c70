/**
 * Powers modulo two numbers at once, a slice at a time. A power can stop after any slice and go on later,
 * in another kernel or on another machine: its state is the number of exponent bits taken so far, from the
 * top, and the residue that they give, as plain integers.
 *
 * Base 2 in both lanes needs no window: a squaring and, for a one bit, a doubling, which the kernels fold
 * into the carry. One exponent for both lanes, as two bases on one number have it, is taken by sliding windows (Menezes
 * et al. 14.85), whose table has odd powers alone: a quarter fewer products than fixed windows. Two exponents use fixed
 * windows, left to right (Knuth 4.6.3; Menezes et al. 14.82), because the two lanes go in step whatever their exponents
 * are: each lane multiplies by its own table entry.
 *
 * The shorter exponent is padded with leading zeros: one squared stays one until its first bit.
 */

import type { LaneField, Lanes } from './field.ts';

export interface PowerTask {
  /** Any integer; reduced modulo the lane's modulus. */
  readonly base: bigint;
  /** Above 0. */
  readonly exponent: bigint;
}

/** base^(the top `bit` bits of the exponent) ≡ residue; {0, 1} at the start. */
export interface PowerState {
  readonly bit: number;
  readonly residue: bigint;
}

export const POWER_START: PowerState = { bit: 0, residue: 1n };

const ACCUMULATOR = 0;
const CHOSEN = 1;
const TABLE = 2;
const LARGEST_WINDOW = 6;
/**
 * A product of longer numbers takes BigInt up to 20 ms: a table for wide windows would be in the making for longer than a search
 * may take to pause, and so would such a window. With these it does a sixth more of squarings and products.
 */
const LONG_BITS = 50_000;
const WINDOW_OF_LONG = 2;
const ZEROS_OF_LONG = 2;
/** Zeros that a sliding window may skip, so that a power stops soon after it should. */
const MOST_ZEROS = 128;
const NO_DOUBLINGS = new Uint8Array(MOST_ZEROS + LARGEST_WINDOW + 1);
const ONE = '1'.charCodeAt(0);

/** Window width that needs the fewest multiplications for an exponent of this many bits: bits/w + 2^w. */
export function windowWidth(bits: number): number {
  let best = 1;
  const cost = (w: number) => bits / w + 2 ** w;
  while (best < LARGEST_WINDOW && cost(best + 1) < cost(best)) best++;
  return best;
}

/** The same for sliding windows, bits/(w + 1) + 2^(w − 1), with the registers of the fixed ones. */
function slidingWidth(bits: number): number {
  const most = windowWidth(bits) + 1;
  let best = 1;
  const cost = (w: number) => bits / (w + 1) + 2 ** (w - 1);
  while (best < most && cost(best + 1) < cost(best)) best++;
  return best;
}

/** Registers that a power with exponents of up to this many bits wants of its field. */
export function powerRegisters(bits: number): number {
  return TABLE + 2 ** windowWidth(bits);
}

/** Registers that a power of two wants. */
export const BASE_TWO_REGISTERS = 1;

export class LanePower {
  /** Exponent bits of the longer lane still to take. */
  private remaining: number;
  private readonly field: LaneField;
  private readonly lengths: Lanes<number>;
  private readonly bits: Lanes<string>;
  private readonly doublings: Uint8Array;
  /** The width of a window; 0: none are used. */
  private readonly window: number;
  private readonly slides: boolean;
  private readonly mostZeros: number = MOST_ZEROS;

  /**
   * @param field a field whose first registers this power may use until it is done
   * @throws RangeError when the states cannot belong to one pair of tasks going in step, or an exponent is not above 0
   */
  constructor(field: LaneField, tasks: Lanes<PowerTask>, states: Lanes<PowerState> = [POWER_START, POWER_START]) {
    if (tasks[0].exponent <= 0n || tasks[1].exponent <= 0n) throw new RangeError('expected exponents above 0');
    this.field = field;
    const first = tasks[0].exponent.toString(2);
    const same = tasks[0].exponent === tasks[1].exponent;
    this.bits = [first, same ? first : tasks[1].exponent.toString(2)];
    this.lengths = [this.bits[0].length, this.bits[1].length];
    this.remaining = remainingSteps(this.lengths, states);
    requireResidues(field.moduli, states);
    field.write(ACCUMULATOR, [states[0].residue, states[1].residue]);
    const longest = Math.max(...this.lengths);
    if (tasks[0].base === 2n && tasks[1].base === 2n) {
      this.window = 0;
      this.slides = false;
      this.doublings = doublingsOf(this.bits);
      return;
    }
    this.slides = same;
    if (field.kernel === 'bigint' && longest > LONG_BITS) {
      this.window = WINDOW_OF_LONG;
      this.mostZeros = ZEROS_OF_LONG;
    } else this.window = same ? slidingWidth(longest) : windowWidth(longest);
    this.doublings = NO_DOUBLINGS;
    if (field.registers < powerRegisters(longest)) {
      throw new RangeError(`expected ${powerRegisters(longest)} registers for this power, got ${field.registers}`);
    }
    if (same) this.makeOddPowers([tasks[0].base, tasks[1].base]);
    else this.makePowers([tasks[0].base, tasks[1].base]);
  }

  private makePowers(bases: Lanes<bigint>): void {
    const { field, window } = this;
    field.write(TABLE, [1n, 1n]);
    field.write(TABLE + 1, bases);
    for (let entry = 2; entry < 2 ** window; entry++) {
      field.multiply(TABLE + entry, TABLE + entry - 1, TABLE + 1);
    }
  }

  /** Entry k is the base to the power of 2k + 1. */
  private makeOddPowers(bases: Lanes<bigint>): void {
    const { field, window } = this;
    field.write(TABLE, bases);
    if (window === 1) return;
    field.multiply(CHOSEN, TABLE, TABLE);
    for (let entry = 1; entry < 2 ** (window - 1); entry++) {
      field.multiply(TABLE + entry, TABLE + entry - 1, CHOSEN);
    }
  }

  get done(): boolean {
    return this.remaining === 0;
  }

  /** Squarings still to do. */
  get stepsLeft(): number {
    return this.remaining;
  }

  /** Does about this many squarings, at least one, at most what is left. */
  advance(squarings: number): void {
    const wanted = Math.min(Math.max(1, Math.floor(squarings)), this.remaining);
    if (this.window === 0) {
      const from = this.doublings.length - this.remaining;
      this.field.squareChain(ACCUMULATOR, this.doublings, from, wanted);
      this.remaining -= wanted;
      return;
    }
    if (this.slides) {
      this.slide(wanted);
      return;
    }
    for (let did = 0; did < wanted; ) {
      const width = this.remaining % this.window || this.window;
      this.field.squareChain(ACCUMULATOR, this.doublings, 0, width);
      this.remaining -= width;
      did += width;
      this.multiplyByDigits(this.digit(0, width), this.digit(1, width));
    }
  }

  /** Windows of about so many squarings together. */
  private slide(wanted: number): void {
    const { field } = this;
    const end = this.remaining - wanted;
    const steps: number[] = [];
    while (this.remaining > end) {
      const isFirst = this.remaining === this.lengths[0];
      const { squarings, entry } = this.nextWindow();
      this.remaining -= squarings;
      // What is squared and multiplied first is one.
      if (isFirst && entry !== undefined) field.copy(ACCUMULATOR, entry);
      else steps.push(squarings, entry ?? ACCUMULATOR);
    }
    if (field.squareAndMultiply !== undefined) {
      field.squareAndMultiply(Uint8Array.from(steps));
      return;
    }
    for (let k = 0; k < steps.length; k += 2) {
      const [squarings, factor] = [steps[k] as number, steps[k + 1] as number];
      field.squareChain(ACCUMULATOR, NO_DOUBLINGS, 0, squarings);
      if (factor !== ACCUMULATOR) field.multiply(ACCUMULATOR, ACCUMULATOR, factor);
    }
  }

  /** Zeros, and up to `window` bits that begin and end with a one: how many, and the table's entry for them, if any. */
  private nextWindow(): { readonly squarings: number; readonly entry: number | undefined } {
    const bits = this.bits[0];
    const from = bits.length - this.remaining;
    const most = Math.min(bits.length, from + this.mostZeros);
    let first = from;
    while (first < most && bits.charCodeAt(first) !== ONE) first++;
    if (first === most) return { squarings: first - from, entry: undefined };
    let end = Math.min(bits.length, first + this.window);
    while (bits.charCodeAt(end - 1) !== ONE) end--;
    let half = 0;
    for (let k = first; k < end - 1; k++) half = 2 * half + (bits.charCodeAt(k) === ONE ? 1 : 0);
    return { squarings: end - from, entry: TABLE + half };
  }

  /** Where each lane stands. Costs a conversion: for checkpoints, not for every slice. */
  states(): Lanes<PowerState> {
    const residues = this.field.read(ACCUMULATOR);
    const bit = (lane: 0 | 1) => Math.max(0, this.lengths[lane] - this.remaining);
    return [
      { bit: bit(0), residue: residues[0] },
      { bit: bit(1), residue: residues[1] },
    ];
  }

  /** base^exponent mod N in each lane, once done. */
  residues(): Lanes<bigint> {
    if (this.remaining !== 0) throw new Error(`the power has ${this.remaining} squarings to go`);
    return this.field.read(ACCUMULATOR);
  }

  /** The window of a lane's exponent that ends where `remaining` now says. */
  private digit(lane: 0 | 1, width: number): number {
    const end = this.lengths[lane] - this.remaining;
    if (end <= 0) return 0;
    return Number.parseInt(this.bits[lane].slice(Math.max(0, end - width), end), 2);
  }

  private multiplyByDigits(first: number, second: number): void {
    if (first === 0 && second === 0) return;
    if (first === second) {
      this.field.multiply(ACCUMULATOR, ACCUMULATOR, TABLE + first);
      return;
    }
    this.field.select(CHOSEN, TABLE + first, TABLE + second);
    this.field.multiply(ACCUMULATOR, ACCUMULATOR, CHOSEN);
  }
}

function remainingSteps(lengths: Lanes<number>, states: Lanes<PowerState>): number {
  const left = ([0, 1] as const).map((lane) => lengths[lane] - states[lane].bit);
  const steps = Math.max(...left);
  for (const lane of [0, 1] as const) {
    const { bit } = states[lane];
    const inStep = left[lane] === steps || bit === 0;
    if (!Number.isInteger(bit) || bit < 0 || bit > lengths[lane] || !inStep) {
      throw new RangeError(`expected a pair of powers in step, got bits ${states[0].bit} and ${states[1].bit}`);
    }
  }
  return steps;
}

function requireResidues(moduli: Lanes<bigint>, states: Lanes<PowerState>): void {
  for (const lane of [0, 1] as const) {
    const { bit, residue } = states[lane];
    if (residue < 0n || residue >= moduli[lane])
      throw new RangeError(`expected a residue below the modulus at bit ${bit}`);
    if (bit === 0 && residue !== 1n) throw new RangeError('expected a power that starts at 1');
  }
}

/** For each step of the longer exponent: bit 0 says that lane 0 doubles, bit 1 that lane 1 does. */
function doublingsOf(bits: Lanes<string>): Uint8Array {
  const steps = Math.max(bits[0].length, bits[1].length);
  const words = Math.ceil(steps / 4);
  // Codes of '0' and '1' end in that bit. Four at a time, and no branch: guessed wrong half the time, one at a time took
  // a third of a set-up.
  const [first, second] = bits.map((digits) => {
    const codes = new Uint32Array(words);
    Buffer.from(codes.buffer).write(digits, steps - digits.length, 'latin1');
    return codes;
  }) as [Uint32Array, Uint32Array];
  for (let k = 0; k < words; k++) {
    first[k] = ((first[k] as number) & 0x01010101) | (((second[k] as number) & 0x01010101) << 1);
  }
  return new Uint8Array(first.buffer, 0, steps);
}

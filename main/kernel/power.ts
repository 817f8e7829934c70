/**
 * Powers modulo two numbers at once, a slice at a time. A power can stop after any slice and go on later,
 * in another kernel or on another machine: its state is the number of exponent bits taken so far, from the
 * top, and the residue that they give, as plain integers.
 *
 * Base 2 in both lanes needs no window: a squaring and, for a one bit, a doubling, which the kernels fold
 * into the carry. Other bases use fixed windows, left to right (Knuth 4.6.3; Menezes et al. 14.82), because
 * the two lanes go in step whatever their exponents are: each lane multiplies by its own table entry.
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

/** Window width that needs the fewest multiplications for an exponent of this many bits: bits/w + 2^w. */
export function windowWidth(bits: number): number {
  let best = 1;
  const cost = (w: number) => bits / w + 2 ** w;
  while (best < LARGEST_WINDOW && cost(best + 1) < cost(best)) best++;
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
  private readonly window: number;

  /**
   * @param field a field whose first registers this power may use until it is done
   * @throws RangeError when the states cannot belong to one pair of tasks going in step, or an exponent is not above 0
   */
  constructor(field: LaneField, tasks: Lanes<PowerTask>, states: Lanes<PowerState> = [POWER_START, POWER_START]) {
    if (tasks[0].exponent <= 0n || tasks[1].exponent <= 0n) throw new RangeError('expected exponents above 0');
    this.field = field;
    this.bits = [tasks[0].exponent.toString(2), tasks[1].exponent.toString(2)];
    this.lengths = [this.bits[0].length, this.bits[1].length];
    this.remaining = remainingSteps(this.lengths, states);
    requireResidues(field.moduli, states);
    field.write(ACCUMULATOR, [states[0].residue, states[1].residue]);
    if (tasks[0].base === 2n && tasks[1].base === 2n) {
      this.window = 0;
      this.doublings = doublingsOf(this.bits);
    } else {
      this.doublings = new Uint8Array(LARGEST_WINDOW);
      this.window = windowWidth(Math.max(...this.lengths));
      if (field.registers < TABLE + 2 ** this.window) {
        throw new RangeError(`expected ${TABLE + 2 ** this.window} registers for this power, got ${field.registers}`);
      }
      field.write(TABLE, [1n, 1n]);
      field.write(TABLE + 1, [tasks[0].base, tasks[1].base]);
      for (let entry = 2; entry < 2 ** this.window; entry++) {
        field.multiply(TABLE + entry, TABLE + entry - 1, TABLE + 1);
      }
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
    for (let did = 0; did < wanted; ) {
      const width = this.remaining % this.window || this.window;
      this.field.squareChain(ACCUMULATOR, this.doublings, 0, width);
      this.remaining -= width;
      did += width;
      this.multiplyByDigits(this.digit(0, width), this.digit(1, width));
    }
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

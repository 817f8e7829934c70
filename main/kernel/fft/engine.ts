/**
 * One WebAssembly instance for one transform: numbers go in and out as integers, registers are addresses.
 * It knows words and rounding errors, but neither moduli nor Montgomery's form: those are the field's.
 */

import type { Lanes } from '../field.ts';
import { WIDE_BYTES } from './complex.ts';
import { CHAIN_LIMIT, CONSTANTS, carriesFit, type Layout, memoryBytes, writeTables } from './layout.ts';
import type { FftExports } from './module.ts';
import type { Transform } from './transform.ts';
import { readWords, writeWords } from './words.ts';

const PAGE_BYTES = 65536;

export class Engine {
  readonly transform: Transform;
  private readonly layout: Layout;
  private readonly wasm: FftExports;
  private doubles: Float64Array;
  private bytes: Uint8Array;
  /** Addresses of the registers; the last but one is for constants, the last for results that are not believed yet. */
  private slots: number[] = [];

  /** @param module that of the layout */
  constructor(layout: Layout, module: WebAssembly.Module) {
    this.transform = layout.transform;
    this.layout = layout;
    this.wasm = new WebAssembly.Instance(module).exports as unknown as FftExports;
    writeTables(this.layout, this.wasm.memory);
    this.doubles = new Float64Array(this.wasm.memory.buffer);
    this.bytes = new Uint8Array(this.wasm.memory.buffer);
  }

  /** Makes ready for a pair of moduli, given with −1/N modulo R, and clears the registers. */
  open(moduli: Lanes<bigint>, negatedInverses: Lanes<bigint>, registers: number): void {
    const { n, wordBits } = this.transform;
    const needed = memoryBytes(this.layout, registers + 2);
    const { memory } = this.wasm;
    if (needed > memory.buffer.byteLength) {
      memory.grow(Math.ceil((needed - memory.buffer.byteLength) / PAGE_BYTES));
      this.doubles = new Float64Array(memory.buffer);
      this.bytes = new Uint8Array(memory.buffer);
    }
    this.slots = Array.from({ length: registers + 2 }, (_, k) => this.layout.registers + k * this.layout.stride);
    // To the end: nothing is left of what an earlier field, or the known answer, had there.
    this.bytes.fill(0, this.layout.registers);
    const ring = (1n << BigInt(n * wordBits)) + 1n;
    const balanced = negatedInverses.map((v) => (2n * v > ring ? v - ring : v)) as unknown as Lanes<bigint>;
    this.put(this.layout.negatedInverse, balanced);
    this.put(this.layout.modulus, moduli);
    this.wasm.prepare();
  }

  write(register: number, values: Lanes<bigint>): void {
    this.put(this.slot(register), values);
  }

  read(register: number, lane: 0 | 1): bigint {
    return readWords(this.doubles, this.slot(register), lane, this.transform);
  }

  /** x·c·2/R of a register and constants as integers, but only if `believe` says so of the largest rounding error. */
  readProduct(register: number, constants: Lanes<bigint>, believe: (error: number) => boolean): Lanes<bigint> | null {
    this.timesConstants(register, constants);
    if (!believe(this.takeError())) return null;
    const value = (lane: 0 | 1) => readWords(this.doubles, this.spare, lane, this.transform);
    return [value(0), value(1)];
  }

  /** Sets a register to values·c·2/R, but only if `believe` says so of the largest rounding error. */
  writeProduct(
    register: number,
    values: Lanes<bigint>,
    constants: Lanes<bigint>,
    believe: (error: number) => boolean,
  ): boolean {
    this.write(register, values);
    this.timesConstants(register, constants);
    return this.take(register, believe);
  }

  private timesConstants(register: number, constants: Lanes<bigint>): void {
    const place = this.slots[this.slots.length - 2] as number;
    this.put(place, constants);
    this.wasm.multiply(this.slot(register), this.spare, place);
  }

  copy(to: number, from: number): void {
    this.copyArray(this.slot(to), this.slot(from));
  }

  /** Lane k of `to` becomes lane `lanes[k]` of register `from[k]`. */
  rearrange(to: number, from: Lanes<number>, lanes: Lanes<0 | 1>): void {
    const { doubles } = this;
    const first = this.slot(from[0]) / 8 + lanes[0];
    const second = this.slot(from[1]) / 8 + lanes[1];
    const target = this.slot(to) / 8;
    for (let k = 0; k < 2 * this.transform.n; k += 2) {
      const a = doubles[first + k] as number;
      const b = doubles[second + k] as number;
      doubles[target + k] = a;
      doubles[target + k + 1] = b;
    }
  }

  subtract(to: number, x: number, y: number): void {
    this.wasm.subtraction(this.slot(to), this.slot(x), this.slot(y));
  }

  /**
   * Squares a register at most `CHAIN_LIMIT` times, lane k doubled after a squaring whose byte has bit k set, but
   * only if `believe` says so of the largest rounding error (Infinity where a coefficient passed 2^51); else nothing
   * changes. The first squaring goes to the spare slot, so that there is something to go back to.
   */
  squareChain(register: number, doublings: Uint8Array, believe: (error: number) => boolean): boolean {
    if (doublings.length === 0 || doublings.length > CHAIN_LIMIT)
      throw new RangeError('expected a chain within a batch');
    this.bytes.set(doublings, this.layout.doublings);
    this.wasm.squareChain(this.slot(register), this.spare, this.layout.doublings, doublings.length);
    return this.take(register, believe);
  }

  /** to = x·y·2/R, but only if `believe` says so of the largest rounding error; else nothing changes. */
  multiply(to: number, x: number, y: number, believe: (error: number) => boolean): boolean {
    if (x === y) {
      this.bytes[this.layout.doublings] = 0;
      this.wasm.squareChain(this.slot(x), this.spare, this.layout.doublings, 1);
    } else this.wasm.multiply(this.slot(x), this.spare, this.slot(y));
    return this.take(to, believe);
  }

  private get spare(): number {
    return this.slots[this.slots.length - 1] as number;
  }

  /** Makes what is in the spare slot a register, if it is believed. */
  private take(to: number, believe: (error: number) => boolean): boolean {
    if (!believe(this.takeError())) return false;
    const result = this.spare;
    this.slots[this.slots.length - 1] = this.slot(to);
    this.slots[to] = result;
    return true;
  }

  private slot(register: number): number {
    const address = this.slots[register];
    if (address === undefined)
      throw new RangeError(`expected a register below ${this.slots.length - 2}, got ${register}`);
    return address;
  }

  private put(address: number, values: Lanes<bigint>): void {
    writeWords(this.doubles, address, 0, this.transform, values[0]);
    if (values[0] !== values[1]) writeWords(this.doubles, address, 1, this.transform, values[1]);
    else {
      const start = address / 8;
      for (let k = 0; k < 2 * this.transform.n; k += 2) this.doubles[start + k + 1] = this.doubles[start + k] as number;
    }
  }

  private copyArray(to: number, from: number): void {
    this.bytes.copyWithin(to, from, from + this.layout.arrayBytes);
  }

  /** The largest error since it was last taken; NaN where what is in the spare slot is no number. */
  private takeError(): number {
    const { doubles } = this;
    const take = (address: number): number => {
      const accumulator = doubles.subarray(address / 8, address / 8 + WIDE_BYTES / 8);
      const largest = Math.max(...accumulator);
      accumulator.fill(0);
      return largest;
    };
    const carries = take(CONSTANTS.carries);
    const error = take(CONSTANTS.largestError);
    if (!carriesFit(carries, this.transform)) return Number.POSITIVE_INFINITY;
    // Maxima pass over what is no number; a transform spreads it to every word of its lane.
    const first = this.spare / 8;
    return Number.isFinite(doubles[first]) && Number.isFinite(doubles[first + 1]) ? error : Number.NaN;
  }
}

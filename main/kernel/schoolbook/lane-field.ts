/**
 * Residues modulo two odd numbers in the memory of a module, in Montgomery form: the register holds an integer
 * congruent to x·R modulo N, R = 2^(51·limbs), between −R/4 and R/4.
 *
 * The bounds, in multiples of R (proven in docs/schoolbook-kernel.md): N is at most 1/32, so a product of residues
 * below a and b is below a·b + 1/16. Hence a squaring, doubled, of a residue within 1/4 is within 2·(1/16 + 1/16) =
 * 1/4 again. Only differences add up; the field knows the bound of every register, and takes a register back towards
 * 1/16 by a product with one before a difference could leave 1/4.
 */

import type { LaneField, Lanes } from '../field.ts';
import { CHAIN_CAPACITY, LIMB_BITS, STEPS_CAPACITY } from './layout.ts';
import { fromLimbs, negativeInverse, setLimbs } from './limbs.ts';
import type { SchoolbookModule } from './module.ts';

/** N below R/32. */
const SPARE_BITS = 5;

/** Below this in size, in multiples of R, the limbs and the columns hold a register and what becomes of it. */
const LIMIT = 1 / 4;
/** The most that the folded limbs add in a reduction. */
const REDUCTION = 1 / 16;
/** Up to here the quotient of R by N is right to the nearest or nearly, from N's two highest limbs. */
const LARGEST_QUOTIENT = 2 ** 40;
/** Plain residues are below N. */
const WRITTEN = 2 ** -SPARE_BITS;

/** The longest modulus that so many limbs serve. */
export const mostBits = (limbs: number): number => limbs * LIMB_BITS - SPARE_BITS;

/** Limbs for a modulus of so many bits. */
export const limbsFor = (bits: number): number => Math.max(4, Math.ceil((bits + SPARE_BITS) / LIMB_BITS));

const floorMod = (value: bigint, modulus: bigint): bigint => {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
};

export class SchoolbookField implements LaneField {
  readonly kernel = 'schoolbook';
  readonly moduli: Lanes<bigint>;
  readonly registers: number;
  private readonly module: SchoolbookModule;
  private readonly bounds: Float64Array;
  private readonly shift: bigint;
  private open = true;
  private oneWritten = false;

  /** @param isPrepared the module was opened for these moduli last: its tables are theirs */
  constructor(module: SchoolbookModule, moduli: Lanes<bigint>, registers: number, isPrepared = false) {
    this.module = module;
    this.moduli = moduli;
    this.registers = registers;
    this.bounds = new Float64Array(registers);
    const { layout, memory } = module;
    const missing = layout.registers + registers * layout.registerBytes - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / 65536));
    new Uint8Array(memory.buffer, layout.registers, registers * layout.registerBytes).fill(0);
    this.shift = BigInt(LIMB_BITS * layout.limbs);
    if (isPrepared) return;
    const [modulus, ...folds] = layout.folds;
    this.store(modulus, moduli);
    const inverses = this.eachLane(negativeInverse);
    new Float64Array(memory.buffer, layout.inverse, 2).set(inverses);
    folds.forEach((fold, k) => {
      module.fold(fold, k === 0 ? layout.unit : (folds[k - 1] as number));
    });
  }

  isOf(module: SchoolbookModule, [first, second]: Lanes<bigint>): boolean {
    return this.module === module && this.moduli[0] === first && this.moduli[1] === second;
  }

  /** Ends the field: the module's memory is for another one. */
  close(): void {
    this.open = false;
  }

  write(register: number, values: Lanes<bigint>): void {
    const address = this.address(register);
    this.bounds[register] = WRITTEN;
    if (values[0] === 1n && values[1] === 1n) {
      this.writeOne(address);
      return;
    }
    const same = values[0] === values[1];
    const forms = this.eachLane((modulus, lane) => floorMod(values[lane] << this.shift, modulus), same);
    this.store(address, forms);
  }

  read(register: number): Lanes<bigint> {
    const { multiply, layout } = this.module;
    multiply(layout.plain, this.address(register), layout.unit);
    const vectors = this.vectors(layout.plain);
    return [floorMod(fromLimbs(vectors, 0), this.moduli[0]), floorMod(fromLimbs(vectors, 1), this.moduli[1])];
  }

  copy(to: number, from: number): void {
    const source = this.address(from);
    this.module.join01(this.address(to), source, source);
    this.bounds[to] = this.bound(from);
  }

  swizzle(to: number, from: number, lanes: Lanes<0 | 1>): void {
    const source = this.address(from);
    this.module[`join${lanes[0]}${lanes[1]}`](this.address(to), source, source);
    this.bounds[to] = this.bound(from);
  }

  select(to: number, first: number, second: number): void {
    this.module.join01(this.address(to), this.address(first), this.address(second));
    this.bounds[to] = Math.max(this.bound(first), this.bound(second));
  }

  squareChain(register: number, doublings: Uint8Array, from: number, count: number): void {
    const address = this.address(register);
    const { memory, layout } = this.module;
    if (from < 0 || from + count > doublings.length) {
      throw new RangeError(`expected doublings to ${from + count}, got ${doublings.length}`);
    }
    for (let done = 0; done < count; ) {
      const part = Math.min(count - done, CHAIN_CAPACITY);
      new Uint8Array(memory.buffer).set(doublings.subarray(from + done, from + done + part), layout.doublings);
      this.module.chain(address, part);
      done += part;
    }
    if (count > 0) this.bounds[register] = LIMIT;
  }

  squareAndMultiply(steps: Uint8Array): void {
    const address = this.address(0);
    const { memory, layout } = this.module;
    for (let k = 1; k < steps.length; k += 2) this.address(steps[k] as number);
    const bytes = new Uint8Array(memory.buffer);
    bytes.fill(0, layout.doublings, layout.doublings + CHAIN_CAPACITY);
    for (let done = 0; done < steps.length; done += 2 * STEPS_CAPACITY) {
      const part = steps.subarray(done, done + 2 * STEPS_CAPACITY);
      bytes.set(part, layout.steps);
      this.module.steps(address, layout.steps + part.length);
    }
    // Between two products it is within that, too.
    if (steps.length > 0) this.bounds[0] = LIMIT;
  }

  ladder(pair: number, scratch: number, less: Lanes<number>, lanes: Uint8Array): void {
    const [first, second] = [this.address(less[0]), this.address(less[1])];
    // Within 1/4 before, so the product is within 1/8.
    const most = LIMIT / 2 + Math.max(this.bound(less[0]), this.bound(less[1]));
    if (most > LIMIT) throw new RangeError('expected plain residues to subtract');
    const { memory, layout } = this.module;
    for (let done = 0; done < lanes.length; done += 2 * STEPS_CAPACITY) {
      const part = lanes.subarray(done, done + 2 * STEPS_CAPACITY);
      new Uint8Array(memory.buffer).set(part, layout.steps);
      this.module.ladder(this.address(pair), this.address(scratch), first, second, layout.steps + part.length);
    }
    if (lanes.length === 0) return;
    this.bounds[pair] = most;
    this.bounds[scratch] = LIMIT;
  }

  multiply(to: number, x: number, y: number): void {
    this.module.multiply(this.address(to), this.address(x), this.address(y));
    this.bounds[to] = this.bound(x) * this.bound(y) + REDUCTION;
  }

  subtract(to: number, x: number, y: number): void {
    if (this.bound(x) + this.bound(y) > LIMIT) {
      this.fold(x);
      this.fold(y);
    }
    this.module.subtract(this.address(to), this.address(x), this.address(y));
    this.bounds[to] = this.bound(x) + this.bound(y);
  }

  /** Takes a register below R/14, by a product with one. */
  private fold(register: number): void {
    if (this.bound(register) <= LIMIT / 2) return;
    const { layout, multiply } = this.module;
    if (!this.oneWritten) {
      this.writeOne(layout.one);
      this.oneWritten = true;
    }
    const address = this.address(register);
    multiply(address, address, layout.one);
    this.bounds[register] = LIMIT * WRITTEN + REDUCTION;
  }

  /** R modulo N, in −N/2 … N/2 or nearly. */
  private writeOne(address: number): void {
    const { layout, memory, multiple } = this.module;
    const n = this.vectors(layout.folds[0]);
    const top = n.length - 2;
    const quotients = [0, 1].map((lane) => {
      const leading = (n[top + lane] as number) * 2 ** LIMB_BITS + (n[top - 2 + lane] as number);
      return -Math.round(2 ** (2 * LIMB_BITS) / leading);
    });
    // A modulus far below the other one's size.
    if (quotients.some((quotient) => !(quotient > -LARGEST_QUOTIENT))) {
      this.store(
        address,
        this.eachLane((modulus) => (1n << this.shift) % modulus),
      );
      return;
    }
    new Float64Array(memory.buffer, layout.quotient, 2).set(quotients);
    multiple(address, layout.quotient);
  }

  /** One value a lane, computed once where the moduli (and what else goes in) are the same. */
  private eachLane<T>(compute: (modulus: bigint, lane: 0 | 1) => T, same = true): Lanes<T> {
    const first = compute(this.moduli[0], 0);
    return [first, same && this.moduli[0] === this.moduli[1] ? first : compute(this.moduli[1], 1)];
  }

  private store(address: number, values: Lanes<bigint>): void {
    const vectors = this.vectors(address);
    setLimbs(vectors, 0, values[0]);
    if (values[0] === values[1]) for (let k = 0; k < vectors.length; k += 2) vectors[k + 1] = vectors[k] as number;
    else setLimbs(vectors, 1, values[1]);
  }

  private vectors(address: number): Float64Array {
    return new Float64Array(this.module.memory.buffer, address, 2 * this.module.layout.limbs);
  }

  private bound(register: number): number {
    return this.bounds[register] as number;
  }

  private address(register: number): number {
    if (!this.open) throw new Error('expected an open field: another one was opened on the same kernel');
    if (!(register >= 0 && register < this.registers)) {
      throw new RangeError(`expected a register below ${this.registers}, got ${register}`);
    }
    return this.module.layout.registers + register * this.module.layout.registerBytes;
  }
}

/**
 * The FFT kernel: modular arithmetic by floating-point transforms, with every rounding watched. The right
 * kernel above about 740 digits. module.ts has the method, docs/fft-kernel.md the bounds and measurements.
 */

import { ArithmeticFault } from '../arithmetic-fault.ts';
import { bitLength, type Kernel, KernelRefusal, type LaneField, type Lanes, requireModuli } from '../field.ts';
import { type Steps, toTheEnd } from '../steps.ts';
import type { Fusion } from '../wasm/emit.ts';
import { mergesVectors } from '../wasm/wide.ts';
import { Engine } from './engine.ts';
import { ExpectedInverses } from './expected.ts';
import { answersRight } from './known-answer.ts';
import { CHAIN_LIMIT, layoutFor } from './layout.ts';
import { fftModule } from './module.ts';
import {
  chooseTransform,
  ERROR_LIMIT,
  isProven,
  MAXIMUM_BITS,
  mostBits,
  REGISTER_LIMIT,
  sameTransform,
  type Transform,
  transformsFor,
} from './transform.ts';

/** Transforms that are tried for moduli that share a factor with R. */
const ATTEMPTS = 16;
/** Instances kept: a search uses one, a retry or another size a second. */
const ENGINES_KEPT = 4;

export interface FftOptions {
  /** Instead of the best transform: to test a shape, or to provoke rounding errors. Must hold bits + 6 bits. */
  readonly firstTransform?: Transform;
  /** Code for V8 to merge into 256-bit vectors, whether it can or not: to test both. */
  readonly wide?: boolean;
}

export interface FftKernel extends Kernel {
  open(moduli: Lanes<bigint>, registers: number): FftField;
  expecting(moduli: readonly bigint[]): Steps<void>;
}

/** Longer values enter by a product: their division takes longer than what it takes to work out the product's constant. */
const LONG_BITS = 20_000;

/** Makes ready a pair of moduli in a transform with words below a size. */
type Prepare = (registers: number, below: number) => { engine: Engine; inverses: Lanes<bigint> };

/** A field of the FFT kernel, with what became of its rounding. */
export class FftField implements LaneField {
  readonly kernel = 'fft';
  readonly moduli: Lanes<bigint>;
  readonly registers: number;
  private readonly prepare: Prepare;
  private engine: Engine;
  private inverses: Lanes<bigint>;
  /** Bounds of the registers' absolute values, in units of N. */
  private readonly sizes: number[];
  /** R²/4 modulo N, by which long values enter Montgomery's form; worked out at the first. */
  private enter: Lanes<bigint> | undefined;
  private open = true;
  private seenError = 0;
  private retryCount = 0;

  constructor(moduli: Lanes<bigint>, registers: number, prepare: Prepare) {
    this.moduli = moduli;
    this.registers = registers;
    this.prepare = prepare;
    this.sizes = new Array<number>(registers).fill(0);
    ({ engine: this.engine, inverses: this.inverses } = prepare(registers, Number.POSITIVE_INFINITY));
  }

  /** The transform in use: after a retry, one of smaller words than at first. */
  get transform(): Transform {
    return this.engine.transform;
  }

  /** Largest distance of a coefficient from an integer, in the results that were kept. */
  get largestError(): number {
    return this.seenError;
  }

  /** How many times a batch of steps was thrown away and done again with smaller words. */
  get retries(): number {
    return this.retryCount;
  }

  /** Ends the field: the engine is for another one. */
  close(): void {
    this.open = false;
  }

  write(register: number, values: Lanes<bigint>): void {
    this.check(register);
    if (values.some((value) => bitLength(value) > LONG_BITS) && this.writeByProduct(register, values)) return;
    this.engine.write(
      register,
      this.lanes((lane) => this.entering(lane, values[lane]), values),
    );
    this.sizes[register] = 1;
  }

  /** value·R/2 modulo N, what a register holds: a division with a quotient as long as the value. */
  private entering(lane: 0 | 1, value: bigint): bigint {
    const { n, wordBits } = this.transform;
    const residue = value % this.moduli[lane];
    // 2·(R/2) is 2^(nb) + 1.
    return this.halved(lane, (residue << BigInt(n * wordBits)) + residue);
  }

  /** Half of an integer modulo N. */
  private halved(lane: 0 | 1, value: bigint): bigint {
    const residue = this.plain(lane, value);
    return ((residue & 1n) === 0n ? residue : residue + this.moduli[lane]) >> 1n;
  }

  /**
   * value·R/2 as a product value·(R²/4)·2/R. With k = nb the constant is (2^k·R/2 + R/2)/2, and 2^k·R/2 comes by squaring.
   * @returns false where the rounding is not believed
   */
  private writeByProduct(register: number, values: Lanes<bigint>): boolean {
    if (this.enter === undefined) {
      const { n, wordBits } = this.transform;
      const bits = Uint8Array.from((n * wordBits).toString(2), (bit) => 3 * Number(bit));
      this.write(register, [1n, 1n]);
      if (!this.engine.squareChain(register, bits, (error) => this.believes(error))) return false;
      const constant = (lane: 0 | 1) => this.halved(lane, this.engine.read(register, lane) + this.entering(lane, 1n));
      this.enter = [constant(0), constant(1)];
    }
    const residues = this.lanes((lane) => this.plain(lane, values[lane]), values);
    if (!this.engine.writeProduct(register, residues, this.enter, (error) => this.believes(error))) return false;
    this.sizes[register] = productSize(1, 1, 1);
    return true;
  }

  read(register: number): Lanes<bigint> {
    this.check(register);
    // The register holds value·R/2: a product by 1 is the value.
    const values = this.engine.readProduct(register, [1n, 1n], (error) => this.believes(error));
    return values === null ? this.readExactly(register) : [this.plain(0, values[0]), this.plain(1, values[1])];
  }

  /** Without the transform. */
  private readExactly(register: number): Lanes<bigint> {
    const plain = (lane: 0 | 1): bigint => {
      const leave = twiceInverseOfRing(this.moduli[lane], this.inverses[lane], this.transform);
      return this.plain(lane, this.engine.read(register, lane) * leave);
    };
    return [plain(0), plain(1)];
  }

  /** The residue of an integer, in 0..N−1. */
  private plain(lane: 0 | 1, value: bigint): bigint {
    const residue = value % this.moduli[lane];
    return residue < 0n ? residue + this.moduli[lane] : residue;
  }

  copy(to: number, from: number): void {
    this.check(to, from);
    if (to !== from) this.engine.copy(to, from);
    this.sizes[to] = this.size(from);
  }

  swizzle(to: number, from: number, lanes: Lanes<0 | 1>): void {
    this.check(to, from);
    this.engine.rearrange(to, [from, from], lanes);
    this.sizes[to] = this.size(from);
  }

  select(to: number, first: number, second: number): void {
    this.check(to, first, second);
    this.engine.rearrange(to, [first, second], [0, 1]);
    this.sizes[to] = Math.max(this.size(first), this.size(second));
  }

  subtract(to: number, x: number, y: number): void {
    this.check(to, x, y);
    this.engine.subtract(to, x, y);
    this.sizes[to] = this.size(x) + this.size(y);
    // Rare: it takes four differences of differences. A plain residue is below N again.
    if (this.size(to) > REGISTER_LIMIT) this.write(to, this.read(to));
  }

  squareChain(register: number, doublings: Uint8Array, from: number, count: number): void {
    this.check(register);
    const end = from + count;
    if (from < 0 || count < 0 || end > doublings.length) {
      throw new RangeError(`expected doublings for ${count} squarings from ${from} on, got ${doublings.length}`);
    }
    for (let at = from; at < end; ) {
      const batch = doublings.subarray(at, Math.min(end, at + CHAIN_LIMIT));
      if (this.engine.squareChain(register, batch, (error) => this.believes(error))) at += batch.length;
      else this.useSmallerWords();
      this.sizes[register] = productSize(this.size(register), this.size(register), 2);
    }
  }

  multiply(to: number, x: number, y: number): void {
    this.check(to, x, y);
    while (!this.engine.multiply(to, x, y, (error) => this.believes(error))) this.useSmallerWords();
    this.sizes[to] = productSize(this.size(x), this.size(y), 1);
  }

  private believes(error: number): boolean {
    if (!(error <= ERROR_LIMIT)) return false;
    if (error > this.seenError) this.seenError = error;
    return true;
  }

  /** Goes on in a transform of smaller words, with all registers taken over as integers. */
  private useSmallerWords(): void {
    const { transform } = this.engine;
    if (isProven(transform)) {
      throw new ArithmeticFault(`rounding went wrong where it cannot: n = ${transform.n}, b = ${transform.wordBits}`);
    }
    const values = Array.from({ length: this.registers }, (_, register) => this.read(register));
    ({ engine: this.engine, inverses: this.inverses } = this.prepare(this.registers, transform.wordBits));
    this.enter = undefined;
    values.forEach((pair, register) => {
      this.write(register, pair);
    });
    this.retryCount++;
  }

  /** A number for each lane, worked out once where the moduli and the values that it depends on are equal. */
  private lanes(of: (lane: 0 | 1) => bigint, [first, second]: Lanes<bigint> = [0n, 0n]): Lanes<bigint> {
    const value = of(0);
    return [value, this.moduli[0] === this.moduli[1] && first === second ? value : of(1)];
  }

  private size(register: number): number {
    return this.sizes[register] as number;
  }

  private check(...registers: number[]): void {
    if (!this.open) throw new Error('expected an open field: another one was opened on the same kernel');
    for (const register of registers) {
      if (!(register >= 0 && register < this.registers)) {
        throw new RangeError(`expected a register below ${this.registers}, got ${register}`);
      }
    }
  }
}

/**
 * From so many words on vectors are merged. Below, at up to 290 digits, this kernel only checks what the other found, and what it
 * would gain is less than what the rest of the program loses: on Intel's processors code without AVX, as in much of Node, is slow while
 * the upper halves of the wide registers are in use (docs/fft-kernel.md).
 */
const WIDE_FROM_WORDS = 64;

/**
 * An engine that answers right: with vectors merged if wanted, without if that is where it goes wrong.
 * @throws KernelRefusal when neither does
 */
function* trustedEngine(transform: Transform, fusion: Fusion, wide: boolean): Steps<Engine> {
  const layout = layoutFor(transform);
  yield;
  const module = yield* fftModule(layout, { fusion, wide });
  yield;
  const engine = new Engine(layout, module);
  if (yield* answersRight(engine)) return engine;
  if (wide) return yield* trustedEngine(transform, fusion, false);
  throw new KernelRefusal(`the FFT kernel answers wrong for ${transform.n} words on this computer`);
}

/** Bits left over in the transform of a modulus; none where no transform serves it. */
function spareBitsOf(transform: Transform | undefined, bits: number): number {
  return transform === undefined ? 0 : mostBits(transform) - bits;
}

/** |x·y·2/R + m·N·2/R| ≤ N + 2·x·y/R with R ≥ 2^6·N, and a little for words that are not quite balanced. */
function productSize(x: number, y: number, factor: number): number {
  return factor * (1.001 + (x * y) / 32);
}

/**
 * 2/R modulo N, from a = −1/N modulo R: N·a + 1 = R·c with c < N, and R ≡ 1 modulo 2^(nb), so c is the low
 * nb bits of N·a + 1, and R·c ≡ 1.
 */
function twiceInverseOfRing(modulus: bigint, negatedInverse: bigint, { n, wordBits }: Transform): bigint {
  const inverse = BigInt.asUintN(n * wordBits, modulus * negatedInverse + 1n);
  return (2n * inverse) % modulus;
}

/**
 * The kernel for odd moduli of 64 bits up to about 197,000 digits. 'separate' is a fifth slower and
 * as right: for CPUs that do not fuse multiply and add.
 */
export function fftKernel(fusion: Fusion, options: FftOptions = {}): FftKernel {
  let engines: readonly Engine[] = [];
  /** Of engines that answered wrong: they are not asked again. */
  const refused: Transform[] = [];
  let current: FftField | undefined;
  const wide = ({ n }: Transform) => options.wide ?? (fusion === 'fused' && mergesVectors() && n >= WIDE_FROM_WORDS);
  const expected = new ExpectedInverses();

  const engineFor = function* (transform: Transform): Steps<Engine> {
    if (refused.some((other) => sameTransform(other, transform)))
      throw new KernelRefusal('this transform answers wrong');
    const isOne = (engine: Engine): boolean => sameTransform(engine.transform, transform);
    const engine = engines.find(isOne) ?? (yield* made(transform));
    engines = [engine, ...engines.filter((other) => !isOne(other))].slice(0, ENGINES_KEPT);
    return engine;
  };

  const made = function* (transform: Transform): Steps<Engine> {
    try {
      return yield* trustedEngine(transform, fusion, wide(transform));
    } catch (refusal) {
      if (refusal instanceof KernelRefusal) refused.push(transform);
      throw refusal;
    }
  };

  const choices = function* (
    bits: number,
    below = Number.POSITIVE_INFINITY,
    foreseen?: Transform,
  ): Generator<Transform, undefined> {
    const first = foreseen ?? options.firstTransform;
    if (first !== undefined && first.wordBits < below) yield first;
    yield* transformsFor(bits, below - 1);
  };

  const kernel = {
    name: 'fft' as const,
    minimumBits: 64,
    maximumBits: MAXIMUM_BITS,
    spareBits: (bits: number) => spareBitsOf(chooseTransform(bits), bits),
    open(moduli: Lanes<bigint>, registers: number): FftField {
      requireModuli(moduli);
      const bits = Math.max(bitLength(moduli[0]), bitLength(moduli[1]));
      if (bits < kernel.minimumBits || bits > MAXIMUM_BITS) {
        throw new KernelRefusal(
          `expected a modulus of ${kernel.minimumBits} to ${MAXIMUM_BITS} bits, got ${bits} bits`,
        );
      }
      current?.close();
      current = undefined;
      current = new FftField(moduli, registers, (count, below) => {
        let attempts = 0;
        for (const transform of choices(bits, below, expected.transformOf(moduli, bits))) {
          const inverses = expected.take(moduli, transform);
          if (inverses !== null) {
            const engine = toTheEnd(engineFor(transform));
            engine.open(moduli, inverses, count);
            return { engine, inverses };
          }
          if (++attempts === ATTEMPTS) break;
        }
        throw new KernelRefusal(`a modulus shares a factor with each of the ${attempts} transform moduli tried`);
      });
      return current;
    },
    *expecting(moduli: readonly bigint[]): Steps<void> {
      const transforms = yield* expected.expecting(moduli, (bits) => choices(bits).next().value);
      try {
        for (const transform of transforms) yield* engineFor(transform);
      } catch (refusal) {
        // a hint; who opens it is told
        if (!(refusal instanceof KernelRefusal)) throw refusal;
      }
    },
  };
  return kernel;
}

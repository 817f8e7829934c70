/**
 * The extra strong Lucas test: what a prime satisfies and few composites do, independent of the strong tests to
 * bases. No composite is known that passes this and a strong test to base 2.
 *
 * Q = 1 and Baillie's parameters: P = 3, 4, 5, … until D = P² − 4 has (D | N) = −1. With N + 1 = d·2^s a prime has
 * U_d = 0 and V_d = ±2, or V_(d·2^r) = 0 for some 0 ≤ r < s − 1 (Grantham, Math. Comp. 70, 2000; the composites that
 * pass are OEIS A217719). Q = 1 because V_2k = V_k² − 2 and V_(2k+1) = V_k·V_(k+1) − P are then two products of one
 * shape: lane 0 holds V_k, lane 1 V_(k+1), and a step is one multiplication of the pair by one of its lanes.
 *
 * k runs through the leading bits of N + 1. The pair satisfies V_k² + V_(k+1)² − P·V_k·V_(k+1) = 4 − P². A fault of
 * the arithmetic leaves a difference e between the two sides, and a step only multiplies e by V_k² or V_(k+1)², so
 * one check before the verdict finds a fault at any step before it. It is made where a state enters, too.
 */

import type { LaneField } from '../../kernel/field.ts';
import { jacobi } from './jacobi.ts';
import { isPerfectSquare } from './square.ts';

export type LucasVerdict = 'composite' | 'probable prime';

/** Where a test stands: k is the number formed by the first `bit` bits of N + 1, `v` is V_k, `vNext` V_(k+1) mod N. */
export interface LucasState {
  readonly bit: number;
  readonly v: bigint;
  readonly vNext: bigint;
}

/** P with (P² − 4 | N) = −1, or the reason why N is composite without a test. */
export type LucasParameter =
  | { readonly kind: 'parameter'; readonly p: number }
  | { readonly kind: 'composite'; readonly because: 'square' | 'factor' };

/** The residues are not those of a Lucas sequence: the arithmetic or the saved state is wrong. */
export class LucasFault extends Error {
  override readonly name = 'LucasFault';
}

/** Registers that a test needs of its field. */
export const LUCAS_REGISTERS = 5;

const PAIR = 0;
const SCRATCH = 1;
/** (2, P): what a step of bit 0 subtracts. */
const TWO_P = 2;
/** (P, 2): what a step of bit 1 subtracts. */
const P_TWO = 3;
const SAVED = 4;

/** Steps of the last phase between two looks at V, which cost up to ten steps each at 100,000 digits. */
const STEPS_BETWEEN_LOOKS = 64;

/**
 * The first P = 3, 4, 5, … with (P² − 4 | n) = −1. A square has none and is found first.
 * @param n odd, 3 or more
 */
export function lucasParameter(n: bigint): LucasParameter {
  if (isPerfectSquare(n)) return { kind: 'composite', because: 'square' };
  for (let p = 3; ; p++) {
    const discriminant = BigInt(p) * BigInt(p) - 4n;
    const symbol = jacobi(discriminant, n);
    if (symbol === -1) return { kind: 'parameter', p };
    // A common factor with D; a prime n can only be D's own factor, when it is about as small as P.
    if (symbol === 0 && discriminant % n !== 0n) return { kind: 'composite', because: 'factor' };
  }
}

export class LucasTest {
  private readonly field: LaneField;
  private readonly n: bigint;
  /** 0 where N was found composite without a test. */
  private readonly p: number;
  private readonly bits: string;
  /** Length of d in bits: from here on every step only doubles k. */
  private readonly oddBits: number;
  /** Where the last condition is looked at: k = d, or k = d·2^(s−2) if that is more. */
  private readonly lastBit: number;
  private bit: number;
  private found: LucasVerdict | null = null;

  /**
   * @param field both lanes of modulus n, at least LUCAS_REGISTERS registers, which the test keeps for itself
   * @param n odd, 3 or more
   * @param state where to go on, from any kernel
   * @throws LucasFault for a state that belongs to no test of n
   */
  constructor(field: LaneField, n: bigint, state?: LucasState) {
    if (field.moduli[0] !== n || field.moduli[1] !== n || field.registers < LUCAS_REGISTERS) {
      throw new RangeError(`expected both lanes of the number tested and ${LUCAS_REGISTERS} registers`);
    }
    this.field = field;
    this.n = n;
    this.bits = (n + 1n).toString(2);
    this.oddBits = this.bits.lastIndexOf('1') + 1;
    this.lastBit = Math.max(this.oddBits, this.bits.length - 2);
    const parameter = lucasParameter(n);
    if (parameter.kind === 'composite') {
      this.p = 0;
      this.bit = this.lastBit;
      this.found = 'composite';
      return;
    }
    this.p = parameter.p;
    const p = BigInt(parameter.p);
    const { bit, v, vNext } = state ?? { bit: 1, v: p % n, vNext: (p * p - 2n) % n };
    if (!Number.isInteger(bit) || bit < 1 || bit > this.lastBit) {
      throw new LucasFault(`expected a Lucas test at bit 1 to ${this.lastBit}, got ${bit}`);
    }
    this.bit = bit;
    field.write(PAIR, [v, vNext]);
    field.write(TWO_P, [2n, p]);
    field.write(P_TWO, [p, 2n]);
    this.requireSequence(v, vNext);
    this.look();
  }

  get done(): boolean {
    return this.found !== null;
  }

  /** Steps left at most: it may end sooner. */
  get stepsLeft(): number {
    return this.done ? 0 : this.lastBit - this.bit;
  }

  /**
   * Takes up to `bits` steps, fewer when the verdict comes before.
   * @throws LucasFault when the arithmetic went wrong; start again on another kernel
   */
  advance(bits: number): void {
    let left = bits;
    while (left > 0 && !this.done) {
      if (this.bit < this.oddBits) {
        const count = Math.min(left, this.oddBits - this.bit);
        this.steps(count);
        left -= count;
        if (this.bit === this.oddBits) this.look();
      } else {
        const count = Math.min(left, this.lastBit - this.bit, STEPS_BETWEEN_LOOKS);
        this.doublings(count);
        left -= count;
      }
    }
  }

  /** Where it stands, in plain integers that any kernel can go on with. */
  state(): LucasState {
    // A square or a number with a small factor never had residues.
    const [v, vNext] = this.p === 0 ? [0n, 0n] : this.field.read(PAIR);
    return { bit: this.bit, v, vNext };
  }

  /** @throws Error before the test is done */
  verdict(): LucasVerdict {
    if (this.found === null)
      throw new Error(`expected a finished Lucas test, got one with ${this.stepsLeft} steps left`);
    return this.found;
  }

  /** (V_k, V_(k+1)) becomes (V_2k, V_(2k+1)) or (V_(2k+1), V_(2k+2)), as the next bit of N + 1 says; so often. */
  private steps(count: number): void {
    const { field } = this;
    const lanes = Uint8Array.from({ length: count }, (_, k) => this.bits.charCodeAt(this.bit + k) & 1);
    this.bit += count;
    if (field.ladder !== undefined) {
      field.ladder(PAIR, SCRATCH, [TWO_P, P_TWO], lanes);
      return;
    }
    for (const lane of lanes) {
      field.swizzle(SCRATCH, PAIR, lane === 1 ? [1, 1] : [0, 0]);
      field.multiply(PAIR, PAIR, SCRATCH);
      field.subtract(PAIR, PAIR, lane === 1 ? P_TWO : TWO_P);
    }
  }

  /**
   * `count` steps that double k, in search of V = 0. From 0 the sequence goes to −2, then stays at 2, so a look at
   * the end tells whether it may have been there; only then are the steps taken again with a look at each.
   */
  private doublings(count: number): void {
    this.field.copy(SAVED, PAIR);
    const from = this.bit;
    this.steps(count);
    const v = this.field.read(PAIR)[0];
    if (v === 0n || v === 2n || v === this.n - 2n) {
      this.field.copy(PAIR, SAVED);
      this.bit = from;
      for (let k = 0; k < count && !this.done; k++) {
        this.steps(1);
        this.look();
      }
    } else if (this.bit === this.lastBit) {
      this.look();
    }
  }

  /** Decides if it can be decided here: one of the conditions holds, or this was the last place to look. */
  private look(): void {
    if (this.bit < this.oddBits) return;
    const [v, vNext] = this.field.read(PAIR);
    const last = this.bit === this.lastBit;
    const passes = this.satisfies(v, vNext);
    if (!passes && !last) return;
    this.requireSequence(v, vNext);
    this.found = passes ? 'probable prime' : 'composite';
  }

  private satisfies(v: bigint, vNext: bigint): boolean {
    // V_(d·2^r) = 0 needs r < s − 1, that is, at least two bits of N + 1 after these.
    if (v === 0n && this.bit <= this.bits.length - 2) return true;
    if (this.bit !== this.oddBits) return false;
    // D·U_d = 2·V_(d+1) − P·V_d, and D has no factor in common with N.
    const plusMinusTwo = v === 2n % this.n || v === this.n - 2n;
    return plusMinusTwo && (2n * vNext - BigInt(this.p) * v) % this.n === 0n;
  }

  private requireSequence(v: bigint, vNext: bigint): void {
    const p = BigInt(this.p);
    const inRange = v >= 0n && v < this.n && vNext >= 0n && vNext < this.n;
    if (!inRange || (v * v + vNext * vNext - p * v * vNext - 4n + p * p) % this.n !== 0n) {
      throw new LucasFault(`the residues at bit ${this.bit} are not of the Lucas sequence with P = ${this.p}`);
    }
  }
}

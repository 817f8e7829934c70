/**
 * The BigInt kernel: the same interface by the language's own integers. It is the oracle of the others, the
 * fallback where a CPU lacks what they need, and the second implementation that confirms a find.
 */

import { type Kernel, type LaneField, type Lanes, requireModuli } from './field.ts';

class BigIntField implements LaneField {
  readonly kernel = 'bigint';
  readonly moduli: Lanes<bigint>;
  readonly registers: number;
  private readonly values: [bigint, bigint][];

  constructor(moduli: Lanes<bigint>, registers: number) {
    this.moduli = moduli;
    this.registers = registers;
    this.values = Array.from({ length: registers }, () => [0n, 0n]);
  }

  private at(register: number): [bigint, bigint] {
    const pair = this.values[register];
    if (pair === undefined) throw new RangeError(`expected a register below ${this.registers}, got ${register}`);
    return pair;
  }

  private set(register: number, first: bigint, second: bigint): void {
    const pair = this.at(register);
    pair[0] = first;
    pair[1] = second;
  }

  write(register: number, values: Lanes<bigint>): void {
    const [n, m] = this.moduli;
    this.set(register, (((values[0] % n) + n) % n) as bigint, (((values[1] % m) + m) % m) as bigint);
  }

  read(register: number): Lanes<bigint> {
    const [first, second] = this.at(register);
    return [first, second];
  }

  copy(to: number, from: number): void {
    this.set(to, ...this.at(from));
  }

  swizzle(to: number, from: number, lanes: Lanes<0 | 1>): void {
    const pair = this.at(from);
    this.set(to, pair[lanes[0]], pair[lanes[1]]);
  }

  select(to: number, first: number, second: number): void {
    this.set(to, this.at(first)[0], this.at(second)[1]);
  }

  squareChain(register: number, doublings: Uint8Array, from: number, count: number): void {
    const [n, m] = this.moduli;
    let [x, y] = this.at(register);
    // The check of a find has the same base in both lanes: at 10,000 digits a squaring takes over a millisecond.
    let same = n === m && x === y;
    for (let k = 0; k < count; k++) {
      const double = doublings[from + k] as number;
      x = (x * x) % n;
      y = same ? x : (y * y) % m;
      same &&= (double & 1) === double >> 1;
      if ((double & 1) !== 0) x = 2n * x >= n ? 2n * x - n : 2n * x;
      if ((double & 2) !== 0) y = 2n * y >= m ? 2n * y - m : 2n * y;
    }
    this.set(register, x, y);
  }

  multiply(to: number, x: number, y: number): void {
    const [a, b] = this.at(x);
    const [c, d] = this.at(y);
    const first = (a * c) % this.moduli[0];
    const same = this.moduli[0] === this.moduli[1] && a === b && c === d;
    this.set(to, first, same ? first : (b * d) % this.moduli[1]);
  }

  subtract(to: number, x: number, y: number): void {
    const [n, m] = this.moduli;
    const [a, b] = this.at(x);
    const [c, d] = this.at(y);
    this.set(to, a >= c ? a - c : a - c + n, b >= d ? b - d : b - d + m);
  }
}

/** The kernel of BigInt arithmetic. Serves every size. */
export function bigintKernel(): Kernel {
  return {
    name: 'bigint',
    minimumBits: 2,
    maximumBits: 1 << 24,
    // V8's integers are made of 64-bit digits.
    spareBits: (bits) => 64 * Math.ceil(bits / 64) - bits,
    open(moduli, registers) {
      requireModuli(moduli);
      return new BigIntField(moduli, registers);
    },
  };
}

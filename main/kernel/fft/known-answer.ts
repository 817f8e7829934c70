/**
 * Does an instance compute what it should? Its module was compiled in a way that V8 calls experimental
 * (wasm/wide.ts), so it is believed only after a squaring with doublings and a product of numbers that look random
 * came out as BigInt says, in both lanes. All passes take part in them but the subtraction.
 */

import type { Lanes } from '../field.ts';
import type { Steps } from '../steps.ts';
import type { Engine } from './engine.ts';
import { fold } from './inverse.ts';
import { largestWordBits } from './transform.ts';

/** Opens the engine with numbers of its own: for one that is in nobody's hands yet. */
export function* answersRight(engine: Engine): Steps<boolean> {
  const { n, wordBits } = engine.transform;
  // Words too large for random numbers, as tests ask for them: the field will see that.
  if (wordBits > largestWordBits(n)) return true;
  const bits = n * wordBits;
  const number = (seed: number): Lanes<bigint> => [pseudorandom(bits - 2, seed), pseudorandom(bits - 3, seed + 1)];
  // The engine's formulas do not need N and −1/N to belong together.
  const [modulus, negatedInverse, x, z] = [number(1), number(3), number(5), number(7)];
  /** Whether `found` is a·b + m·N modulo B^n − 1, for m = a·b·(−1/N) modulo B^n + 1, balanced. */
  function* isRight(a: Lanes<bigint>, b: Lanes<bigint>, factors: Lanes<bigint>, found: Lanes<bigint>): Steps<boolean> {
    for (const lane of [0, 1] as const) {
      yield;
      const product = a[lane] * b[lane];
      const residue = modulo(modulo(product, bits, 1n) * negatedInverse[lane], bits, 1n);
      yield;
      const m = 2n * residue > 1n << BigInt(bits) ? residue - (1n << BigInt(bits)) - 1n : residue;
      if (modulo(factors[lane] * (product + m * modulus[lane]) - found[lane], bits, -1n) !== 0n) return false;
    }
    return true;
  }
  const read = (): Lanes<bigint> => [engine.read(0, 0), engine.read(0, 1)];
  yield;
  engine.open(modulus, negatedInverse, 2);
  engine.write(0, x);
  engine.write(1, z);
  engine.squareChain(0, Uint8Array.of(2), () => true);
  const square = read();
  if (!(yield* isRight(x, x, [1n, 2n], square))) return false;
  engine.multiply(0, 0, 1, () => true);
  return yield* isRight(square, z, [1n, 1n], read());
}

/** v modulo 2^bits + sign, in 0..2^bits, for |v| below 2^(2·bits + 1). */
function modulo(v: bigint, bits: number, sign: 1n | -1n): bigint {
  const ring = (1n << BigInt(bits)) + sign;
  const size = v < 0n ? -v : v;
  // 2^bits is −1 modulo 2^bits + 1, and 1 modulo 2^bits − 1.
  let rest = sign === 1n ? fold(size, bits) : size;
  while (sign === -1n && rest > ring) rest = BigInt.asUintN(bits, rest) + (rest >> BigInt(bits));
  if (rest === ring) rest = 0n;
  return v < 0n && rest !== 0n ? ring - rest : rest;
}

/** Bits that look random, by a linear congruence: the same on every computer. */
function pseudorandom(bits: number, seed: number): bigint {
  const words = new Uint32Array(Math.ceil(bits / 32));
  let state = Math.imul(seed, 0x9e3779b9);
  for (let k = 0; k < words.length; k++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    words[k] = state ^ (state >>> 15);
  }
  const hex = Array.from(words, (word) => word.toString(16).padStart(8, '0')).join('');
  return BigInt.asUintN(bits, BigInt(`0x${hex}`));
}

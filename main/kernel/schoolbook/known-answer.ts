/**
 * Does a module compute what it should? One whose vectors the engine merges was compiled in a way that V8 calls
 * experimental (wasm/wide.ts): it is believed only after squarings with doublings and a product of numbers that look
 * random came out as BigInt says, in both lanes.
 */

import type { Lanes } from '../field.ts';
import { mostBits, SchoolbookField } from './lane-field.ts';
import type { SchoolbookModule } from './module.ts';

/** Doublings of neither lane, of one, of the other, of both. */
const DOUBLINGS = Uint8Array.of(0, 1, 2, 3);

/** Opens a field of its own on a module that is in nobody's hands yet. */
export function answersRight(module: SchoolbookModule): boolean {
  const bits = mostBits(module.layout.limbs);
  const moduli: Lanes<bigint> = [numberOf(bits, 3n) | 1n, numberOf(bits - 1, 7n) | 1n];
  const x: Lanes<bigint> = [numberOf(bits - 1, 11n), numberOf(bits - 2, 13n)];
  const field = new SchoolbookField(module, moduli, 2);
  field.write(0, x);
  field.copy(1, 0);
  field.squareChain(0, DOUBLINGS, 0, DOUBLINGS.length);
  const chain = field.read(0);
  field.multiply(1, 1, 0);
  const product = field.read(1);
  field.close();
  return ([0, 1] as const).every((lane) => {
    const n = moduli[lane];
    let expected = x[lane];
    for (const double of DOUBLINGS) expected = (expected * expected * BigInt(1 + ((double >> lane) & 1))) % n;
    return chain[lane] === expected && product[lane] === (expected * x[lane]) % n;
  });
}

/** The highest bits of a power: no pattern, and the same on every computer. */
function numberOf(bits: number, base: bigint): bigint {
  const power = base ** BigInt(bits);
  return power >> BigInt(power.toString(2).length - bits);
}

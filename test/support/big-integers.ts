/** Plain BigInt arithmetic, as the oracle of what the kernels compute, and numbers for properties. */

import fc from 'fast-check';

/** base^exponent modulo n, from the lowest bit up: the other way round than the program. */
export function powerModulo(base: bigint, exponent: bigint, n: bigint): bigint {
  let result = 1n;
  let square = ((base % n) + n) % n;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % n;
    square = (square * square) % n;
  }
  return result % n;
}

/** Whether n is a strong probable prime to the base, by the definition and nothing else. */
export function isStrongProbablePrime(n: bigint, base: bigint): boolean {
  const twos = (n - 1n).toString(2).match(/0*$/)?.[0].length ?? 0;
  let x = powerModulo(base, (n - 1n) >> BigInt(twos), n);
  if (x === 1n) return true;
  for (let r = 0; r < twos; r++) {
    if (x === n - 1n) return true;
    x = (x * x) % n;
  }
  return false;
}

/** An integer of exactly so many bits. */
export const integerOf = (bits: number): fc.Arbitrary<bigint> =>
  fc.bigInt({ min: 1n << BigInt(bits - 1), max: (1n << BigInt(bits)) - 1n });

/** An odd one. */
export const oddOf = (bits: number): fc.Arbitrary<bigint> => integerOf(bits).map((n) => n | 1n);

/** Plain data goes through JSON with its integers in hexadecimal, as a checkpoint does. */
export function throughJson<T>(data: T): T {
  const text = JSON.stringify(data, (_, value) => (typeof value === 'bigint' ? `0x${value.toString(16)}` : value));
  return JSON.parse(text, (_, value) => (typeof value === 'string' && value.startsWith('0x') ? BigInt(value) : value));
}

/**
 * Integers to and from balanced words in an instance's memory, in time proportional to their length (about
 * 5 µs at 1,000 digits). Hexadecimal digits are the way in and bytes the way out: V8 converts both in one pass.
 */

import type { Transform } from './transform.ts';

/** Where a word lies in an array, in doubles: word j, a quarter of n on, the half and three quarters share a cell. */
export function placesOfWords(n: number): (word: number) => number {
  const quarter = n / 4;
  return (word) => {
    const part = Math.floor(word / quarter);
    return 8 * (word - part * quarter) + 2 * part;
  };
}

/** Writes an integer of absolute value below B^n/2 as n balanced words into one lane of the array at `address`. */
export function writeWords(
  doubles: Float64Array,
  address: number,
  lane: 0 | 1,
  { n, wordBits }: Transform,
  value: bigint,
): void {
  const sign = value < 0n ? -1 : 1;
  const hex = (value < 0n ? -value : value).toString(16);
  const base = 2 ** wordBits;
  const mask = base - 1;
  const start = address / 8 + lane;
  const place = placesOfWords(n);
  let digit = hex.length;
  let bits = 0;
  let pending = 0;
  let carry = 0;
  for (let word = 0; word < n; word++) {
    while (bits < wordBits && digit > 0) {
      const code = hex.charCodeAt(--digit);
      pending |= (code < 58 ? code - 48 : code - 87) << bits;
      bits += 4;
    }
    let w = (pending & mask) + carry;
    pending >>>= wordBits;
    bits = Math.max(0, bits - wordBits);
    carry = 0;
    if (2 * w >= base && word < n - 1) {
      w -= base;
      carry = 1;
    }
    doubles[start + place(word)] = sign * w;
  }
}

/** Reads the integer that the words in one lane stand for: words of any sign, below 2^40 in size. */
export function readWords(doubles: Float64Array, address: number, lane: 0 | 1, { n, wordBits }: Transform): bigint {
  const base = 2 ** wordBits;
  const start = address / 8 + lane;
  const place = placesOfWords(n);
  const bytes = Buffer.alloc(Math.ceil((n * wordBits) / 8) + 1);
  let at = bytes.length;
  let bits = 0;
  let pending = 0;
  let carry = 0;
  for (let word = 0; word < n; word++) {
    const w = (doubles[start + place(word)] as number) + carry;
    carry = Math.floor(w / base);
    pending |= (w - carry * base) << bits;
    bits += wordBits;
    for (; bits >= 8; bits -= 8, pending >>>= 8) bytes[--at] = pending;
  }
  if (bits > 0) bytes[--at] = pending;
  const low = BigInt(`0x${bytes.toString('hex')}`);
  return carry === 0 ? low : low + (BigInt(carry) << BigInt(n * wordBits));
}

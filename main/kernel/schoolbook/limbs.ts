/**
 * Plain integers to limbs and back. Both ways go over hexadecimal text and 32-bit words, which takes a few
 * microseconds at 1,000 digits; shifting a BigInt limb by limb takes time with the square of its length.
 */

import { LIMB_BITS } from './layout.ts';

const LIMB = 2 ** LIMB_BITS;
const HALF = LIMB / 2;
/** A limb is moved in two parts that fit 32-bit operations. */
const LOW_PART = 26;
const HIGH_PART = LIMB_BITS - LOW_PART;

/** 32-bit words that hold so many limbs, and three more so that every access is inside. */
const wordsFor = (limbs: number): number => Math.ceil((limbs * LIMB_BITS) / 32) + 3;

/** `count` bits (at most 26) from bit `position` on. */
function bitsAt(words: Uint32Array, position: number, count: number): number {
  const word = position >>> 5;
  const shift = position & 31;
  const low = (words[word] as number) >>> shift;
  const high = ((words[word + 1] as number) << 1) << (31 - shift);
  return (low | high) & (2 ** count - 1);
}

function addBits(words: Uint32Array, position: number, bits: number): void {
  const word = position >>> 5;
  const shift = position & 31;
  words[word] = (words[word] as number) | (bits << shift);
  words[word + 1] = (words[word + 1] as number) | ((bits >>> 1) >>> (31 - shift));
}

/**
 * The balanced limbs of an integer, in −2^50 … 2^50 − 1 (of a negative integer, −2^50 + 1 … 2^50).
 * @param value below 2^(51·limbs − 2) in size
 */
export function toLimbs(value: bigint, limbs: number): Float64Array {
  const negative = value < 0n;
  const hex = (negative ? -value : value).toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').reverse();
  const words = new Uint32Array(Math.max(wordsFor(limbs), Math.ceil(bytes.length / 4)));
  new Uint8Array(words.buffer).set(bytes);
  const out = new Float64Array(limbs);
  let carry = 0;
  for (let k = 0; k < limbs; k++) {
    const position = k * LIMB_BITS;
    const high = bitsAt(words, position + LOW_PART, HIGH_PART);
    let limb = high * 2 ** LOW_PART + bitsAt(words, position, LOW_PART) + carry;
    carry = limb >= HALF ? 1 : 0;
    if (carry === 1) limb -= LIMB;
    out[k] = negative ? 0 - limb : limb;
  }
  return out;
}

/** The integer of one lane of limbs that lie two by two. */
export function fromLimbs(vectors: Float64Array, lane: 0 | 1): bigint {
  const limbs = vectors.length / 2;
  const top = vectors.findLast((limb, index) => index % 2 === lane && limb !== 0) ?? 0;
  const sign = top < 0 ? -1 : 1;
  const words = new Uint32Array(wordsFor(limbs));
  let carry = 0;
  for (let k = 0; k < limbs; k++) {
    let limb = sign * (vectors[2 * k + lane] as number) + carry;
    carry = limb < 0 ? -1 : 0;
    if (carry === -1) limb += LIMB;
    const high = Math.floor(limb / 2 ** LOW_PART);
    addBits(words, k * LIMB_BITS, limb - high * 2 ** LOW_PART);
    addBits(words, k * LIMB_BITS + LOW_PART, high);
  }
  const magnitude = BigInt(`0x${Buffer.from(words.buffer).reverse().toString('hex')}`);
  return sign === -1 ? -magnitude : magnitude;
}

/** −1/N mod 2^51 in −2^50 … 2^50 − 1, for odd N: by Newton's iteration, doubling the correct bits from three on. */
export function negativeInverse(modulus: bigint): number {
  const low = Number(BigInt.asUintN(32, modulus)) | 0;
  let inverse = low;
  for (let bits = 3; bits < 32; bits *= 2) inverse = Math.imul(inverse, 2 - Math.imul(low, inverse));
  const half = BigInt(inverse);
  return Number(BigInt.asIntN(LIMB_BITS, half * (BigInt.asUintN(LIMB_BITS, modulus) * half - 2n)));
}

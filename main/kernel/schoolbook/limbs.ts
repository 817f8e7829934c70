/**
 * Plain integers to limbs and back, over hexadecimal text: shifting a BigInt limb by limb takes time with the square of
 * its length. Some 0.4 µs at 100 digits, 2 at 1,000: the bytes are kept between calls, because making new ones takes longer than all
 * the rest at 100 digits.
 */

import { LIMB_BITS } from './layout.ts';

const LIMB = 2 ** LIMB_BITS;
const HALF = LIMB / 2;
/** A limb is moved in three parts that fit 32-bit operations wherever in a byte they begin. */
const PART_BITS = 17;
const PART = 2 ** PART_BITS;
/** Beyond the limbs, so that every access to 32 bits is inside. */
const MARGIN = 8;

/** A number's bytes, the highest first, at the end of a buffer. */
let bytes = Buffer.alloc(256);
let view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

/** @returns where `limbs` limbs begin */
function bytesFor(limbs: number): number {
  const wanted = Math.ceil((limbs * LIMB_BITS) / 8) + MARGIN;
  if (wanted > bytes.length) {
    bytes = Buffer.alloc(2 * wanted);
    view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }
  return bytes.length - wanted;
}

/** 17 bits from bit `position` on. */
function partAt(position: number): number {
  return (view.getUint32(bytes.length - 4 - (position >>> 3)) >>> (position & 7)) & (PART - 1);
}

function addPart(position: number, part: number): void {
  const at = bytes.length - 4 - (position >>> 3);
  view.setUint32(at, view.getUint32(at) | (part << (position & 7)));
}

/**
 * Sets one lane of limbs that lie two by two to the balanced limbs of an integer, in −2^50 … 2^50 − 1 (of a negative
 * integer, −2^50 + 1 … 2^50).
 * @param value below 2^(51·limbs − 2) in size
 */
export function setLimbs(vectors: Float64Array, lane: 0 | 1, value: bigint): void {
  const negative = value < 0n;
  const hex = (negative ? -value : value).toString(16);
  const start = bytesFor(Math.max(vectors.length / 2, Math.ceil((4 * hex.length) / LIMB_BITS)));
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  const first = bytes.length - even.length / 2;
  bytes.fill(0, start, first);
  bytes.write(even, first, 'hex');
  let carry = 0;
  for (let k = lane, position = 0; k < vectors.length; k += 2, position += LIMB_BITS) {
    const low = partAt(position) + PART * partAt(position + PART_BITS);
    let limb = low + PART * PART * partAt(position + 2 * PART_BITS) + carry;
    carry = limb >= HALF ? 1 : 0;
    if (carry === 1) limb -= LIMB;
    vectors[k] = negative ? 0 - limb : limb;
  }
}

/** The limbs of one integer, as `setLimbs` makes them. */
export function toLimbs(value: bigint, limbs: number): Float64Array {
  const vectors = new Float64Array(2 * limbs);
  setLimbs(vectors, 0, value);
  return vectors.filter((_, k) => k % 2 === 0);
}

/** The integer of one lane of limbs that lie two by two. */
export function fromLimbs(vectors: Float64Array, lane: 0 | 1): bigint {
  let top = vectors.length - 2 + lane;
  while (top > lane && vectors[top] === 0) top -= 2;
  const sign = (vectors[top] as number) < 0 ? -1 : 1;
  const start = bytesFor(vectors.length / 2);
  bytes.fill(0, start);
  let carry = 0;
  for (let k = lane, position = 0; k < vectors.length; k += 2, position += LIMB_BITS) {
    let limb = sign * (vectors[k] as number) + carry;
    carry = limb < 0 ? -1 : 0;
    if (carry === -1) limb += LIMB;
    // Below 2^51: the highest part is exact, and so is what is left.
    const high = Math.floor(limb / (PART * PART));
    const rest = limb - high * PART * PART;
    const middle = Math.floor(rest / PART);
    addPart(position, rest - middle * PART);
    addPart(position + PART_BITS, middle);
    addPart(position + 2 * PART_BITS, high);
  }
  const magnitude = BigInt(`0x${bytes.toString('hex', start)}`);
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

/**
 * The pseudo-random function of a search: everything random in it (where a block starts, which bases a
 * candidate meets) is a function of the 256-bit seed, a label and an index, so that anyone can replay it.
 *
 * HMAC-SHA-256 in counter mode, as in HKDF-Expand (RFC 5869) and NIST SP 800-108: one HMAC under the seed
 * makes a key for the stream (label, index), HMACs under that key of 0, 1, 2, … make its bytes. Two levels, so
 * that an index may be as long as a candidate (41 kB at 100,000 digits) and is still hashed only once.
 * SHA-256 because Node and Electron (BoringSSL, which has no SHAKE) both have it, and so has every language.
 * docs/blocks.md gives the layout byte by byte.
 */

import { hash } from 'node:crypto';

export const SEED_BYTES = 32;

/** Bits taken beyond the length of a bound: the distance from uniform is at most 2 to the minus this. */
const EXTRA_BITS = 128;
const HASH_BYTES = 32;
/** What SHA-256 takes at a time. */
const HASH_BLOCK_BYTES = 64;
const LABEL = /^[a-z][a-z0-9 -]*$/;

/**
 * The first `length` bytes of the stream (seed, label, index).
 * @param seed 32 bytes
 * @param label separates the uses of a seed: small letters, digits, spaces and hyphens
 * @param index 0 or more, of any size
 * @throws RangeError for a seed of another length, another label, a negative index
 */
export function prfBytes(seed: Uint8Array, label: string, index: bigint, length: number): Uint8Array {
  requireSeed(seed);
  if (!LABEL.test(label)) throw new RangeError(`expected a label of small letters, got ${JSON.stringify(label)}`);
  if (index < 0n) throw new RangeError('expected an index of 0 or more, got a negative one');
  if (!Number.isSafeInteger(length) || length < 0) throw new RangeError(`expected a length in bytes, got ${length}`);
  return streamOf(seed, streamName(label, bigEndian(index)), length);
}

/** What a stream's key is made of: the label, a zero and the bytes of the index. */
function streamName(label: string, index: Uint8Array): Buffer {
  const name = Buffer.alloc(label.length + 1 + index.length);
  name.write(label, 'latin1');
  name.set(index, label.length + 1);
  return name;
}

function streamOf(seed: Uint8Array, name: Uint8Array, length: number): Uint8Array {
  const blocks = new Hmac(new Hmac(seed).of(name));
  const out = new Uint8Array(Math.ceil(length / HASH_BYTES) * HASH_BYTES);
  const counter = Buffer.alloc(4);
  for (let block = 0; block * HASH_BYTES < length; block++) {
    counter.writeUInt32BE(block);
    out.set(blocks.of(counter), block * HASH_BYTES);
  }
  return out.subarray(0, length);
}

/**
 * An integer from 0 to bound − 1, within 2^-128 (statistical distance) of uniform: a string of bytes at least
 * 128 bits longer than the bound, read as a big-endian integer, modulo the bound.
 * @throws RangeError as prfBytes, and for a bound below 1
 */
export function prfInteger(seed: Uint8Array, label: string, index: bigint, bound: bigint): bigint {
  if (bound < 1n) throw new RangeError(`expected a bound of 1 or more, got ${bound}`);
  return below(bound, prfBytes(seed, label, index, bytesFor(bound)));
}

const bytesFor = (bound: bigint): number => bigEndian(bound).length + EXTRA_BITS / 8;

const below = (bound: bigint, bytes: Uint8Array): bigint =>
  BigInt(`0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')}`) % bound;

/**
 * The base of a Rabin round on a candidate, uniform in [2, N − 2]. A function of (seed, candidate, round), so
 * that a verdict can be replayed without knowing how the candidate was found. 1 and N − 1 are left out: every
 * number passes them.
 * @param candidate odd, 5 or more
 * @param round 0 … 2^32 − 1
 */
export function rabinBase(seed: Uint8Array, candidate: bigint, round: number): bigint {
  requireSeed(seed);
  if (candidate < 5n) throw new RangeError(`expected a candidate of 5 or more, got ${candidate}`);
  if (!Number.isInteger(round) || round < 0 || round >= 2 ** 32) throw new RangeError(`expected a round, got ${round}`);
  if (bases?.candidate !== candidate) bases = basesOf(candidate);
  const { name, bound, bytes } = bases;
  name.writeUInt32BE(round, name.length - ROUND_BYTES);
  return 2n + below(bound, streamOf(seed, name, bytes));
}

/**
 * What the bases of a candidate have in common: `prfInteger` with the label 'rabin base', the index
 * candidate·2^32 + round and the bound candidate − 3.
 */
interface Bases {
  readonly candidate: bigint;
  /** Ends with the round. */
  readonly name: Buffer;
  readonly bound: bigint;
  readonly bytes: number;
}

const ROUND_BYTES = 4;

/** Of the candidate that was asked about last: it is asked about for every round. */
let bases: Bases | undefined;

function basesOf(candidate: bigint): Bases {
  const bound = candidate - 3n;
  return { candidate, name: streamName('rabin base', bigEndian(candidate << 32n)), bound, bytes: bytesFor(bound) };
}

/** An integer of 0 or more as the fewest bytes that hold it, the highest first; 0 is no byte at all. */
function bigEndian(value: bigint): Buffer {
  if (value === 0n) return Buffer.alloc(0);
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
}

function requireSeed(seed: Uint8Array): void {
  if (seed.length !== SEED_BYTES) throw new RangeError(`expected a seed of ${SEED_BYTES} bytes, got ${seed.length}`);
}

/**
 * HMAC-SHA-256 (RFC 2104) under a key of one hash. `createHmac` takes 11 µs for a short message, two hashes at one go
 * take 2: a base of 300 digits is seven of them, and was a quarter of its Rabin round.
 */
class Hmac {
  private readonly inner = Buffer.alloc(HASH_BLOCK_BYTES, 0x36);
  private readonly outer = Buffer.alloc(HASH_BLOCK_BYTES + HASH_BYTES, 0x5c);

  constructor(key: Uint8Array) {
    for (let k = 0; k < HASH_BYTES; k++) {
      this.inner[k] = (key[k] as number) ^ 0x36;
      this.outer[k] = (key[k] as number) ^ 0x5c;
    }
  }

  of(message: Uint8Array): Buffer {
    this.outer.set(hash('sha256', Buffer.concat([this.inner, message]), 'buffer'), HASH_BLOCK_BYTES);
    return hash('sha256', this.outer, 'buffer');
  }
}

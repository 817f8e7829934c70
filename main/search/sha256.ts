/**
 * HMAC-SHA-256 (RFC 2104, FIPS 180-4) in WebAssembly, for many short messages. The engine's own SHA-256 takes most of its
 * time to be called, and a Rabin base of 100 digits is six of them: 13 µs, when the round takes 60. Here a key is taken in
 * once for all of its messages, and next to nothing is allocated: 6 µs a base. (The same in JavaScript: 10.)
 */

import { FunctionBuilder, type I32, i32, type Local, ModuleBuilder } from '../kernel/wasm/emit.ts';

/** Bytes that SHA-256 takes at a time, and bytes of a hash. */
const BLOCK_BYTES = 64;
export const HASH_BYTES = 32;
/** Where the length of the message begins in the last block. */
const LENGTH_AT = 56;
const WORDS = 16;
const STATE_WORDS = 8;
const ROUNDS = 64;

/** Addresses in the memory of the module: a block, and behind it the state into which it is taken. */
const BLOCK = 0;
const STATE = BLOCK + BLOCK_BYTES;

/** The first 32 bits of the fractional parts of the square roots (of the cube roots) of the first primes. */
const START = fractions(STATE_WORDS, Math.sqrt);
const ROUND_CONSTANTS = fractions(ROUNDS, Math.cbrt);

const sum = (first: I32, ...others: I32[]): I32 => others.reduce(i32.add, first);
const rotated = (x: I32, bits: number): I32 => i32.rotr(x, i32.const(bits));
const sigma = (x: I32, first: number, second: number, last: I32): I32 =>
  i32.xor(i32.xor(rotated(x, first), rotated(x, second)), last);

/** `compress()`: takes the block into the state. All rounds one after the other: the words of the state only change names. */
function compressFunction(): FunctionBuilder {
  const f = new FunctionBuilder('compress');
  const w = Array.from({ length: WORDS }, (_, k) => f.let(bigEndian(f.let(i32.load(i32.const(0), BLOCK + 4 * k)))));
  const load = (k: number): I32 => i32.load(i32.const(0), STATE + 4 * k);
  let words = Array.from({ length: STATE_WORDS }, (_, k) => f.let(load(k)));
  for (let round = 0; round < ROUNDS; round++) {
    const at = (distance: number) => w[(round + distance) % WORDS] as Local<'i32'>;
    if (round >= WORDS) {
      const [x, y] = [at(1), at(14)];
      const low = sigma(x, 7, 18, i32.shrU(x, i32.const(3)));
      const high = sigma(y, 17, 19, i32.shrU(y, i32.const(10)));
      f.set(at(0), sum(at(0), low, at(9), high));
    }
    const [a, b, c, d, e, g, h, last] = words as [I32, I32, I32, Local<'i32'>, I32, I32, I32, Local<'i32'>];
    const choice = i32.xor(h, i32.and(e, i32.xor(g, h)));
    const majority = i32.or(i32.and(a, b), i32.and(c, i32.or(a, b)));
    const constant = i32.const(ROUND_CONSTANTS[round] as number);
    f.set(last, sum(last, sigma(e, 6, 11, rotated(e, 25)), choice, constant, at(0)));
    f.set(d, i32.add(d, last));
    f.set(last, sum(last, sigma(a, 2, 13, rotated(a, 22)), majority));
    words = [last, ...words.slice(0, -1)];
  }
  words.forEach((word, k) => {
    f.storeI32(i32.const(0), STATE + 4 * k, i32.add(load(k), word));
  });
  return f;
}

function bigEndian(x: Local<'i32'>): I32 {
  const some = (bits: number, mask: number): I32 => i32.and(rotated(x, bits), i32.const(mask));
  return i32.or(some(8, 0xff00ff00), some(24, 0x00ff00ff));
}

function load(): { compress: () => void; memory: WebAssembly.Memory } {
  const module = new ModuleBuilder();
  module.define(compressFunction());
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.encode(STATE + 4 * STATE_WORDS)));
  return instance.exports as ReturnType<typeof load>;
}

const { compress, memory } = load();
const block = new Uint8Array(memory.buffer, BLOCK, BLOCK_BYTES);
const lengthOfMessage = new DataView(memory.buffer, BLOCK + LENGTH_AT, 8);
const state = new Int32Array(memory.buffer, STATE, STATE_WORDS);
const digest = new Uint8Array(HASH_BYTES);

/** Takes the rest of a message into the state, padded. @param before bytes that went in already: whole blocks */
function finish(message: Uint8Array, before: number): void {
  let from = 0;
  for (; message.length - from >= BLOCK_BYTES; from += BLOCK_BYTES) {
    for (let k = 0; k < BLOCK_BYTES; k++) block[k] = message[from + k] as number;
    compress();
  }
  const rest = message.length - from;
  for (let k = 0; k < rest; k++) block[k] = message[from + k] as number;
  block[rest] = 0x80;
  block.fill(0, rest + 1);
  if (rest >= LENGTH_AT) {
    compress();
    block.fill(0);
  }
  const bytes = before + message.length;
  lengthOfMessage.setUint32(0, bytes / 2 ** 29);
  lengthOfMessage.setUint32(4, bytes << 3);
  compress();
}

/** The state after a block of the key, each byte of it changed by the pad. */
function keyed(key: Uint8Array, pad: number): Int32Array {
  state.set(START);
  for (let k = 0; k < BLOCK_BYTES; k++) block[k] = k < key.length ? (key[k] as number) ^ pad : pad;
  compress();
  return state.slice();
}

/** Writes the state as bytes. */
function writeState(to: Uint8Array, at: number): void {
  for (let k = 0; k < STATE_WORDS; k++) {
    const word = state[k] as number;
    to[at + 4 * k] = word >>> 24;
    to[at + 4 * k + 1] = word >>> 16;
    to[at + 4 * k + 2] = word >>> 8;
    to[at + 4 * k + 3] = word;
  }
}

/** HMAC-SHA-256 under one key. */
export class Hmac {
  private readonly inner: Int32Array;
  private readonly outer: Int32Array;

  /** @throws RangeError for a key above 64 bytes, which HMAC would hash first */
  constructor(key: Uint8Array) {
    if (key.length > BLOCK_BYTES) throw new RangeError(`expected a key of at most 64 bytes, got ${key.length}`);
    this.inner = keyed(key, 0x36);
    this.outer = keyed(key, 0x5c);
  }

  /** Writes the 32 bytes of the message's HMAC at a place of `to`. */
  write(message: Uint8Array, to: Uint8Array, at: number): void {
    state.set(this.inner);
    finish(message, BLOCK_BYTES);
    writeState(digest, 0);
    state.set(this.outer);
    finish(digest, BLOCK_BYTES);
    writeState(to, at);
  }
}

function fractions(count: number, root: (prime: number) => number): Int32Array {
  const words = new Int32Array(count);
  for (let candidate = 2, found = 0; found < count; candidate++) {
    let isPrime = true;
    for (let p = 2; p * p <= candidate && isPrime; p++) isPrime = candidate % p !== 0;
    if (isPrime) words[found++] = (root(candidate) % 1) * 2 ** 32;
  }
  return words;
}

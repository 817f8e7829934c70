/**
 * The sieve's WebAssembly module, its memory and its idle instances. A machine serves one sieving at a time;
 * idle ones are kept, because an engine reserves gigabytes of address space for every memory it makes.
 */

import { ModuleBuilder } from '../../kernel/wasm/emit.ts';
import {
  basePrimes,
  collectFunction,
  enumerateFunction,
  firstStrike,
  PATTERN_BYTES,
  PATTERN_PRIMES,
  SEGMENT_BYTES,
  SEGMENT_ODDS,
  SEGMENT_PRIMES,
  strikingPattern,
} from './primes.ts';
import { CHUNK_WORDS, type ChunkWords, PRIMES_A_BATCH, residueFunction, tableBytes } from './residue.ts';
import { RECORD_BYTES, RECORD_PAIRS, strikeFunction } from './strike.ts';

const PAGE_BYTES = 65536;
const aligned = (bytes: number): number => Math.ceil(bytes / 64) * 64;

/** At least π(√2^31). */
const MOST_BASE_PRIMES = 4792;
const TABLE_AT = 0;
const SEGMENT_AT = aligned(tableBytes(32));
const BASE_AT = SEGMENT_AT + SEGMENT_BYTES;
const PRIMES_AT = BASE_AT + aligned(8 * MOST_BASE_PRIMES);
const LIST_BYTES = aligned(8 * (SEGMENT_PRIMES + PRIMES_A_BATCH));
const INDICES_AT = PRIMES_AT + LIST_BYTES;
const RECORD_AT = INDICES_AT + LIST_BYTES;
const BITMAP_AT = RECORD_AT + aligned(RECORD_BYTES);

type Residues = (
  primes: number,
  results: number,
  batches: number,
  words: number,
  chunks: number,
  scale: number,
  self: number,
) => void;

interface Exports extends Record<`residues${ChunkWords}`, Residues> {
  readonly memory: WebAssembly.Memory;
  enumerate(segment: number, base: number, baseEnd: number): void;
  collect(segment: number, low: number, to: number): number;
  strike(primes: number, indices: number, indicesEnd: number, bitmap: number, count: number, record: number): number;
}

let compiled: WebAssembly.Module | undefined;
let pattern: Uint8Array | undefined;
const idle: Machine[] = [];

function sieveModule(): WebAssembly.Module {
  if (compiled === undefined) {
    const builder = new ModuleBuilder();
    builder.define(enumerateFunction());
    builder.define(collectFunction());
    builder.define(strikeFunction());
    for (const words of CHUNK_WORDS) builder.define(residueFunction(words, TABLE_AT));
    compiled = new WebAssembly.Module(builder.encode(BITMAP_AT));
  }
  return compiled;
}

/** The words of one number, as `chunkedWords` makes them. */
export interface Words {
  readonly bits: number;
  readonly chunkWords: ChunkWords;
  readonly words: Float64Array;
}

/**
 * One instance: it enumerates primes, finds where they strike first, and strikes. Nothing that it says is believed:
 * see `certificates.ts`.
 */
export class Machine {
  private readonly exports: Exports;
  private baseEnd = BASE_AT;
  private listed = 0;
  private wordsAt = BITMAP_AT;
  private scale = 1;
  private chunks = 0;
  private residues: Residues;

  constructor() {
    this.exports = new WebAssembly.Instance(sieveModule()).exports as unknown as Exports;
    this.residues = this.exports.residues4;
  }

  /** An idle machine or a new one. */
  static take(): Machine {
    return idle.pop() ?? new Machine();
  }

  /** Gives the machine back; it must not be used by the giver any more. */
  release(): void {
    idle.push(this);
  }

  private bytes(at: number, length: number): Uint8Array {
    const missing = at + length - this.exports.memory.buffer.byteLength;
    if (missing > 0) this.exports.memory.grow(Math.ceil(missing / PAGE_BYTES));
    return new Uint8Array(this.exports.memory.buffer, at, length);
  }

  loadBitmap(bitmap: Uint8Array): void {
    this.bytes(BITMAP_AT, bitmap.length).set(bitmap);
    this.wordsAt = BITMAP_AT + aligned(bitmap.length);
  }

  /** The bitmap as it stands, not a copy. */
  bitmap(length: number): Uint8Array {
    return this.bytes(BITMAP_AT, length);
  }

  /** All that it works on, where a fault of the memory may be. */
  get memory(): Uint8Array {
    return new Uint8Array(this.exports.memory.buffer);
  }

  /** The number whose residues are asked for from now on. After `loadBitmap`. */
  loadWords(number: Words): void {
    const { words, chunkWords } = number;
    this.bytes(this.wordsAt, words.byteLength);
    new Float64Array(this.exports.memory.buffer, this.wordsAt, words.length).set(words);
    this.scale = 2 ** number.bits;
    this.chunks = words.length / chunkWords;
    this.residues = this.exports[`residues${chunkWords}`];
  }

  /** Makes ready to enumerate segment after segment from index `low`, a multiple of 8, up to `limit`. */
  startPrimes(low: number, limit: number): void {
    const primes = basePrimes(limit);
    const pairs = new Int32Array(this.exports.memory.buffer, BASE_AT, 2 * primes.length);
    for (const [i, p] of primes.entries()) {
      pairs[2 * i] = p;
      pairs[2 * i + 1] = firstStrike(p, low);
    }
    this.baseEnd = BASE_AT + 8 * primes.length;
  }

  /**
   * The next segment, at index `low`: its primes from `from` to below `to` are listed.
   * @returns how many
   */
  nextPrimes(low: number, from: number, to: number): number {
    const segment = this.bytes(SEGMENT_AT, SEGMENT_BYTES);
    pattern ??= strikingPattern();
    for (let at = 0, source = (low / 8) % PATTERN_BYTES; at < SEGMENT_BYTES; source = 0) {
      const piece = pattern.subarray(source, source + SEGMENT_BYTES - at);
      segment.set(piece, at);
      at += piece.length;
    }
    if (low === 0) {
      segment[0]! |= 1;
      for (const p of PATTERN_PRIMES) segment[p >> 4]! &= ~(1 << ((p >> 1) & 7));
    }
    this.exports.enumerate(SEGMENT_AT, BASE_AT, this.baseEnd);
    fillBits(segment, 0, Math.ceil((from - 1) / 2) - low);
    fillBits(segment, Math.ceil((to - 1) / 2) - low, SEGMENT_ODDS);
    this.listed = (this.exports.collect(SEGMENT_AT, 2 * low + 1, PRIMES_AT) - PRIMES_AT) / 8;
    return this.listed;
  }

  /** The primes that the last segment listed. */
  listedPrimes(): Float64Array {
    return new Float64Array(this.exports.memory.buffer, PRIMES_AT, this.listed);
  }

  /**
   * Finds where listed primes number `first` to below `end` strike first; `first` a multiple of 16, `end` as
   * well unless it is the end of the list.
   */
  locate(first: number, end: number, self: number): void {
    const batches = Math.ceil((end - first) / PRIMES_A_BATCH);
    const filled = first + batches * PRIMES_A_BATCH;
    if (filled > end) {
      // An incomplete batch is filled up with its last prime.
      const list = new Float64Array(this.exports.memory.buffer, PRIMES_AT, filled);
      list.fill(list[end - 1] as number, end);
    }
    const primes = PRIMES_AT + 8 * first;
    this.residues(primes, INDICES_AT + 8 * first, batches, this.wordsAt, this.chunks, this.scale, self);
  }

  /**
   * Strikes with located primes number `first` to below `end`, until the record is full.
   * @returns the number of the first prime that is not done
   */
  strike(first: number, end: number, count: number): number {
    const [primes, indices] = [PRIMES_AT + 8 * first, INDICES_AT + 8 * first];
    const reached = this.exports.strike(primes, indices, INDICES_AT + 8 * end, BITMAP_AT, count, RECORD_AT);
    return (reached - INDICES_AT) / 8;
  }

  /** What the last `strike` took out: index, prime, index, prime, … */
  struck(): Int32Array {
    const { buffer } = this.exports.memory;
    const pairs = new Int32Array(buffer, RECORD_AT, 1)[0] as number;
    return new Int32Array(buffer, RECORD_AT + 8, 2 * Math.min(pairs >>> 0, RECORD_PAIRS));
  }
}

/** Sets the bits from `from` to below `to`, as far as they are within the segment. */
function fillBits(segment: Uint8Array, from: number, to: number): void {
  const end = Math.min(to, 8 * segment.length);
  for (let n = Math.max(from, 0); n < end; ) {
    if ((n & 7) === 0 && end - n >= 8) {
      segment.fill(0xff, n >> 3, end >> 3);
      n = end & ~7;
    } else {
      segment[n >> 3]! |= 1 << (n & 7);
      n++;
    }
  }
}

/**
 * Sieving a block: an interval of odd numbers loses all multiples of the primes of a range, so that only
 * survivors need a probable-prime test. For each prime one residue of the block's start says where it
 * strikes first; at 1,000 digits the residues are two thirds of the work, and they grow with the digits.
 * docs/sieve.md has the method, its bounds and the measurements. Pure: the same task, the same survivors.
 */

import { Machine, type Words } from './machine.ts';
import { SEGMENT_ODDS } from './primes.ts';
import { CHUNK_WORDS, type ChunkWords, chunkedWords, PRIMES_A_BATCH, wordBits } from './residue.ts';

export { countSurvivors, freshSurvivors, nextSurvivor, survives } from './survivors.ts';

/** Sieving primes stay below this: residues are 31-bit numbers. */
export const DEPTH_LIMIT = 2 ** 31;
/** Most odd numbers in a block. */
export const COUNT_LIMIT = 2 ** 24;

export interface SieveTask {
  /** The first number of the block: odd, above 1. */
  readonly start: bigint;
  /** Odd numbers in the block, start + 2i for 0 ≤ i < count; at most 2^24. */
  readonly count: number;
  /** The sieving primes are the odd primes p with from ≤ p < to; integers, to ≤ 2^31. */
  readonly from: number;
  readonly to: number;
}

/**
 * Work between two yields, in residue words times primes: 2.5 to 5 ms on the machine of docs/sieve.md, so that
 * 20 ms are kept on a slow one. Carrying the bitmap over and back costs 0.02 ms at 2^20 numbers.
 */
const WORK_A_YIELD = 2 ** 24;
/** What a prime costs beside its words (finding it, its powers, its strike), in the same unit. */
const WORK_A_PRIME = 50;

/**
 * Clears the bit of every start + 2i that has a proper prime factor p, from ≤ p < to. A number that is
 * itself such a prime stays. Other bits keep their state, so that a bitmap can be deepened later by another
 * range. Between two yields the bitmap is up to date with the primes that were used.
 * @param survivors bit i of byte i >> 3 is 1 while start + 2i survives; ⌈count/8⌉ bytes, changed in place
 * @yields the part that is done, 0..1, every few milliseconds; must not be re-entered for the same bitmap
 * @throws RangeError for a task outside the limits above
 */
export function* sieveBlock(task: SieveTask, survivors: Uint8Array): Generator<number, void> {
  requireTask(task, survivors);
  const { start, count } = task;
  const from = Math.max(task.from, 3);
  const to = task.to;
  if (count === 0 || from >= to) return;

  const machine = Machine.take();
  try {
    const self = start < BigInt(to) ? Number(start) : Number.POSITIVE_INFINITY;
    const bytes = littleEndianBytes(start >> 1n);
    machine.loadBitmap(survivors);
    let primeBits = 0;
    let workAPrime = 0;
    let work = 0;
    let low = 8 * Math.floor((from - 1) / 16);
    machine.startPrimes(low, to);
    for (; 2 * low + 1 < to; low += SEGMENT_ODDS) {
      const bits = Math.ceil(Math.log2(Math.min(2 * (low + SEGMENT_ODDS), to)));
      if (bits !== primeBits) {
        const number = wordsFor(bytes, bits);
        machine.loadWords(number);
        workAPrime = WORK_A_PRIME + number.words.length;
        primeBits = bits;
      }
      const found = machine.nextPrimes(low, from, to);
      work += SEGMENT_ODDS / 8;
      const step = PRIMES_A_BATCH * Math.ceil(WORK_A_YIELD / workAPrime / PRIMES_A_BATCH);
      for (let first = 0; first < found; first += step) {
        const end = Math.min(first + step, found);
        machine.strike(first, end, count, self);
        work += (end - first) * workAPrime;
        if (work < WORK_A_YIELD) continue;
        work = 0;
        machine.storeBitmap(survivors);
        const reached = 2 * (low + (SEGMENT_ODDS * end) / found);
        yield Math.min(Math.max((reached - from) / (to - from), 0), 1);
        machine.loadBitmap(survivors);
      }
    }
    machine.storeBitmap(survivors);
  } finally {
    machine.release();
  }
}

/** The words of a number for primes below 2^primeBits, with the chunk length that costs the fewest operations. */
function wordsFor(bytes: Uint8Array, primeBits: number): Words {
  let best: ChunkWords = CHUNK_WORDS[0];
  let bestCost = Number.POSITIVE_INFINITY;
  for (const chunkWords of CHUNK_WORDS) {
    const chunks = Math.ceil((8 * bytes.length + 1) / wordBits(primeBits, chunkWords) / chunkWords);
    // In the time of two operations a word, as measured: five for a power, nine to reduce a chunk and carry.
    const cost = 5 * (chunkWords + 2) + chunks * (2 * chunkWords + 9);
    if (cost < bestCost) [best, bestCost] = [chunkWords, cost];
  }
  const bits = wordBits(primeBits, best);
  return { bits, chunkWords: best, words: chunkedWords(bytes, bits, best) };
}

function littleEndianBytes(value: bigint): Uint8Array {
  const hex = value.toString(16);
  return Uint8Array.from(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')).reverse();
}

function requireTask(task: SieveTask, survivors: Uint8Array): void {
  const { start, count, from, to } = task;
  if (start < 3n || (start & 1n) === 0n)
    throw new RangeError(`expected an odd start above 1, got ${start < 3n ? start : 'an even number'}`);
  if (!Number.isInteger(count) || count < 0 || count > COUNT_LIMIT) {
    throw new RangeError(`expected a count of 0..${COUNT_LIMIT}, got ${count}`);
  }
  if (!Number.isInteger(from) || !Number.isInteger(to) || to > DEPTH_LIMIT) {
    throw new RangeError(`expected sieving primes below ${DEPTH_LIMIT}, got ${from} to ${to}`);
  }
  if (survivors.length !== Math.ceil(count / 8)) {
    throw new RangeError(
      `expected a bitmap of ${Math.ceil(count / 8)} bytes for ${count} numbers, got ${survivors.length}`,
    );
  }
}

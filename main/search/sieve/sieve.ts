/**
 * Sieving a block: an interval of odd numbers loses all multiples of the primes of a range, so that only
 * survivors need a probable-prime test. For each prime one residue of the block's start says where it
 * strikes first; at 1,000 digits the residues are two thirds of the work, and they grow with the digits.
 * docs/sieve.md has the method, its bounds and the measurements. Pure: the same task, the same survivors.
 */

import { ArithmeticFault } from '../../kernel/arithmetic-fault.ts';
import { Certificates } from './certificates.ts';
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
 * 20 ms are kept on a slow one.
 */
const WORK_A_YIELD = 2 ** 24;
/** What a prime costs beside its words (finding it, its powers, its strike), in the same unit. */
const WORK_A_PRIME = 50;
/** So many times in a row a segment may go wrong. */
const MOST_FAULTS = 3;

/**
 * Clears the bit of every start + 2i that has a proper prime factor p, from ≤ p < to. A number that is
 * itself such a prime stays. Other bits keep their state, so that a bitmap can be deepened later by another
 * range. Between two yields the bitmap is up to date with the primes that were used.
 *
 * Silent errors: the machine strikes a copy of the bitmap, and this one loses only what `Certificates` has
 * verified. At the end both must be the same; a bit that only one of them has stays. So a fault may leave a
 * composite in and takes no prime out, but for a change of `task.start` itself.
 * @param survivors bit i of byte i >> 3 is 1 while start + 2i survives; ⌈count/8⌉ bytes, changed in place
 * @param given the machine to work with; it is released at the end. Tests have one with faults
 * @yields the part that is done, 0..1, every few milliseconds; must not be re-entered for the same bitmap
 * @returns how often something was found wrong, and put right
 * @throws RangeError for a task outside the limits above
 * @throws ArithmeticFault when the same segment goes wrong again and again
 */
export function* sieveBlock(task: SieveTask, survivors: Uint8Array, given?: Machine): Generator<number, number> {
  requireTask(task, survivors);
  if (task.count === 0 || Math.max(task.from, 3) >= task.to) return 0;
  const machine = given ?? Machine.take();
  try {
    return yield* new Sieving(task, survivors, machine).run();
  } finally {
    machine.release();
  }
}

class Sieving {
  private readonly task: SieveTask;
  private readonly from: number;
  private readonly survivors: Uint8Array;
  private readonly machine: Machine;
  private readonly certificates: Certificates;
  private readonly bytes: Uint8Array;
  /** The start where it may be a sieving prime itself, else infinite. */
  private readonly self: number;
  private primeBits = 0;
  private workAPrime = 0;
  private work = 0;

  constructor(task: SieveTask, survivors: Uint8Array, machine: Machine) {
    const { start, count, to } = task;
    this.task = task;
    this.from = Math.max(task.from, 3);
    this.survivors = survivors;
    this.machine = machine;
    this.certificates = new Certificates(start, count, survivors);
    this.bytes = littleEndianBytes(start >> 1n);
    this.self = start < BigInt(to) ? Number(start) : Number.POSITIVE_INFINITY;
  }

  *run(): Generator<number, number> {
    const { from, machine, survivors } = this;
    let faults = 0;
    let inARow = 0;
    let low = 8 * Math.floor((from - 1) / 16);
    machine.loadBitmap(survivors);
    machine.startPrimes(low, this.task.to);
    while (2 * low + 1 < this.task.to) {
      if (yield* this.trapped(this.segment(low))) {
        low += SEGMENT_ODDS;
        inARow = 0;
        continue;
      }
      faults++;
      if (++inARow === MOST_FAULTS) throw new ArithmeticFault('the sieve goes wrong again and again');
      // Whatever it was, everything that the machine has is made anew.
      this.agree();
      machine.loadBitmap(survivors);
      machine.startPrimes(low, this.task.to);
      this.primeBits = 0;
    }
    return this.agree() ? faults : faults + 1;
  }

  /** @returns whether all that it struck was verified */
  private *segment(low: number): Generator<number, boolean> {
    const { task, machine } = this;
    const { count, to } = task;
    const { from } = this;
    this.useWords(Math.ceil(Math.log2(Math.min(2 * (low + SEGMENT_ODDS), to))));
    const found = machine.nextPrimes(low, from, to);
    this.work += SEGMENT_ODDS / 8;
    const step = PRIMES_A_BATCH * Math.ceil(WORK_A_YIELD / this.workAPrime / PRIMES_A_BATCH);
    for (let first = 0; first < found; first += step) {
      const end = Math.min(first + step, found);
      machine.locate(first, end, this.self);
      this.work += (end - first) * this.workAPrime;
      for (let next = first; next < end; ) {
        next = machine.strike(next, end, count);
        const verifying = this.certificates.apply(machine.struck());
        if (verifying === null) return false;
        this.work += verifying;
        if (this.work < WORK_A_YIELD) continue;
        this.work = 0;
        const reached = 2 * (low + (SEGMENT_ODDS * next) / found);
        yield Math.min(Math.max((reached - from) / (to - from), 0), 1);
      }
    }
    return true;
  }

  /** Emitted code that meets an address outside its memory does not come to its end. */
  private *trapped(segment: Generator<number, boolean>): Generator<number, boolean> {
    try {
      return yield* segment;
    } catch (error) {
      if (error instanceof Error && error.name === 'RuntimeError') return false;
      throw error;
    }
  }

  private useWords(primeBits: number): void {
    if (primeBits === this.primeBits) return;
    const number = wordsFor(this.bytes, primeBits);
    this.machine.loadWords(number);
    this.workAPrime = WORK_A_PRIME + number.words.length;
    this.primeBits = primeBits;
  }

  /** Lets survive what either bitmap has. @returns whether they were the same */
  private agree(): boolean {
    const { survivors } = this;
    const struck = this.machine.bitmap(survivors.length);
    if (Buffer.compare(survivors, struck) === 0) return true;
    for (let k = 0; k < survivors.length; k++) survivors[k]! |= struck[k] as number;
    const beyond = this.task.count & 7;
    if (beyond !== 0) survivors[survivors.length - 1]! &= (1 << beyond) - 1;
    return false;
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

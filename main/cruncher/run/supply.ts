/**
 * Supplies the search with work: blocks in order, each sieved in stages (a quick one so that testing can begin,
 * then as deep as pays), and cut into units of survivors. Pure but for what it is told.
 */

import { type BlockInterval, blockCount, blockInterval } from '../../search/blocks.ts';
import { sealOf } from '../../search/seal.ts';
import { completeDepth } from '../../search/sieve/depth.ts';
import { countSurvivors, freshSurvivors, nextSurvivor } from '../../search/sieve/survivors.ts';
import type { UnitRange } from './unit-data.ts';

/** The first stage: about 82,000 primes, some tens of milliseconds. */
const FIRST_DEPTH = 2 ** 20;
/** The next block is sieved when fewer survivors than this are left for each worker. */
const LOW_WATER = 32;

export interface SieveOrder {
  readonly block: number;
  readonly start: bigint;
  readonly count: number;
  readonly from: number;
  readonly to: number;
  readonly survivors: Uint8Array | null;
  /** Of the survivors. */
  readonly seal: number | null;
}

export interface UnitOrder extends UnitRange {
  readonly start: bigint;
  readonly indices: Uint32Array;
  /** Of the indices. */
  readonly seal: number;
}

export interface Block {
  readonly number: number;
  readonly start: bigint;
  readonly count: number;
  /** Struck by all primes below this; 0: not at all. */
  depth: number;
  survivors: Uint8Array | null;
  /** Of the survivors. */
  seal: number | null;
  sieving: boolean;
  /** Odd numbers before this are in units. */
  next: number;
}

export interface SupplyOptions {
  readonly digits: number;
  readonly seed: Uint8Array;
  readonly workers: number;
  /** How deep a block that is sieved to `from` is worth sieving now: it only costs or saves time. */
  readonly depth: (from: number) => number;
  /** A bitmap kept from an earlier run. */
  readonly stored: (block: number) => { depth: number; bitmap: Uint8Array } | null;
  /** Something was found changed in memory; it is made anew. */
  readonly fault: () => void;
}

export class Supply {
  private readonly options: SupplyOptions;
  private readonly firstDepth: number;
  private readonly blocks = new Map<number, Block>();
  /** The block that units are cut from, and the offset in it. */
  private position: { block: number; index: number };

  constructor(options: SupplyOptions, next: { block: number; index: number }) {
    this.options = options;
    // Small numbers: from the root on there is nothing left to strike.
    const complete = options.digits < 20 ? completeDepth(10n ** BigInt(options.digits), 1) : FIRST_DEPTH;
    this.firstDepth = Math.min(FIRST_DEPTH, complete);
    this.position = next;
    this.block(next.block).next = next.index;
  }

  /** Where the next unit begins. */
  get next(): { block: number; index: number } {
    return this.position;
  }

  block(number: number): Block {
    const known = this.blocks.get(number);
    if (known !== undefined) return known;
    const { start, count } = this.interval(number);
    const stored = this.options.stored(number);
    const whole = stored !== null && stored.bitmap.length === freshSurvivors(count).length;
    const block: Block = {
      number,
      start,
      count,
      depth: whole ? stored.depth : 0,
      survivors: whole ? new Uint8Array(stored.bitmap) : null,
      seal: whole ? sealOf(stored.bitmap) : null,
      sieving: false,
      // All of a block before the position is in units.
      next: number < this.position.block ? count : 0,
    };
    if (whole) this.survivorShare = countSurvivors(stored.bitmap, 0, count) / count;
    this.blocks.set(number, block);
    return block;
  }

  private interval(block: number): BlockInterval {
    const { digits, seed } = this.options;
    return blockInterval({ digits, count: blockCount(digits) }, seed, block);
  }

  /**
   * A block whose bitmap is as it was sealed. It may lie here for hours: one that changed is given up, and the block
   * sieved from the beginning. Looking at the largest bitmap takes 25 µs, and a unit is cut from it every half second.
   */
  private sound(number: number): Block {
    const block = this.block(number);
    if (block.survivors === null || sealOf(block.survivors) === block.seal) return block;
    this.options.fault();
    const unsieved: Block = { ...block, depth: 0, survivors: null, seal: null };
    this.blocks.set(number, unsieved);
    return unsieved;
  }

  /** A worker was lost, which may be because what it got was wrong: then it was wrong here, or on the way. */
  recheck(number: number): void {
    const block = this.sound(number);
    const { start, count } = this.interval(number);
    if (start === block.start && count === block.count) return;
    this.options.fault();
    this.blocks.set(number, { ...block, start, count, depth: 0, survivors: null, seal: null });
  }

  /** Forgets blocks before this one. */
  settled(block: number): void {
    for (const number of this.blocks.keys()) if (number < block) this.blocks.delete(number);
  }

  /**
   * The sieving that should be done now, if any; the block counts as being sieved until `sieved` or `unsieved`.
   * @param resumed blocks of units that were begun before and wait for their survivors
   */
  takeSieve(resumed: readonly number[]): SieveOrder | null {
    const current = this.sound(this.position.block);
    const runsLow = current.survivors !== null && !hasSurvivors(current, LOW_WATER * this.options.workers);
    const wanted = [...[...new Set(resumed)].map((number) => this.sound(number)), current];
    if (runsLow) wanted.push(this.sound(current.number + 1));
    for (const block of wanted) {
      const target = this.options.depth(Math.max(2, block.depth));
      // A stage that adds less than a tenth in logarithm is not worth its trouble.
      const deepEnough = block.depth > 0 && Math.log(block.depth) > 0.95 * Math.log(target);
      const used = block.survivors !== null && block.next >= block.count;
      if (block.sieving || deepEnough || used) continue;
      block.sieving = true;
      const { number, start, count, depth, survivors, seal } = block;
      const to = depth === 0 ? this.firstDepth : target;
      return { block: number, start, count, from: depth, to, survivors, seal };
    }
    return null;
  }

  /**
   * The bitmap that a worker made.
   * @param seal made where the bitmap was
   * @returns whether it arrived as it was; if not, the block is as before
   */
  sieved(order: SieveOrder, survivors: Uint8Array, seal: number): boolean {
    const block = this.block(order.block);
    block.sieving = false;
    if (survivors.length !== freshSurvivors(block.count).length || sealOf(survivors) !== seal) {
      this.options.fault();
      return false;
    }
    block.survivors = survivors;
    block.seal = seal;
    block.depth = order.to;
    this.survivorShare = countSurvivors(survivors, 0, block.count) / block.count;
    return true;
  }

  /** The sieving came to nothing. */
  unsieved(order: SieveOrder): void {
    this.block(order.block).sieving = false;
  }

  /** The next unit with up to `size` survivors; null when the block at hand is not sieved yet. */
  takeUnit(size: number): UnitOrder | null {
    const block = this.sound(this.position.block);
    if (block.survivors === null) return null;
    const from = block.next;
    const indices: number[] = [];
    let to = from;
    while (indices.length < size) {
      const index = nextSurvivor(block.survivors, to, block.count);
      if (index < 0) {
        to = block.count;
        break;
      }
      indices.push(index);
      to = index + 1;
    }
    block.next = to;
    this.position = to >= block.count ? { block: block.number + 1, index: 0 } : { block: block.number, index: to };
    return unitOf({ block: block.number, from, to }, block, indices);
  }

  /** The survivors of a range cut before; null while its block is not sieved. */
  survivorsOf(range: UnitRange): UnitOrder | null {
    const block = this.sound(range.block);
    if (block.survivors === null) return null;
    const indices: number[] = [];
    const { survivors } = block;
    const next = (from: number) => nextSurvivor(survivors, from, range.to);
    for (let index = next(range.from); index >= 0; index = next(index + 1)) indices.push(index);
    return unitOf(range, block, indices);
  }

  /** Share of the last sieved block's odd numbers that survive, for the expected time; null before the sieve. */
  survivorShare: number | null = null;
}

function unitOf(range: UnitRange, { start }: Block, indices: readonly number[]): UnitOrder {
  const list = Uint32Array.from(indices);
  return { ...range, start, indices: list, seal: sealOf(list) };
}

/** Whether at least this many survivors are not in units yet. */
function hasSurvivors(block: Block, wanted: number): boolean {
  let index = block.next - 1;
  for (let found = 0; found < wanted; found++) {
    index = nextSurvivor(block.survivors as Uint8Array, index + 1, block.count);
    if (index < 0) return false;
  }
  return true;
}

/**
 * Seals: what goes from one hand to another, or lies in memory for hours, carries a digest that is made where it is
 * known to be right and looked at where it is used. CRC-32 finds every change of one or two bits and of any 32 bits in
 * a row, at 5 GB/s. Against faults of memory only: whoever means harm makes a new seal.
 */

import { crc32 } from 'node:zlib';
import { blockCount, blockInterval } from './blocks.ts';

/** @param before the seal of what comes before, where a thing is sealed piece by piece */
export function sealOf(data: Uint8Array | Uint32Array, before = 0): number {
  return crc32(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), before);
}

/** A block's bitmap or a unit's indices, on their way between the supply and a worker. */
export interface Sealed {
  readonly block: number;
  /** The first number of the block. */
  readonly start: bigint;
  readonly data: Uint8Array | Uint32Array | null;
  /** Of the data; null where there is none. */
  readonly seal: number | null;
}

/** Whether the data are as they were sealed and the start is the one that the seed gives to this block. */
export function isIntact({ block, start, data, seal }: Sealed, search: { digits: number; seed: Uint8Array }): boolean {
  if ((data === null ? null : sealOf(data)) !== seal) return false;
  const { digits, seed } = search;
  return start === blockInterval({ digits, count: blockCount(digits) }, seed, block).start;
}

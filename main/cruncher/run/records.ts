/** From a settled find to the record that the store keeps and everybody is shown. */

import type { PrimeRecord, StoredPrime } from '../../contract/prime-record.ts';
import type { SearchSpec } from '../../contract/search-spec.ts';
import { blockCount, blockInterval } from '../../search/blocks.ts';
import { rabinBase } from '../../search/prf.ts';
import { averageCaseLog2ForDigits, worstCaseLog2 } from '../../search/primality/bounds.ts';
import type { SettledFind } from './frontier.ts';

export interface RecordContext {
  readonly searchId: string;
  readonly spec: SearchSpec;
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly foundAt: string;
  readonly host: string;
  readonly version: string;
}

/** The odd number at an offset of a block: worked out from the seed each time, for memory may have changed meanwhile. */
export function primeOf(spec: SearchSpec, block: number, offset: number): bigint {
  const size = { digits: spec.digits, count: blockCount(spec.digits) };
  return blockInterval(size, Buffer.from(spec.seed, 'hex'), block).start + 2n * BigInt(offset);
}

/** The bound that was asked for last: finds of a search have the same. */
let bound: { readonly digits: number; readonly rounds: number; readonly log2: number } | undefined;

function averageCaseOf(digits: number, rounds: number): number {
  if (bound?.digits !== digits || bound.rounds !== rounds) {
    bound = { digits, rounds, log2: averageCaseLog2ForDigits(digits, rounds) };
  }
  return bound.log2;
}

export function recordOf(find: SettledFind, context: RecordContext): StoredPrime {
  const { spec, searchId, cpuSeconds, wallSeconds, foundAt, host, version } = context;
  const n = primeOf(spec, find.block, find.index);
  const decimal = n.toString();
  const proven = find.rounds === 0;
  return {
    searchId,
    block: find.block,
    offset: find.index,
    digits: decimal.length,
    bits: n.toString(2).length,
    decimal,
    verdict: proven ? 'prime' : 'probable prime',
    rounds: find.rounds,
    lucas: proven ? null : 'probable prime',
    worstCaseLog2: proven ? null : worstCaseLog2(find.rounds),
    averageCaseLog2: proven ? null : averageCaseOf(spec.digits, find.rounds),
    kernels: [...find.kernels],
    cpuSeconds,
    wallSeconds,
    host,
    version,
    foundAt,
  };
}

/** The whole record: the bases are a function of the seed, the number and the round. */
export function withBases(prime: StoredPrime, spec: SearchSpec): PrimeRecord {
  const n = BigInt(prime.decimal);
  const seed = Buffer.from(spec.seed, 'hex');
  const bases = Array.from({ length: prime.rounds }, (_, round) => `0x${rabinBase(seed, n, round).toString(16)}`);
  const { rounds, lucas, ...rest } = prime;
  return { ...rest, rounds, bases, lucas };
}

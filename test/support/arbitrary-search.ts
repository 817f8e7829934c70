/** Random searches, as the store and a checkpoint hold them: of the right shape, without sense. */

import fc from 'fast-check';
import type { SearchState } from '../../main/contract/checkpoint.ts';
import type { StoredPrime } from '../../main/contract/prime-record.ts';
import type { UnitRange } from '../../main/cruncher/run/unit-data.ts';
import { unitToData } from '../../main/cruncher/run/unit-data.ts';
import { KERNEL_NAMES } from '../../main/search/kernel-names.ts';
import type { ConfirmationState } from '../../main/search/primality/confirmation.ts';
import type { Find, UnitState } from '../../main/search/unit.ts';

const count = fc.nat(Number.MAX_SAFE_INTEGER);
const index = fc.nat(2 ** 24);
const residue = fc.bigInt({ min: 0n, max: 2n ** 4000n });
const power = fc.record({ bit: count, residue }, { noNullPrototype: true });
const powers = fc.tuple(power, power);
const opinion = fc.constantFrom<1 | 2>(1, 2);
const by = fc.array(fc.constantFrom(...KERNEL_NAMES), { maxLength: 3 });
const seconds = fc.double({ min: 0, max: 1e9, noNaN: true });
const plain = { noNullPrototype: true } as const;

const confirmation: fc.Arbitrary<ConfirmationState> = fc.oneof(
  // as earlier versions have it
  fc.record({ opinion, stage: fc.constant('rounds' as const), round: count, powers }, plain),
  fc.record({ opinion, by, stage: fc.constant('rounds' as const), round: count, powers }, plain),
  fc.record(
    {
      opinion,
      by,
      stage: fc.constant('lucas' as const),
      lucas: fc.record({ bit: count, v: residue, vNext: residue }, plain),
    },
    plain,
  ),
  fc.record({ opinion, by, stage: fc.constant('check' as const), powers }, plain),
);

const find: fc.Arbitrary<Find> = fc.record(
  {
    index,
    rounds: count,
    kernels: fc.array(fc.constantFrom(...KERNEL_NAMES), { maxLength: 4 }),
    disagreement: fc.boolean(),
  },
  plain,
);

export const arbitraryUnit: fc.Arbitrary<UnitState> = fc.record(
  {
    nextIndex: index,
    passed: fc.array(index, { maxLength: 5 }),
    active: fc.oneof(
      fc.constant(null),
      fc.record(
        { stage: fc.constant('screen' as const), indices: fc.array(index, { minLength: 1, maxLength: 2 }), powers },
        plain,
      ),
      fc.record({ stage: fc.constant('confirm' as const), index, state: confirmation }, plain),
    ),
    finds: fc.array(find, { maxLength: 3 }),
    tested: count,
    disagreements: count,
  },
  plain,
);

export const arbitraryRange: fc.Arbitrary<UnitRange> = fc.record({ block: count, from: index, to: index }, plain);

export const arbitraryState: fc.Arbitrary<SearchState> = fc.record(
  {
    position: fc.record({ block: count, index }, plain),
    next: fc.record({ block: count, index }, plain),
    units: fc.array(
      fc.tuple(arbitraryRange, arbitraryUnit, fc.boolean()).map(([range, unit, done]) => unitToData(range, unit, done)),
      { maxLength: 4 },
    ),
    counters: fc.record(
      {
        tested: count,
        found: count,
        disagreements: count,
        cpuSeconds: seconds,
        wallSeconds: seconds,
        cpuSecondsAtFind: seconds,
        wallSecondsAtFind: seconds,
      },
      plain,
    ),
  },
  plain,
);

/** A record of the right shape; nobody has looked whether the number is prime. */
export function somePrime(searchId: string, decimal: string, changes: Partial<StoredPrime> = {}): StoredPrime {
  return {
    searchId,
    block: 0,
    offset: 0,
    digits: decimal.length,
    bits: BigInt(decimal).toString(2).length,
    decimal,
    verdict: 'probable prime',
    rounds: 20,
    lucas: 'probable prime',
    worstCaseLog2: -40,
    averageCaseLog2: -60,
    kernels: ['schoolbook', 'fft'],
    cpuSeconds: 1.5,
    wallSeconds: 2.5,
    host: 'here',
    version: '0.1.0',
    foundAt: '2026-01-02T03:04:05.678Z',
    ...changes,
  };
}

import { expect, test } from 'vitest';
import { primeOf, recordOf, withBases } from '../../../main/cruncher/run/records.ts';
import { makeSpec, searchId } from '../../../main/cruncher/run/search-identity.ts';
import { passesStrongTest } from '../../../main/search/primality/small.ts';
import { firstPrimes } from '../../support/first-primes.ts';
import { paperSpec } from '../../support/paper-run.ts';

const context = (spec = paperSpec(40, 1)) => ({
  searchId: searchId(spec),
  spec,
  cpuSeconds: 1,
  wallSeconds: 2,
  foundAt: '2026-01-02T03:04:05.678Z',
  host: 'here',
  version: '0.1.0',
});

/** The first prime of a search as a settled find. */
function firstFind(digits: number, rounds: number) {
  const spec = paperSpec(digits, 1);
  const [decimal] = firstPrimes(spec, 1) as [string];
  const index = Number((BigInt(decimal) - primeOf(spec, 0, 0)) / 2n);
  return { spec, decimal, find: { block: 0, index, rounds, kernels: ['fft', 'bigint'] as const, disagreement: false } };
}

test('a record says which number it is, how sure that is, and by what', () => {
  const { spec, decimal, find } = firstFind(40, 20);
  const record = recordOf(find, context(spec));
  expect(record).toMatchObject({
    searchId: searchId(spec),
    block: 0,
    offset: find.index,
    digits: 40,
    bits: BigInt(decimal).toString(2).length,
    decimal,
    verdict: 'probable prime',
    rounds: 20,
    lucas: 'probable prime',
    worstCaseLog2: -40,
    kernels: ['fft', 'bigint'],
  });
  expect(record.averageCaseLog2).toBeLessThan(-40);
});

test('its bases are worked out again: as many as rounds, all different, and the prime passes each', () => {
  const { spec, decimal, find } = firstFind(40, 20);
  const { bases } = withBases(recordOf(find, context(spec)), spec);
  expect(new Set(bases).size).toBe(20);
  for (const base of bases) {
    expect(base).toMatch(/^0x[0-9a-f]+$/);
    expect(passesStrongTest(BigInt(decimal), BigInt(base))).toBe(true);
  }
});

test('a prime that was decided with certainty has no bound and no base', () => {
  const { spec, find } = firstFind(15, 0);
  const record = withBases(recordOf(find, context(spec)), spec);
  expect(record).toMatchObject({ verdict: 'prime', rounds: 0, bases: [], lucas: null });
  expect([record.worstCaseLog2, record.averageCaseLog2]).toEqual([null, null]);
});

test('the same digits, error and seed make the same search; any other makes another', () => {
  const seed = 'ab'.repeat(32);
  const specs = [
    makeSpec(30, -40, seed),
    makeSpec(31, -40, seed),
    makeSpec(30, -41, seed),
    makeSpec(30, -40, 'cd'.repeat(32)),
  ];
  expect(new Set(specs.map(searchId)).size).toBe(4);
  expect(searchId(makeSpec(30, -40, seed))).toBe(searchId(specs[0] as (typeof specs)[number]));
  expect(makeSpec(30, -40).seed).not.toBe(makeSpec(30, -40).seed);
  expect(makeSpec(30, -41, seed).rounds).toBe(21);
});

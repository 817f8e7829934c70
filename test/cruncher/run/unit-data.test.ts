import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { SearchStateSchema, UnitSchema } from '../../../main/contract/checkpoint.ts';
import { unitFromData, unitToData } from '../../../main/cruncher/run/unit-data.ts';
import { UNIT_START } from '../../../main/search/unit.ts';
import { arbitraryRange, arbitraryState, arbitraryUnit } from '../../support/arbitrary-search.ts';

test('a unit’s state comes back from the checkpoint as it went, residues to the last bit', () => {
  fc.assert(
    fc.property(arbitraryRange, arbitraryUnit, fc.boolean(), (range, state, done) => {
      const data = v.parse(UnitSchema, JSON.parse(JSON.stringify(unitToData(range, state, done))));
      expect(data).toMatchObject({ ...range, done });
      expect(unitFromData(data)).toEqual(state);
    }),
  );
});

test('residues are hexadecimal, as a person would write them', () => {
  const powers = [
    { bit: 3, residue: 0n },
    { bit: 7, residue: 0xdeadbeefn },
  ] as const;
  const state = { ...UNIT_START, active: { stage: 'screen', indices: [4, 9], powers } as const };
  expect(unitToData({ block: 1, from: 2, to: 30 }, state, false).active).toEqual({
    stage: 'screen',
    indices: [4, 9],
    powers: [
      { bit: 3, residue: '0' },
      { bit: 7, residue: 'deadbeef' },
    ],
  });
});

test('any state of a search passes its schema', () => {
  fc.assert(
    fc.property(arbitraryState, (state) => {
      expect(v.parse(SearchStateSchema, JSON.parse(JSON.stringify(state)))).toEqual(state);
    }),
  );
});

describe('the schema refuses', () => {
  const powers = [
    { bit: 0, residue: '1' },
    { bit: 0, residue: '1' },
  ];
  const unit = {
    ...unitToData({ block: 0, from: 0, to: 10 }, UNIT_START, false),
    active: { stage: 'screen', indices: [1, 2], powers },
  };
  const power = (changes: object) => ({
    active: { ...unit.active, powers: [powers[0], { ...powers[1], ...changes }] },
  });
  const confirm = (state: object) => ({ active: { stage: 'confirm', index: 1, state } });

  test('nothing of this one, which the others differ from in one place', () => {
    expect(v.is(UnitSchema, unit)).toBe(true);
    expect(v.is(UnitSchema, { ...unit, ...power({ bit: 2 ** 53 - 1, residue: 'f'.repeat(90_000) }) })).toBe(true);
    expect(v.is(UnitSchema, { ...unit, ...confirm({ opinion: 2, stage: 'check', powers }) })).toBe(true);
  });

  test.each([
    ['a negative block', { block: -1 }],
    ['half a block', { block: 0.5 }],
    ['a block past the exact integers', { block: 2 ** 53 }],
    ['a block in words', { block: '1' }],
    ['a place behind every block', { to: 2 ** 24 + 1 }],
    ['a negative place', { nextIndex: -1 }],
    ['a unit without its state of being done', { done: undefined }],
    ['something nobody knows', { limbs: [1, 2] }],
    ['a negative bit', power({ bit: -1 })],
    ['a residue with a sign', power({ residue: '-1' })],
    ['a residue with a prefix', power({ residue: '0x1' })],
    ['a residue in capitals', power({ residue: 'FF' })],
    ['a residue of no digits', power({ residue: '' })],
    ['a residue that is no text', power({ residue: 1 })],
    ['a residue larger than any candidate', power({ residue: 'f'.repeat(90_001) })],
    ['a residue in limbs', power({ residue: [1, 2] })],
    ['one power where there are two lanes', { active: { ...unit.active, powers: [powers[0]] } }],
    ['three powers', { active: { ...unit.active, powers: [...powers, powers[0]] } }],
    ['a screen of nothing', { active: { ...unit.active, indices: [] } }],
    ['a screen of three', { active: { ...unit.active, indices: [1, 2, 3] } }],
    ['a stage that is none', { active: { ...unit.active, stage: 'guess' } }],
    ['a kernel that is no name', confirm({ opinion: 1, by: [3], stage: 'check', powers })],
    ['a third opinion', confirm({ opinion: 3, stage: 'check', powers })],
    ['a round below 0', confirm({ opinion: 1, stage: 'rounds', round: -1, powers })],
    ['a Lucas test without its residues', confirm({ opinion: 1, stage: 'lucas', lucas: { bit: 1 } })],
    ['more passed than a unit has', { passed: new Array(4097).fill(1) }],
    ['a find without rounds', { finds: [{ index: 1, kernels: [], disagreement: false }] }],
    ['a negative number of tests', { tested: -1 }],
  ])('%s', (_, change) => {
    expect(v.is(UnitSchema, { ...unit, ...change })).toBe(false);
  });

  test.each([
    ['time that runs backwards', { cpuSeconds: -1 }],
    ['no time', { wallSeconds: null }],
    ['a fraction of a prime', { found: 1.5 }],
  ])('%s', (_, change) => {
    const state = fc.sample(arbitraryState, { numRuns: 1, seed: 1 })[0];
    expect(v.is(SearchStateSchema, state)).toBe(true);
    expect(v.is(SearchStateSchema, { ...state, counters: { ...state?.counters, ...change } })).toBe(false);
  });
});

import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { REQUESTS } from '../../main/contract/bridge.ts';
import { QuestionSchema } from '../../main/contract/library.ts';
import { CommandSchema, EventSchema, JobSchema } from '../../main/contract/messages.ts';
import { SearchSpecSchema } from '../../main/contract/search-spec.ts';
import { somePrime } from '../support/arbitrary-search.ts';

const job = {
  type: 'search',
  directory: 'here',
  digits: 1000,
  errorLog2: -80,
  seed: 'ab'.repeat(32),
  restart: null,
  count: 3,
  workers: 2,
  checkpointEvery: 300,
  kernel: null,
};

test('a search that leaves everything open is a job', () => {
  const open = { digits: null, errorLog2: null, seed: null, count: null, workers: null };
  expect(v.is(JobSchema, job)).toBe(true);
  expect(v.is(CommandSchema, { type: 'job', job: { ...job, ...open } })).toBe(true);
});

describe('no job is', () => {
  test.each([
    ['one of too few digits', { digits: 9 }],
    ['one of too many digits', { digits: 100_001 }],
    ['one of half a digit', { digits: 1000.5 }],
    ['an error that is too large', { errorLog2: -39 }],
    ['an error that means nothing', { errorLog2: -129 }],
    ['a seed of another length', { seed: 'ab'.repeat(31) }],
    ['a seed in capitals', { seed: 'AB'.repeat(32) }],
    ['a search for no primes', { count: 0 }],
    ['a search by nobody', { workers: 0 }],
    ['a checkpoint at every moment', { checkpointEvery: 0 }],
    ['a directory without a name', { directory: '' }],
    ['a kernel that nobody has', { kernel: 'gmp' }],
    ['a job with something unknown in it', { priority: 5 }],
    ['a job that lacks something', { restart: undefined }],
    ['another kind of job', { type: 'mine' }],
  ])('%s', (_, change) => {
    expect(v.is(JobSchema, { ...job, ...change })).toBe(false);
  });
});

test('a computer of any number of cores is told its pace', () => {
  const pace = { type: 'pace', share: 1 };
  for (const workers of [1, 2, 256, 384, 1792]) expect(v.is(CommandSchema, { ...pace, workers })).toBe(true);
  expect(v.is(CommandSchema, { ...pace, workers: 0 })).toBe(false);
});

test('a challenge that a window may ask for is one that the library takes, and the other way round', () => {
  for (const digits of [10, 19, 20, 100_000, 200_000, 200_001, 20.5, null]) {
    const asked = v.is(REQUESTS.challenge.takes, { digits });
    expect(asked).toBe(v.is(QuestionSchema, { ask: 'challenge', digits }));
    expect(asked).toBe(digits === null || [20, 100_000, 200_000].includes(digits));
  }
});

test('commands are what they say, and nothing more', () => {
  expect(v.is(CommandSchema, { type: 'pause', reason: 'user' })).toBe(true);
  expect(v.is(CommandSchema, { type: 'stop' })).toBe(true);
  for (const bad of [
    null,
    'stop',
    {},
    { type: 'pause' },
    { type: 'pause', reason: 'mood' },
    { type: 'stop', now: 1 },
  ]) {
    expect(v.is(CommandSchema, bad)).toBe(false);
  }
});

test('a find is told with its bases; one whose number is no number is not', () => {
  const record = { ...somePrime('id', '10007'), bases: ['0x2'] };
  expect(v.is(EventSchema, { type: 'prime', record })).toBe(true);
  for (const decimal of ['', '010007', '-7', '1e9', '10007 ']) {
    expect(v.is(EventSchema, { type: 'prime', record: { ...record, decimal } })).toBe(false);
  }
  expect(v.is(EventSchema, { type: 'prime', record: somePrime('id', '10007') })).toBe(false);
});

test('the spec of a search is of this scheme', () => {
  const spec = { scheme: 1, digits: 10, errorLog2: -40, rounds: 20, seed: '00'.repeat(32) };
  expect(v.is(SearchSpecSchema, spec)).toBe(true);
  for (const change of [{ scheme: 2 }, { rounds: 19 }, { rounds: 65 }, { errorLog2: Number.NaN }]) {
    expect(v.is(SearchSpecSchema, { ...spec, ...change })).toBe(false);
  }
});

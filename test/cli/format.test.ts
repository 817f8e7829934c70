/** Numbers and lines as people read them. */

import { describe, expect, it } from 'vitest';
import { abbreviated, duration, plural, powerOfTwo, rate } from '../../main/cli/format.ts';
import { liveLine } from '../../main/cli/search.ts';
import { verdictLines } from '../../main/cli/test-number.ts';

describe('numbers', () => {
  it('durations have two units at most', () => {
    const shown = [0, 0.004, 0.25, 0.996, 3.21, 59.4, 59.96, 200, 7500, 273_600].map(duration);
    expect(shown).toEqual([
      '0 s',
      '0.004 s',
      '0.25 s',
      '1.0 s',
      '3.2 s',
      '59 s',
      '1 min',
      '3 min 20 s',
      '2 h 5 min',
      '3 d 4 h',
    ]);
  });

  it('rates, counts, errors and long numbers', () => {
    expect([1234.5, 12.3, 0.5, 0.01].map(rate)).toEqual(['1,235/s', '12/s', '0.50/s', '36/h']);
    expect([plural(1, 'prime'), plural(0, 'prime'), plural(2, 'search', 'searches')]).toEqual([
      '1 prime',
      '0 primes',
      '2 searches',
    ]);
    expect([powerOfTwo(-80), powerOfTwo(-178.234), powerOfTwo(null)]).toEqual(['2^-80', '2^-178', '–']);
    expect(abbreviated('1'.repeat(30))).toHaveLength(30);
    expect(abbreviated(`${'1'.repeat(500)}${'2'.repeat(500)}`)).toBe('111111111111…222222222222');
  });
});

describe('the live line', () => {
  const progress = {
    searchId: 's',
    digits: 1000,
    tested: 12_345,
    testsPerSecond: 412,
    expectedSecondsToNext: 21.4,
    found: 3,
    unsaved: null,
    arithmeticErrors: 0,
    setAside: 0,
    cpuSeconds: 125,
    cpuSecondsInAll: 500,
    paused: [],
    workers: [{ stage: 'screen', fraction: 0.418, block: 0, offset: 7 }],
  };

  it('says how large, how many, how fast, how long and how much', () => {
    expect(liveLine(progress)).toBe(
      '1,000 digits · 12,345 tested · 412/s · next in about 21 s · 3 primes · 2 min 5 s CPU',
    );
  });

  it('shows what the cores do when a test takes longer than a second, and claims no rate before there is one', () => {
    expect(liveLine({ ...progress, testsPerSecond: 0.2 })).toContain('screen 41 %');
    const early = liveLine({ ...progress, testsPerSecond: null, expectedSecondsToNext: null });
    expect(early).toBe('1,000 digits · 12,345 tested · 3 primes · 2 min 5 s CPU');
  });

  it('says why it is paused', () => {
    expect(liveLine({ ...progress, paused: ['user'] })).toContain('paused (user)');
  });

  it('says that nothing can be saved, and how much waits for it', () => {
    expect(liveLine({ ...progress, unsaved: 0 })).toContain(' · 3 primes · not saving · ');
    expect(liveLine({ ...progress, unsaved: 2, paused: ['cannot-save'] })).toBe(
      '1,000 digits · paused (cannot save) · 3 primes · not saving: 2 primes waiting',
    );
  });
});

describe('a verdict', () => {
  const verdict = {
    digits: 1000,
    bits: 3319,
    verdict: 'probable prime' as const,
    rounds: 40,
    worstCaseLog2: -80,
    averageCaseLog2: null,
    witness: null,
    divisor: false,
    lucas: 'probable prime' as const,
    thorough: null,
    kernels: ['fft', 'schoolbook'],
    cpuSeconds: 0.4,
  };

  it('states the worst case, and that the average case says nothing about a chosen number', () => {
    const text = verdictLines(verdict).join('\n');
    expect(text).toContain('2^-80');
    expect(text).toContain('chosen and not drawn');
    expect(text).toContain('fft, schoolbook');
  });

  it('names the witness of a composite', () => {
    const composite = { ...verdict, verdict: 'composite' as const, witness: '7', lucas: null };
    expect(verdictLines({ ...composite, divisor: true })[1]).toBe('7 divides it.');
    expect(verdictLines(composite)[1]).toContain('to base 7');
    expect(verdictLines({ ...composite, witness: null, lucas: 'composite' })[1]).toContain(
      'fails the strong Lucas test',
    );
  });

  it('is certain below 2^64, and passes on what OpenSSL says', () => {
    const small = { ...verdict, verdict: 'prime' as const, thorough: 'probable prime' as const };
    expect(verdictLines(small).join('\n')).toContain('certain');
    expect(verdictLines(small).at(-1)).toBe('OpenSSL says: probable prime.');
  });
});

/** "Check again": by arithmetic that had no part in it, and by other people's program, with a sentence that says so. */

import { checkPrimeSync } from 'node:crypto';
import { expect, test } from 'vitest';
import type { StoredPrime } from '../../../main/contract/prime-record.ts';
import { type CheckAgainOptions, checkAgain, otherProgram } from '../../../main/cruncher/jobs/check-again.ts';
import { composites } from '../../data/read.ts';
import { somePrime } from '../../support/arbitrary-search.ts';

/** With a program of other people that says this; null: it cannot be asked. */
async function check(prime: StoredPrime, says: boolean | null = true, changes: Partial<CheckAgainOptions> = {}) {
  const told: number[] = [];
  let asked = 0;
  const recheck = await checkAgain(prime, {
    fresh: (n) => n / 3n,
    tell: (fraction) => void told.push(fraction),
    isStopped: () => false,
    cpuSeconds: () => 0,
    ask: async () => {
      asked++;
      if (says === null) throw new Error('INPUT_TOO_LARGE');
      return says;
    },
    ...changes,
  });
  return { recheck, told, asked };
}

const MERSENNE = (2n ** 521n - 1n).toString();
const prime = (decimal: string, kernels: string[]) => somePrime('0', decimal, { kernels });

test.each([
  [
    ['schoolbook', 'fft'],
    /computed by the BigInt arithmetic of the JavaScript engine, which had no part in finding it/,
  ],
  [['fft', 'bigint'], /computed by the schoolbook kernel, which had no part in finding it/],
  [['bigint', 'schoolbook'], /computed by the FFT kernel, which had no part in finding it/],
  // The record of another version: whatever it was, one of ours had no part in it.
  [['a better one', '<b>'], /computed by the \w+ kernel, which had no part in finding it/],
])('a prime that was found with %s is tested by another', async (kernels, by) => {
  const { recheck, told, asked } = await check(prime(MERSENNE, kernels));
  expect(recheck?.passed).toBe(true);
  expect(recheck?.sentence).toMatch(
    /^It passed strong tests to base 2 and to a base drawn just now, and the strong Lucas test, /,
  );
  expect(recheck?.sentence).toMatch(by);
  expect(recheck?.sentence).toContain(`; OpenSSL ${process.versions['openssl']} says so too.`);
  expect(asked).toBe(1);
  expect(told.at(-1)).toBe(1);
});

test('published pseudoprimes of all kinds do not pass, whatever the other program would say', async () => {
  const all = composites();
  for (const { n } of all.filter((_, k) => k % 9 === 0)) {
    const { recheck } = await check(prime(n.toString(), ['schoolbook', 'fft']), true);
    expect(recheck?.passed, n.toString()).toBe(false);
    expect(recheck?.sentence).toMatch(
      n < 1n << 64n ? /^It is composite: below 2\^64 that is certain; / : /^It did not pass: .*selftest/,
    );
  }
});

test('it passes only when both say so, and says when the other could not be asked', async () => {
  const found = prime(MERSENNE, ['schoolbook', 'fft']);
  const against = await check(found, false);
  expect(against.recheck?.passed).toBe(false);
  expect(against.recheck?.sentence).toMatch(/; but OpenSSL [\d.a-z]+ says that it is composite\.$/);
  const alone = await check(found, null);
  expect(alone.recheck?.passed).toBe(true);
  expect(alone.recheck?.sentence).toMatch(/ \(OpenSSL [\d.a-z]+ could not be asked\)\.$/);
});

test('below 2^64 it is certain', async () => {
  const { recheck } = await check(prime('18446744073709551557', ['bigint']));
  expect(recheck).toMatchObject({ passed: true, sentence: expect.stringMatching(/^It is prime, with certainty: /) });
});

test('the real OpenSSL is asked when nobody else is named', async () => {
  const n = 10n ** 99n + 289n;
  expect(checkPrimeSync(n)).toBe(true);
  const { recheck } = await check(prime(n.toString(), ['schoolbook', 'fft']), true, {});
  const real = await checkAgain(prime(n.toString(), ['schoolbook', 'fft']), {
    fresh: (m) => m / 3n,
    tell: () => {},
    isStopped: () => false,
    cpuSeconds: () => 0,
  });
  expect(real).toEqual(recheck);
});

test('a number too large for OpenSSL is not put to it, and progress goes to the end without', async () => {
  let slices = 0;
  // Stopped after some slices: all of it would take minutes.
  const { recheck, asked } = await check(prime((2n ** 9941n - 1n).toString(), ['fft', 'schoolbook']), true, {
    isStopped: () => ++slices > 3,
  });
  expect(recheck).toBeNull();
  expect(asked).toBe(0);
  expect(slices).toBe(4);
});

test('in Electron the other program is BoringSSL, whatever it calls itself there', () => {
  expect(otherProgram({ openssl: '3.5.8', node: '24.0.0' })).toBe('OpenSSL 3.5.8');
  expect(otherProgram({ openssl: '0.0.0', electron: '45.5.0' })).toBe('BoringSSL');
});

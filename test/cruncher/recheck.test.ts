/** The test that imported primes go through, on numbers that are known, those that deceive single tests above all. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { recheck } from '../../main/cruncher/jobs/recheck.ts';
import { evaluateExpression } from '../../main/search/expression/expression.ts';
import { Kernels } from '../../main/search/kernel-names.ts';
import { composites, readTable } from '../data/read.ts';
import { FaultyKernels } from '../support/faulty-kernels.ts';

const kernels = new Kernels();
const three = () => 3n;

function passes(n: bigint, fresh: (n: bigint) => bigint = (m) => m / 3n, own: Kernels = kernels): boolean {
  const steps = recheck(own, n, fresh, 5000);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    expect(step.value).toBeGreaterThanOrEqual(0);
    expect(step.value).toBeLessThanOrEqual(1);
  }
}

test('published primes pass', () => {
  for (const { expression, digits } of readTable('primes.json').entries) {
    if (digits > 1100) continue;
    const evaluated = evaluateExpression(expression);
    expect(evaluated.ok && passes(evaluated.value), expression).toBe(true);
  }
});

test('Carmichael numbers, strong pseudoprimes to base 2 and to many bases, Lucas pseudoprimes and squares do not', () => {
  const all = composites();
  expect(all.filter(({ n }) => n >= 1n << 64n).length).toBeGreaterThan(30);
  for (const { n, kind } of all) expect(passes(n), `${kind} ${n}`).toBe(false);
});

test('a composite that passes both bases fails the Lucas test', () => {
  // Of those strong to many prime bases, above 2^64: bases 2 and 3 say nothing.
  const entries = readTable('strong-pseudoprimes-many-bases.json').entries;
  const large = entries.filter(
    ({ n, passes: bases }) => BigInt(n) >= 1n << 64n && bases.includes(2) && bases.includes(3),
  );
  expect(large.length).toBeGreaterThan(0);
  for (const { n } of large) expect(passes(BigInt(n), three)).toBe(false);
});

test('an arithmetic error makes neither a prime composite nor a composite prime', () => {
  const prime = 2n ** 521n - 1n;
  const composite = 2n ** 512n + 1n;
  fc.assert(
    fc.property(fc.nat(400), fc.nat(500), (at, bit) => {
      const spoilt = () => new FaultyKernels(({ number }) => number === at, bit);
      const own = spoilt();
      expect(passes(prime, undefined, own)).toBe(true);
      expect(own.faults).toBe(1);
      expect(passes(composite, undefined, spoilt())).toBe(false);
    }),
    { numRuns: 30 },
  );
});

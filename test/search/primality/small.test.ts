import { checkPrimeSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPrimeBelow64Bits, passesStrongTest } from '../../../main/search/primality/small.ts';
import { composites, readTable } from '../../data/read.ts';

const LIMIT = 1n << 64n;

describe('primality below 2^64', () => {
  it('agrees with a sieve of Eratosthenes below 300,000', () => {
    const size = 300_000;
    const composite = new Uint8Array(size);
    composite[0] = 1;
    composite[1] = 1;
    for (let p = 2; p * p < size; p++) {
      if (composite[p] === 0) for (let m = p * p; m < size; m += p) composite[m] = 1;
    }
    for (let n = 0; n < size; n++) {
      if (isPrimeBelow64Bits(BigInt(n)) !== (composite[n] === 0)) expect.fail(`wrong about ${n}`);
    }
  });

  it('agrees with OpenSSL on random numbers of every size', () => {
    const bits = fc.integer({ min: 3, max: 64 });
    const odd = bits.chain((b) =>
      fc.bigInt({ min: 1n << BigInt(b - 1), max: (1n << BigInt(b)) - 1n }).map((n) => n | 1n),
    );
    fc.assert(
      fc.property(odd, (n) => isPrimeBelow64Bits(n) === checkPrimeSync(n)),
      { numRuns: 3000 },
    );
  });

  it('finds the primes of the last 500 numbers below 2^64 that PARI finds', () => {
    const found: bigint[] = [];
    for (let n = LIMIT - 499n; n < LIMIT; n += 2n) if (isPrimeBelow64Bits(n)) found.push(LIMIT - n);
    // gp: forprime(p=2^64-499,2^64-1,print(2^64-p))
    expect(found.reverse()).toEqual(PRIMES_BELOW_2_64);
  });

  it('rejects every pseudoprime and near-square of the tables', () => {
    for (const { n, kind } of composites()) {
      if (n < LIMIT) expect(isPrimeBelow64Bits(n), `${kind} ${n}`).toBe(false);
    }
  });

  it('loses no prime to one wrong test, and tells of it', () => {
    const numbers = fc.bigInt({ min: 1681n, max: LIMIT - 1n }).map((n) => n | 1n);
    let told = 0;
    fc.assert(
      fc.property(
        fc.oneof(
          numbers,
          numbers.filter((n) => checkPrimeSync(n)),
        ),
        fc.nat(8),
        (n, when) => {
          let tests = 0;
          let faults = 0;
          // One test says the opposite of what it should, where that is "composite".
          const wrong = (number: bigint, base: bigint) => passesStrongTest(number, base) && tests++ !== when;
          expect(isPrimeBelow64Bits(n, () => faults++, wrong)).toBe(checkPrimeSync(n));
          expect(faults).toBe(Number(tests > when && checkPrimeSync(n)));
          told += faults;
        },
      ),
      { numRuns: 400 },
    );
    expect(told).toBeGreaterThan(30);
  });

  it('refuses what it cannot decide', () => {
    expect(() => isPrimeBelow64Bits(LIMIT)).toThrow(RangeError);
    expect(() => isPrimeBelow64Bits(-3n)).toThrow(RangeError);
  });
});

describe('the strong test', () => {
  it('passes strong pseudoprimes to exactly the published bases, Arnault’s 397 digits among them', () => {
    for (const { n, passes, fails } of readTable('strong-pseudoprimes-many-bases.json').entries) {
      for (const base of passes) expect(passesStrongTest(BigInt(n), BigInt(base)), `${n} to ${base}`).toBe(true);
      expect(passesStrongTest(BigInt(n), BigInt(fails)), `${n} to ${fails}`).toBe(false);
    }
  });

  it('finds no composite below 10^6 to base 2 beyond the 46 of Pomerance, Selfridge and Wagstaff', () => {
    const found: bigint[] = [];
    for (let n = 9n; n < 1_000_000n; n += 2n) {
      if (passesStrongTest(n, 2n) && !isPrimeBelow64Bits(n)) found.push(n);
    }
    expect(found).toHaveLength(46);
    expect(found.slice(0, 5)).toEqual([2047n, 3277n, 4033n, 4681n, 8321n]);
    expect(found.map(String)).toEqual(readTable('strong-pseudoprimes-base-2.json').below10To7.slice(0, 46));
  });
});

const PRIMES_BELOW_2_64 = [59n, 83n, 95n, 179n, 189n, 257n, 279n, 323n, 353n, 363n, 425n, 453n];

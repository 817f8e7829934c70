/** Every kernel's powers against OpenSSL's. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitLength, KERNEL_NAMES } from '../../main/kernel/field.ts';
import { Kernels } from '../../main/kernel/kernels.ts';
import { LanePower, powerRegisters } from '../../main/kernel/power.ts';
import { openSslPower } from '../support/openssl.ts';

/** Odd moduli of exactly this many bits, a base below, an exponent of about the size. */
const powers = (bits: number) =>
  fc.record({
    modulus: fc.bigInt({ min: 1n << BigInt(bits - 1), max: (1n << BigInt(bits)) - 1n }).map((n) => n | 1n),
    base: fc.bigInt({ min: 2n, max: (1n << BigInt(bits - 1)) - 1n }),
    exponent: fc.bigInt({ min: 1n, max: (1n << BigInt(bits)) - 1n }),
  });

const sized = fc.integer({ min: 64, max: 1500 }).chain(powers);

describe.each(KERNEL_NAMES)('the %s kernel', (name) => {
  const kernel = new Kernels().get(name);

  it('raises two bases to two powers modulo two numbers as OpenSSL does', () => {
    fc.assert(
      fc.property(
        sized.chain((first) => fc.tuple(fc.constant(first), powers(bitLength(first.modulus)))),
        ([first, second]) => {
          const field = kernel.open([first.modulus, second.modulus], powerRegisters(1500));
          const power = new LanePower(field, [first, second]);
          while (!power.done) power.advance(100);
          const expected = [first, second].map(({ base, exponent, modulus }) => openSslPower(base, exponent, modulus));
          expect(power.residues()).toEqual(expected);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('raises two to a power', () => {
    fc.assert(
      fc.property(sized, ({ modulus, exponent }) => {
        const field = kernel.open([modulus, modulus], 1);
        const task = { base: 2n, exponent };
        const power = new LanePower(field, [task, task]);
        while (!power.done) power.advance(1000);
        const expected = openSslPower(2n, exponent, modulus);
        expect(power.residues()).toEqual([expected, expected]);
      }),
      { numRuns: 40 },
    );
  });
});

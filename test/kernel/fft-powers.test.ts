import { describe, expect, test } from 'vitest';
import { bigintKernel } from '../../main/kernel/bigint.ts';
import { type FftField, fftKernel } from '../../main/kernel/fft/kernel.ts';
import type { Lanes } from '../../main/kernel/field.ts';

const ONE: Lanes<bigint> = [1n, 1n];

/** The bits of N − 1 of both moduli, leading ones first, as `squareChain` takes them. */
function exponentBits(moduli: Lanes<bigint>): Uint8Array {
  const texts = moduli.map((n) => (n - 1n).toString(2));
  const length = Math.max(...texts.map((text) => text.length));
  const [first = '', second = ''] = texts.map((text) => text.padStart(length, '0'));
  return Uint8Array.from({ length }, (_, k) => Number(first[k]) + 2 * Number(second[k]));
}

/** 2^(N−1) modulo each N. */
function fermat(field: FftField): Lanes<bigint> {
  const bits = exponentBits(field.moduli);
  field.write(0, ONE);
  field.squareChain(0, bits, 0, bits.length);
  return field.read(0);
}

/** Proved primes: Mersenne's, and the first of 1,000 and of 10,000 digits (OEIS A033874). */
const mersenne = (p: number): bigint => (1n << BigInt(p)) - 1n;
const FIRST_OF_1000 = 10n ** 999n + 7n;
const FIRST_OF_10000 = 10n ** 9999n + 33603n;

describe('powers', () => {
  const kernel = fftKernel('fused');

  test.each([
    [107, 127],
    [521, 607],
    [1279, 1279],
    [2203, 2281],
    [3217, 4253],
    [9689, 9941],
  ])('2^(N−1) is 1 modulo the Mersenne primes of %i and %i bits', (p, q) => {
    expect(fermat(kernel.open([mersenne(p), mersenne(q)], 1))).toEqual(ONE);
  });

  test('the first 1,000-digit prime passes and its odd neighbours below 300 fail', () => {
    expect(fermat(kernel.open([FIRST_OF_1000, FIRST_OF_1000 + 2n], 1))[0]).toBe(1n);
    for (let d = 9n; d < 300n; d += 28n) {
      const [first, second] = fermat(kernel.open([10n ** 999n + d, 10n ** 999n + d + 14n], 1));
      expect(first).not.toBe(1n);
      expect(second).not.toBe(1n);
    }
  });

  test('to base 3, by multiplications, agree with base 3 by BigInt', () => {
    const moduli: Lanes<bigint> = [mersenne(1279), mersenne(1279) + 1228n];
    const exponent = 0xfedcba9876543210123456789n;
    const results = [kernel.open(moduli, 2), bigintKernel().open(moduli, 2)].map((field) => {
      field.write(0, ONE);
      field.write(1, [3n, 3n]);
      for (const bit of exponent.toString(2)) {
        field.multiply(0, 0, 0);
        if (bit === '1') field.multiply(0, 1, 0);
      }
      return field.read(0);
    });
    expect(results[0]).toEqual(results[1]);
  });

  test('of 10,000 digits end as they should after stopping, and going on in another kernel', () => {
    const moduli: Lanes<bigint> = [FIRST_OF_10000, FIRST_OF_10000];
    const bits = exponentBits(moduli);
    const stops = [0, 5_000, 5_001, 17_777, 33_000, bits.length];
    let state: Lanes<bigint> = [1n, 1n];
    let errors = 0;
    for (let k = 0; k + 1 < stops.length; k++) {
      const field = fftKernel(k % 2 === 0 ? 'fused' : 'separate').open(moduli, 1);
      const from = stops[k] as number;
      field.write(0, state);
      field.squareChain(0, bits, from, (stops[k + 1] as number) - from);
      state = field.read(0);
      errors = Math.max(errors, field.largestError);
    }
    expect(state).toEqual(ONE);
    expect(errors).toBeGreaterThan(0);
  });

  test.each([
    ['10,000', 33_219],
    ['25,000', 83_048],
    ['100,000', 332_193],
  ])('of %s digits follow BigInt for some steps', (_, bits) => {
    const moduli: Lanes<bigint> = [
      (1n << BigInt(bits)) - 3n ** 1000n,
      ((7n ** BigInt(Math.floor(bits / 2.81))) << 2n) | 1n,
    ];
    const doublings = Uint8Array.from([0, 1, 2, 3]);
    const count = bits > 100_000 ? 2 : 4;
    const results = [kernel.open(moduli, 3), bigintKernel().open(moduli, 3)].map((field) => {
      field.write(0, [5n ** BigInt(Math.floor(bits / 2.33)), moduli[1] - 2n]);
      field.write(1, [moduli[0] >> 1n, 3n ** BigInt(Math.floor(bits / 1.6))]);
      field.squareChain(0, doublings, 0, count);
      field.multiply(2, 0, 1);
      field.subtract(1, 2, 0);
      field.multiply(1, 1, 2);
      return [0, 1, 2].map((r) => field.read(r));
    });
    expect(results[0]).toEqual(results[1]);
  });
});

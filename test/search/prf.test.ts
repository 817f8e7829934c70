import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prfBytes, prfInteger, rabinBase } from '../../main/search/prf.ts';
import { readTable } from '../data/read.ts';

const seed = (hex: string): Uint8Array => Buffer.from(hex, 'hex');
const SEED = seed('5e'.repeat(32));

describe('the pseudo-random function', () => {
  it('gives the bytes that Python and OpenSSL compute from the documented layout', () => {
    for (const { seed: hex, label, index, length, bytes } of readTable('prf.json').bytes) {
      expect(Buffer.from(prfBytes(seed(hex), label, BigInt(index), length)).toString('hex')).toBe(bytes);
    }
  });

  it('gives the integers and the Rabin bases that Python computes', () => {
    for (const { seed: hex, label, index, bound, integer } of readTable('prf.json').integers) {
      expect(prfInteger(seed(hex), label, BigInt(index), BigInt(bound))).toBe(BigInt(integer));
    }
    for (const { seed: hex, candidate, round, base } of readTable('prf.json').bases) {
      expect(rabinBase(seed(hex), BigInt(candidate), round)).toBe(BigInt(base));
    }
  });

  it('begins a longer stream with the bytes of a shorter one', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(200), fc.bigInt({ min: 0n, max: 1n << 300n }), (a, b, index) => {
        const [short, long] = [Math.min(a, b), Math.max(a, b)];
        const whole = prfBytes(SEED, 'test', index, long);
        expect(Buffer.from(prfBytes(SEED, 'test', index, short)).equals(whole.subarray(0, short))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('gives unrelated streams to labels, indices and seeds that differ little', () => {
    const streams = [
      prfBytes(SEED, 'block', 1n, 16),
      prfBytes(SEED, 'block', 256n, 16),
      prfBytes(SEED, 'block', 0n, 16),
      prfBytes(SEED, 'block1', 1n, 16),
      prfBytes(SEED, 'block1', 0n, 16),
      prfBytes(seed(`${'5e'.repeat(31)}5f`), 'block', 1n, 16),
    ].map((bytes) => Buffer.from(bytes).toString('hex'));
    expect(new Set(streams).size).toBe(streams.length);
  });

  it('is uniform below a bound: chi-square of 7,000 draws from 7 stays below the 10^-6 quantile', () => {
    const counts = [0, 0, 0, 0, 0, 0, 0];
    for (let index = 0n; index < 7000n; index++) counts[Number(prfInteger(SEED, 'dice', index, 7n))]!++;
    const chiSquare = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeLessThan(38.3);
  });

  it('draws Rabin bases from the whole of 2 … N − 2, and no other', () => {
    const seen = new Set<bigint>();
    for (let round = 0; round < 400; round++) seen.add(rabinBase(SEED, 13n, round));
    expect([...seen].sort((a, b) => Number(a - b))).toEqual([2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n, 10n, 11n]);
  });

  it('refuses a seed of another length, a bad label, a negative index, an empty range, a bad round', () => {
    expect(() => prfBytes(new Uint8Array(31), 'block', 0n, 1)).toThrow(/32 bytes, got 31/);
    expect(() => prfBytes(SEED, 'bl\0ck', 0n, 1)).toThrow(RangeError);
    expect(() => prfBytes(SEED, 'block', -1n, 1)).toThrow(RangeError);
    expect(() => prfInteger(SEED, 'block', 0n, 0n)).toThrow(RangeError);
    expect(() => rabinBase(SEED, 3n, 0)).toThrow(RangeError);
    expect(() => rabinBase(SEED, 13n, 2 ** 32)).toThrow(RangeError);
  });
});

import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { bigintKernel } from '../../main/kernel/bigint.ts';
import { Engine } from '../../main/kernel/fft/engine.ts';
import { inverseModulo } from '../../main/kernel/fft/inverse.ts';
import { fftKernel } from '../../main/kernel/fft/kernel.ts';
import { layoutFor } from '../../main/kernel/fft/layout.ts';
import { fftModule } from '../../main/kernel/fft/module.ts';
import { ERROR_LIMIT, type Transform, transformOf } from '../../main/kernel/fft/transform.ts';
import type { LaneField, Lanes } from '../../main/kernel/field.ts';
import { toTheEnd } from '../../main/kernel/steps.ts';

const oracle = bigintKernel();

/** Reproducible bits that look random. */
function pseudorandom(bits: number, seed: string): bigint {
  const bytes = createHash('shake256', { outputLength: Math.ceil(bits / 8) })
    .update(seed)
    .digest('hex');
  return BigInt.asUintN(bits, BigInt(`0x${bytes}`));
}

const oddOf = (bits: number, seed: string): bigint => pseudorandom(bits, seed) | 1n | (1n << BigInt(bits - 1));

/** Words that make coefficients as large as they get, by the sign of each. */
const PATTERNS: Record<string, (word: number) => number> = {
  'all words 2^(b−1)': () => 1,
  'all words −2^(b−1)': () => -1,
  'signs in turn': (word) => (word % 2 === 0 ? 1 : -1),
  'signs at random': (word) => ((createHash('md5').update(`${word}`).digest()[0] as number) % 2 ? 1 : -1),
};

/** The residue whose register, in a transform, has these words: register = residue·R/2 modulo N. */
function residueWithWords({ n, wordBits }: Transform, modulus: bigint, sign: (word: number) => number): bigint {
  let register = 1n << BigInt(n * wordBits - 8);
  for (let word = 0; word < n - 1; word++) register += BigInt(sign(word)) << BigInt((word + 1) * wordBits - 1);
  expect(register > 0n && register < modulus).toBe(true);
  const inverse = inverseModulo((1n << BigInt(n * wordBits)) + 1n, modulus);
  if (inverse === null) throw new Error('expected a modulus coprime to R');
  return (2n * register * inverse) % modulus;
}

const DOUBLINGS = Uint8Array.from([0, 3, 1, 2, 0, 3]);

function program(field: LaneField, values: readonly Lanes<bigint>[]): Lanes<bigint>[] {
  values.forEach((pair, r) => {
    field.write(r, pair);
  });
  field.multiply(2, 0, 1);
  field.subtract(1, 0, 1);
  field.multiply(1, 1, 0);
  field.squareChain(0, DOUBLINGS, 0, DOUBLINGS.length);
  return [0, 1, 2].map((r) => field.read(r));
}

describe('rounding errors', () => {
  test.each([
    [160, 21],
    [320, 21],
    [512, 20],
    [768, 22],
    [1536, 22],
    [4096, 21],
  ])('never reach a result: words at their limits, %i words of %i bits', (n, wordBits) => {
    const transform = transformOf(n, wordBits);
    const kernel = fftKernel('fused', { firstTransform: transform });
    const bits = n * wordBits - 6;
    const moduli: Lanes<bigint> = [
      oddOf(bits, 'a') | (3n << BigInt(bits - 2)),
      oddOf(bits, 'b') | (3n << BigInt(bits - 2)),
    ];
    const names = Object.keys(PATTERNS).slice(0, n > 1000 ? 2 : 4);
    const residues = names.map((name): Lanes<bigint> => {
      const pattern = PATTERNS[name] as (word: number) => number;
      return [residueWithWords(transform, moduli[0], pattern), residueWithWords(transform, moduli[1], pattern)];
    });
    for (let k = 0; k + 1 < residues.length; k++) {
      const values = residues.slice(k, k + 2);
      const field = kernel.open(moduli, 3);
      expect(field.transform).toEqual(transform);
      expect(program(field, values)).toEqual(program(oracle.open(moduli, 3), values));
      expect(field.largestError).toBeLessThanOrEqual(ERROR_LIMIT);
    }
  });

  test('of coefficients above 2^51 are noticed', () => {
    // 4096·(2^20)² = 2^52
    const transform = transformOf(4096, 21);
    const bits = 4096 * 21 - 6;
    const moduli: Lanes<bigint> = [
      oddOf(bits, 'c') | (3n << BigInt(bits - 2)),
      oddOf(bits, 'd') | (3n << BigInt(bits - 2)),
    ];
    const hostile = residueWithWords(transform, moduli[0], () => -1);
    const field = fftKernel('fused', { firstTransform: transform }).open(moduli, 1);
    field.write(0, [hostile, 1n]);
    field.squareChain(0, DOUBLINGS, 0, 1);
    expect(field.retries).toBe(1);
    expect(field.read(0)[0]).toBe((hostile * hostile) % moduli[0]);
  });

  test.each(['fused', 'separate'] as const)(
    'too large for the words make it go on with smaller ones (%s)',
    (fusion) => {
      const tooLarge = transformOf(640, 24);
      const bits = 640 * 24 - 6;
      const moduli: Lanes<bigint> = [oddOf(bits, 'e'), oddOf(bits, 'f')];
      const values: Lanes<bigint>[] = [1, 2].map(
        (k): Lanes<bigint> => [pseudorandom(bits - 1, `x${k}`), pseudorandom(bits - 1, `y${k}`)],
      );
      const expected = program(oracle.open(moduli, 3), values);
      const kernel = fftKernel(fusion, { firstTransform: tooLarge });
      const byMultiply = kernel.open(moduli, 3);
      expect(program(byMultiply, values)).toEqual(expected);
      expect(byMultiply.retries).toBeGreaterThanOrEqual(1);
      expect(byMultiply.transform.wordBits).toBeLessThan(24);
      expect(byMultiply.largestError).toBeGreaterThan(0);
      expect(byMultiply.largestError).toBeLessThanOrEqual(ERROR_LIMIT);

      const byChain = kernel.open(moduli, 2);
      byChain.write(0, values[0] as Lanes<bigint>);
      byChain.write(1, values[1] as Lanes<bigint>);
      byChain.squareChain(0, DOUBLINGS, 0, DOUBLINGS.length);
      expect(byChain.retries).toBeGreaterThanOrEqual(1);
      expect(byChain.read(0)).toEqual(expected[0]);
      expect(byChain.read(1)).toEqual(values[1]);
    },
  );

  test('leave a field that has gone on with smaller words there', () => {
    const moduli: Lanes<bigint> = [oddOf(640 * 24 - 6, 'g'), oddOf(640 * 24 - 6, 'h')];
    const field = fftKernel('fused', { firstTransform: transformOf(640, 24) }).open(moduli, 1);
    field.write(0, [3n, 5n]);
    field.squareChain(0, new Uint8Array(40), 0, 40);
    const { retries, transform } = field;
    expect(retries).toBeGreaterThanOrEqual(1);
    field.squareChain(0, new Uint8Array(40), 0, 40);
    expect(field.retries).toBe(retries);
    expect(field.transform).toEqual(transform);
    const power = (base: bigint, modulus: bigint): bigint => {
      let x = base;
      for (let k = 0; k < 80; k++) x = (x * x) % modulus;
      return x;
    };
    expect(field.read(0)).toEqual([power(3n, moduli[0]), power(5n, moduli[1])]);
  });
});

describe('what is no number', () => {
  test.each([
    [160, Number.NaN],
    [160, Number.POSITIVE_INFINITY],
    [160, 1e200],
    [4096, Number.NaN],
  ])('in a word of %i is not believed: %d', (n, value) => {
    const transform = transformOf(n, 20);
    const layout = layoutFor(transform);
    for (const lane of [0, 1] as const) {
      const engine = new Engine(layout, toTheEnd(fftModule(layout, { fusion: 'fused', wide: true })));
      const [modulus, inverse] = [oddOf(20 * n - 6, 'modulus'), oddOf(20 * n - 6, 'inverse')];
      engine.open([modulus, modulus], [inverse, inverse], 1);
      engine.write(0, [modulus >> 1n, modulus >> 2n]);
      const told: number[] = [];
      const listen = (error: number) => told.push(error) > 0 && error <= ERROR_LIMIT;
      expect(engine.squareChain(0, new Uint8Array(2), listen)).toBe(true);
      const { doubles, slots } = engine as unknown as { doubles: Float64Array; slots: number[] };
      doubles[(slots[0] as number) / 8 + 2 * 7 + lane] = value;
      expect(engine.squareChain(0, new Uint8Array(2), listen)).toBe(false);
      expect((told[1] as number) <= ERROR_LIMIT).toBe(false);
    }
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bigintKernel } from '../../main/kernel/bigint.ts';
import { fftKernel } from '../../main/kernel/fft/kernel.ts';
import { largestWordBits, transformOf } from '../../main/kernel/fft/transform.ts';
import { KernelRefusal, type LaneField, type Lanes } from '../../main/kernel/field.ts';

/** With 256-bit vectors where V8 makes them, with 128-bit ones, and without fused multiply-add. */
const STYLES = [
  { fusion: 'fused', wide: true },
  { fusion: 'fused', wide: false },
  { fusion: 'separate', wide: false },
] as const;
const REGISTERS = 4;
const oracle = bigintKernel();

/** An odd integer of exactly this many bits. */
const oddOf = (bits: number): fc.Arbitrary<bigint> =>
  fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n }).map((v) => v | 1n | (1n << BigInt(bits - 1)));

const residueOf = (modulus: bigint): fc.Arbitrary<bigint> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.bigInt({ min: 0n, max: modulus - 1n }) },
    { weight: 1, arbitrary: fc.constantFrom(0n, 1n, modulus - 1n) },
  );

const pairOf = (moduli: Lanes<bigint>): fc.Arbitrary<[bigint, bigint]> =>
  fc.tuple(residueOf(moduli[0]), residueOf(moduli[1]));

const register = fc.nat(REGISTERS - 1);
const lane = fc.constantFrom(0 as const, 1 as const);

/** One operation on a field, the same on every field. */
type Step = (field: LaneField) => void;

const step = (equalModuli: boolean): fc.Arbitrary<Step> => {
  const three = fc.tuple(register, register, register);
  const steps: fc.Arbitrary<Step>[] = [
    fc.tuple(register, fc.uint8Array({ minLength: 1, maxLength: 12 }), fc.nat(3)).map(([r, bytes, skip]): Step => {
      const from = Math.min(skip, bytes.length - 1);
      return (field) => field.squareChain(r, bytes, from, bytes.length - from);
    }),
    three.map(
      ([to, x, y]): Step =>
        (field) =>
          field.multiply(to, x, y),
    ),
    three.map(
      ([to, x, y]): Step =>
        (field) =>
          field.subtract(to, x, y),
    ),
    three.map(
      ([to, x, y]): Step =>
        (field) =>
          field.select(to, x, y),
    ),
    fc.tuple(register, register).map(
      ([to, from]): Step =>
        (field) =>
          field.copy(to, from),
    ),
  ];
  if (equalModuli) {
    steps.push(
      fc.tuple(register, register, fc.tuple(lane, lane)).map(
        ([to, from, lanes]): Step =>
          (field) =>
            field.swizzle(to, from, lanes),
      ),
    );
  }
  return fc.oneof(...steps);
};

const everything = (field: LaneField): Lanes<bigint>[] => Array.from({ length: REGISTERS }, (_, r) => field.read(r));

interface Case {
  readonly moduli: Lanes<bigint>;
  readonly values: readonly Lanes<bigint>[];
  readonly steps: readonly Step[];
}

const caseFor = (moduli: Lanes<bigint>, maxLength: number): fc.Arbitrary<Case> =>
  fc.record({
    moduli: fc.constant(moduli),
    values: fc.array(pairOf(moduli), { minLength: REGISTERS, maxLength: REGISTERS }),
    steps: fc.array(step(moduli[0] === moduli[1]), { minLength: 1, maxLength }),
  });

function run(field: LaneField, { values, steps }: Case): Lanes<bigint>[] {
  values.forEach((pair, r) => {
    field.write(r, pair);
  });
  for (const apply of steps) apply(field);
  return everything(field);
}

describe.each(STYLES)('the FFT kernel, $fusion multiply-add, wide: $wide', ({ fusion, wide }) => {
  const kernel = fftKernel(fusion, { wide });

  test('computes what BigInt computes, for any sizes, moduli and programs', () => {
    const anyCase = fc
      .integer({ min: 64, max: 6000 })
      .chain((bits) => fc.tuple(oddOf(bits), oddOf(bits - (bits % 3)), fc.boolean()))
      .chain(([n, m, equal]) => caseFor([n, equal ? n : m], 8));
    fc.assert(
      fc.property(anyCase, (one) => {
        expect(run(kernel.open(one.moduli, REGISTERS), one)).toEqual(run(oracle.open(one.moduli, REGISTERS), one));
      }),
      { numRuns: 120 },
    );
  });

  test.each([32, 40, 48, 64, 80, 96, 128, 144, 160, 192, 200, 256, 288, 320, 384, 400, 512, 640, 768, 800, 864])(
    'is right in a transform of %i words, as full as it may be',
    (n) => {
      const wordBits = largestWordBits(n);
      const shaped = fftKernel(fusion, { wide, firstTransform: transformOf(n, wordBits) });
      const bits = n * wordBits - 6;
      const anyCase = fc.tuple(oddOf(bits), oddOf(bits)).chain((moduli) => caseFor(moduli, 6));
      fc.assert(
        fc.property(anyCase, (one) => {
          expect(run(shaped.open(one.moduli, REGISTERS), one)).toEqual(run(oracle.open(one.moduli, REGISTERS), one));
        }),
        { numRuns: 4 },
      );
    },
  );

  test('ends a field when another one is opened', () => {
    const [n, m] = [2n ** 89n - 1n, 2n ** 107n - 1n];
    const field = kernel.open([n, n], 1);
    kernel.open([m, m], 1);
    expect(() => field.write(0, [1n, 1n])).toThrow('another one was opened');
  });

  test('is right modulo 2^k − 1 and 2^k + 1', () => {
    const special = fc
      .tuple(fc.integer({ min: 65, max: 4000 }), fc.integer({ min: 65, max: 4000 }), fc.boolean(), fc.boolean())
      .map(([j, k, minus, alsoMinus]): Lanes<bigint> => {
        const power = (e: number, down: boolean): bigint => (1n << BigInt(e)) + (down ? -1n : 1n);
        return [power(Math.min(j, k + 40), minus), power(Math.min(k, j + 40), alsoMinus)];
      });
    let served = 0;
    fc.assert(
      fc.property(
        special.chain((moduli) => caseFor(moduli, 8)),
        (one) => {
          let field: LaneField;
          try {
            field = kernel.open(one.moduli, REGISTERS);
          } catch (error) {
            // Every 2^m + 1 that it tries may share a factor with these.
            if (error instanceof KernelRefusal) return;
            throw error;
          }
          served++;
          expect(run(field, one)).toEqual(run(oracle.open(one.moduli, REGISTERS), one));
        },
      ),
      { numRuns: 60 },
    );
    expect(served).toBeGreaterThan(30);
  });

  test('keeps the lanes apart: lane 0 does not depend on the modulus or the values of lane 1', () => {
    const twice = fc
      .integer({ min: 200, max: 3000 })
      .chain((bits) => fc.tuple(oddOf(bits), oddOf(bits), oddOf(bits)))
      .chain(([n, m, other]) =>
        fc.tuple(caseFor([n, m], 8), fc.array(pairOf([n, other]), { minLength: 4, maxLength: 4 }), fc.constant(other)),
      );
    fc.assert(
      fc.property(twice, ([one, otherValues, other]) => {
        const values = one.values.map((pair, r): Lanes<bigint> => [pair[0], (otherValues[r] as Lanes<bigint>)[1]]);
        const changed: Case = { ...one, moduli: [one.moduli[0], other], values };
        const first = run(kernel.open(one.moduli, REGISTERS), one).map((pair) => pair[0]);
        expect(run(kernel.open(changed.moduli, REGISTERS), changed).map((pair) => pair[0])).toEqual(first);
      }),
      { numRuns: 30 },
    );
  });

  test('reads back canonical residues of whatever was written', () => {
    const moduli: Lanes<bigint> = [(1n << 127n) - 1n, (1n << 128n) - 159n];
    const field = kernel.open(moduli, 1);
    for (const value of [0n, 1n, -1n, moduli[0], moduli[1], 5n * moduli[0] + 7n, -(3n * moduli[1])]) {
      field.write(0, [value, value]);
      expect(field.read(0)).toEqual(moduli.map((n) => ((value % n) + n) % n));
    }
  });

  test('stays right after long runs of differences', () => {
    const moduli: Lanes<bigint> = [(1n << 521n) - 1n, (1n << 522n) + 9n];
    const fields = [kernel.open(moduli, 3), oracle.open(moduli, 3)];
    for (const field of fields) {
      field.write(0, [3n, 5n]);
      field.write(1, [moduli[0] - 1n, moduli[1] >> 1n]);
      field.write(2, [0n, 0n]);
      for (let k = 0; k < 100; k++) {
        field.subtract(2, 2, 1);
        field.subtract(1, 0, 2);
        if (k % 7 === 0) field.multiply(0, 1, 2);
      }
    }
    const [mine, theirs] = fields.map((field) => [field.read(0), field.read(1), field.read(2)]);
    expect(mine).toEqual(theirs);
  });
});

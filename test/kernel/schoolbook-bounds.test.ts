/**
 * The claims of docs/schoolbook-kernel.md, on the functions of a module: the limbs are set directly, to the worst
 * that the bounds allow, and the result is compared with the definition of the reduction.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIMB_BITS, VECTOR } from '../../main/kernel/schoolbook/layout.ts';
import { fromLimbs, negativeInverse, toLimbs } from '../../main/kernel/schoolbook/limbs.ts';
import { loadModule, type SchoolbookModule } from '../../main/kernel/schoolbook/module.ts';

const HALF = 2 ** 50;
const limb = fc.oneof(fc.constantFrom(-HALF, HALF - 1), fc.constantFrom(-HALF, HALF - 1, 0, -1, 1), integer(HALF));
/** Mostly one value in all limbs, so that sums grow as large as they can. */
const limbsOf = (count: number, top: number): fc.Arbitrary<number[]> =>
  fc
    .tuple(
      fc.oneof(
        limb.map((value) => new Array<number>(count - 1).fill(value)),
        fc.array(limb, sized(count - 1)),
      ),
      fc.oneof(fc.constantFrom(-top, top - 1), integer(top)),
    )
    .map(([low, highest]) => [...low, highest]);

function integer(below: number): fc.Arbitrary<number> {
  return fc.maxSafeInteger().map((value) => value % below);
}

function sized(count: number): { minLength: number; maxLength: number } {
  return { minLength: count, maxLength: count };
}

function put(module: SchoolbookModule, address: number, lanes: readonly [number[], number[]]): void {
  const vectors = new Float64Array(module.memory.buffer, address, 2 * module.layout.limbs);
  lanes.forEach((limbs, lane) => {
    limbs.forEach((value, k) => {
      vectors[2 * k + lane] = value;
    });
  });
}

function get(module: SchoolbookModule, address: number): { values: bigint[]; limbs: Float64Array } {
  const limbs = new Float64Array(module.memory.buffer, address, 2 * module.layout.limbs);
  return { values: [fromLimbs(limbs, 0), fromLimbs(limbs, 1)], limbs };
}

const integerOf = (limbs: number[]): bigint =>
  limbs.reduceRight((value, digit) => (value << BigInt(LIMB_BITS)) + BigInt(digit), 0n);
const abs = (value: bigint): bigint => (value < 0n ? -value : value);

const B = 1n << BigInt(LIMB_BITS);
/** The remainder modulo B in −B/2 … B/2 − 1. */
const balanced = (value: bigint): bigint => BigInt.asIntN(LIMB_BITS, value);

interface Tables {
  readonly n: number[];
  /** B^-1 to B^-4 modulo n; any integers as far as the bounds go. */
  readonly folds: readonly number[][];
}

/** What the reduction is by its definition (docs/schoolbook-kernel.md), one limb at a time. */
function reduced(columns: bigint, count: number, { n, folds }: Tables): bigint[] {
  const [fold1, fold2, fold3, fold4] = folds.map(integerOf) as [bigint, bigint, bigint, bigint];
  let t = columns;
  const fold = (by: bigint, up: bigint): void => {
    const limb = balanced(t);
    t = (t - limb) / B + limb * by * B ** up;
  };
  for (let k = 0; k < count - 4; k++) fold(fold4, 3n);
  fold(fold3, 2n);
  fold(fold2, 1n);
  fold(fold1, 0n);
  const modulus = integerOf(n);
  const q = balanced(balanced(t) * BigInt(negativeInverse(modulus)));
  // Where q is half of B, either sign clears the column.
  return (q === -B / 2n ? [q, -q] : [q]).map((digit) => (t + digit * modulus) / B);
}

describe('the bounds of the schoolbook kernel', () => {
  // 4 to 31: every remainder of every block, with and without loops; then some large ones, to the largest.
  const sizes = [...Array.from({ length: 28 }, (_, k) => k + 4), 41, 67, 130, 199, 327, 680];
  const forms = sizes.flatMap((count) => [
    { count, form: 'as it is', wide: false },
    { count, form: 'by pairs of columns', wide: true },
  ]);
  it.each(forms)('hold for limbs at their limits: $count limbs, $form', ({ count, wide }) => {
    const module = loadModule(count, wide);
    module.memory.grow(1);
    const { registers, registerBytes, folds, inverse } = module.layout;
    const [x, y, z] = [registers, registers + registerBytes, registers + 2 * registerBytes];
    const r = 1n << BigInt(LIMB_BITS * count);
    const residue = limbsOf(count, 2 ** 49);
    // N is odd and below R/32, the folds half as large.
    const tables = fc.record({
      n: limbsOf(count, 2 ** 46 - 1).map(([low = 0, ...rest]) => [low % 2 === 0 ? low + 1 : low, ...rest]),
      folds: fc.array(limbsOf(count, 2 ** 45 - 1), sized(4)),
    });
    fc.assert(
      fc.property(
        fc.tuple(tables, tables),
        fc.tuple(residue, residue),
        fc.tuple(residue, residue),
        fc.nat(3),
        (moduli, a, b, doubling) => {
          put(module, folds[0], [moduli[0].n, moduli[1].n]);
          for (const k of [1, 2, 3, 4] as const) {
            put(module, folds[k], [moduli[0].folds[k - 1] as number[], moduli[1].folds[k - 1] as number[]]);
          }
          const inverses = moduli.map(({ n }) => negativeInverse(integerOf(n)));
          new Float64Array(module.memory.buffer, inverse, 2).set(inverses);
          const check = (got: ReturnType<typeof get>, first: typeof a, second: typeof a, doubled: number): void => {
            expect(got.limbs.every((value) => value >= -HALF && value < HALF)).toBe(true);
            got.values.forEach((result, lane) => {
              const factor = ((doubled >> lane) & 1) === 1 ? 2n : 1n;
              const product = integerOf(first[lane] as number[]) * integerOf(second[lane] as number[]);
              const expected = reduced(product, count, moduli[lane as 0 | 1]);
              expect(expected.map((one) => factor * one)).toContain(result);
              expect(abs(result) * 16n <= factor * ((abs(product) * 16n) / r + r + 16n)).toBe(true);
            });
          };
          put(module, x, a);
          put(module, y, b);
          module.multiply(z, x, y);
          check(get(module, z), a, b, 0);
          new Uint8Array(module.memory.buffer)[module.layout.doublings] = doubling;
          module.chain(x, 1);
          check(get(module, x), a, a, doubling);
        },
      ),
      { numRuns: count < 100 ? 30 : 6 },
    );
  });

  it.each(sizes)('hold for what the reduction folds by: %i limbs', (count) => {
    const module = loadModule(count);
    const { folds, inverse, unit } = module.layout;
    const largest = 1n << BigInt(LIMB_BITS * count - 5);
    const modulus = fc
      .oneof(fc.bigInt({ min: 1n, max: largest / 2n - 1n }), fc.constantFrom(1n, largest / 2n - 1n, largest / 4n))
      .map((half) => 2n * half + 1n);
    fc.assert(
      fc.property(fc.tuple(modulus, modulus), (moduli) => {
        put(module, folds[0], [[...toLimbs(moduli[0], count)], [...toLimbs(moduli[1], count)]]);
        new Float64Array(module.memory.buffer, inverse, 2).set(moduli.map(negativeInverse));
        for (const k of [1, 2, 3, 4] as const) {
          module.fold(folds[k], k === 1 ? unit : (folds[k - 1] as number));
          const { values, limbs } = get(module, folds[k]);
          expect(limbs.every((value) => value >= -HALF && value < HALF)).toBe(true);
          values.forEach((value, lane) => {
            const n = moduli[lane as 0 | 1];
            expect((value * B ** BigInt(k) - 1n) % n).toBe(0n);
            expect(abs(value) <= n / 2n + 1n).toBe(true);
          });
        }
      }),
      { numRuns: count < 100 ? 30 : 6 },
    );
  });

  it('hold for differences: balanced limbs of the same value', () => {
    const module = loadModule(9);
    module.memory.grow(1);
    const { registers, registerBytes } = module.layout;
    const residue = limbsOf(9, 2 ** 48);
    fc.assert(
      fc.property(fc.tuple(residue, residue), fc.tuple(residue, residue), (a, b) => {
        put(module, registers, a);
        put(module, registers + registerBytes, b);
        module.subtract(registers, registers, registers + registerBytes);
        const { values, limbs } = get(module, registers);
        expect(limbs.every((value) => value >= -HALF && value < HALF)).toBe(true);
        expect(values).toEqual(a.map((first, lane) => integerOf(first) - integerOf(b[lane] as number[])));
      }),
    );
  });

  it('start from limbs that are balanced and give the integer again', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: 70 }),
        fc.bigInt({ min: 0n, max: 1n << 3600n }),
        fc.boolean(),
        (count, seed, negative) => {
          const size = seed % (1n << BigInt(LIMB_BITS * count - 2));
          const value = negative ? -size : size;
          const limbs = toLimbs(value, count);
          expect(integerOf([...limbs])).toBe(value);
          expect(limbs.every((digit) => Math.abs(digit) <= HALF)).toBe(true);
          const lanes = Float64Array.from({ length: 2 * count }, (_, k) =>
            k % 2 === 1 ? (limbs[k >> 1] as number) : 0,
          );
          expect([fromLimbs(lanes, 0), fromLimbs(lanes, 1)]).toEqual([0n, value]);
        },
      ),
    );
  });

  it('start from the negative inverse modulo 2^51', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 1n << 200n }), (half) => {
        const n = 2n * half + 1n;
        const c = BigInt(negativeInverse(n));
        expect(abs(c) <= 1n << 50n).toBe(true);
        expect(balanced(n * c)).toBe(-1n);
      }),
    );
  });

  it('leave whole vectors: every address is a multiple of their size', () => {
    const { layout } = loadModule(21);
    for (const address of Object.values(layout).flat().slice(1)) expect(address % VECTOR).toBe(0);
  });
});

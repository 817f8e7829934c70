import { generatePrimeSync, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bigintKernel } from '../../main/kernel/bigint.ts';
import { KernelRefusal, type LaneField, type Lanes } from '../../main/kernel/field.ts';
import { schoolbookKernel } from '../../main/kernel/schoolbook/kernel.ts';
import { answersRight } from '../../main/kernel/schoolbook/known-answer.ts';
import { limbsFor, mostBits } from '../../main/kernel/schoolbook/lane-field.ts';
import { LIMB_BITS } from '../../main/kernel/schoolbook/layout.ts';
import { loadModule } from '../../main/kernel/schoolbook/module.ts';

const REGISTERS = 4;
const oracle = bigintKernel();
const kernel = schoolbookKernel();
/** By default pairs of columns are taken where the engine merges them and the size is worth it. */
const forms = [
  { form: 'as it is', one: schoolbookKernel({ wide: false }) },
  { form: 'by pairs of columns', one: schoolbookKernel({ wide: true }) },
];

const allOnes = (bits: number): bigint => (1n << BigInt(bits)) - 1n;
/** A one at every `step`-th bit, `bits` bits long, odd. */
function comb(bits: number, step: number, offset: number): bigint {
  let value = 1n;
  for (let bit = offset; bit < bits - 1; bit += step) value |= 1n << BigInt(bit);
  return value | (1n << BigInt(bits - 1));
}

/** Sizes that leave no bit to spare are the hardest on the bounds. */
const tight = mostBits;
const bits = fc.oneof(
  fc.integer({ min: 64, max: 700 }),
  fc.integer({ min: 64, max: 4000 }),
  fc.integer({ min: 4, max: 20 }).map(tight),
);
const ofBits = (size: number): fc.Arbitrary<bigint> => fc.bigInt({ min: 0n, max: allOnes(size) });

/** Odd moduli of one size: random ones and those that are hard on limbs and carries. */
const modulusOf = (size: number): fc.Arbitrary<bigint> =>
  fc.oneof(
    { weight: 3, arbitrary: ofBits(size - 1).map((low) => (1n << BigInt(size - 1)) | low | 1n) },
    fc.constant(allOnes(size)),
    fc.constant((1n << BigInt(size - 1)) + 1n),
    fc.constant(allOnes(size) - (1n << BigInt(size >> 1))),
    // Limbs of ±2^50, beside carries or none.
    fc.constant(comb(size, LIMB_BITS, 50)),
    fc.constant(allOnes(size) - comb(size - 1, LIMB_BITS, 50) + 1n),
    fc.constant(comb(size, LIMB_BITS, 50) | allOnes(LIMB_BITS)),
    fc.constantFrom(1n, -1n).map((sign) => extremeFold(size, sign)),
  );

/**
 * A modulus n of `size` bits for which B^-4 mod n, by which limbs are folded, is ±n/2 or nearly, all its limbs but the
 * lowest four at a limit. From n·m ± 1 = w·B^4 with m = 2^203 − 1, where B^4 is 2.
 */
function extremeFold(size: number, sign: bigint): bigint {
  if (size <= 260) return allOnes(size);
  const m = allOnes(203);
  const high = allOnes(size - 1) - comb(size - 2, LIMB_BITS, 50);
  const w = high - (high % m) + (sign > 0n ? 1n << 202n : m - (1n << 202n));
  return ((w << BigInt(4 * LIMB_BITS)) - sign) / m;
}

/** The residue whose Montgomery form is `form`. */
function residueOf(form: bigint, modulus: bigint, r: bigint): bigint {
  let [a, b, x, y] = [modulus, r % modulus, 0n, 1n];
  while (b !== 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y];
  return (((form * x) % modulus) + modulus) % modulus;
}

/** Residues of a modulus: random ones, the ends of the range, and those whose form in memory has extreme limbs. */
const residueFor = (modulus: bigint, r: bigint): fc.Arbitrary<bigint> => {
  const size = modulus.toString(2).length;
  return fc.oneof(
    { weight: 3, arbitrary: ofBits(size).map((x) => x % modulus) },
    fc.constantFrom(0n, 1n, modulus - 1n, 2n, (modulus - 1n) / 2n),
    fc
      .constantFrom(comb(size, LIMB_BITS, 50), allOnes(size - 1) - comb(size - 1, LIMB_BITS, 50), allOnes(size - 1), 1n)
      .map((form) => residueOf(form % modulus, modulus, r)),
  );
};

type Step = (field: LaneField) => void;

const register = fc.integer({ min: 0, max: REGISTERS - 1 });
const lane = fc.constantFrom<(0 | 1)[]>(0, 1);

/** One operation, with what is needed to do it on any kernel. */
function stepFor(moduli: Lanes<bigint>, r: bigint): fc.Arbitrary<Step> {
  const values = fc.tuple(residueFor(moduli[0], r), residueFor(moduli[1], r));
  const moves: fc.Arbitrary<Step>[] = [
    fc.tuple(register, values).map(
      ([to, pair]): Step =>
        (field) =>
          field.write(to, pair),
    ),
    fc.tuple(register, register).map(
      ([to, x]): Step =>
        (field) =>
          field.copy(to, x),
    ),
    fc.tuple(register, register, register).map(
      ([to, x, y]): Step =>
        (field) =>
          field.select(to, x, y),
    ),
  ];
  if (moduli[0] === moduli[1]) {
    const swizzle = fc.tuple(register, register, lane, lane);
    moves.push(
      swizzle.map(
        ([to, x, first, second]): Step =>
          (field) =>
            field.swizzle(to, x, [first, second]),
      ),
    );
  }
  const product = fc.tuple(register, register, register);
  return fc.oneof(
    ...moves,
    {
      weight: 4,
      arbitrary: product.map(
        ([to, x, y]): Step =>
          (field) =>
            field.multiply(to, x, y),
      ),
    },
    {
      weight: 6,
      arbitrary: product.map(
        ([to, x, y]): Step =>
          (field) =>
            field.subtract(to, x, y),
      ),
    },
    {
      weight: 2,
      // Each difference is larger than the one before, as Fibonacci's numbers are.
      arbitrary: fc.tuple(register, register, fc.integer({ min: 1, max: 5 })).map(
        ([x, y, times]): Step =>
          (field) => {
            for (let k = 0; k < times; k++) {
              field.subtract(x, x, y);
              field.subtract(y, y, x);
            }
          },
      ),
    },
    {
      weight: 3,
      arbitrary: fc
        .tuple(register, fc.uint8Array({ minLength: 1, maxLength: 12, max: 3 }), fc.nat(3))
        .map(([x, doublings, skip]): Step => {
          const from = Math.min(skip, doublings.length);
          return (field) => field.squareChain(x, doublings, from, doublings.length - from);
        }),
    },
  );
}

const program = bits.chain((size) =>
  fc
    .tuple(modulusOf(size), fc.oneof(modulusOf(size), fc.constant(undefined)))
    .map(([first, second]): Lanes<bigint> => [first, second ?? first])
    .chain((moduli) => {
      const r = 1n << BigInt(LIMB_BITS * limbsFor(size));
      const start = fc.array(fc.tuple(residueFor(moduli[0], r), residueFor(moduli[1], r)), {
        minLength: REGISTERS,
        maxLength: REGISTERS,
      });
      return fc.record({
        moduli: fc.constant(moduli),
        start,
        steps: fc.array(stepFor(moduli, r), { minLength: 1, maxLength: 40 }),
      });
    }),
);

function runOn(field: LaneField, start: Lanes<bigint>[], steps: Step[]): Lanes<bigint>[] {
  start.forEach((pair, k) => {
    field.write(k, pair);
  });
  for (const step of steps) step(field);
  return start.map((_, k) => field.read(k));
}

/** The doublings of a base-2 power, both lanes with exponents of one length. */
function doublingsOf(exponents: Lanes<bigint>): Uint8Array {
  const [first, second] = exponents.map((e) => e.toString(2)) as [string, string];
  return Uint8Array.from(first, (bit, k) => Number(bit) + 2 * Number(second[k]));
}

function randomModulus(size: number): bigint {
  const value = BigInt(`0x${randomBytes((size >> 3) + 1).toString('hex')}`) & allOnes(size);
  return value | 1n | (1n << BigInt(size - 1));
}

describe('the schoolbook kernel', () => {
  it('is tested with moduli that are folded by extremes', () => {
    for (const size of [300, 1000, tight(20)]) {
      for (const sign of [1n, -1n]) {
        const n = extremeFold(size, sign);
        expect([n & 1n, n.toString(2).length]).toEqual([1n, size]);
        const fold = residueOf(1n, n, 1n << BigInt(4 * LIMB_BITS));
        const nearest = fold > n / 2n ? fold - n : fold;
        expect(Number((1000n * nearest) / n)).toBeCloseTo(Number(sign) * 500, -1);
      }
    }
  });

  it.each(forms)('agrees with BigInt on random programs, for hostile moduli and residues: $form', ({ one }) => {
    fc.assert(
      fc.property(program, ({ moduli, start, steps }) => {
        const expected = runOn(oracle.open(moduli, REGISTERS), start, steps);
        expect(runOn(one.open(moduli, REGISTERS), start, steps)).toEqual(expected);
      }),
      { numRuns: 400 },
    );
  });

  it.each(forms)(
    'agrees with BigInt for every number of limbs to 40, and for moduli of a few bits: $form',
    ({ one }) => {
      for (let size = 3; size < 40 * LIMB_BITS; size += size < 12 ? 1 : 17) {
        const moduli: Lanes<bigint> = [allOnes(size), randomModulus(size)];
        const start: Lanes<bigint>[] = [
          [moduli[0] - 1n, moduli[1] - 1n],
          [2n, moduli[1] >> 1n],
        ];
        const steps: Step[] = [
          (field) => field.squareChain(0, Uint8Array.of(3, 0, 1, 2, 3, 3), 0, 6),
          (field) => field.multiply(1, 0, 1),
          (field) => field.subtract(0, 1, 0),
        ];
        const expected = runOn(oracle.open(moduli, 2), start, steps);
        expect(runOn(one.open(moduli, 2), start, steps), `${size} bits`).toEqual(expected);
      }
    },
  );

  it('keeps every residue through a chain of thousands of squarings, longer than its buffer', () => {
    for (const [size, count] of [
      [130, 40_000],
      [997, 6000],
      [3322, 2000],
    ] as const) {
      const moduli: Lanes<bigint> = [randomModulus(size), comb(size, LIMB_BITS, 50) | allOnes(LIMB_BITS)];
      const doublings = Uint8Array.from(randomBytes(count), (byte) => byte & 3);
      const steps: Step[] = [(field) => field.squareChain(0, doublings, 0, count)];
      const expected = runOn(oracle.open(moduli, 1), [[3n, moduli[1] - 2n]], steps);
      expect(runOn(kernel.open(moduli, 1), [[3n, moduli[1] - 2n]], steps)).toEqual(expected);
    }
  });

  it('keeps residues through long chains of differences alone', () => {
    const moduli: Lanes<bigint> = [extremeFold(tight(12), 1n), extremeFold(tight(12), -1n)];
    const steps: Step[] = [];
    for (let k = 0; k < 500; k++) {
      if (k % 50 === 0) steps.push((field) => field.squareChain(1, Uint8Array.of(3), 0, 1));
      steps.push((field) => field.subtract(0, 0, 1));
      steps.push((field) => field.subtract(1, 1, 0));
    }
    const start: Lanes<bigint>[] = [
      [1n, 2n],
      [moduli[0] - 1n, 5n],
    ];
    expect(runOn(kernel.open(moduli, 2), start, steps)).toEqual(runOn(oracle.open(moduli, 2), start, steps));
  });

  it('knows that a selected lane may be larger than the one beside it', () => {
    const moduli: Lanes<bigint> = [extremeFold(tight(8), 1n), extremeFold(tight(8), -1n)];
    const start: Lanes<bigint>[] = Array.from({ length: 3 }, (_, k) => [BigInt(k), moduli[1] - 9n * BigInt(k) - 1n]);
    const grow: Step = (field) => {
      field.squareChain(0, Uint8Array.of(3), 0, 1);
      field.squareChain(1, Uint8Array.of(3), 0, 1);
      for (let k = 0; k < 12; k++) {
        field.select(0, 2, 0);
        field.subtract(0, 0, 1);
        field.select(1, 2, 1);
        field.subtract(1, 1, 0);
      }
    };
    expect(runOn(kernel.open(moduli, 3), start, [grow])).toEqual(runOn(oracle.open(moduli, 3), start, [grow]));
  });

  it('says that 2^(p−1) is 1 for primes p: Mersenne primes beside primes of OpenSSL', () => {
    for (const size of [89, 127, 521, 607, 1279]) {
      const prime = generatePrimeSync(size, { bigint: true });
      const field = kernel.open([allOnes(size), prime], 1);
      field.write(0, [1n, 1n]);
      field.squareChain(0, doublingsOf([allOnes(size) - 1n, prime - 1n]), 0, size);
      expect(field.read(0), `${size} bits`).toEqual([1n, 1n]);
    }
  });

  it('does not let lane 1 change lane 0', () => {
    const size = 400;
    const first = randomModulus(size);
    const doublings = Uint8Array.from(randomBytes(100), (byte) => byte & 1);
    const results = [first, allOnes(size), randomModulus(size)].map((second, k) => {
      const steps: Step[] = [
        (field) =>
          field.squareChain(
            0,
            doublings.map((bit) => bit | (k === 1 ? 2 : 0)),
            0,
            100,
          ),
        (field) => field.multiply(1, 0, 1),
        (field) => field.subtract(0, 1, 0),
      ];
      const other = second - BigInt(k);
      return runOn(
        kernel.open([first, second], 2),
        [
          [7n, other],
          [11n, other],
        ],
        steps,
      ).map((pair) => pair[0]);
    });
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
  });

  it('reduces what is written, negative or too large, modulo each lane', () => {
    const moduli: Lanes<bigint> = [randomModulus(300), randomModulus(300)];
    const field = kernel.open(moduli, 1);
    field.write(0, [-1n, 5n * moduli[1] + 4n]);
    expect(field.read(0)).toEqual([moduli[0] - 1n, 4n]);
  });

  it('is believed, by pairs of columns, after a known answer', () => {
    for (const limbs of [7, 14, 20, 21, 40]) {
      const module = loadModule(limbs, true);
      module.memory.grow(1);
      expect(answersRight(module)).toBe(true);
      // As a column would be that the engine has lost.
      const { memory, layout } = module;
      const starts = new BigInt64Array(memory.buffer, layout.squareStart, 4 * limbs);
      starts[2 * limbs + 1] = (starts[2 * limbs + 1] as bigint) + 1n;
      expect(answersRight(module)).toBe(false);
    }
  });

  it('writes one, for moduli of the same size and of any two sizes', () => {
    fc.assert(
      fc.property(bits.chain(modulusOf), fc.integer({ min: 4, max: 4000 }).chain(modulusOf), (first, second) => {
        for (const moduli of [
          [first, first],
          [first, second],
          [second, first],
        ] as const) {
          const field = kernel.open(moduli, 2);
          field.write(0, [1n, 1n]);
          expect(field.read(0)).toEqual([1n, 1n]);
          field.squareChain(0, Uint8Array.of(3, 1), 0, 2);
          expect(field.read(0)).toEqual([8n % moduli[0], 4n % moduli[1]]);
        }
      }),
    );
  });

  it('finds its modules again after more sizes than it keeps', () => {
    for (const size of [100, 200, 300, 400, 500, 600, 700, 800, 900, 1000, 100, 900]) {
      const moduli: Lanes<bigint> = [randomModulus(size), randomModulus(size)];
      const field = kernel.open(moduli, size === 900 ? 200 : 2);
      field.write(1, [moduli[0] - 3n, 3n]);
      field.multiply(0, 1, 1);
      expect(field.read(0)).toEqual([9n, 9n]);
    }
  });

  it('takes the steps of a ladder as one after the other, also more of them than its buffer holds', () => {
    const lanes = fc.uint8Array({ min: 0, max: 1, minLength: 0, maxLength: 40 });
    const long = fc.constant(Uint8Array.from({ length: 1300 }, (_, k) => ((k * k) >> 3) & 1));
    const anyModulus = bits.chain(modulusOf);
    fc.assert(
      fc.property(
        anyModulus,
        fc.array(ofBits(400), { minLength: 4, maxLength: 4 }),
        fc.oneof(lanes, long),
        (n, x, steps) => {
          for (const { one } of forms) {
            const field = one.open([n, n], REGISTERS);
            field.write(0, [x[0] as bigint, x[1] as bigint]);
            field.write(2, [x[2] as bigint, x[3] as bigint]);
            field.write(3, [x[3] as bigint, x[2] as bigint]);
            field.ladder?.(0, 1, [2, 3], steps);
            let [v, w] = [(x[0] as bigint) % n, (x[1] as bigint) % n];
            for (const lane of steps) {
              const by = lane === 1 ? w : v;
              const [a, b] = lane === 1 ? [x[3], x[2]] : [x[2], x[3]];
              v = (((v * by - (a as bigint)) % n) + n) % n;
              w = (((w * by - (b as bigint)) % n) + n) % n;
            }
            expect(field.read(0)).toEqual([v, w]);
            // It may be gone on with like any other.
            field.subtract(1, 0, 2);
            expect(field.read(1)[0]).toBe((((v - (x[2] as bigint)) % n) + n) % n);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('computes with the moduli that were opened last, whichever were opened before', () => {
    const n = [10n ** 99n + 289n, 10n ** 99n + 711n, 10n ** 120n + 79n] as const;
    const pairs = fc.tuple(fc.nat(2), fc.nat(2), fc.integer({ min: 1, max: 40 }));
    fc.assert(
      fc.property(
        fc.array(pairs, { minLength: 2, maxLength: 12 }),
        fc.bigInt({ min: 2n, max: 1n << 300n }),
        (opens, x) => {
          for (const [first, second, registers] of opens) {
            const moduli = [n[first] as bigint, n[second] as bigint] as const;
            const field = kernel.open(moduli, registers);
            field.write(0, [x, x]);
            field.squareChain(0, Uint8Array.of(0, 1, 2), 0, 3);
            const power = (m: bigint, factor: bigint) => (x ** 8n * factor) % m;
            expect(field.read(0)).toEqual([power(moduli[0], 4n), power(moduli[1], 2n)]);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('refuses even and too large moduli, registers and doublings that are not there, and a field that has ended', () => {
    const field = kernel.open([15n, 21n], 1);
    expect(() => field.copy(0, 1)).toThrow(RangeError);
    expect(() => field.squareChain(0, new Uint8Array(3), 2, 2)).toThrow(RangeError);
    expect(() => kernel.open([16n, 21n], 1)).toThrow(KernelRefusal);
    expect(() => kernel.open([15n, allOnes(kernel.maximumBits + 1)], 1)).toThrow(KernelRefusal);
    field.write(0, [4n, 5n]);
    expect(field.read(0)).toEqual([4n, 5n]);
    kernel.open([15n, 21n], 1);
    expect(() => field.read(0)).toThrow('open field');
  });
});

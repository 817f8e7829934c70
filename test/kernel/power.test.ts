import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KERNEL_NAMES, type KernelName, type Lanes } from '../../main/kernel/field.ts';
import { Kernels } from '../../main/kernel/kernels.ts';
import {
  BASE_TWO_REGISTERS,
  LanePower,
  POWER_START,
  type PowerState,
  type PowerTask,
  powerRegisters,
  windowWidth,
} from '../../main/kernel/power.ts';
import { integerOf, oddOf, powerModulo, throughJson } from '../support/big-integers.ts';

const kernels = new Kernels();
const kernelName = fc.constantFrom<KernelName>(...KERNEL_NAMES);

interface Case {
  readonly moduli: Lanes<bigint>;
  readonly tasks: Lanes<PowerTask>;
}

const isBaseTwo = ({ tasks }: Case): boolean => tasks[0].base === 2n && tasks[1].base === 2n;
const longest = ({ tasks }: Case): number => Math.max(...tasks.map(({ exponent }) => exponent.toString(2).length));

function begin(one: Case, kernel: KernelName, states?: Lanes<PowerState>): LanePower {
  const registers = isBaseTwo(one) ? BASE_TWO_REGISTERS : powerRegisters(longest(one));
  return new LanePower(kernels.open(one.moduli, registers, kernel), one.tasks, states);
}

const expected = ({ moduli, tasks }: Case): Lanes<bigint> => [
  powerModulo(tasks[0].base, tasks[0].exponent, moduli[0]),
  powerModulo(tasks[1].base, tasks[1].exponent, moduli[1]),
];

/** Lengths from one bit up, and exponents that are all ones, all zeros but the first, or random. */
const exponent = fc
  .oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 500 }))
  .chain((bits) =>
    fc.oneof(
      { weight: 4, arbitrary: integerOf(bits) },
      fc.constant((1n << BigInt(bits)) - 1n),
      fc.constant(1n << BigInt(bits - 1)),
    ),
  );
const base = fc.oneof(fc.bigInt({ min: 0n, max: 1n << 600n }), fc.constantFrom(-3n, -1n, 0n, 1n, 2n, 3n));
const bases = fc.oneof(fc.constant([2n, 2n] as const), fc.tuple(base, base), fc.tuple(fc.constant(2n), base));

/** Two numbers of about one size, or one number twice. */
const moduli = fc
  .integer({ min: 70, max: 700 })
  .chain((bits) => fc.tuple(oddOf(bits), oddOf(bits - (bits % 5)), fc.boolean()))
  .map(([n, m, equal]): Lanes<bigint> => [n, equal ? n : m]);

/** One exponent for both lanes, or two. */
const exponents = fc.oneof(
  fc.tuple(exponent, exponent),
  exponent.map((e) => [e, e] as const),
);

const anyCase: fc.Arbitrary<Case> = fc.tuple(moduli, bases, exponents).map(([n, [a, b], [d, e]]) => ({
  moduli: n,
  tasks: [
    { base: a, exponent: d },
    { base: b, exponent: e },
  ],
}));

const slice = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 300 }));

describe('a power in both lanes', () => {
  test('is base^exponent mod N, in any slices, on every kernel', () => {
    fc.assert(
      fc.property(anyCase, kernelName, fc.infiniteStream(slice), (one, kernel, slices) => {
        const power = begin(one, kernel);
        expect(power.stepsLeft).toBe(longest(one));
        while (!power.done) {
          const before = power.stepsLeft;
          power.advance(slices.next().value as number);
          expect(power.stepsLeft).toBeLessThan(before);
        }
        expect(power.residues()).toEqual(expected(one));
      }),
      { numRuns: 150 },
    );
  });

  test('goes on from plain data in another kernel, after every slice', () => {
    fc.assert(
      fc.property(anyCase, fc.infiniteStream(fc.tuple(slice, kernelName)), (one, moves) => {
        const next = () => moves.next().value as [number, KernelName];
        let power = begin(one, next()[1]);
        while (!power.done) {
          const [squarings, kernel] = next();
          power.advance(squarings);
          power = begin(one, kernel, throughJson(power.states()));
        }
        expect(power.residues()).toEqual(expected(one));
      }),
      { numRuns: 120 },
    );
  });

  test('says at every moment what the bits taken so far give', () => {
    fc.assert(
      fc.property(anyCase, kernelName, (one, kernel) => {
        const power = begin(one, kernel);
        for (;;) {
          for (const [lane, { bit, residue }] of power.states().entries()) {
            const { base: a, exponent: e } = one.tasks[lane] as PowerTask;
            const top = e >> BigInt(e.toString(2).length - bit);
            expect(residue).toBe(powerModulo(a, top, one.moduli[lane] as bigint));
          }
          if (power.done) break;
          power.advance(Math.ceil(longest(one) / 7));
        }
      }),
      { numRuns: 60 },
    );
  });

  test('in lane 0 does not depend on what lane 1 does', () => {
    fc.assert(
      fc.property(anyCase, base, exponent, kernelName, (one, otherBase, otherExponent, kernel) => {
        const other: Case = { ...one, tasks: [one.tasks[0], { base: otherBase, exponent: otherExponent }] };
        for (const each of [one, other]) {
          const power = begin(each, kernel);
          power.advance(Number.POSITIVE_INFINITY);
          expect(power.residues()[0]).toBe(expected(one)[0]);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('with one long exponent for both lanes is right at once and in slices', () => {
    const e = ((3n ** 4000n) << 300n) | (7n ** 30n);
    const moduli: Lanes<bigint> = [10n ** 99n + 289n, 10n ** 98n + 3n];
    const one: Case = {
      moduli,
      tasks: [
        { base: 5n, exponent: e },
        { base: 2n, exponent: e },
      ],
    };
    for (const kernel of KERNEL_NAMES) {
      for (const slice of [Number.POSITIVE_INFINITY, 1, 700]) {
        const power = begin(one, kernel);
        while (!power.done) power.advance(slice);
        expect(power.residues()).toEqual(expected(one));
      }
    }
  });

  test('of 2 to N − 1 is 1 for Mersenne primes, and is not for their neighbours', () => {
    for (const p of [521, 607, 1279, 2203]) {
      const n = (1n << BigInt(p)) - 1n;
      const tasks = [n, n + 2n].map((m) => ({ base: 2n, exponent: m - 1n })) as unknown as Lanes<PowerTask>;
      const power = begin({ moduli: [n, n + 2n], tasks }, kernels.serving(n));
      while (!power.done) power.advance(500);
      expect(power.residues()[0]).toBe(1n);
      expect(power.residues()[1]).not.toBe(1n);
    }
  });
});

test('of long numbers in BigInt takes few products at once, and is right', () => {
  const bits = 60_000;
  const modulus = (1n << BigInt(bits)) - 1n;
  const exponent = (1n << BigInt(bits - 1)) + 0b1_0000_0000_0111_0101n;
  const field = kernels.open([modulus, modulus], powerRegisters(bits), 'bigint');
  let products = 0;
  const { multiply, squareChain } = field;
  field.multiply = (...registers) => {
    products++;
    multiply.apply(field, registers);
  };
  field.squareChain = (register, doublings, from, count) => {
    products += count;
    squareChain.call(field, register, doublings, from, count);
  };
  const take = (): number => {
    const taken = products;
    products = 0;
    return taken;
  };
  // The last bits, from what all before them give: 2^(2^59980 · …), of which the modulus leaves a power of two.
  const left = 20;
  const head = exponent >> BigInt(left);
  const state = { bit: bits - left, residue: 1n << (head % BigInt(bits)) };
  const tasks = [
    { base: 2n, exponent },
    { base: 8n, exponent },
  ] as const;
  const power = new LanePower(field, tasks, [state, { ...state, residue: 1n << ((3n * head) % BigInt(bits)) }]);
  expect(take()).toBeLessThanOrEqual(2);
  while (!power.done) {
    power.advance(1);
    expect(take()).toBeLessThanOrEqual(4);
  }
  expect(power.states().map(({ residue }) => residue)).toEqual([
    1n << (exponent % BigInt(bits)),
    1n << ((3n * exponent) % BigInt(bits)),
  ]);
});

describe('a state that cannot be', () => {
  const one: Case = {
    moduli: [1_000_003n, 1_000_005n],
    tasks: [
      { base: 2n, exponent: 1000n },
      { base: 3n, exponent: 17n },
    ],
  };
  const at = (first: number, second: number, residues: Lanes<bigint> = [5n, 7n]): Lanes<PowerState> => [
    { bit: first, residue: first === 0 ? 1n : residues[0] },
    { bit: second, residue: second === 0 ? 1n : residues[1] },
  ];
  const going = (states: Lanes<PowerState>) => () => begin(one, 'bigint', states);

  test('of lanes in step is taken', () => {
    for (const states of [at(0, 0), at(3, 0), at(5, 0), at(6, 1), at(10, 5)]) expect(going(states)).not.toThrow();
  });

  test('of lanes out of step is refused', () => {
    for (const states of [at(6, 0), at(0, 1), at(5, 5), at(10, 4), at(6, 2)]) {
      expect(going(states)).toThrow(RangeError);
    }
  });

  test('beyond the exponent, before its start, or between two bits is refused', () => {
    for (const states of [at(11, 6), at(-1, 0), at(2.5, 0), at(Number.NaN, 0)])
      expect(going(states)).toThrow(RangeError);
  });

  test('with a residue that is none, or with another start than 1, is refused', () => {
    for (const residue of [-1n, 1_000_003n, 1n << 70n]) expect(going(at(6, 1, [residue, 7n]))).toThrow(RangeError);
    expect(going([POWER_START, { bit: 0, residue: 2n }])).toThrow(RangeError);
  });

  test('and an exponent of nothing, or too few registers, are refused', () => {
    const tasks = (exponent: bigint): Lanes<PowerTask> => [one.tasks[0], { base: 3n, exponent }];
    for (const exponent of [0n, -5n])
      expect(() => begin({ ...one, tasks: tasks(exponent) }, 'bigint')).toThrow(RangeError);
    expect(() => new LanePower(kernels.open(one.moduli, 2, 'bigint'), one.tasks)).toThrow(/registers/);
    expect(() => begin(one, 'bigint').residues()).toThrow(/squarings to go/);
  });
});

test('the window is the one with the fewest multiplications, of those allowed', () => {
  for (const bits of [1, 5, 20, 100, 500, 1000, 3322, 33_219]) {
    const cost = (width: number) => Math.ceil(bits / width) + 2 ** width;
    const least = Math.min(...[1, 2, 3, 4, 5, 6].map(cost));
    expect(cost(windowWidth(bits))).toBeLessThanOrEqual(least + 1);
  }
});

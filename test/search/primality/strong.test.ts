import { checkPrimeSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KERNEL_NAMES, type KernelName, type Lanes } from '../../../main/kernel/field.ts';
import { Kernels } from '../../../main/kernel/kernels.ts';
import type { PowerState } from '../../../main/kernel/power.ts';
import { oddPart, StrongPair, type StrongTask } from '../../../main/search/primality/strong.ts';
import { composites, readTable } from '../../data/read.ts';
import { integerOf, isStrongProbablePrime, oddOf, throughJson } from '../../support/big-integers.ts';

const kernels = new Kernels();
const kernelName = fc.constantFrom<KernelName>(...KERNEL_NAMES);
const slice = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 400 }));

type Tasks = Lanes<StrongTask>;

function verdicts(tasks: Tasks, kernel?: KernelName): Lanes<boolean> {
  const pair = new StrongPair(kernels, tasks, undefined, kernel);
  while (!pair.done) pair.advance(pair.stepsLeft);
  return pair.verdicts();
}

/** The same, with every state through JSON into a pair on another kernel. */
function verdictsOnTheMove(tasks: Tasks, moves: Iterator<[number, KernelName]>): Lanes<boolean> {
  const next = () => moves.next().value as [number, KernelName];
  let pair = new StrongPair(kernels, tasks, undefined, next()[1]);
  while (!pair.done) {
    const [squarings, kernel] = next();
    pair.advance(squarings);
    pair = new StrongPair(kernels, tasks, throughJson(pair.states()), kernel);
  }
  return pair.verdicts();
}

const moves = fc.infiniteStream(fc.tuple(slice, kernelName));
const oracle = (tasks: Tasks): Lanes<boolean> => [
  isStrongProbablePrime(tasks[0].n, tasks[0].base),
  isStrongProbablePrime(tasks[1].n, tasks[1].base),
];

const baseOf = (n: bigint): fc.Arbitrary<bigint> =>
  fc.oneof(fc.constant(2n), fc.constantFrom(3n, n - 2n), fc.bigInt({ min: 2n, max: n - 2n }));

/** k·2^s + 1 of about so many bits, k odd: a tail of s squarings. */
const proth = (bits: number): fc.Arbitrary<bigint> =>
  fc.integer({ min: 1, max: bits - 2 }).chain((s) => integerOf(bits - s).map((k) => ((k | 1n) << BigInt(s)) + 1n));

/** Primes k·2^s + 1 (k = 3: OEIS A002253). */
const PROTH_PRIMES: readonly (readonly [bigint, number])[] = [
  [3n, 189],
  [3n, 201],
  [3n, 209],
  [3n, 276],
  [3n, 353],
  [3n, 408],
  [3n, 438],
  [3n, 534],
  [3n, 2208],
  [3n, 2816],
];
const prothPrime = fc.constantFrom(...PROTH_PRIMES.slice(0, 8)).map(([k, s]) => (k << BigInt(s)) + 1n);

const number = fc
  .integer({ min: 70, max: 550 })
  .chain((bits) => fc.oneof({ weight: 2, arbitrary: oddOf(bits) }, { weight: 2, arbitrary: proth(bits) }, prothPrime));

const tasksOf = fc.tuple(number, number, fc.boolean()).chain(([n, m, equal]): fc.Arbitrary<Tasks> => {
  const second = equal ? n : m;
  return fc.tuple(baseOf(n), baseOf(second)).map(([a, b]) => [
    { n, base: a },
    { n: second, base: b },
  ]);
});

describe('a pair of strong tests', () => {
  test('has no verdict when its exponent has changed in memory', () => {
    const n = (1n << 200n) + 235n;
    const task = { n, base: 2n };
    for (const bit of [0n, 1n, 77n, 198n]) {
      const pair = new StrongPair(kernels, [task, task]);
      const plans = (pair as unknown as { plans: { d: bigint }[] }).plans;
      for (const plan of plans) plan.d ^= 1n << bit;
      while (!pair.done) pair.advance(50);
      expect(() => pair.verdicts()).toThrow(/exponent/);
    }
  });

  test('says what the definition says, of any two numbers and bases, on every kernel', () => {
    fc.assert(
      fc.property(tasksOf, kernelName, (tasks, kernel) => {
        expect(verdicts(tasks, kernel)).toEqual(oracle(tasks));
      }),
      { numRuns: 150 },
    );
  });

  test('says the same when it is moved to another kernel after every slice', () => {
    fc.assert(
      fc.property(tasksOf, moves, (tasks, all) => {
        expect(verdictsOnTheMove(tasks, all)).toEqual(oracle(tasks));
      }),
      { numRuns: 150 },
    );
  });

  test.each([
    ['schoolbook', 5n, 1200],
    ['bigint', 5n, 1200],
    ['fft', (1n << 64n) + 1n, 300],
  ] as const)('decides every odd number of a small range on the %s kernel', (kernel, from, count) => {
    for (let k = 0; k < count; k += 2) {
      const n = from + 2n * BigInt(k);
      const tasks: Tasks = [
        { n, base: 2n },
        { n: n + 2n, base: 2n },
      ];
      const said = verdicts(tasks, kernel);
      if (String(said) !== String(oracle(tasks))) expect.fail(`${n}, ${n + 2n}: ${said}`);
      if (checkPrimeSync(n)) expect(said[0]).toBe(true);
      if (checkPrimeSync(n + 2n)) expect(said[1]).toBe(true);
    }
  });

  test('passes exactly the base-2 pseudoprimes of the table among the odd numbers up to 50,000', () => {
    const passed: string[] = [];
    for (let n = 9n; n < 50_000n; n += 4n) {
      const [first, second] = verdicts(
        [
          { n, base: 2n },
          { n: n + 2n, base: 2n },
        ],
        'bigint',
      );
      if (first && !checkPrimeSync(n)) passed.push(String(n));
      if (second && !checkPrimeSync(n + 2n)) passed.push(String(n + 2n));
    }
    const table = readTable('strong-pseudoprimes-base-2.json').below10To7;
    expect(passed).toEqual(table.filter((n) => Number(n) < 50_000));
  });

  test('is passed by strong pseudoprimes to the bases that they are known for', () => {
    for (const { n, passes, fails } of readTable('strong-pseudoprimes-many-bases.json').entries) {
      const candidate = BigInt(n);
      if (candidate < 1n << 64n) continue;
      for (const kernel of KERNEL_NAMES) {
        for (const base of passes.slice(-3)) {
          const tasks = [BigInt(base), BigInt(fails)].map((b) => ({ n: candidate, base: b })) as unknown as Tasks;
          expect(verdicts(tasks, kernel)).toEqual([true, false]);
        }
      }
    }
  });

  test('says of every composite of the tables what the definition says, to bases 2 and 3', () => {
    for (const { n } of composites().filter((trap) => trap.n > 1n << 64n && trap.n < 1n << 1000n)) {
      const tasks = [2n, 3n].map((base) => ({ n, base })) as unknown as Tasks;
      expect(verdicts(tasks)).toEqual(oracle(tasks));
    }
  });
});

describe('a long tail of squarings, where −1 may appear late', () => {
  const prime = (index: number): bigint => {
    const [k, s] = PROTH_PRIMES[index] as readonly [bigint, number];
    return (k << BigInt(s)) + 1n;
  };

  test('ends in a pass for primes 3·2^s + 1 with s over 2,000, whatever the base', () => {
    for (const base of [2n, 5n, 7n, 11n]) {
      const tasks: Tasks = [
        { n: prime(8), base },
        { n: prime(8), base: base + 8n },
      ];
      expect(verdicts(tasks)).toEqual([true, true]);
    }
    expect(
      verdicts([
        { n: prime(9), base: 2n },
        { n: prime(9) + 6n, base: 2n },
      ])[0],
    ).toBe(true);
  });

  test('of one lane leaves the other lane as it was decided, also when resumed at every slice', () => {
    // Primes with no tail or a short one, where a^d is 1 or −1 at once, and composites; Carmichael numbers come to 1
    // without −1 before it.
    const carmichael = readTable('carmichael.json')
      .chernick.map(BigInt)
      .filter((n) => n > 1n << 64n && n < 1n << 192n);
    const others = [
      ...carmichael,
      (1n << 190n) - 11n,
      (1n << 189n) - 25n,
      (1n << 127n) - 1n,
      (1n << 189n) + 27n,
      (1n << 190n) + 133n,
    ];
    for (const kernel of KERNEL_NAMES) {
      for (const base of [2n, 3n, 5n]) {
        for (const other of others) {
          const tasks: Tasks = [
            { n: other, base },
            { n: prime(0), base: 5n },
          ];
          for (const each of [tasks, [tasks[1], tasks[0]] as Tasks]) {
            const still = (function* (): Generator<[number, KernelName]> {
              for (;;) yield [1, kernel];
            })();
            expect(verdictsOnTheMove(each, still)).toEqual(oracle(each));
          }
        }
      }
    }
  });

  test('is refused in a state whose lanes are out of step or past the end', () => {
    const n = prime(0);
    const tasks: Tasks = [
      { n, base: 5n },
      { n, base: 7n },
    ];
    const at = (first: number, second: number): Lanes<PowerState> => [
      { bit: first, residue: 9n },
      { bit: second, residue: 9n },
    ];
    const going = (states: Lanes<PowerState>) => () => new StrongPair(kernels, tasks, states);
    // d = 3 has two bits; 188 squarings may follow.
    for (const states of [at(2, 2), at(50, 50), at(190, 190)]) expect(going(states)).not.toThrow();
    for (const states of [at(50, 51), at(2, 50), at(191, 191), at(50, 1)]) expect(going(states)).toThrow(RangeError);
    expect(going([at(50, 50)[0], { bit: 50, residue: n }])).toThrow(RangeError);
  });
});

test('the odd part: N − 1 = d·2^s', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4000 }), fc.bigInt({ min: 0n, max: 1n << 200n }), (s, half) => {
      const d = 2n * half + 1n;
      expect(oddPart(d << BigInt(s))).toEqual({ d, s });
    }),
  );
});

test('a verdict before the end is refused', () => {
  const pair = new StrongPair(kernels, [
    { n: (1n << 127n) - 1n, base: 2n },
    { n: (1n << 127n) - 1n, base: 3n },
  ]);
  expect(() => pair.verdicts()).toThrow(/squarings to go/);
});

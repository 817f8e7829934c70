import { checkPrimeSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ArithmeticFault } from '../../main/kernel/arithmetic-fault.ts';
import {
  checkPrime,
  LARGEST_CHECK_BITS,
  liftResidue,
  residueOfPower,
  SMALLEST_CHECK_BITS,
} from '../../main/kernel/check-prime.ts';
import { CheckedPower, type CheckedTask, expectPowers } from '../../main/kernel/checked-power.ts';
import { bitLength, KERNEL_NAMES, type KernelName, type Lanes } from '../../main/kernel/field.ts';
import { Kernels } from '../../main/kernel/kernels.ts';
import type { PowerState } from '../../main/kernel/power.ts';
import { integerOf, oddOf, powerModulo, throughJson } from '../support/big-integers.ts';
import { FaultyKernels } from '../support/faulty-kernels.ts';
import { flipBit } from '../support/memory-flips.ts';

const kernels = new Kernels();
const kernelName = fc.constantFrom<KernelName>(...KERNEL_NAMES);

type Tasks = Lanes<CheckedTask>;

const base = fc.oneof(fc.constant(2n), fc.bigInt({ min: 0n, max: 1n << 600n }), fc.constantFrom(-3n, -1n, 0n, 1n));
const tasks = fc
  .integer({ min: 70, max: 700 })
  .chain((bits) => fc.tuple(oddOf(bits), oddOf(bits - (bits % 5)), fc.boolean(), fc.tuple(base, base)))
  .chain(([n, m, equal, [a, b]]) =>
    fc.tuple(
      fc.constant(n),
      fc.constant(equal ? n : m),
      fc.constant(a),
      fc.constant(b),
      integerOf(300),
      integerOf(280),
    ),
  )
  .map(
    ([n, m, a, b, d, e]): Tasks => [
      { modulus: n, base: a, exponent: d },
      { modulus: m, base: b, exponent: e },
    ],
  );

const oracle = ([first, second]: Tasks): Lanes<bigint> => [
  powerModulo(first.base, first.exponent, first.modulus),
  powerModulo(second.base, second.exponent, second.modulus),
];

function finish(power: CheckedPower, slice = 1 << 30): Lanes<bigint> {
  while (!power.done) power.advance(slice);
  return power.residues();
}

/** 2^d for a fixed odd d of as many bits as the modulus, twice. */
const baseTwo = (bits: number): Tasks => {
  const modulus = (1n << BigInt(bits)) - 0x5a3n;
  return [
    { modulus, base: 2n, exponent: modulus >> 1n },
    { modulus: modulus - 2n, base: 2n, exponent: (modulus - 2n) >> 1n },
  ];
};

describe('check primes', () => {
  test('are safe primes, 7 mod 8, the largest of their length', () => {
    const isOne = (p: number) =>
      p % 8 === 7 && checkPrimeSync(BigInt(p)) && checkPrimeSync(BigInt((p - 1) / 2)) && Number.isInteger(p);
    for (let bits = SMALLEST_CHECK_BITS; bits <= LARGEST_CHECK_BITS; bits++) {
      const p = checkPrime(bits);
      expect(isOne(p), `${bits}`).toBe(true);
      expect(p).toBeLessThan(2 ** bits);
      expect(p).toBeGreaterThan(2 ** (bits - 1));
      for (let larger = p + 1; larger < Math.min(2 ** bits, p + 20_000); larger++) expect(isOne(larger)).toBe(false);
    }
    expect(checkPrime(SMALLEST_CHECK_BITS - 1)).toBe(1);
    expect(checkPrime(1000)).toBe(checkPrime(LARGEST_CHECK_BITS));
  });

  test('residues of powers are those of the power', () => {
    fc.assert(
      fc.property(base, fc.bigInt({ min: 0n, max: 1n << 200n }), fc.integer({ min: 8, max: 26 }), (a, e, bits) => {
        const p = BigInt(checkPrime(bits));
        expect(BigInt(residueOfPower(a, e, Number(p)))).toBe(e === 0n ? 1n : powerModulo(((a % p) + p) % p, e, p));
      }),
    );
  });

  test('a lifted residue is what both moduli say', () => {
    fc.assert(
      fc.property(oddOf(200), fc.bigInt({ min: 0n, max: 1n << 199n }), fc.nat(166), (n, residue, check) => {
        const p = checkPrime(8);
        fc.pre(n % BigInt(p) !== 0n && residue < n);
        const lifted = liftResidue(residue, n, check, p);
        expect([lifted % n, Number(lifted % BigInt(p)), lifted < n * BigInt(p)]).toEqual([residue, check, true]);
      }),
    );
  });
});

describe('a checked power', () => {
  test('is base^exponent mod N, in any slices, on every kernel', () => {
    fc.assert(
      fc.property(tasks, kernelName, fc.integer({ min: 1, max: 400 }), (pair, kernel, slice) => {
        const power = new CheckedPower(kernels, pair, undefined, kernel);
        expect(finish(power, slice)).toEqual(oracle(pair));
        expect(power.faults).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  test('goes on from plain residues modulo N in another kernel, after every slice', () => {
    const moves = fc.infiniteStream(fc.tuple(fc.integer({ min: 1, max: 200 }), kernelName));
    fc.assert(
      fc.property(tasks, moves, (pair, stream) => {
        const next = () => stream.next().value as [number, KernelName];
        let power = new CheckedPower(kernels, pair, undefined, next()[1]);
        while (!power.done) {
          const [slice, kernel] = next();
          power.advance(slice);
          const states: Lanes<PowerState> = throughJson(power.states());
          for (const lane of [0, 1] as const) expect(states[lane].residue < pair[lane].modulus).toBe(true);
          power = new CheckedPower(kernels, pair, states, kernel);
        }
        expect(power.residues()).toEqual(oracle(pair));
      }),
      { numRuns: 60 },
    );
  });

  test('of a multiple of the check prime is right as well, unchecked', () => {
    const modulus = BigInt(checkPrime(26)) * BigInt(checkPrime(25)) * BigInt(checkPrime(24)) * ((1n << 90n) + 7n);
    const task = { modulus, base: 2n, exponent: modulus >> 1n };
    for (const kernel of KERNEL_NAMES) {
      expect(finish(new CheckedPower(kernels, [task, task], undefined, kernel))).toEqual(oracle([task, task]));
    }
  });

  test('at a kernel’s last bit is right', () => {
    const pair = baseTwo(kernels.get('schoolbook').maximumBits);
    const short = pair.map((task) => ({ ...task, exponent: 0xdeadbeefn })) as unknown as Tasks;
    expect(finish(new CheckedPower(kernels, short, undefined, 'schoolbook'))).toEqual(oracle(short));
  });

  test('costs a kernel no more than it has room for, at the sizes that people search', () => {
    for (const digits of [100, 200, 300, 500, 1000, 2000, 5000, 10_000, 25_000, 100_000]) {
      const bits = Math.ceil(digits * Math.log2(10));
      expect(kernels.roomAbove(bits).spare, `${digits}`).toBeGreaterThanOrEqual(SMALLEST_CHECK_BITS);
    }
  });

  test('uses what was announced', () => {
    const pair = baseTwo(3322);
    expectPowers(kernels, [pair[0].modulus, pair[1].modulus]);
    expect(finish(new CheckedPower(kernels, pair))).toEqual(oracle(pair));
  });
});

describe('an arithmetic error', () => {
  const pair = baseTwo(1000);
  const right = oracle(pair);

  test('in a residue, at any step, in any bit, on any kernel, is found and put right', () => {
    fc.assert(
      fc.property(kernelName, fc.nat(19), fc.integer({ min: 0, max: 990 }), (kernel, at, bit) => {
        const faulty = new FaultyKernels(({ number }) => number === at, bit);
        const power = new CheckedPower(faulty, pair, undefined, kernel);
        expect(finish(power, 50)).toEqual(right);
        expect(power.faults).toBe(faulty.faults);
        expect(faulty.faults).toBe(1);
      }),
      { numRuns: 60 },
    );
  });

  test('in any bit of a kernel’s memory, at any time, is found and put right or does no harm', () => {
    const found = { schoolbook: 0, fft: 0, bigint: 0 };
    let flips = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(1000, 1300),
        kernelName,
        // Everywhere alike: most of the FFT kernel's memory is tables, whose low bits do no harm.
        fc.array(fc.tuple(fc.noBias(fc.nat(2 ** 31 - 1)), fc.nat(900)), { minLength: 1, maxLength: 4 }),
        (bits, kernel, faults) => {
          const here = baseTwo(bits);
          const power = new CheckedPower(new Kernels(), here, undefined, kernel);
          for (const [where, steps] of faults.toSorted((a, b) => b[1] - a[1])) {
            while (power.stepsLeft > steps + 1) power.advance(Math.min(97, power.stepsLeft - steps - 1));
            flipBit(power, where / 2 ** 31);
            flips++;
          }
          expect(finish(power)).toEqual(oracle(here));
          if (power.faults > 0) found[kernel]++;
        },
      ),
      { numRuns: 300 },
    );
    expect(flips).toBeGreaterThan(200);
    for (const kernel of KERNEL_NAMES) expect(found[kernel], kernel).toBeGreaterThan(0);
  });

  test('in the modulus that a kernel holds is found', () => {
    for (const bit of [1, 17, 500, 996]) {
      const lying = new Kernels();
      const open = lying.open.bind(lying);
      let opened = 0;
      lying.open = (moduli, registers, named) => {
        const flipped = opened++ === 0 ? moduli.map((n) => n ^ (1n << BigInt(bit))) : moduli;
        return open(flipped as unknown as Lanes<bigint>, registers, named);
      };
      const power = new CheckedPower(lying, pair);
      expect(finish(power)).toEqual(right);
      expect(power.faults).toBe(1);
    }
  });

  test('that comes back on one kernel leads to another kernel', () => {
    const faulty = new FaultyKernels(({ kernel }) => kernel === 'schoolbook');
    const power = new CheckedPower(faulty, pair);
    expect(power.kernel).toBe('schoolbook');
    expect(finish(power, 300)).toEqual(right);
    expect(power.kernel).not.toBe('schoolbook');
    expect(power.faults).toBe(2);
  });

  test('that comes back on every kernel is an arithmetic fault, and no result', () => {
    const power = new CheckedPower(new FaultyKernels(() => true), pair);
    expect(() => finish(power)).toThrow(ArithmeticFault);
  });

  test('is found when a state is asked for, so that no checkpoint keeps it', () => {
    const faulty = new FaultyKernels(({ number }) => number === 3, 500);
    const power = new CheckedPower(faulty, pair);
    for (let k = 0; k < 6; k++) power.advance(40);
    const [first] = power.states();
    expect(power.faults).toBe(1);
    const { modulus, exponent } = pair[0];
    expect(first.residue).toBe(powerModulo(2n, exponent >> BigInt(bitLength(exponent) - first.bit), modulus));
  });

  test('in a long power goes back no further than the last look', () => {
    const long: Tasks = [
      { modulus: pair[0].modulus, base: 2n, exponent: (1n << 40_000n) + 1n },
      { modulus: pair[1].modulus, base: 2n, exponent: (1n << 40_000n) + 1n },
    ];
    const faulty = new FaultyKernels(({ number }) => number === 4, 9);
    const power = new CheckedPower(faulty, long);
    let squarings = 0;
    while (!power.done) {
      power.advance(9000);
      squarings++;
    }
    expect(power.residues()).toEqual(oracle(long));
    expect(power.faults).toBe(1);
    // 40,001 squarings in slices of 9,000, and one stretch of two slices again at most
    expect(squarings).toBeLessThanOrEqual(7);
  });

  test('in the squarings behind a power is found as well', () => {
    const faulty = new FaultyKernels(({ number }) => number === 1, 77);
    const power = new CheckedPower(faulty, pair);
    const [first, second] = finish(power);
    const squared = (x: bigint, n: bigint) => powerModulo(x, 1n << 32n, n);
    expect(power.squared([first, second], 32)).toEqual([
      squared(first, pair[0].modulus),
      squared(second, pair[1].modulus),
    ]);
    expect(power.faults).toBe(1);
  });
});

/** The self-test's exercises: their answers are right by other means, sound kernels do them all, and a fault is seen. */

import { checkPrimeSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bitLength, KERNEL_NAMES, type KernelName } from '../../../main/kernel/field.ts';
import { Kernels } from '../../../main/kernel/kernels.ts';
import { doExercise, type Exercise } from '../../../main/search/selftest/exercise.ts';
import known from '../../../main/search/selftest/known-answers.json' with { type: 'json' };
import { KNOWN_NUMBERS, knownValue } from '../../../main/search/selftest/known-numbers.ts';
import { answerDigest, knownPower } from '../../../main/search/selftest/known-powers.ts';
import { exercisesFor, isSmall, schedule, whyNotRun } from '../../../main/search/selftest/schedule.ts';
import { readTable } from '../../data/read.ts';
import { FaultyKernels } from '../../support/faulty-kernels.ts';

const kernels = new Kernels();
const exercises = exercisesFor(kernels);

function outcome(own: Kernels, exercise: Exercise, crossed = false, squarings = 500): string | null {
  const steps = doExercise(own, exercise, crossed, { squarings });
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

const ofKernel = Object.fromEntries(
  KERNEL_NAMES.map((wanted) => [wanted, new Kernels({ wanted })]),
) as unknown as Record<KernelName, Kernels>;

describe('the known answers', () => {
  test('are those of the language’s own integers, up to 4,096 bits', () => {
    const small = known.answers.filter(({ bits }) => bits <= 4096);
    expect(small.length).toBeGreaterThan(8);
    for (const { bits, exponentBits, two, large } of small) {
      for (const which of [0, 1] as const) {
        for (const base of ['two', 'large'] as const) {
          const power = knownPower(bits, exponentBits, which, base);
          expect(bitLength(power.modulus)).toBe(bits);
          expect(bitLength(power.exponent)).toBe(exponentBits);
          const digests = base === 'two' ? two : large;
          expect(answerDigest(powerOf(power)), `${base}, ${bits} bits`).toBe(digests[which]);
        }
      }
    }
  });

  test('reach from 64 bits to 100,000 digits, both sides of where the kernels change over', () => {
    const sizes = known.answers.map(({ bits }) => bits);
    expect(sizes[0]).toBe(64);
    expect((sizes.at(-1) as number) * Math.log10(2)).toBeGreaterThanOrEqual(99_999);
    for (const kernel of KERNEL_NAMES) {
      const own = exercises.filter((exercise) => exercise.kernel === kernel);
      expect(own.filter(({ type }) => type === 'power').length).toBeGreaterThanOrEqual(24);
      expect(own.filter(({ type }) => type === 'confirmation').length).toBeGreaterThanOrEqual(12);
    }
  });

  test('no two digests are the same', () => {
    const digests = known.answers.flatMap(({ two, large }) => [...two, ...large]);
    expect(new Set(digests).size).toBe(digests.length);
  });

  test('known primes and composites are what OpenSSL says, or the table of published primes where it is slow', () => {
    const published = new Set(readTable('primes.json').entries.map(({ expression }) => expression));
    for (const number of KNOWN_NUMBERS) {
      const { expression, prime } = number;
      const n = knownValue(number);
      if (prime && bitLength(n) > 1500) expect(published, expression).toContain(expression);
      else expect(checkPrimeSync(n), expression).toBe(prime);
    }
  });
});

test('sound kernels do every exercise of the small sizes, and of 16,384 bits', () => {
  const done = exercises.filter((exercise) => isSmall(exercise) || exercise.bits === 16_384);
  for (const [k, exercise] of done.entries()) {
    expect(outcome(ofKernel[exercise.kernel], exercise, k % 2 === 1), JSON.stringify(exercise.bits)).toBeNull();
  }
});

test('one flipped bit anywhere in a power is an error that names the lanes', () => {
  const powers = exercises.filter(({ type, bits }) => type === 'power' && bits <= 1024);
  const anywhere = fc.record({
    of: fc.nat(powers.length - 1),
    at: fc.nat(1000),
    bit: fc.nat(62),
    crossed: fc.boolean(),
  });
  fc.assert(
    fc.property(anywhere, ({ of, at, bit, crossed }) => {
      const exercise = powers[of] as Exercise;
      const slices = 8;
      const faulty = new FaultyKernels(({ number }) => number === at % slices, bit);
      const squarings = Math.floor(exercise.bits / slices);
      const fault = outcome(faulty, exercise, crossed, squarings);
      expect(faulty.faults).toBe(1);
      expect(fault).toMatch(/^a power of (2|a large base) came out wrong in (both lanes|lane [01])$/);
    }),
    { numRuns: 60 },
  );
});

test('a kernel that errs in a confirmation is found, though the confirmation would have mended it', () => {
  const confirmation = exercises.find(
    (exercise) => exercise.type === 'confirmation' && exercise.bits === 521 && exercise.kernel === 'schoolbook',
  ) as Exercise;
  const faulty = new FaultyKernels(({ number }) => number === 5, 3, { wanted: 'schoolbook' });
  expect(outcome(faulty, confirmation)).toMatch(/2\^521-1/);
  expect(faulty.faults).toBe(1);
});

test('a kernel that throws is an error, not the end of the thread', () => {
  const broken = new FaultyKernels(() => {
    throw new RangeError('out of bounds');
  });
  expect(outcome(broken, exercises[0] as Exercise)).toBe('it ended with "out of bounds"');
});

describe('the schedule', () => {
  test('begins with the small sizes, each once, then takes everything again and again', () => {
    const small = exercises.filter(isSmall);
    let state = 1;
    const random = () => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647;
    };
    const order = schedule(exercises, random);
    const first = small.map(() => order.next().value);
    expect(new Set(first)).toEqual(new Set(small));
    expect(first).not.toEqual(small);
    const round = exercises.reduce((sum, { kernel }) => sum + (kernel === 'bigint' ? 1 : 4), 0);
    const second = Array.from({ length: round }, () => order.next().value);
    expect(new Set(second)).toEqual(new Set(exercises));
  });

  test('leaves out what a CPU cannot run, and says why', () => {
    const plain = new Kernels({ capabilities: { simd: true, relaxedSimd: false, fusedMultiplyAdd: false } });
    expect(KERNEL_NAMES.map((kernel) => whyNotRun(plain, kernel))).toEqual([
      null,
      'this CPU does not fuse multiply-add',
      null,
    ]);
    expect(new Set(exercisesFor(plain).map(({ kernel }) => kernel))).toEqual(new Set(['fft', 'bigint']));
    const bare = new Kernels({ capabilities: { simd: false, relaxedSimd: false, fusedMultiplyAdd: false } });
    expect(KERNEL_NAMES.map((kernel) => whyNotRun(bare, kernel) === null)).toEqual([false, false, true]);
    expect(new Set(exercisesFor(bare).map(({ kernel }) => kernel))).toEqual(new Set(['bigint']));
  });
});

/** By the definition, bit by bit. */
function powerOf({ base, exponent, modulus }: { base: bigint; exponent: bigint; modulus: bigint }): bigint {
  let x = 1n;
  for (const bit of exponent.toString(2)) {
    x = (x * x) % modulus;
    if (bit === '1') x = (x * base) % modulus;
  }
  return x;
}

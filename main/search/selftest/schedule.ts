/**
 * What a thread of the self-test does, in which order: every exercise of every kernel that this CPU can run. First the
 * small sizes, each once and in random order, so that even a short self-test has seen everything; then all sizes, again and
 * again, each time shuffled.
 */

import { bitLength, KERNEL_NAMES, type KernelName } from '../../kernel/field.ts';
import type { Kernels } from '../../kernel/kernels.ts';
import type { Exercise } from './exercise.ts';
import known from './known-answers.json' with { type: 'json' };
import { KNOWN_NUMBERS, knownValue } from './known-numbers.ts';

/** Sizes up to here are done first: 2,466 digits; both sides of where the kernels change over. */
const SMALL_BITS = 8192;
/** Exercises of the vector units for one in plain integers, which are slow and test no more than the search uses. */
const VECTOR_SHARE = 4;
/** A confirmation in plain integers takes a second from here on. */
const BIGINT_CONFIRMATION_BITS = 3000;

/** A number from 0 up to 1. */
export type Random = () => number;

/** Why a kernel is not tested; null when it is. */
export function whyNotRun(kernels: Kernels, kernel: KernelName): string | null {
  const { simd, fusedMultiplyAdd } = kernels.capabilities;
  if (kernel === 'bigint') return null;
  if (!simd) return 'this engine has no vector arithmetic';
  return kernel === 'schoolbook' && !fusedMultiplyAdd ? 'this CPU does not fuse multiply-add' : null;
}

/** All exercises that these kernels can do. */
export function exercisesFor(kernels: Kernels): Exercise[] {
  const runs = KERNEL_NAMES.filter((kernel) => whyNotRun(kernels, kernel) === null);
  const numbers = KNOWN_NUMBERS.map((number) => ({ ...number, n: knownValue(number) }));
  return runs.flatMap((kernel): Exercise[] => {
    const { minimumBits, maximumBits } = kernels.get(kernel);
    const serves = ({ bits }: { readonly bits: number }) => bits >= minimumBits && bits <= maximumBits;
    const powers = known.answers.filter(serves).flatMap(({ bits, exponentBits, two, large }): Exercise[] => [
      { type: 'power', kernel, bits, exponentBits, base: 'two', answers: pair(two) },
      { type: 'power', kernel, bits, exponentBits, base: 'large', answers: pair(large) },
    ]);
    const confirmations = numbers
      .map(
        ({ expression, n, prime }) =>
          ({ type: 'confirmation', kernel, bits: bitLength(n), expression, n, prime }) as const,
      )
      .filter(serves)
      .filter(({ bits }) => kernel !== 'bigint' || bits <= BIGINT_CONFIRMATION_BITS);
    return [...powers, ...confirmations];
  });
}

function pair([first, second]: readonly string[]): readonly [string, string] {
  return [first as string, second as string];
}

export const isSmall = ({ bits }: Exercise): boolean => bits <= SMALL_BITS;

/** The order in which a thread takes the exercises: without end, the small ones first. */
export function* schedule(exercises: readonly Exercise[], random: Random): Generator<Exercise, never> {
  yield* shuffled(exercises.filter(isSmall), random);
  const round = exercises.flatMap((exercise) =>
    Array<Exercise>(exercise.kernel === 'bigint' ? 1 : VECTOR_SHARE).fill(exercise),
  );
  for (;;) yield* shuffled(round, random);
}

/** Fisher and Yates. */
function shuffled<T>(items: readonly T[], random: Random): T[] {
  const result = [...items];
  for (let k = result.length - 1; k > 0; k--) {
    const other = Math.floor(random() * (k + 1));
    [result[k], result[other]] = [result[other] as T, result[k] as T];
  }
  return result;
}

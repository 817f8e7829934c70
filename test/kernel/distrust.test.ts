/** Modules that give a wrong answer to what is known: another form of the kernel serves, or another kernel. */

import { beforeEach, describe, expect, test, vi } from 'vitest';
import { fftKernel } from '../../main/kernel/fft/kernel.ts';
import { type Kernel, KernelRefusal } from '../../main/kernel/field.ts';
import { Kernels } from '../../main/kernel/kernels.ts';
import { schoolbookKernel } from '../../main/kernel/schoolbook/kernel.ts';
import type { SchoolbookModule } from '../../main/kernel/schoolbook/module.ts';

const { asked, answers } = vi.hoisted(() => ({ asked: [] as boolean[], answers: { wide: true, narrow: true } }));

const answerOf = (wide: boolean): boolean => {
  asked.push(wide);
  return wide ? answers.wide : answers.narrow;
};

vi.mock('../../main/kernel/schoolbook/known-answer.ts', () => ({
  answersRight: ({ layout }: SchoolbookModule) => answerOf(layout.wide),
}));
vi.mock('../../main/kernel/fft/known-answer.ts', () => ({
  // biome-ignore lint/correctness/useYield: a generator that needs no step
  *answersRight() {
    // the merged form is asked first
    return answerOf(asked.length === 0);
  },
}));

const N = (1n << 1279n) - 1n;

/** 5^1024 modulo N, on a kernel. */
function compute(kernel: Kernel): bigint {
  const field = kernel.open([N, N], 2);
  field.write(0, [5n, 5n]);
  field.squareChain(0, new Uint8Array(10), 0, 10);
  return field.read(0)[0];
}
const RIGHT = 5n ** 1024n % N;

beforeEach(() => {
  asked.length = 0;
});

describe.runIf(new Kernels().capabilities.fusedMultiplyAdd).each([
  ['schoolbook', () => schoolbookKernel({ wide: true })],
  ['fft', () => fftKernel('fused', { wide: true })],
] as const)('the %s kernel', (_, make) => {
  test('is asked before it computes, once', () => {
    Object.assign(answers, { wide: true, narrow: true });
    const kernel = make();
    expect([compute(kernel), compute(kernel)]).toEqual([RIGHT, RIGHT]);
    expect(asked).toEqual([true]);
  });

  test('does without merged vectors where those go wrong', () => {
    Object.assign(answers, { wide: false, narrow: true });
    const kernel = make();
    expect([compute(kernel), compute(kernel)]).toEqual([RIGHT, RIGHT]);
    expect(asked).toEqual([true, false]);
  });

  test('refuses where both go wrong, and is not asked again; another kernel serves', () => {
    Object.assign(answers, { wide: false, narrow: false });
    const kernel = make();
    for (let times = 0; times < 2; times++) expect(() => compute(kernel)).toThrow(KernelRefusal);
    expect(asked).toEqual([true, false]);
    const kernels = new Kernels();
    kernels.expect([N]);
    expect(kernels.open([N, N], 2).kernel).toBe('bigint');
  });
});

/** What a self-test has seen so far: by kernel, and by thread. */

import type { Fault, SelfTestProgress, SelfTestReport } from '../../contract/selftest.ts';
import { KERNEL_NAMES, type KernelName, type Kernels } from '../../search/kernel-names.ts';
import { whyNotRun } from '../../search/selftest/schedule.ts';
import type { FromTester } from '../threads/tester.ts';

interface KernelCount {
  readonly notRun: string | null;
  tests: number;
  errors: number;
  smallestBits: number;
  largestBits: number;
}

interface ThreadCount {
  core: number | null;
  kernel: KernelName | null;
  bits: number;
  tests: number;
  errors: number;
  gone: boolean;
}

export class SelfTestTally {
  private readonly kernels: ReadonlyMap<KernelName, KernelCount>;
  private readonly threads: readonly ThreadCount[];

  /** @param kernels those of this CPU: what they cannot run is named */
  constructor(kernels: Kernels, threads: number) {
    const count = (kernel: KernelName): KernelCount => ({
      notRun: whyNotRun(kernels, kernel),
      tests: 0,
      errors: 0,
      smallestBits: 0,
      largestBits: 0,
    });
    this.kernels = new Map(KERNEL_NAMES.map((kernel) => [kernel, count(kernel)]));
    this.threads = Array.from({ length: threads }, () => ({
      core: null,
      kernel: null,
      bits: 0,
      tests: 0,
      errors: 0,
      gone: false,
    }));
  }

  bind(thread: number, core: number | null): void {
    this.at(thread).core = core;
  }

  begin(thread: number, kernel: KernelName, bits: number): void {
    Object.assign(this.at(thread), { kernel, bits });
  }

  /** Counts an exercise. @returns what was wrong with it, or null */
  book(thread: number, { kernel, bits, fault }: Extract<FromTester, { type: 'ended' }>): Fault | null {
    const ofThread = this.at(thread);
    const ofKernel = this.kernels.get(kernel) as KernelCount;
    ofThread.tests++;
    ofKernel.smallestBits = ofKernel.tests === 0 ? bits : Math.min(ofKernel.smallestBits, bits);
    ofKernel.largestBits = Math.max(ofKernel.largestBits, bits);
    ofKernel.tests++;
    if (fault === null) return null;
    ofThread.errors++;
    ofKernel.errors++;
    return { thread, core: ofThread.core, kernel, bits, what: fault };
  }

  /** A thread is gone without having been asked: an error of its own. */
  lose(thread: number, why: string): Fault {
    const ofThread = this.at(thread);
    ofThread.gone = true;
    ofThread.errors++;
    return { thread, core: ofThread.core, kernel: null, bits: ofThread.bits, what: `the thread was lost: ${why}` };
  }

  /** Threads that were asked to end and did not: whatever they compute, it does not come to an end. */
  unanswered(): Fault[] {
    return this.threads.flatMap(({ gone }, thread) => (gone ? [] : [this.lose(thread, 'it did not answer any more')]));
  }

  /** A thread ended as it was asked to. */
  leave(thread: number): void {
    this.at(thread).gone = true;
  }

  progress(seconds: number, ofSeconds: number): SelfTestProgress {
    const threads = this.threads.map(({ core, kernel, bits }, thread) => ({ thread, core, kernel, bits }));
    return { seconds, ofSeconds, ...this.totals(), threads };
  }

  report(complete: boolean, seconds: number): SelfTestReport {
    const kernels = [...this.kernels].map(([kernel, count]) => ({ kernel, ...count }));
    const threads = this.threads.map(({ core, tests, errors }, thread) => ({ thread, core, tests, errors }));
    return { complete, seconds, ...this.totals(), kernels, threads };
  }

  private totals(): { tests: number; errors: number } {
    const sum = (of: 'tests' | 'errors') => this.threads.reduce((total, thread) => total + thread[of], 0);
    return { tests: sum('tests'), errors: sum('errors') };
  }

  private at(thread: number): ThreadCount {
    return this.threads[thread] as ThreadCount;
  }
}

/**
 * "Check again": a found prime is tested by arithmetic that had no part in finding it, in slices so that other questions are
 * answered meanwhile; and by a program of other people, OpenSSL (BoringSSL in Electron), where it takes seconds. The
 * sentence says what was done.
 */

import { checkPrime } from 'node:crypto';
import type { Recheck } from '../../contract/library.ts';
import type { StoredPrime } from '../../contract/prime-record.ts';
import { type KernelName, Kernels } from '../../search/kernel-names.ts';
import { nextTurn } from './context.ts';
import { type FreshBase, recheck } from './recheck.ts';

export interface CheckAgainOptions {
  readonly fresh: FreshBase;
  /** Hears the share that is done. */
  readonly tell: (fraction: number) => void;
  readonly isStopped: () => boolean;
  /** CPU seconds of this process so far. */
  readonly cpuSeconds: () => number;
  readonly kernels?: Kernels;
  /** For tests; that of `node:crypto` if left out. */
  readonly ask?: (n: bigint) => Promise<boolean>;
}

const SLICE_MS = 30;
const TELL_MS = 250;
const BELOW_64_BITS = 1n << 64n;
/** Two bases and the Lucas test take half a minute of BigInt arithmetic at 10,000 digits, and hours at 100,000. */
const BIGINT_DIGITS = 20_000;
/** OpenSSL does 64 rounds and more: 3 s at 1,300 digits, and eight times that at twice as many. It cannot be interrupted. */
const OPENSSL_DIGITS = 2000;
/** Of what is told as done, when the other program is asked afterwards. */
const OWN_SHARE = 0.5;

/** @returns null when it was stopped */
export async function checkAgain(prime: StoredPrime, options: CheckAgainOptions): Promise<Recheck | null> {
  const { tell, isStopped, cpuSeconds, ask = askOther } = options;
  const n = BigInt(prime.decimal);
  const before = cpuSeconds();
  const asks = prime.decimal.length <= OPENSSL_DIGITS;
  const own = await byKernel(n, prime, {
    ...options,
    tell: (fraction) => tell(asks ? OWN_SHARE * fraction : fraction),
  });
  if (own === null) return null;
  const other = asks ? await ask(n).catch(() => null) : null;
  if (isStopped()) return null;
  tell(1);
  const passed = own.passed && other !== false;
  return { passed, sentence: sentenceOf(n, own, other, asks), cpuSeconds: cpuSeconds() - before };
}

interface ByKernel {
  readonly passed: boolean;
  readonly kernel: KernelName;
  /** It had no part in finding it. */
  readonly another: boolean;
}

async function byKernel(n: bigint, prime: StoredPrime, options: CheckAgainOptions): Promise<ByKernel | null> {
  const { fresh, tell, isStopped } = options;
  const { kernel, another } = kernelFor(n, prime, options.kernels ?? new Kernels());
  const kernels = options.kernels ?? new Kernels({ wanted: kernel });
  let squarings = 16;
  const steps = recheck(kernels, n, fresh, () => squarings);
  for (let told = performance.now(); ; ) {
    const started = performance.now();
    const step = steps.next();
    if (step.done) return { passed: step.value, kernel, another };
    const now = performance.now();
    if (now - started > SLICE_MS) squarings = Math.max(1, squarings >> 1);
    else if (now - started < SLICE_MS / 4) squarings *= 2;
    if (now - told > TELL_MS) {
      told = now;
      // The check by another kernel, the last third, is not made.
      tell(Math.min(1, 1.5 * step.value));
    }
    await nextTurn();
    if (isStopped()) return null;
  }
}

/** Of the kernels that serve the number: one that had no part in finding it; else one that only checked; else any. */
function kernelFor(n: bigint, prime: StoredPrime, kernels: Kernels): { kernel: KernelName; another: boolean } {
  const used = prime.kernels as readonly KernelName[];
  const affordable = (kernel: KernelName | undefined) =>
    kernel === 'bigint' && prime.decimal.length > BIGINT_DIGITS ? undefined : kernel;
  const third = affordable(kernels.servingOther(n, used));
  if (third !== undefined) return { kernel: third, another: true };
  const second = affordable(kernels.servingOther(n, used.slice(0, 1)));
  return { kernel: second ?? kernels.serving(n), another: false };
}

const NAMES: Record<KernelName, string> = {
  fft: 'the FFT kernel',
  schoolbook: 'the schoolbook kernel',
  bigint: 'the BigInt arithmetic of the JavaScript engine',
};

function sentenceOf(n: bigint, { passed, kernel, another }: ByKernel, other: boolean | null, asks: boolean): string {
  const program = otherProgram();
  const agreed =
    other === null ? '' : other ? `; ${program} says so too` : `; but ${program} says that it is composite`;
  if (n < BELOW_64_BITS) {
    return passed
      ? `It is prime, with certainty: below 2^64 no composite passes strong tests to the first twelve primes${agreed}.`
      : `It is composite: below 2^64 that is certain${agreed}.`;
  }
  const by = another
    ? `${NAMES[kernel]}, which had no part in finding it`
    : `${NAMES[kernel]}: at this size any other would take hours`;
  const unasked = asks ? (other === null ? ` (${program} could not be asked)` : '') : '';
  return passed
    ? `It passed strong tests to base 2 and to a base drawn just now, and the strong Lucas test, computed by ${by}${agreed}${unasked}.`
    : `It did not pass: computed by ${by} it is composite${other === true ? `, though ${program} calls it prime` : ''}; try "nice19 selftest", because this computer may make arithmetic errors.`;
}

/** Node's own cryptography: OpenSSL, and in Electron BoringSSL, which goes by OpenSSL's name there. */
export function otherProgram(versions: Readonly<Record<string, string | undefined>> = process.versions): string {
  return versions['electron'] === undefined ? `OpenSSL ${versions['openssl'] ?? ''}`.trim() : 'BoringSSL';
}

/** In a thread of its own. */
function askOther(n: bigint): Promise<boolean> {
  return new Promise((resolve, reject) => {
    checkPrime(n, (error, prime) => (error ? reject(error) : resolve(prime)));
  });
}

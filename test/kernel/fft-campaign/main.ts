/**
 * The campaign of the FFT kernel against GMP: powers to random bases, with random exponents, modulo random numbers of
 * 64 to 400,000 bits, two different ones in the lanes; then hostile ones. Prints a table and the seed; exits with 1
 * where a power differs.
 *
 *     node test/kernel/fft-campaign/main.ts [--powers 10000] [--hostile 400] [--seed text] [--largest bits] [--oracle gmp|bigint]
 *
 * GMP needs a C compiler and libgmp ("apt-get install gcc libgmp-dev"). Takes some minutes.
 */

import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { inverseModulo } from '../../../main/kernel/fft/inverse.ts';
import { type FftField, fftKernel } from '../../../main/kernel/fft/kernel.ts';
import { chooseTransform } from '../../../main/kernel/fft/transform.ts';
import { bitLength, KernelRefusal, type Lanes } from '../../../main/kernel/field.ts';
import { LanePower, type PowerTask, powerRegisters } from '../../../main/kernel/power.ts';

const SMALLEST_BITS = 64;
const SIZES = 26;
/** Powers with one pair of moduli. */
const POWERS_OF_A_PAIR = 8;

interface Task extends PowerTask {
  readonly modulus: bigint;
}

interface Row {
  readonly size: string;
  powers: number;
  wrong: number;
  refused: number;
  retries: number;
  largestError: number;
  readonly transforms: Set<string>;
}

const { values: options } = parseArgs({
  options: {
    powers: { type: 'string', default: '10000' },
    hostile: { type: 'string', default: '400' },
    seed: { type: 'string', default: `${Date.now()}` },
    largest: { type: 'string', default: '400000' },
    oracle: { type: 'string', default: 'gmp' },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);

let drawn = 0;
/** Random bits, the same for the same seed. */
function draw(bits: number): bigint {
  const bytes = createHash('shake256', { outputLength: Math.ceil(bits / 8) })
    .update(`${options.seed}:${drawn++}`)
    .digest('hex');
  return BigInt.asUintN(bits, BigInt(`0x${bytes}`));
}
const below = (limit: number): number => Number(draw(48) % BigInt(limit));
const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;
const oddOf = (bits: number): bigint => draw(bits) | 1n | (1n << BigInt(bits - 1));
const exponentBits = (bits: number): number => (bits < 5000 ? 40 + below(361) : bits < 50_000 ? 40 + below(61) : 40);

const directory = mkdtempSync(join(tmpdir(), 'nice19-campaign-'));
const oracle = join(directory, 'oracle');
if (options.oracle === 'gmp')
  execFileSync(process.env['CC'] ?? 'cc', ['-O2', '-o', oracle, join(import.meta.dirname, 'oracle.c'), '-lgmp']);

function bigint({ base, exponent, modulus }: Task): bigint {
  let power = 1n;
  for (const bit of exponent.toString(2)) power = (power * power * (bit === '1' ? base : 1n)) % modulus;
  return power;
}

function oraclesPowers(tasks: readonly Task[]): bigint[] {
  if (options.oracle === 'bigint') return tasks.map(bigint);
  const hex = (value: bigint): string => value.toString(16);
  const input = tasks.map((task) => `${hex(task.base)} ${hex(task.exponent)} ${hex(task.modulus)}\n`).join('');
  const { stdout, status } = spawnSync(oracle, { input, maxBuffer: 1 << 30 });
  if (status !== 0) throw new Error('the oracle failed');
  return stdout
    .toString()
    .trim()
    .split('\n')
    .map((line) => BigInt(`0x${line}`));
}

const kernel = fftKernel('fused');

/** Powers of pairs of tasks with one pair of moduli. */
function compare(row: Row, pairs: readonly Lanes<Task>[]): void {
  const [first] = pairs as [Lanes<Task>];
  const longest = Math.max(...pairs.flat().map(({ exponent }) => bitLength(exponent)));
  let field: FftField;
  try {
    field = kernel.open([first[0].modulus, first[1].modulus], powerRegisters(longest));
  } catch (error) {
    // 2^k + 1 and the like share a factor with what the transforms work modulo; another kernel serves them.
    if (!(error instanceof KernelRefusal)) throw error;
    row.refused += 2 * pairs.length;
    return;
  }
  const found = pairs.flatMap((tasks) => {
    const power = new LanePower(field, tasks);
    while (!power.done) power.advance(power.stepsLeft);
    return [...power.residues()];
  });
  const expected = oraclesPowers(pairs.flat());
  row.wrong += found.filter((residue, index) => residue !== expected[index]).length;
  row.powers += found.length;
  row.retries += field.retries;
  row.largestError = Math.max(row.largestError, field.largestError);
  row.transforms.add(`${field.transform.n}×${field.transform.wordBits}`);
}

const emptyRow = (size: string): Row => ({
  size,
  powers: 0,
  wrong: 0,
  refused: 0,
  retries: 0,
  largestError: 0,
  transforms: new Set(),
});

function print({ size, powers, wrong, refused, retries, largestError, transforms }: Row): void {
  const lengths = [...transforms].map((name) => Number.parseInt(name, 10));
  const shapes = `${transforms.size} of ${Math.min(...lengths)}–${Math.max(...lengths)} words`;
  say(`| ${size} | ${powers} | ${wrong} | ${retries} | ${largestError.toFixed(3)} | ${refused} | ${shapes} |`);
}

function randomPowers(count: number): Row[] {
  return Array.from({ length: SIZES }, (_, index) => {
    const edge = (k: number): number =>
      Math.round(SMALLEST_BITS * (Number(options.largest) / SMALLEST_BITS) ** (k / SIZES));
    const [from, to] = [edge(index), edge(index + 1)];
    const row = emptyRow(`${from}–${to} bits`);
    while (row.powers < count / SIZES) {
      const bits = from + below(to - from);
      const moduli = [oddOf(bits), oddOf(bits - below(4))] as const;
      const task = (modulus: bigint): Task => ({ modulus, base: draw(bits), exponent: oddOf(exponentBits(bits)) });
      compare(
        row,
        Array.from({ length: POWERS_OF_A_PAIR / 2 }, (): Lanes<Task> => [task(moduli[0]), task(moduli[1])]),
      );
    }
    print(row);
    return row;
  });
}

/** The residue whose register, in the transform that serves the modulus, has words of ±2^(b−1), with signs as told. */
function extremeResidue(modulus: bigint, sign: (word: number) => number): bigint {
  const transform = chooseTransform(bitLength(modulus));
  if (transform === undefined) throw new RangeError('expected a modulus that a transform serves');
  const { n, wordBits } = transform;
  let register = 0n;
  const words = Math.floor((bitLength(modulus) - 2) / wordBits);
  for (let word = words - 1; word >= 0; word--) {
    register = (register << BigInt(wordBits)) + BigInt(sign(word)) * (1n << BigInt(wordBits - 1));
  }
  const inverse = inverseModulo(((1n << BigInt(n * wordBits)) + 1n) % modulus, modulus);
  const residue = (2n * register * (inverse ?? 1n)) % modulus;
  return residue < 0n ? residue + modulus : residue;
}

const repeated = (pattern: string, bits: number): bigint =>
  BigInt(`0b${pattern.repeat(Math.ceil(bits / pattern.length)).slice(0, bits)}`);

const HOSTILE_MODULI: readonly ((bits: number) => bigint)[] = [
  (bits) => (1n << BigInt(bits)) - 1n,
  (bits) => (1n << BigInt(bits - 1)) + 1n + 2n * BigInt(below(500)),
  (bits) => (1n << BigInt(bits)) - 1n - 2n * BigInt(below(500)),
  (bits) => (1n << BigInt(bits)) - (1n << BigInt(below(bits - 2) + 1)) - 1n,
  (bits) => repeated('10', bits) | 1n,
  (bits) => repeated('1'.repeat(17) + '0'.repeat(13), bits) | 1n,
  (bits) => repeated('1'.repeat(64) + '0'.repeat(64), bits) | 1n,
  (bits) => (1n << BigInt(bits - 1)) | draw(20) | 1n,
  (bits) => oddOf(bits),
];

const HOSTILE_BASES: readonly ((modulus: bigint) => bigint)[] = [
  (n) => n - 1n,
  (n) => n - 2n,
  (n) => (n - 1n) / 2n,
  (n) => (n + 1n) / 2n,
  () => 0n,
  () => 2n,
  (n) => 1n << BigInt(bitLength(n) - 1),
  (n) => 1n << BigInt(bitLength(n) >> 1),
  (n) => repeated('1'.repeat(21), bitLength(n) - 1),
  (n) => extremeResidue(n, () => 1),
  (n) => extremeResidue(n, () => -1),
  (n) => extremeResidue(n, (word) => (word & 1 ? 1 : -1)),
  (n) => extremeResidue(n, () => (below(2) ? 1 : -1)),
];

function hostilePowers(count: number): Row {
  const row = emptyRow('hostile');
  const sizes = [64, 129, 500, 1000, 1679, 3322, 3354, 6644, 10_234, 16_610, 33_220, 83_048, 166_097, 332_193].filter(
    (bits) => bits <= Number(options.largest),
  );
  const exponent = (): bigint => pick([1n, 2n, 3n, (1n << 20n) - 1n, 1n << 20n, oddOf(30)]);
  for (let index = 0; row.powers < count; index++) {
    // Small sizes go round more often than those that take seconds.
    const bits = sizes[below(index % 4 === 0 ? sizes.length : sizes.length - 3)] as number;
    const moduli = [pick(HOSTILE_MODULI)(bits), pick(HOSTILE_MODULI)(bits)] as const;
    const task = (modulus: bigint): Task => ({ modulus, base: pick(HOSTILE_BASES)(modulus), exponent: exponent() });
    const pairs = Array.from({ length: POWERS_OF_A_PAIR / 2 }, (): Lanes<Task> => [task(moduli[0]), task(moduli[1])]);
    compare(row, pairs);
  }
  print(row);
  return row;
}

try {
  say(`seed ${options.seed}\n`);
  say('| modulus | powers | wrong | retries | largest error | refused | transforms |');
  say('|---|---|---|---|---|---|---|');
  const rows = [...randomPowers(Number(options.powers)), hostilePowers(Number(options.hostile))];
  const wrong = rows.reduce((sum, row) => sum + row.wrong, 0);
  say(`\n${rows.reduce((sum, row) => sum + row.powers, 0)} powers, ${wrong} wrong`);
  process.exitCode = wrong === 0 ? 0 : 1;
} finally {
  rmSync(directory, { recursive: true });
}

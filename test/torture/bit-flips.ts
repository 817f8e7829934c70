/**
 * Bits flipped in the memory of the arithmetic, by the thousand: a strong test of a prime (made by OpenSSL) beside a
 * composite gets one flip at a random moment, anywhere in what its kernel holds (residues, modulus, inverse, tables of
 * the transform), and must come to both verdicts all the same.
 * Run: npm run torture:bit-flips.
 */

import { checkPrimeSync, generatePrimeSync, randomInt } from 'node:crypto';
import { endWrongUsage, readValues, show, wholeNumber } from '../../build/lib/options.ts';
import type { CheckedPower } from '../../main/kernel/checked-power.ts';
import type { KernelName } from '../../main/kernel/field.ts';
import { Kernels } from '../../main/kernel/kernels.ts';
import { StrongPair } from '../../main/search/primality/strong.ts';
import { flipBit } from '../support/memory-flips.ts';

const random = () => randomInt(2 ** 40) / 2 ** 40;

interface Row {
  flips: number;
  found: number;
  wrong: number;
}

/** One pair with one flip. @returns how it went */
function flipOnce(prime: bigint, composite: bigint, kernel: KernelName, row: Row): void {
  const pair = new StrongPair(
    new Kernels(),
    [
      { n: prime, base: 2n },
      { n: composite, base: 2n },
    ],
    undefined,
    kernel,
  );
  const { power } = pair as unknown as { power: CheckedPower };
  const at = 1 + Math.floor(random() * (power.stepsLeft - 1));
  while (power.stepsLeft > at) power.advance(power.stepsLeft - at);
  flipBit(power, random());
  while (!pair.done) pair.advance(pair.stepsLeft);
  const [first, second] = pair.verdicts();
  row.flips++;
  if (pair.faults > 0) row.found++;
  if (!first || second) row.wrong++;
}

const HELP = `Usage: npm run torture:bit-flips -- [options]

Flips a bit in the memory of the arithmetic while it computes, again and again, and looks at the verdicts.

  --times N       flips for each kernel and size (1000)
  --digits N,…    sizes (100,300,1000)
`;

function run(times: number, sizes: readonly number[]): void {
  let wrong = 0;
  show('kernel      digits   flips   found and put right   harmless   wrong verdicts\n');
  for (const digits of sizes) {
    const bits = Math.ceil(digits * Math.log2(10));
    const prime = generatePrimeSync(bits, { bigint: true });
    let composite = prime + 2n;
    while (checkPrimeSync(composite)) composite += 2n;
    for (const kernel of ['schoolbook', 'fft'] as const) {
      const row: Row = { flips: 0, found: 0, wrong: 0 };
      while (row.flips < times) flipOnce(prime, composite, kernel, row);
      wrong += row.wrong;
      const { flips, found } = row;
      const cells = [kernel.padEnd(10), String(digits).padStart(6), String(flips).padStart(6)];
      cells.push(
        String(found).padStart(20),
        String(flips - found - row.wrong).padStart(9),
        String(row.wrong).padStart(15),
      );
      show(`${cells.join('  ')}\n`);
    }
  }
  process.exitCode = wrong === 0 ? 0 : 1;
}

try {
  const values = readValues(process.argv.slice(2), ['times', 'digits']);
  const sizes = (values.digits ?? '100,300,1000').split(',').map((size) => wholeNumber('digits', size, 40, 3000));
  if (values.help === true) show(HELP);
  else run(wholeNumber('times', values.times ?? '1000', 1), sizes);
} catch (error) {
  endWrongUsage(error, 'npm run torture:bit-flips --');
}

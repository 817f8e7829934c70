/**
 * Makes main/search/selftest/known-answers.json with PARI/GP (2.15.2, on GMP 6.2.1): node test/data/make-known-answers.ts
 * The exponent is as long as the modulus where that is quick in every kernel, and shorter above.
 */

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { answerDigest, knownPower, type Which } from '../../main/search/selftest/known-powers.ts';

/** Sizes of the moduli and of the exponents, in bits: 20 to 100,000 digits. */
const SIZES = [
  [64, 64],
  [100, 100],
  [128, 128],
  [192, 192],
  [256, 256],
  [512, 512],
  [1024, 1024],
  [1500, 1500],
  [2048, 2048],
  [2500, 2048],
  [4096, 2048],
  [8192, 1024],
  [16_384, 512],
  [34_000, 256],
  [65_536, 256],
  [131_072, 128],
  [332_193, 64],
] as const;

function powers(bits: number, exponentBits: number, base: 'two' | 'large'): [string, string] {
  return ([0, 1] as const).map((which: Which) => {
    const { modulus, exponent, base: b } = knownPower(bits, exponentBits, which, base);
    const input = `print(lift(Mod(0x${b.toString(16)}, 0x${modulus.toString(16)})^0x${exponent.toString(16)}))\n`;
    return answerDigest(BigInt(execFileSync('gp', ['-q', '-f', '-s', '256M'], { input, encoding: 'utf8' }).trim()));
  }) as [string, string];
}

const answers = SIZES.map(([bits, exponentBits]) => ({
  bits,
  exponentBits,
  two: powers(bits, exponentBits, 'two'),
  large: powers(bits, exponentBits, 'large'),
}));
const source = 'test/data/make-known-answers.ts: PARI/GP 2.15.2 on GMP 6.2.1';
const file = new URL('../../main/search/selftest/known-answers.json', import.meta.url);
writeFileSync(file, `${JSON.stringify({ source, answers }, null, 2)}\n`);

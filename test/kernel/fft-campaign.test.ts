import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** The short form of the campaign; its long form asks GMP (docs/fft-kernel.md). */
test('powers to random bases, modulo random and hostile numbers, are those of BigInt', () => {
  const campaign = join(import.meta.dirname, 'fft-campaign', 'main.ts');
  const few = ['--powers', '200', '--hostile', '60', '--largest', '12000', '--oracle', 'bigint'];
  const { stdout, status } = spawnSync(process.execPath, [campaign, ...few], { encoding: 'utf8' });
  expect(stdout).toMatch(/\n2[6-9]\d powers, 0 wrong\n$/);
  expect(status).toBe(0);
}, 60_000);

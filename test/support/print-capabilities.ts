/**
 * Run in a process whose engine was told that the CPU lacks something: prints what the self-test finds, and a power of
 * two modulo each number given, by the kernels that are taken then.
 */

import { Kernels } from '../../main/kernel/kernels.ts';
import { BASE_TWO_REGISTERS, LanePower } from '../../main/kernel/power.ts';

const kernels = new Kernels();
const powers = process.argv.slice(2).map((text) => {
  const n = BigInt(text);
  const kernel = kernels.serving(n);
  const task = { base: 2n, exponent: n - 1n };
  const power = new LanePower(kernels.open([n, n], BASE_TWO_REGISTERS), [task, task]);
  power.advance(Number.POSITIVE_INFINITY);
  return { kernel, residues: power.residues().map(String) };
});
process.stdout.write(JSON.stringify({ capabilities: kernels.capabilities, powers }));

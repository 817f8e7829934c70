/**
 * `npm run test:pool`: the jobs of `nice19 pool` on a real HTCondor, of one computer with two cores, submitted by an ordinary
 * user. Not part of `npm test`, because it needs root and Debian's packages; `.ci/run` runs it where it can. Ends with the
 * line `N passed, N failed, N skipped`.
 */

import { dirname, join } from 'node:path';
import { summaryLine } from '../../build/lib/summary.mjs';
import { BUNDLE, bundleProgram, ROOT } from '../../build/pool/bundle.ts';
import { NODES, placeNode } from '../../build/pool/nodes.ts';
import { Machine } from './machine.ts';
import { CHECKS, Pool } from './scenario.ts';
import { ensureTree, obstacle } from './tree.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);

function skip(why: string): void {
  say(`The pool is not tested here: ${why}.`);
  say(summaryLine({ passed: 0, failed: 0, skipped: CHECKS.length }));
}

async function testPool(machine: Machine, folder: string): Promise<void> {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const started = performance.now();
  try {
    await machine.ready();
    const pool = new Pool(machine, folder, say);
    for (const { name, check } of CHECKS) {
      if (counts.failed > 0) {
        counts.skipped++;
        continue;
      }
      try {
        await check(pool);
        counts.passed++;
        say(`✓ ${name} (at ${((performance.now() - started) / 1000).toFixed(0)} s)`);
      } catch (error) {
        counts.failed++;
        say(`✗ ${name}: ${(error as Error).message}`);
        await pool.tellAll();
      }
    }
    pool.end();
  } catch (error) {
    counts.failed++;
    say(`✗ ${(error as Error).message}`);
  } finally {
    await machine.stop();
  }
  say(summaryLine(counts));
  process.exitCode = counts.failed === 0 ? 0 : 1;
}

const problem = obstacle() ?? (await ensureTree(say));
if (problem !== null) skip(problem);
else {
  const program = join(ROOT, BUNDLE);
  await bundleProgram(program);
  for (const node of NODES) await placeNode(ROOT, dirname(program), node, false);
  const machine = new Machine(dirname(program));
  process.once('exit', () => machine.kill());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
  await testPool(machine, dirname(program));
}

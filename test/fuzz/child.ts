/**
 * Fuzzes one target in a process of its own and prints what it found: `node child.ts TARGET CASES SEED`. Its parent
 * limits the memory, and ends it when it says nothing for long.
 */

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCampaign } from './campaign.ts';
import { TARGET_NAMES, TARGETS } from './targets.ts';

/** Linux keeps this in memory: stores sync a dozen times for every case. */
const IN_MEMORY = '/dev/shm';
const TELL_MS = 250;

const [wanted, cases, seed] = process.argv.slice(2);
const name = TARGET_NAMES.find((one) => one === wanted);
if (name === undefined) throw new Error(`expected one of ${TARGET_NAMES.join(', ')}, got ${wanted}`);

const place = mkdtempSync(join(existsSync(IN_MEMORY) ? IN_MEMORY : tmpdir(), 'nice19-fuzz-'));
process.once('exit', () => rmSync(place, { recursive: true, force: true }));
process.once('SIGTERM', () => process.exit(143));

let told = 0;
const onCase = (done: number): void => {
  const now = performance.now();
  if (now - told < TELL_MS) return;
  told = now;
  process.send?.({ done });
};
const target = await TARGETS[name].make(place);
const findings = await runCampaign(target, { cases: Number(cases), seed: Number(seed), onCase });
process.send?.({ findings });
process.disconnect?.();

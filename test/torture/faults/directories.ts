/** The data directory is removed under the running search, or cannot be written by its user. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from '../processes.ts';
import type { Random } from '../random.ts';
import type { Subject } from '../subject.ts';
import type { Fault, Scene } from './fault.ts';
import { caught } from './moments.ts';

const LONGEST_FAULT_MS = 2000;
/** Small primes come by the hundred: half of them may be in the last saving. */
const SIZES_OF_MANY_SAVINGS = [100, 120, 150, 200, 400, 1000];

/** All of it goes; only the running program still has what was in it. */
async function remove(subject: Subject, random: Random): Promise<number> {
  const life = await caught(subject, random);
  const { data, spec } = subject.options;
  // What has saved for the last time does not look again: then it is a directory that nobody uses that is removed.
  if (life === null || subject.announced.size > spec.count / 2) return 0;
  subject.note('the directory is removed');
  // Between two files the search may write another: what removes directories tries again.
  rmSync(data, { recursive: true, force: true, maxRetries: 10, retryDelay: 5 });
  if (random.chance(0.3)) mkdirSync(data, { recursive: true });
  await life.next('checkpoint', 'done');
  return 1;
}

/** Not even root writes what has this attribute. */
function unwritable(): Scene {
  let data = '';
  // Not what is mapped into memory: ext4 would answer a write there with SIGBUS, and no test of saving would be left.
  const attribute = (change: string) => {
    const names = readdirSync(data, { recursive: true, encoding: 'utf8' }).filter((name) => !name.endsWith('-shm'));
    execFileSync('chattr', [change, data, ...names.map((name) => join(data, name))], { stdio: 'ignore' });
  };
  return {
    async inject(subject, random) {
      ({ data } = subject.options);
      if ((await caught(subject, random)) === null) return 0;
      subject.note('the directory cannot be written');
      attribute('+i');
      await pause(random.real() * LONGEST_FAULT_MS);
      attribute('-i');
      subject.note('the directory can be written again');
      const life = await subject.running();
      await life?.next('checkpoint', 'done');
      return 1;
    },
    tidy() {
      if (data !== '') attribute('-i');
    },
  };
}

export const DIRECTORIES: readonly Fault[] = [
  {
    name: 'directory-removed',
    idea: 'the data directory is removed while the search runs',
    perRun: 8,
    digits: SIZES_OF_MANY_SAVINGS,
    scene: () => ({ inject: remove }),
  },
  {
    name: 'unwritable',
    idea: 'nobody may write the data directory and its files for a while (chattr +i, root)',
    perRun: 8,
    missing: ({ root, chattr }) => (root && chattr ? null : 'needs root and chattr'),
    scene: unwritable,
  },
];

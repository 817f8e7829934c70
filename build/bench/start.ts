/**
 * From the command `nice19 search` to the first test: a new search each time, on all cores, in a program that has been
 * started before (the first start after a change compiles its sources).
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { keep } from './children.ts';
import { searchDirectory } from './search-directory.ts';
import { type Spread, spreadOf } from './statistics.ts';

const PROGRAM = fileURLToPath(new URL('../nice19.mjs', import.meta.url));
const HOOK = new URL('first-test.ts', import.meta.url).href;
const REPEATS = 7;
const LONGEST_MS = 60_000;

export interface StartRow {
  readonly digits: number;
  /** Milliseconds on the clock. */
  readonly toFirstTest: Spread;
  /** Milliseconds, at 1,000 digits. */
  readonly goal: number | null;
}

export async function measureStart(
  sizes: readonly number[],
  parent: string,
  tell: (digits: number, turn: number) => void,
): Promise<StartRow[]> {
  const rows: StartRow[] = [];
  for (const digits of sizes) {
    const times: number[] = [];
    for (let turn = 0; turn <= REPEATS; turn++) {
      tell(digits, turn);
      const milliseconds = await firstTest(digits, parent);
      if (turn > 0) times.push(milliseconds);
    }
    rows.push({ digits, toFirstTest: spreadOf(times), goal: digits === 1000 ? 1000 : null });
  }
  return rows;
}

async function firstTest(digits: number, parent: string): Promise<number> {
  const directory = await searchDirectory(parent);
  const file = join(mkdtempSync(join(parent, 'start-')), 'first-test');
  const args = [PROGRAM, 'search', '--digits', String(digits), '--data', directory, '--json'];
  const since = performance.timeOrigin + performance.now();
  const child = spawn(process.execPath, args, {
    stdio: 'ignore',
    detached: true,
    env: { ...process.env, NODE_OPTIONS: `--import ${HOOK}`, NICE19_BENCH_FIRST_TEST: file },
  });
  keep(child);
  try {
    const limit = performance.now() + LONGEST_MS;
    while (!existsSync(file) || !readFileSync(file, 'utf8').includes('\n')) {
      if (performance.now() > limit || child.exitCode !== null) throw new Error('the search never began to test');
      await sleep(10);
    }
    return Number(readFileSync(file, 'utf8').split('\n')[0]) - since;
  } finally {
    await ended(child);
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}

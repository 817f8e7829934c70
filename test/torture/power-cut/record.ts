/**
 * Records a real search, as real processes, by strace: every write, fsync and name on the data directory, and every
 * line that the program told, in one order.
 */

import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from '../../support/files.ts';
import { Disk } from './disk.ts';
import type { Operation, Recording } from './operations.ts';
import { operationsOf, TRACED } from './strace.ts';

export const DATA = 'data';

/** One start of the program. */
export interface Start {
  /** Arguments of `nice19 search`, without the directory. */
  readonly search: readonly string[];
  /** SIGKILL for the cruncher when this many primes have been told by this start; it is begun again by itself. */
  readonly killAfter?: number;
}

export interface Scenario {
  readonly name: string;
  /** The store to begin with, as bytes of `nice19.sqlite`; null: an empty place. */
  readonly store: (() => Buffer) | null;
  readonly starts: readonly Start[];
}

export function hasStrace(): boolean {
  return spawnSync('strace', ['-V']).status === 0;
}

/** @throws Error when the program fails, or the recording does not lead to the files that are there in the end */
export async function record({ store, starts }: Scenario): Promise<Recording> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'nice19-power-')));
  try {
    const inside = join(root, 'disk');
    mkdirSync(inside);
    if (store !== null) {
      mkdirSync(join(inside, DATA));
      writeFileSync(join(inside, DATA, 'nice19.sqlite'), store());
    }
    const before = filesOf(inside);
    const operations: Operation[] = [];
    let now = before;
    for (const [k, start] of starts.entries()) {
      const trace = join(root, `trace-${k}`);
      await run(start, join(inside, DATA), trace);
      operations.push(...operationsOf(readFileSync(trace, 'latin1'), inside, now).filter(matters));
      rmSync(trace);
      now = filesOf(inside);
    }
    const recording = { before, operations };
    requireSame(recording, now);
    return recording;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Of what is told, the finds and the checkpoints: promises. */
function matters(operation: Operation): boolean {
  return operation.do !== 'tell' || ['prime', 'checkpoint'].includes(JSON.parse(operation.line).event);
}

async function run({ search, killAfter }: Start, data: string, trace: string): Promise<void> {
  const program = [process.execPath, join(ROOT, 'main', 'cli', 'main.ts'), 'search', ...search, '--data', data];
  const strace = ['-f', '-y', '-xx', '-s', '100000000', '-o', trace, '-e', `trace=${TRACED}`];
  const child = spawn('strace', [...strace, ...program, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  let said = '';
  child.stderr.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(-2000);
  });
  let told = 0;
  for await (const line of createInterface(child.stdout)) {
    if (JSON.parse(line).event !== 'prime' || ++told !== killAfter) continue;
    process.kill(JSON.parse(readFileSync(join(data, 'running.json'), 'utf8')).pid, 'SIGKILL');
  }
  const code = await ended;
  if (code !== 0) throw new Error(`the recorded search ended with ${code}: ${said}`);
}

/** All files below a directory, by their path from it. */
export function filesOf(directory: string): Map<string, Buffer> {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const path = ({ parentPath, name }: (typeof entries)[number]) => join(parentPath, name);
  return new Map(
    entries
      .filter(({ name }) => !name.endsWith('-shm'))
      .map((entry) => [relative(directory, path(entry)), readFileSync(path(entry))]),
  );
}

/** With nothing lost the recording gives the real files: then nothing was overlooked. */
function requireSame({ before, operations }: Recording, real: ReadonlyMap<string, Buffer>): void {
  const disk = new Disk(before);
  for (const operation of operations) disk.apply(operation);
  const model = disk.files();
  for (const name of new Set([...model.keys(), ...real.keys()])) {
    const [mine, its] = [model.get(name), real.get(name)];
    if (mine === undefined || its === undefined || !mine.equals(its)) {
      throw new Error(`the recording gives another ${name} than the run (${mine?.length} and ${its?.length} bytes)`);
    }
  }
}

/** Puts the files of a state below a directory. */
export function putFiles(files: ReadonlyMap<string, Buffer>, directory: string): void {
  for (const [name, bytes] of files) {
    const file = join(directory, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
}

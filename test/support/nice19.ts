/**
 * The terminal program as a user runs it: a process of its own, with everything it prints. Tests wait for
 * lines and for its end, never for time.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import type { PrimeRecord } from '../../main/contract/prime-record.ts';

const CLI = fileURLToPath(new URL('../../main/cli/main.ts', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** The first object on stdout, from now on, that is of this event. @throws when the program ends before */
  event(name: string): Promise<Record<string, unknown>>;
}

export function start(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Running {
  const child = spawn(process.execPath, [CLI, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  const out: string[] = [];
  const err: string[] = [];
  const waiting = new Set<(line: string | null) => void>();
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    out.push(line);
    for (const wait of [...waiting]) wait(line);
  });
  lines.on('close', () => {
    for (const wait of [...waiting]) wait(null);
  });
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk.toString()));
  const ended = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
    out: out.map((line) => `${line}\n`).join(''),
    err: err.join(''),
  }));
  return {
    process: child,
    ended,
    event: (name) =>
      new Promise((resolve, reject) => {
        const wait = (line: string | null) => {
          if (line === null) {
            reject(new Error(`nice19 ended before it said ${name}:\n${out.at(-1)}\n${err.join('')}`));
            return;
          }
          const object = JSON.parse(line) as Record<string, unknown>;
          if (object['event'] !== name) return;
          waiting.delete(wait);
          resolve(object);
        };
        waiting.add(wait);
      }),
  };
}

export async function nice19(...args: string[]): Promise<Ended> {
  return start(args).ended;
}

export async function primes(directory: string): Promise<PrimeRecord[]> {
  const { out } = await nice19('primes', '--data', directory, '--json');
  return JSON.parse(out) as PrimeRecord[];
}

/** Where each prime stands in its search, oldest first. */
export function places(records: readonly PrimeRecord[]): string[] {
  return records.map(({ block, offset, decimal }) => `${block}:${offset}:${decimal}`).toReversed();
}

/** The processes whose parent this is, on Linux. */
export function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}

/** Resolves when the process is gone; it may not be our child, so its end is looked for. */
export async function gone(pid: number): Promise<void> {
  await vi.waitUntil(() => !isAlive(pid), { timeout: 60_000, interval: 20 });
}

/** A zombie that nobody has reaped is dead. */
function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}

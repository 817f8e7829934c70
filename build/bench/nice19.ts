/** The real program, run as a user runs it, with the CPU time that it says it took and the time that its processes took. */

import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { blockCount } from '../../main/search/blocks.ts';
import { childrenTime, keep, run } from './children.ts';

const PROGRAM = fileURLToPath(new URL('../nice19.mjs', import.meta.url));
/** The stated error of 1988. */
const ERROR = '2^-40';
/** A pause is saved and all is still after this. */
const SETTLING_MS = 400;

export interface FoundPrime {
  /** The program's own account: CPU time of all threads since the find before. */
  readonly cpuSeconds: number;
  /** Odd numbers passed since the find before. */
  readonly oddNumbers: number;
}

interface Event {
  readonly event: string;
  readonly block?: number;
  readonly offset?: number;
  readonly cpuSeconds?: number;
}

/**
 * One search, in a data directory of its own: sieve, screen, rounds, Lucas, check, store. It starts once, and stands still
 * (Ctrl-Z, as a user does it) while others have their turn.
 */
export class TurnedSearch {
  private readonly digits: number;
  private readonly child: ChildProcess;
  private readonly ended: Promise<string>;
  private readonly primes: FoundPrime[] = [];
  /** Odd numbers up to the last find. */
  private position = 0;
  private still = false;
  private heard: () => void = () => {};

  /**
   * @param count primes to find in all
   * @param directory of its data
   */
  constructor(digits: number, count: number, seed: string, directory: string) {
    this.digits = digits;
    const args = ['--digits', String(digits), '--error', ERROR, '--count', String(count), '--workers', '1'];
    const command = [PROGRAM, 'search', ...args, '--seed', seed, '--data', directory, '--json'];
    this.child = spawn('sh', ['-c', '"$@"; times >&2', 'sh', process.execPath, ...command], {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    keep(this.child);
    const { stdout, stderr } = this.child;
    createInterface({ input: stdout as NonNullable<typeof stdout> }).on('line', (line) => this.hear(line));
    this.ended = text(stderr as NonNullable<typeof stderr>);
  }

  /** Goes on until it has found so many in all, then stands still. @returns those that are new */
  async findUpTo(count: number): Promise<readonly FoundPrime[]> {
    const before = this.primes.length;
    if (this.still) this.signal('SIGCONT');
    this.still = false;
    while (this.primes.length < count) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.heard = resolve;
      await Promise.race([promise, this.ended]);
      if (this.child.exitCode !== null && this.primes.length < count) {
        throw new Error(`the search ended with ${this.primes.length} primes instead of ${count}: ${await this.ended}`);
      }
    }
    this.signal('SIGTSTP');
    this.still = true;
    await sleep(SETTLING_MS);
    return this.primes.slice(before);
  }

  /** Lets it come to its end. @returns CPU seconds of all its processes, from the first one's start to the last one's end */
  async end(): Promise<number> {
    if (this.still) this.signal('SIGCONT');
    return childrenTime(await this.ended);
  }

  get found(): readonly FoundPrime[] {
    return this.primes;
  }

  private signal(signal: 'SIGTSTP' | 'SIGCONT'): void {
    try {
      process.kill(-(this.child.pid as number), signal);
    } catch {
      // It has ended: it had found all that it was to find.
    }
  }

  private hear(line: string): void {
    const event = JSON.parse(line) as Event;
    if (event.event !== 'prime') return;
    const { block = 0, offset = 0, cpuSeconds = 0 } = event;
    const position = block * blockCount(this.digits) + offset + 1;
    this.primes.push({ cpuSeconds, oddNumbers: position - this.position });
    this.position = position;
    this.heard();
  }
}

/** `nice19 test` of one number: its own account, and the time of its processes. */
export async function testNumber(number: string): Promise<{ cpuSeconds: number; treeSeconds: number }> {
  const { stdout, cpuSeconds } = await run(process.execPath, [PROGRAM, 'test', number, '--error', ERROR, '--json']);
  const answer = JSON.parse(stdout) as { verdict: string; cpuSeconds: number };
  if (answer.verdict !== 'probable prime') throw new Error(`${number} is a prime, not ${answer.verdict}`);
  return { cpuSeconds: answer.cpuSeconds, treeSeconds: cpuSeconds };
}

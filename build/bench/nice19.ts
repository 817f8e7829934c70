/** The real program, run as a user runs it, with the CPU time that it says it took and the time that its processes took. */

import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { blockCount } from '../../main/search/blocks.ts';
import { run } from './children.ts';

const PROGRAM = fileURLToPath(new URL('../nice19.mjs', import.meta.url));
/** The stated error of 1988. */
const ERROR = '2^-40';

export interface FoundPrime {
  /** The program's own account: CPU time of all threads since the find before. */
  readonly cpuSeconds: number;
  /** Odd numbers passed since the find before. */
  readonly oddNumbers: number;
}

export interface SearchPart {
  readonly primes: readonly FoundPrime[];
  /** Everything, from the first process's start to the last one's end. */
  readonly treeSeconds: number;
}

interface Event {
  readonly event: string;
  readonly block?: number;
  readonly offset?: number;
  readonly cpuSeconds?: number;
}

/** One search in a data directory of its own, gone on with in parts: sieve, screen, rounds, Lucas, check, store. */
export class ContinuingSearch {
  private readonly digits: number;
  private readonly directory: string;
  private readonly seed: string;
  private found = 0;
  /** Odd numbers up to the last find. */
  private position = 0;

  constructor(digits: number, seed: string, parent: string) {
    this.digits = digits;
    this.seed = seed;
    this.directory = mkdtempSync(join(parent, 'search-'));
  }

  /** Goes on until it has so many primes more. */
  async findMore(count: number): Promise<SearchPart> {
    this.found += count;
    const { stdout, cpuSeconds } = await run(process.execPath, [
      PROGRAM,
      'search',
      ...['--digits', String(this.digits), '--error', ERROR, '--count', String(this.found), '--workers', '1'],
      ...['--seed', this.seed, '--data', this.directory, '--json'],
    ]);
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Event);
    const primes = events.filter(({ event }) => event === 'prime').map((event) => this.findOf(event));
    if (primes.length !== count) throw new Error(`expected ${count} primes more, got ${primes.length}`);
    return { primes, treeSeconds: cpuSeconds };
  }

  private findOf({ block = 0, offset = 0, cpuSeconds = 0 }: Event): FoundPrime {
    const position = block * blockCount(this.digits) + offset + 1;
    const oddNumbers = position - this.position;
    this.position = position;
    return { cpuSeconds, oddNumbers };
  }
}

/** `nice19 test` of one number: its own account, and the time of its processes. */
export async function testNumber(number: string): Promise<{ cpuSeconds: number; treeSeconds: number }> {
  const { stdout, cpuSeconds } = await run(process.execPath, [PROGRAM, 'test', number, '--error', ERROR, '--json']);
  const answer = JSON.parse(stdout) as { verdict: string; cpuSeconds: number };
  if (answer.verdict !== 'probable prime') throw new Error(`${number} is a prime, not ${answer.verdict}`);
  return { cpuSeconds: answer.cpuSeconds, treeSeconds: cpuSeconds };
}

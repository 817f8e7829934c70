/** The figures of 1988 (reference: B. Yee in comp.unix.wizards, 13 November 1988): 100 digits to an error of 2^-40. */

import { Kernels } from '../../main/search/kernel-names.ts';
import { rabinBase } from '../../main/search/prf.ts';
import { Confirmation } from '../../main/search/primality/confirmation.ts';
import { TurnedSearch, testNumber } from './nice19.ts';
import { searchDirectory } from './search-directory.ts';
import { type Mean, meanOf, type Spread, spreadOf } from './statistics.ts';

/** The smallest prime of 100 digits. */
const PRIME = '10^99+289';
const ROUNDS = 20;
const REPEATS = 9;
const PRIMES = 500;
const IN_1988 = { 'IBM RT/APC': 129.3, 'uVAX III': 290.2 } as const;

export interface HundredDigits {
  /** One prime through all rounds, Lucas and the check, in a program that has run for a while: CPU seconds. */
  readonly test: Spread;
  /** `nice19 test`, all processes, from start to end. */
  readonly testCommand: Spread;
  /** `nice19 search`: CPU seconds for a prime over 500 primes, the start of the program included. */
  readonly search: Mean;
  readonly in1988: typeof IN_1988;
}

export async function hundredDigits(seed: string, directory: string): Promise<HundredDigits> {
  const commands: number[] = [];
  for (let k = 0; k < REPEATS; k++) commands.push((await testNumber(PRIME)).treeSeconds);
  const search = new TurnedSearch(100, PRIMES, seed, await searchDirectory(directory));
  const treeSeconds = await search.end();
  const own = meanOf(search.found.map(({ cpuSeconds }) => cpuSeconds));
  return {
    test: spreadOf(confirmations(Buffer.from(seed, 'hex'))),
    testCommand: spreadOf(commands),
    search: { mean: treeSeconds / PRIMES, error: own.error },
    in1988: IN_1988,
  };
}

/** Seconds that it takes to confirm the prime, many times in a row. */
function confirmations(seed: Uint8Array): number[] {
  const kernels = new Kernels();
  const n = 10n ** 99n + 289n;
  const confirm = (): void => {
    const confirmation = new Confirmation(kernels, {
      n,
      rounds: ROUNDS,
      base: (round) => rabinBase(seed, n, round),
    });
    while (!confirmation.done) confirmation.advance(1 << 20);
    if (confirmation.result().verdict !== 'probable prime') throw new Error(`${PRIME} is a prime`);
  };
  const many = 50;
  const times: number[] = [];
  for (let k = 0; k <= REPEATS; k++) {
    const before = process.cpuUsage();
    for (let i = 0; i < many; i++) confirm();
    const { user, system } = process.cpuUsage(before);
    // The first go is for the engine's compilers.
    if (k > 0) times.push((user + system) / 1e6 / many);
  }
  return times;
}

/**
 * What must be so after a power cut, whatever was lost: the store opens by itself; every prime that was told before is
 * there; its primes are the first ones of the search, none twice; and it stands where the run really stood, not
 * before the last checkpoint that was told. The primes are OpenSSL's. There is one search.
 */

import { contentProblem } from '../../../main/cruncher/run/state-check.ts';
import { firstPrimes } from '../../support/first-primes.ts';
import type { Opened } from './opening.ts';
import type { Operation } from './operations.ts';

/** A saved state, by what it says of itself. */
export const nameOf = (at: string, cpuSeconds: number): string => `${at}, ${cpuSeconds} s`;

/** What the user was told, up to some operation. */
export class Told {
  readonly primes = new Set<string>();
  checkpoint: string | null = null;

  /** @returns whether there was something to remember */
  hear(operation: Operation): boolean {
    if (operation.do !== 'tell') return false;
    const event = JSON.parse(operation.line);
    if (event.event === 'prime') this.primes.add(event.decimal);
    else if (event.event === 'checkpoint') this.checkpoint = nameOf(event.at, event.cpuSeconds);
    else return false;
    return true;
  }
}

export class Judge {
  /** The states that the run has saved, in their order. */
  private readonly saved: string[] = [];
  private expected: readonly string[] = [];

  /** A state that the run itself would have found, had it begun again there: nothing was lost. */
  learn(opened: Opened): void {
    const { search } = opened;
    const name = search === null ? 'nothing' : nameOf(search.savedAt, search.state.counters.cpuSeconds);
    if (this.saved.at(-1) !== name) this.saved.push(name);
  }

  /** What is wrong with a store after a power cut, or null. */
  problem({ search, primes }: Opened, told: Told): string | null {
    if (search === null) {
      if (told.checkpoint !== null || told.primes.size > 0) return 'the search is gone';
      return this.saved.includes('nothing') ? null : 'the search that was there before is gone';
    }
    const { spec, state, savedAt } = search;
    if (primes.length > this.expected.length) this.expected = firstPrimes(spec, primes.length + 20);
    for (const [k, { decimal }] of primes.entries()) {
      if (decimal !== this.expected[k]) return `prime ${k + 1} is another one than the search's, or there twice`;
    }
    const there = new Set(primes.map(({ decimal }) => decimal));
    const lost = [...told.primes].filter((decimal) => !there.has(decimal));
    if (lost.length > 0) return `of ${told.primes.size} primes that were told ${lost.length} are lost`;
    const problem = contentProblem({ spec, state, primes: [...primes] });
    if (problem !== null) return `the saved state makes no sense: ${problem}`;
    const name = nameOf(savedAt, state.counters.cpuSeconds);
    const place = this.saved.indexOf(name);
    if (place < 0) return `the state of ${name} was never saved`;
    if (told.checkpoint !== null && place < this.saved.indexOf(told.checkpoint)) {
      return `the checkpoint of ${told.checkpoint} was told, the one of ${name} is there`;
    }
    return null;
  }
}

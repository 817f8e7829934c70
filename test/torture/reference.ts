/** Uninterrupted runs to compare with: one for each spec and seed, made when it is first wanted. */

import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from './place.ts';
import { storedPrimes } from './stored.ts';
import { type Spec, Subject } from './subject.ts';

export class References {
  private readonly directory: string;
  private readonly known = new Map<string, Promise<readonly Place[]>>();

  /** @param directory where the runs are kept while they last */
  constructor(directory: string) {
    this.directory = directory;
  }

  /** The primes of the search in order, as a run that nobody disturbed finds them. */
  of(spec: Spec): Promise<readonly Place[]> {
    const key = `${spec.digits} ${spec.seed} ${spec.count}`;
    const primes = this.known.get(key) ?? this.run(spec);
    this.known.set(key, primes);
    return primes;
  }

  private async run(spec: Spec): Promise<readonly Place[]> {
    const directory = mkdtempSync(join(this.directory, 'reference-'));
    const data = join(directory, 'data');
    const subject = new Subject({ spec, directory, data, workers: 1, checkpointEvery: 300 });
    try {
      const life = subject.start();
      // Nobody disturbs it: a cruncher that has to be started again is broken, and would be for ever.
      if ((await life.next('restarting', 'done'))?.event !== 'done') {
        throw new Error(`an undisturbed search does not come to its end: ${subject.history.join('; ')}`);
      }
      await subject.finish();
      const primes = await storedPrimes(data);
      if (primes.length !== spec.count) throw new Error(`expected ${spec.count} primes, got ${primes.length}`);
      return primes;
    } finally {
      await subject.end();
      rmSync(directory, { recursive: true, force: true });
    }
  }
}

/** What a search is at, as everybody is shown it every second. */

import type { Progress } from '../../contract/messages.ts';
import type { PauseReason } from '../../contract/pause.ts';
import type { Ledger } from './ledger.ts';
import type { Done, Speed } from './speed.ts';
import type { Work } from './work.ts';

export interface ProgressParts {
  readonly searchId: string;
  readonly digits: number;
  readonly work: Work;
  readonly ledger: Ledger;
  /** Primes that are saved. */
  readonly found: number;
  /** Finds that wait to be saved; null while saving works. */
  readonly unsaved: number | null;
  readonly paused: Iterable<PauseReason>;
  readonly speed: Speed;
  /** Of the time, that each worker computes. */
  readonly share: number;
}

/** Screens done, the units and the tests under way included, up to the last charge of the ledger. */
export const doneInAll = (ledger: Ledger, work: Work): Done => ({
  tested: ledger.counters.tested + work.testedAhead + work.crew.screensUnderWay,
  seconds: ledger.counters.wallSeconds,
});

export function progressOf({
  searchId,
  digits,
  work,
  ledger,
  found,
  unsaved,
  paused,
  speed,
  share,
}: ProgressParts): Progress {
  ledger.charge();
  const { cpuSeconds, disagreements } = ledger.counters;
  const done = doneInAll(ledger, work);
  const testsPerSecond = speed.perSecond(done);
  return {
    searchId,
    digits,
    tested: ledger.counters.tested + work.testedAhead,
    testsPerSecond,
    expectedSecondsToNext: work.rates.expectedSeconds(work.supply.survivorShare, testsPerSecond),
    found,
    unsaved,
    arithmeticErrors: disagreements,
    setAside: work.setAsides.count,
    cpuSeconds,
    cpuSecondsInAll: ledger.cpuSecondsInAll,
    paused: [...paused],
    pace: { workers: work.crew.computing, share },
    workers: work.crew.progress(),
  };
}

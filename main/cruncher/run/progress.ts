/** What a search is at, as everybody is shown it every second. */

import type { Progress } from '../../contract/messages.ts';
import type { PauseReason } from '../../contract/pause.ts';
import type { Ledger } from './ledger.ts';
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
  /** At this start: rates are of what was done since. */
  readonly before: { readonly tested: number; readonly wallSeconds: number };
}

/** Screens done, the units under way included. */
export const testedInAll = (ledger: Ledger, work: Work): number => ledger.counters.tested + work.testedAhead;

export function progressOf({
  searchId,
  digits,
  work,
  ledger,
  found,
  unsaved,
  paused,
  before,
}: ProgressParts): Progress {
  ledger.charge();
  const { cpuSeconds, wallSeconds, disagreements } = ledger.counters;
  const tested = testedInAll(ledger, work);
  const seconds = wallSeconds - before.wallSeconds;
  const tests = tested - before.tested;
  const testsPerSecond = seconds > 0 && tests > 0 ? tests / seconds : null;
  return {
    searchId,
    digits,
    tested,
    testsPerSecond,
    expectedSecondsToNext: work.rates.expectedSeconds(work.supply.survivorShare, testsPerSecond),
    found,
    unsaved,
    arithmeticErrors: disagreements,
    setAside: work.setAsides.count,
    cpuSeconds,
    cpuSecondsInAll: ledger.cpuSecondsInAll,
    paused: [...paused],
    workers: work.crew.progress(),
  };
}

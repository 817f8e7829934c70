/** A find as a row of the table of primes, before the library is asked for it. */

import { endsOf, type PrimeSummary } from '../contract/library.ts';
import type { PrimeRecord } from '../contract/prime-record.ts';

export function summaryOf(record: PrimeRecord, number: number): PrimeSummary {
  const { decimal, digits, foundAt, cpuSeconds, verdict, worstCaseLog2 } = record;
  return {
    number,
    digits,
    ...endsOf(decimal),
    foundAt,
    cpuSeconds,
    verdict,
    worstCaseLog2,
    // nobody hears of a find before a second implementation has said so too
    verifiedAt: foundAt,
    removed: false,
  };
}

/** A find as a row of the table of primes, before the library is asked for it. */

import { ENDS, type PrimeSummary } from '../contract/library.ts';
import type { PrimeRecord } from '../contract/prime-record.ts';

export function summaryOf(record: PrimeRecord, number: number): PrimeSummary {
  const { decimal, digits, foundAt, cpuSeconds, verdict, worstCaseLog2 } = record;
  const short = decimal.length <= 2 * ENDS;
  return {
    number,
    digits,
    first: short ? decimal : decimal.slice(0, ENDS),
    last: short ? '' : decimal.slice(-ENDS),
    foundAt,
    cpuSeconds,
    verdict,
    worstCaseLog2,
    verifiedAt: null,
    removed: false,
  };
}

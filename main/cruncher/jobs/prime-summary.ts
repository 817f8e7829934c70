/** A prime as a row of the table: its two ends and what is said about it. */

import { endsOf, type PrimeSummary } from '../../contract/library.ts';
import type { NumberedPrime } from '../store/prime-rows.ts';

export function summaryOf({ number, prime, verifiedAt, removedAt }: NumberedPrime): PrimeSummary {
  const { decimal, digits, foundAt, cpuSeconds, verdict, worstCaseLog2 } = prime;
  return {
    number,
    digits,
    ...endsOf(decimal),
    foundAt,
    cpuSeconds: Math.max(0, cpuSeconds),
    verdict,
    worstCaseLog2,
    // Outside of the row's seal: damaged, it could be anything.
    verifiedAt: verifiedAt !== null && Number.isFinite(Date.parse(verifiedAt)) ? verifiedAt : null,
    removed: removedAt !== null,
  };
}

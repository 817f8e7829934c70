/** Primes as a table of text (RFC 4180), as the terminal lists them and the window saves them: one form for both. */

import type { PrimeRecord } from './prime-record.ts';

const COLUMNS = [
  'foundAt',
  'digits',
  'verdict',
  'rounds',
  'worstCaseLog2',
  'averageCaseLog2',
  'lucas',
  'cpuSeconds',
  'wallSeconds',
  'searchId',
  'block',
  'offset',
  'host',
  'version',
  'decimal',
] as const satisfies readonly (keyof PrimeRecord)[];

export const CSV_HEAD = COLUMNS.join(',');

/** A prime as a line, without its end. */
export function csvLine(record: PrimeRecord): string {
  return COLUMNS.map((column) => csvField(record[column])).join(',');
}

/** What a spreadsheet would take for a formula: the name of a host may come from somebody else's file. */
const FORMULA = /^[=+\-@\t\r]/;

function csvField(value: string | number | null): string {
  if (value === null) return '';
  const text = typeof value === 'string' && FORMULA.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

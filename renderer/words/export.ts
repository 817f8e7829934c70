/** A prime as a file: text for people, JSON and CSV as `nice19 primes` writes them. */

import type { PrimeRecord } from '../../main/contract/prime-record.ts';
import { plural } from './numbers.ts';
import { surenessOf } from './sureness.ts';

export const EXPORTS = ['text', 'JSON', 'CSV'] as const;
export type ExportFormat = (typeof EXPORTS)[number];

export interface ExportedFile {
  readonly name: string;
  readonly type: string;
  readonly content: string;
}

const CSV_COLUMNS = [
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

export function exported(number: number, record: PrimeRecord, format: ExportFormat): ExportedFile {
  const name = `prime-${number}-${record.digits}-digits`;
  switch (format) {
    case 'text':
      return { name: `${name}.txt`, type: 'text/plain', content: asText(record) };
    case 'JSON':
      return { name: `${name}.json`, type: 'application/json', content: `${JSON.stringify(record, null, 2)}\n` };
    case 'CSV':
      return { name: `${name}.csv`, type: 'text/csv', content: asCsv(record) };
  }
}

function asText(record: PrimeRecord): string {
  const sure = surenessOf(record).map(({ title, statement, assumes }) => `${title}: ${statement} ${assumes}`);
  return [
    `A ${record.verdict} of ${plural(record.digits, 'digit')}, found at ${record.foundAt} on ${record.host} by nice19 ${record.version}.`,
    '',
    record.decimal,
    '',
    ...sure,
    '',
  ].join('\n');
}

function asCsv(record: PrimeRecord): string {
  return `${CSV_COLUMNS.join(',')}\n${CSV_COLUMNS.map((column) => csvField(record[column])).join(',')}\n`;
}

/** RFC 4180: quoted where it must be. */
function csvField(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A prime as a file: text for people, JSON and CSV as `nice19 primes` writes them. */

import { CSV_HEAD, csvLine } from '../../main/contract/prime-csv.ts';
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

export function exported(number: number, record: PrimeRecord, format: ExportFormat): ExportedFile {
  const name = `prime-${number}-${record.digits}-digits`;
  switch (format) {
    case 'text':
      return { name: `${name}.txt`, type: 'text/plain', content: asText(record) };
    case 'JSON':
      return { name: `${name}.json`, type: 'application/json', content: `${JSON.stringify(record, null, 2)}\n` };
    case 'CSV':
      return { name: `${name}.csv`, type: 'text/csv', content: `${CSV_HEAD}\n${csvLine(record)}\n` };
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

/** A prime as a line of CSV can be read back, and is nothing but text to a spreadsheet. */

import { expect, test } from 'vitest';
import { CSV_HEAD, csvLine } from '../../main/contract/prime-csv.ts';
import type { PrimeRecord } from '../../main/contract/prime-record.ts';

const RECORD: PrimeRecord = {
  searchId: 'ab12',
  block: 3,
  offset: 17,
  digits: 3,
  bits: 10,
  decimal: '997',
  verdict: 'probable prime',
  rounds: 40,
  bases: ['02'],
  lucas: 'probable prime',
  worstCaseLog2: -80,
  averageCaseLog2: null,
  kernels: ['fft', 'schoolbook'],
  cpuSeconds: 1.5,
  wallSeconds: 2,
  host: 'ann',
  version: '0.1.0',
  foundAt: '2026-11-26T20:00:00.000Z',
};

const hostOf = (host: string): string => {
  const fields = csvLine({ ...RECORD, host });
  return fields.slice(fields.indexOf('ab12,3,17,') + 'ab12,3,17,'.length, fields.lastIndexOf(',0.1.0,997'));
};

test('each column has its value, and a missing one is empty', () => {
  expect(csvLine(RECORD)).toBe(
    '2026-11-26T20:00:00.000Z,3,probable prime,40,-80,,probable prime,1.5,2,ab12,3,17,ann,0.1.0,997',
  );
  expect(csvLine(RECORD).split(',')).toHaveLength(CSV_HEAD.split(',').length);
});

test.each([
  ['a,b', '"a,b"'],
  ['a"b', '"a""b"'],
  ['a\nb', '"a\nb"'],
  ['=HYPERLINK("x")', '"\'=HYPERLINK(""x"")"'],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['-2+3', "'-2+3"],
  ['+1', "'+1"],
])('a host that is called %j is written %s', (host, written) => {
  expect(hostOf(host)).toBe(written);
});

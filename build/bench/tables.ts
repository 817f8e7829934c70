/** The results in words and columns, as they are pasted into docs/performance.md. */

import type { BaseTwoRow } from './base-two.ts';
import type { Host } from './host.ts';
import type { HundredDigits } from './hundred-digits.ts';
import type { Mean, Spread } from './statistics.ts';
import type { PrimeFigures, SearchComparison } from './whole-search.ts';

const number = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
const bounds = ({ minimum, median }: Spread): string => `${number(minimum)} / ${number(median)}`;
const plusMinus = ({ mean, error }: Mean): string => `${number(mean)} ± ${number(error)}`;
const times = (value: number | null): string => (value === null ? '' : `${value}×`);

/** Columns of Markdown, padded so that a terminal shows them as columns too. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, k) => cell.padEnd(widths[k] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...body.map(line)].join('\n');
}

export function hostLines({ cpu, cores, node, system, date, loadBefore, core }: Host): string {
  const where = core === null ? 'not bound to a core (no taskset)' : `all on core ${core}`;
  const busy = loadBefore > 1.5 ? ' (busy: expect noise)' : '';
  return `${cpu}, ${cores} cores, ${system}, Node ${node}; ${date.slice(0, 10)}; ${where}; load before ${loadBefore.toFixed(2)}${busy}`;
}

export function baseTwoTable(rows: readonly BaseTwoRow[]): string {
  const head = ['digits', 'kernel', 'nice19 ms (min / median)', `${rows[0]?.peer} ms (min / median)`];
  const cells = rows.map((row) => [
    row.digits.toLocaleString('en'),
    row.kernel,
    bounds(row.ours),
    bounds(row.theirs),
    `${row.ratioOfMinima.toFixed(2)}×`,
    `${row.ratios.median.toFixed(2)}× (${row.ratios.minimum.toFixed(2)}–${row.ratios.maximum.toFixed(2)})`,
    times(row.goal),
    String(row.pairs),
  ]);
  return table([[...head, 'of minima', 'of pairs: median (range)', 'goal', 'pairs'], ...cells]);
}

export function searchTable({ digits, ours, oursWithStart, peers }: SearchComparison): string {
  const cells = (name: string, { primes, asMeasured, withoutLuck }: PrimeFigures): string[] => [
    name,
    String(primes),
    plusMinus(asMeasured),
    withoutLuck === null ? '' : plusMinus(withoutLuck),
  ];
  return table([
    [
      `${digits.toLocaleString('en')} digits`,
      'primes',
      'CPU s a prime',
      'without luck',
      'ratio',
      'without luck',
      'goal',
    ],
    [...cells('nice19 search, own account', ours), '', '', ''],
    [...cells('nice19 search, all processes', oursWithStart), '1', '1', ''],
    ...peers.map((peer) => [
      ...cells(`${peer.peer}: ${peer.way}`, peer),
      plusMinus(peer.asMeasuredRatio),
      plusMinus(peer.ratio),
      times(peer.goal),
    ]),
  ]);
}

export function hundredDigitsTable({ test, testCommand, search, in1988 }: HundredDigits): string {
  const rt = in1988['IBM RT/APC'];
  const row = (what: string, seconds: number): string[] => [
    what,
    `${(1000 * seconds).toPrecision(3)} ms`,
    Math.round(rt / seconds).toLocaleString('en'),
  ];
  return table([
    ['100 digits to 2^-40', 'CPU time', 'times the IBM RT/APC'],
    ...Object.entries(in1988).map(([machine, seconds]) => [
      `1988, ${machine}`,
      `${seconds} s`,
      (rt / seconds).toPrecision(2),
    ]),
    row('one prime confirmed: 20 rounds, Lucas, check (median)', test.median),
    row('the command "nice19 test", start of the program included (median)', testCommand.median),
    row('one prime by "nice19 search", over 500, start included', search.mean),
  ]);
}

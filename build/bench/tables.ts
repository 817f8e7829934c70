/** The results in words and columns, as they are pasted into docs/performance.md. */

import type { BaseTwoRow } from './base-two.ts';
import type { CoresResult, Stretch } from './cores.ts';
import type { Growth } from './growth.ts';
import type { Host } from './host.ts';
import type { HundredDigits } from './hundred-digits.ts';
import type { LargeResult } from './large.ts';
import { boundOf, type Limit, type Limits, type Peaks } from './limit.ts';
import type { MemoryRow } from './memory.ts';
import { KINDS } from './operations.ts';
import type { PauseRow } from './pause.ts';
import type { DerivedSearch } from './rates.ts';
import type { StartRow } from './start.ts';
import { type Line, type Mean, type Spread, spreadOf } from './statistics.ts';
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

export function hostLine({ cpu, cores, node, system, date, loadBefore }: Host): string {
  const busy = loadBefore > 1.5 ? ' (busy: expect noise)' : '';
  return `${cpu}, ${cores} cores, ${system}, Node ${node}; ${date.slice(0, 10)}; load before ${loadBefore.toFixed(2)}${busy}`;
}

export const coreWords = (core: number | null): string =>
  core === null ? 'not bound to a core' : `comparisons on core ${core} alone`;

/** A table for each of the others. */
export function baseTwoTables(rows: readonly BaseTwoRow[]): string {
  const names = [...new Set(rows.map((row) => row.peer))];
  return names.map((name) => baseTwoTable(rows.filter((row) => row.peer === name))).join('\n\n');
}

function baseTwoTable(rows: readonly BaseTwoRow[]): string {
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
    stretchWords(row),
  ]);
  return table([
    [...head, 'of minima', 'of pairs: median (range)', 'goal', 'pairs', 'first bits of the exponent'],
    ...cells,
  ]);
}

/** Ours and theirs, where a stretch stood for the whole test. */
function stretchWords({ ourStretch, theirStretch }: BaseTwoRow): string {
  const words = (bits: number | null): string => (bits === null ? 'all' : bits.toLocaleString('en'));
  return ourStretch === null && theirStretch === null ? 'all' : `${words(ourStretch)}; ${words(theirStretch)}`;
}

export function searchTable({ digits, ours, oursWithStart, start, peers }: SearchComparison): string {
  const cells = (name: string, { primes, asMeasured, withoutLuck }: PrimeFigures): string[] => [
    name,
    String(primes),
    plusMinus(asMeasured),
    withoutLuck === null ? '' : plusMinus(withoutLuck),
  ];
  const rows = table([
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
  return `${rows}\n(beside its own account the program took ${number(start)} CPU s, once)`;
}

export function derivedTable(searches: readonly DerivedSearch[]): string {
  const rows = searches.map(({ digits, ours, theirTests, theirSeconds, ratio, goal }) => [
    digits.toLocaleString('en'),
    ours.tests.toFixed(1),
    [ours.screens, ours.confirmation, ours.sieve].map(number).join(' + '),
    number(ours.seconds),
    theirTests.toFixed(1),
    number(theirSeconds),
    `${ratio.toFixed(2)}×`,
    times(goal),
  ]);
  const ours = ['digits', 'tests', 'screens + confirmation + sieve, s', 'CPU s a prime'];
  return table([[...ours, 'tests of mpz_nextprime', 'CPU s a prime', 'ratio', 'goal'], ...rows]);
}

export function growthTables({ points, fits }: Growth): string {
  const rows = points.map(({ digits, tests, testSeconds, screens, confirmation, sieve, seconds }) => [
    digits.toLocaleString('en'),
    tests.toFixed(1),
    number(1000 * testSeconds),
    ...[screens, confirmation, sieve, seconds].map(number),
  ]);
  const exponent = ({ slope, error }: Line): string => `${slope.toFixed(2)} ± ${error.toFixed(2)}`;
  return [
    table([
      ['digits', 'tests a prime', 'ms a test', 'screens, s', 'confirmation, s', 'sieve, s', 'CPU s a prime'],
      ...rows,
    ]),
    table([
      ['digits from … to', 'exponent of the CPU time', 'of the screens alone', 'of theory, over the same sizes'],
      ...fits.map(({ from, to, measured, screens, theory }) => [
        `${from.toLocaleString('en')} … ${to.toLocaleString('en')}`,
        exponent(measured),
        exponent(screens),
        exponent(theory),
      ]),
    ]),
  ].join('\n\n');
}

export function limitTable({ gigahertz, peaks, rows }: Limits): string {
  const limit = peaks.wide ?? peaks.narrow;
  const cells = ({ digits, kernel, counts, cycles }: Limit): string[] => {
    const floating = counts['multiply-add'] + counts['add or multiply'];
    const bound = boundOf(counts, limit);
    return [
      digits.toLocaleString('en'),
      kernel,
      ...KINDS.map((kind) => Math.round(counts[kind]).toLocaleString('en')),
      Math.round(cycles).toLocaleString('en'),
      (counts['multiply-add'] / cycles).toFixed(2),
      (floating / cycles).toFixed(2),
      ((floating + counts.other) / cycles).toFixed(2),
      `${((100 * bound.cycles) / cycles).toFixed(0)} % (${bound.by})`,
    ];
  };
  const most = (of: Peaks, each: string): string[] => [
    each,
    ...[of.multiplyAdds, of.sums, of.together, of.loads, of.stores].map((value) => value.toFixed(2)),
  ];
  const rates = ['multiply-adds a cycle', 'with sums', 'with all else', 'of the limit'];
  return [
    `Operations of 128 bits of one squaring of a pair, at ${gigahertz.toFixed(2)} GHz:`,
    table([['digits', 'kernel', ...KINDS, 'cycles', ...rates], ...rows.map(cells)]),
    'The most that this CPU does of them in a cycle, when nothing else is in the way:',
    table([
      ['vectors', 'multiply-adds', 'sums', 'one multiply-add to two sums', 'of these with a load each', 'stores'],
      most(peaks.narrow, '128 bits'),
      ...(peaks.wide === null ? [] : [most(peaks.wide, '256 bits, each counted as two')]),
    ]),
  ].join('\n\n');
}

export function memoryTable(rows: readonly MemoryRow[]): string {
  return table([
    ['digits', 'PSS at most, MB', 'at the end', 'RSS at most, MB', 'checkpoints', 'limit'],
    ...rows.map(({ digits, pss, last, rss, checkpoints, limit }) => [
      digits.toLocaleString('en'),
      ...[pss, last, rss].map((value) => value.toFixed(0)),
      String(checkpoints),
      String(limit),
    ]),
  ]);
}

const range = ({ minimum, median, maximum }: Spread, digits = 0): string =>
  `${median.toFixed(digits)} (${minimum.toFixed(digits)}–${maximum.toFixed(digits)})`;

export function startTable(rows: readonly StartRow[]): string {
  return table([
    ['digits', 'ms to the first test: median (range)', 'goal'],
    ...rows.map(({ digits, toFirstTest, goal }) => [
      digits.toLocaleString('en'),
      range(toFirstTest),
      goal === null ? '' : String(goal),
    ]),
  ]);
}

export function coresTable({ digits, primes, one, two, ratios, cpuRatios, goal }: CoresResult): string {
  const row = (workers: string, stretches: readonly Stretch[]): string[] => [
    workers,
    range(spreadOf(stretches.map(({ seconds }) => seconds)), 2),
    range(spreadOf(stretches.map(({ cpuSeconds }) => cpuSeconds)), 2),
    range(spreadOf(stretches.map(({ seconds, cpuSeconds }) => cpuSeconds / seconds)), 3),
  ];
  const head = [`the same ${primes} primes of ${digits.toLocaleString('en')} digits`, 's', 'CPU s', 'CPU s a second'];
  return `${table([head, row('one worker', one), row('two workers', two)])}
two by one, neighbouring turns: ${range(ratios, 3)} times as fast, goal ${goal}; CPU time for the same work ${range(cpuRatios, 3)}`;
}

/** Late pauses that are told one by one. */
const MOST_LATE = 6;

export function pauseTable(rows: readonly PauseRow[]): string {
  const late = ({ each, goal }: PauseRow): string => {
    const all = each.flatMap((value, k) => (value > goal ? [`pause ${k + 1}: ${value.toFixed(0)}`] : []));
    const more = all.length > MOST_LATE ? [`${all.length - MOST_LATE} more`] : [];
    return [...all.slice(0, MOST_LATE), ...more].join('; ') || 'none';
  };
  return table([
    ['pauses', 'how many', 'ms to the last CPU time: median (range)', 'goal', 'above it', 'CPU ms after the command'],
    ...rows.map((row) => [
      row.when,
      String(row.each.length),
      range(row.milliseconds),
      String(row.goal),
      late(row),
      range(row.cpuMilliseconds),
    ]),
  ]);
}

export function largeLines(result: LargeResult): string {
  const { digits, fractions, expectedSecondsToNext, testsPerSecond, bitBefore, bitAfter, residuesAreRight } = result;
  const shown = fractions.map((fraction) => (100 * fraction).toFixed(1)).join(' ');
  return [
    `${digits.toLocaleString('en')} digits. Percent of the first test, each second: ${shown}`,
    `tests a second ${testsPerSecond === null ? 'not known yet' : number(testsPerSecond)}, next prime expected in ${expectedSecondsToNext === null ? 'a time not known yet' : `${(expectedSecondsToNext / 86_400).toFixed(2)} days`}`,
    `saved at bit ${bitBefore} before kill -9, at bit ${bitAfter} after it; residues ${residuesAreRight ? 'are those of GMP' : 'ARE WRONG'}`,
  ].join('\n');
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

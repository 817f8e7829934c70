/** The campaign's result: a row a fault, and the runs that failed with the command that repeats each. */

import type { RunResult } from './run.ts';

export interface Row {
  readonly fault: string;
  injected: number;
  runs: number;
  lost: number;
  doubled: number;
  /** CPU seconds. */
  redoneAtMost: number;
  /** The places that were hit, where a fault has many. */
  places: readonly string[];
  /** What the program said when it crashed or gave up, and how often. */
  remarks: Readonly<Record<string, number>>;
}

export interface FailedRun {
  readonly fault: string;
  readonly run: number;
  readonly problems: readonly string[];
  readonly directory: string;
  readonly repeat: string;
}

export interface Report {
  readonly seed: string;
  /** Seconds on the clock. */
  readonly seconds: number;
  readonly rows: readonly Row[];
  readonly notInjected: readonly { readonly fault: string; readonly why: string }[];
  readonly failed: readonly FailedRun[];
}

export const emptyRow = (fault: string): Row => ({
  fault,
  injected: 0,
  runs: 0,
  lost: 0,
  doubled: 0,
  redoneAtMost: 0,
  places: [],
  remarks: {},
});

/** Books a run that was compared. */
export function bookRun(row: Row, { judgement, redoneAtMost, covered, remarks }: RunResult): void {
  row.runs++;
  row.lost += judgement.lost;
  row.doubled += judgement.doubled;
  row.redoneAtMost = Math.max(row.redoneAtMost, redoneAtMost);
  row.places = [...new Set([...row.places, ...covered])].sort();
  for (const words of remarks) row.remarks = { ...row.remarks, [words]: (row.remarks[words] ?? 0) + 1 };
}

const HEAD = ['fault', 'times injected', 'runs compared', 'primes lost', 'primes doubled', 'CPU s redone at most'];

/** The report as text: a Markdown table, so that it can go into a document as it is. */
export function reportText({ seed, seconds, rows, notInjected, failed }: Report): string {
  const sum = (of: (row: Row) => number) => rows.reduce((total, row) => total + of(row), 0);
  const all: Row = {
    ...emptyRow('all'),
    injected: sum(({ injected }) => injected),
    runs: sum(({ runs }) => runs),
    lost: sum(({ lost }) => lost),
    doubled: sum(({ doubled }) => doubled),
    redoneAtMost: Math.max(0, ...rows.map(({ redoneAtMost }) => redoneAtMost)),
  };
  const lines = [...rows, all].map((row) => [
    row.fault,
    ...[row.injected, row.runs, row.lost, row.doubled].map(String),
    row.redoneAtMost.toFixed(2),
  ]);
  const widths = HEAD.map((title, column) => Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`;
  const rule = `|${widths.map((width, i) => (i === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  const text = [line(HEAD), rule, ...lines.map(line), ''];
  text.push(`Seed ${seed}, ${Math.round(seconds)} s.`);
  for (const { fault, places } of rows) {
    if (places.length > 0) text.push(`${fault} hit ${places.length} different places: ${places.join(', ')}.`);
  }
  for (const { fault, remarks } of rows) {
    for (const [words, times] of Object.entries(remarks)) text.push(`${fault}, ${times} times: ${words}`);
  }
  for (const { fault, why } of notInjected) text.push(`Not injected: ${fault} (${why}).`);
  for (const { fault, run, problems, directory, repeat } of failed) {
    text.push('', `FAILED: ${fault}, run ${run}: ${problems.join('; ')}.`, `  kept in ${directory}`, `  ${repeat}`);
  }
  return `${text.join('\n')}\n`;
}

/** Whether the promise was kept. */
export const isKept = ({ failed, rows }: Report): boolean =>
  failed.length === 0 && rows.every(({ lost, doubled }) => lost === 0 && doubled === 0);

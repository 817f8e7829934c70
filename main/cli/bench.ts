/** `nice19 bench`: a row a size. */

import type { BenchRow } from '../contract/messages.ts';
import type { CommandLine } from './command-line.ts';
import { count, duration } from './format.ts';
import { type Outcome, runJob } from './session.ts';
import type { Terminal } from './terminal.ts';

const HEADINGS = [
  'digits',
  'kernel',
  'µs/squaring',
  'ms/test',
  'sieve to',
  'sieve share',
  'tests/prime',
  'CPU time/prime',
];

export async function benchCommand(
  line: Extract<CommandLine, { command: 'bench' }>,
  terminal: Terminal,
): Promise<Outcome> {
  const { digits, kernel, json } = line;
  const rows: BenchRow[] = [];
  if (!json) terminal.print(HEADINGS.map(pad).join(''));
  const tell = () => terminal.live(`measuring ${count(digits[rows.length] ?? 0)} digits …`);
  tell();
  const outcome = await runJob(
    { type: 'bench', digits, kernel },
    {
      onEvent(event) {
        if (event.type !== 'benched') return;
        rows.push(event.row);
        if (!json) terminal.print(cells(event.row).map(pad).join(''));
        if (!event.last) tell();
      },
    },
  );
  if (json && outcome.end === 'answered') terminal.print(JSON.stringify(rows));
  if (!json && outcome.end === 'answered') {
    terminal.say(
      'One core, one candidate; primes to an error of 2^-80. The waiting time for a prime is exponential with this mean.',
    );
  }
  return outcome;
}

function cells(row: BenchRow): string[] {
  return [
    count(row.digits),
    row.kernel,
    (row.nsPerSquaring / 1000).toPrecision(3),
    row.base2TestMs.toPrecision(3),
    row.sieveDepth.toExponential(1),
    `${(100 * row.sieveShare).toPrecision(2)} %`,
    row.testsPerPrime.toFixed(1),
    duration(row.cpuSecondsPerPrime),
  ];
}

const pad = (cell: string): string => cell.padStart(15);

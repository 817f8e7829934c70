/**
 * What a search on all cores costs whoever works at the computer: how much of its speed a program that only computes
 * keeps, and how much later a program is that computes now and then, in the slowest of a hundred times. The real search
 * takes turns with none, on the same machine in one run, wherever it may have been started from; and what is not its own
 * must have the priority that it had.
 *
 *   npm run bench:manners [-- --pairs 15 --milliseconds 2000 --from own,shared,terminal --json]
 */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { spreadOf } from '../bench/statistics.ts';
import { endWrongUsage, readValues, show, tell, wholeNumber, words } from '../lib/options.ts';
import { type Costs, framesAt, type Interval, measure, slowdown, spread } from './pairs.ts';
import { end, go, priorityOf, startForeground } from './processes.ts';
import { endSearch, PLACE_NAMES, PLACES, type Place, runAt, startSearch } from './sessions.ts';

/** Its first argument when it runs itself at another place. */
const ROLE = 'measure-here';

/** The goal: what is kept, in percent, and how many times later the slowest of a hundred may be. */
const GOAL = { kept: 98, slower: 1.1 };

const HELP = `Usage: npm run bench:manners -- [options]

What a search on all cores costs other programs at nice 0, without it and with it in turn: a program a core that
only computes, and one that computes 4 ms every 16 ms. On Linux, about two minutes a place; for figures that
mean something nothing else should run.

  --from LIST         where the search is started from (${PLACES.join(',')})
  --pairs N           pairs without and with it (15)
  --milliseconds MS   length of a run of each kind (2000)
  --waiting N         programs that compute now and then (1)
  --digits N          size of the search (1000)
  --json              one JSON object on standard output
`;

interface Options {
  readonly from: readonly Place[];
  readonly pairs: number;
  readonly milliseconds: number;
  readonly waiting: number;
  readonly digits: number;
  readonly json: boolean;
}

interface Measured extends Costs {
  readonly place: Place;
  /** What the search says of its priority. */
  readonly priority: string;
  /** Of what is not the search's own: before it began, and while it ran. */
  readonly others: { readonly before: readonly string[]; readonly after: readonly string[] };
}

function readOptions(args: readonly string[]): Options | null {
  const values = readValues(args, ['from', 'pairs', 'milliseconds', 'waiting', 'digits'], ['json']);
  if (values.help === true) return null;
  return {
    from: words('from', values.from ?? PLACES.join(','), PLACES),
    pairs: wholeNumber('pairs', values.pairs ?? '15', 1, 10_000),
    milliseconds: wholeNumber('milliseconds', values.milliseconds ?? '2000', 200, 60_000),
    waiting: wholeNumber('waiting', values.waiting ?? '1', 1, 256),
    digits: wholeNumber('digits', values.digits ?? '1000', 20, 100_000),
    json: values.json === true,
  };
}

/** In the session that it was started in: the programs, the search, and the turns that they take. */
async function measureHere(place: Place, options: Options, directory: string): Promise<Measured> {
  const { digits, waiting: count, pairs, milliseconds } = options;
  const ownSessions = place === 'own';
  const busy = await startForeground(os.availableParallelism(), ownSessions);
  const waiting = await startForeground(count, ownSessions);
  await go(busy, { does: 'compute', milliseconds: 500 });
  const notOurs = [process.pid, process.ppid, ...[...busy, ...waiting].map(({ pid }) => pid as number)];
  const before = notOurs.map(priorityOf);
  const search = await startSearch(join(directory, 'data'), digits, ownSessions);
  try {
    const report = (pair: number) => tell(`from ${PLACE_NAMES[place]}: pair ${pair + 1} of ${pairs}`);
    const costs = await measure({ pid: search.cruncher, busy, waiting, pairs, milliseconds, tell: report });
    return { place, priority: search.priority, others: { before, after: notOurs.map(priorityOf) }, ...costs };
  } finally {
    await endSearch(search);
    for (const program of [...busy, ...waiting]) await end(program);
  }
}

async function measureAt(place: Place, options: Options): Promise<Measured> {
  const directory = mkdtempSync(join(os.tmpdir(), 'nice19-manners-'));
  const result = join(directory, 'result.json');
  try {
    await runAt(place, new URL(import.meta.url), [ROLE, place, directory, result, JSON.stringify(options)]);
    return JSON.parse(readFileSync(result, 'utf8')) as Measured;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const verdict = (reached: boolean): string => (reached ? 'yes' : 'NO');
const interval = ({ value, low, high }: Interval): string =>
  `${value.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;

function row(measured: Measured): string[] {
  const { place, kept, taken, others } = measured;
  const slower = slowdown(measured, 0.99);
  const at = (kind: 'without' | 'with') =>
    `${framesAt(measured, kind, 0.5).toFixed(2)} / ${framesAt(measured, kind, 0.99).toFixed(2)}`;
  return [
    PLACE_NAMES[place],
    spread(kept, 1),
    verdict(spreadOf(kept).median >= GOAL.kept),
    spread(taken, 2),
    at('without'),
    at('with'),
    interval(slower),
    verdict(slower.value <= GOAL.slower),
    verdict(others.before.every((one, k) => one === others.after[k])),
  ];
}

const HEADS = [
  'started from',
  'keeps, % (range)',
  `≥ ${GOAL.kept}`,
  'search takes, %',
  'without: ms, 50th / 99th',
  'with',
  '99th, times (90 % of resamplings)',
  `≤ ${GOAL.slower}`,
  'others as before',
];

async function main(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  if (options === null) return show(HELP);
  if (process.platform !== 'linux') throw new Error('this measurement is for Linux');
  const load = os.loadavg()[0]?.toFixed(2);
  const all: Measured[] = [];
  for (const place of options.from) all.push(await measureAt(place, options));
  tell('');
  if (options.json) return show(`${JSON.stringify({ load, options, measured: all })}\n`);
  const system = `${os.type()} ${os.release()}, ${os.cpus()[0]?.model.trim()}, ${os.availableParallelism()} cores`;
  show(`${system}; load before ${load}; ${new Date().toISOString()}\n`);
  show(`${options.pairs} pairs of ${options.milliseconds} ms of each kind; a search for ${options.digits} digits\n\n`);
  for (const cells of [HEADS, HEADS.map(() => '---'), ...all.map(row)]) show(`| ${cells.join(' | ')} |\n`);
  show('\n');
  for (const { place, priority } of all) show(`${PLACE_NAMES[place]}: ${priority}\n`);
}

const [role, place, directory, result, options] = process.argv.slice(2);
if (role === ROLE) {
  const measured = await measureHere(place as Place, JSON.parse(options as string) as Options, directory as string);
  writeFileSync(result as string, JSON.stringify(measured));
  process.exit(0);
} else {
  await main(process.argv.slice(2)).catch((error: unknown) => endWrongUsage(error, 'npm run bench:manners --'));
}

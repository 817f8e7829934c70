/** `npm run long-life`: a week in some minutes, and questions to a store with a million primes. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endWrongUsage, readValues, show, tell, wholeNumber } from '../../build/lib/options.ts';
import { type Growth, LARGEST_GROWTH, type Sample } from './footprint.ts';
import { LONGEST_PAGE_MS, measureQueries, type QueryTimes } from './million.ts';
import { type LongLife, longLife } from './parent.ts';

const HELP = `Usage: npm run long-life -- [options]

Lives a week with small numbers and a clock that does not wait: memory, open files and the store must be
level. Then asks a store with very many primes.

  --finds N       primes of the week (500000); with a few ten thousand the warm-up looks like growth
  --records N     primes of the large store (1000000)
  --digits N      their digits (1000)
`;

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
const grouped = (value: number): string => Math.round(value).toLocaleString('en');

function memoryLine(who: string, samples: readonly Sample[], grown: Growth): string {
  const at = (share: number): Sample => samples[Math.floor(share * (samples.length - 1))] as Sample;
  const places = [at(0.1), at(0.5), at(1)];
  const values = (of: (sample: Sample) => number): string => places.map((sample) => megabytes(of(sample))).join(', ');
  return [
    `${who}, at a tenth, at half and at the end:`,
    `  heap in use      ${values(({ heap }) => heap)}; ${grown.heap.toFixed(2)} bytes a find`,
    `  resident         ${values(({ resident }) => resident)}; ${grown.resident.toFixed(2)} bytes a find`,
    `  open files       ${places.map(({ files }) => files).join(', ')}`,
    '',
  ].join('\n');
}

function weekLines({ week, seconds, cpuSeconds, bytes, cruncher, parent, sentences }: LongLife): string {
  const { finds, checkpoints, savings, simulatedDays } = week;
  const size = (share: number): string => megabytes(bytes[Math.floor(share * (bytes.length - 1))] as number);
  return [
    `${simulatedDays.toFixed(1)} days in ${seconds.toFixed(0)} s (${cpuSeconds.toFixed(0)} s CPU of the cruncher)`,
    `${grouped(finds)} finds, ${grouped(checkpoints)} checkpoints, ${grouped(savings)} savings in all`,
    `data directory   ${size(0.1)}, ${size(0.5)}, ${size(1)}: ${((bytes.at(-1) as number) / finds).toFixed(0)} bytes a prime, backups and journals included`,
    memoryLine('cruncher', cruncher.samples, cruncher.growth),
    memoryLine('parent', parent.samples, parent.growth),
    ...sentences.map((sentence) => `told: ${sentence}`),
    '',
  ].join('\n');
}

function queryLines({ records, digits, bytesPerPrime, fillSeconds, queries }: QueryTimes): string {
  const rows = queries.map(
    ({ query, medianMs, slowestMs }) =>
      `  ${query.padEnd(28)}${medianMs.toFixed(2).padStart(8)} ms, slowest ${slowestMs.toFixed(2)} ms`,
  );
  const made = `${grouped(records)} primes of ${digits} digits, ${bytesPerPrime.toFixed(0)} bytes each, written in ${fillSeconds.toFixed(0)} s`;
  return `${[made, ...rows].join('\n')}\n`;
}

/** What is not as it must be. */
function problems(life: LongLife, times: QueryTimes): string[] {
  const found: string[] = [];
  const { week, heard, cruncher, parent } = life;
  if (heard !== week.finds) found.push(`${week.finds} primes were found and ${heard} heard of`);
  for (const [who, { growth }] of Object.entries({ cruncher, parent })) {
    if (growth.heap > LARGEST_GROWTH.heap) found.push(`the heap of the ${who} grows`);
    if (growth.resident > LARGEST_GROWTH.resident) found.push(`the memory of the ${who} grows`);
    if (growth.files > LARGEST_GROWTH.files) found.push(`the ${who} opens more and more files`);
  }
  for (const { query, medianMs } of times.queries) {
    if (medianMs > LONGEST_PAGE_MS) found.push(`${query}: ${medianMs.toFixed(0)} ms`);
  }
  return found;
}

async function main(): Promise<void> {
  const values = readValues(process.argv.slice(2), ['finds', 'records', 'digits']);
  if (values.help === true) {
    show(HELP);
    return;
  }
  const finds = wholeNumber('finds', values.finds ?? '500000', 1000);
  const records = wholeNumber('records', values.records ?? '1000000', 1000);
  const digits = wholeNumber('digits', values.digits ?? '1000', 20);
  const directory = mkdtempSync(join(tmpdir(), 'nice19-long-life-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  const life = await longLife(mkdtempSync(join(directory, 'week-')), finds, (sample) =>
    tell(`${grouped(sample.finds)} finds of ${grouped(finds)}`),
  );
  tell('');
  show(weekLines(life));
  tell(`writing ${grouped(records)} primes`);
  const times = await measureQueries(mkdtempSync(join(directory, 'million-')), records, digits);
  tell('');
  show(queryLines(times));
  const found = problems(life, times);
  show(found.length === 0 ? 'all is level and quick\n' : `FAILED: ${found.join('; ')}\n`);
  if (found.length > 0) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  endWrongUsage(error, 'npm run long-life --');
}

/** `npm run fuzz`: random and spoilt input for everything that reads what comes from outside. */

import { parseArgs } from 'node:util';
import { type Findings, LARGEST_GROWTH_MB } from './campaign.ts';
import { fuzzInChild } from './children.ts';
import { TARGET_NAMES, TARGETS, type TargetName } from './targets.ts';

const HELP = `Usage: npm run fuzz -- [options]

Gives random and spoilt input to ${TARGET_NAMES.join(', ')}, each in a
process of its own, and looks that nothing crashes, hangs (over 1 s a case) or grows (over
${LARGEST_GROWTH_MB} MB), and that every refusal is a sentence.

  --cases N       in all (100000)
  --seed S        a whole number; repeats a campaign (random)
  --only LIST     targets
`;

function wholeNumber(option: string, given: string): number {
  if (!/^\d{1,9}$/.test(given)) throw new Error(`--${option} wants a whole number, not ${JSON.stringify(given)}`);
  return Number(given);
}

const show = (text: string): void => void process.stdout.write(text);

function tell(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

function row(cells: readonly (string | number)[]): string {
  const widths = [34, 9, 9, 9, 10, 13, 12];
  return cells
    .map((cell, k) => (k === 0 ? String(cell).padEnd(widths[0]!) : String(cell).padStart(widths[k]!)))
    .join('');
}

function findingsRow(found: Findings): string {
  const { target, cases, taken, refused, sentences, slowestMs, grownMb } = found;
  return row([target, cases, taken, refused, sentences, `${slowestMs.toFixed(1)} ms`, `${grownMb.toFixed(0)} MB`]);
}

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: { cases: text, seed: text, only: text, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true) {
    show(HELP);
    return;
  }
  const cases = wholeNumber('cases', values.cases ?? '100000');
  const seed = values.seed === undefined ? Math.floor(Math.random() * 1e9) : wholeNumber('seed', values.seed);
  const wanted = values.only?.split(',') ?? TARGET_NAMES;
  const names = wanted.map((word) => {
    const name = TARGET_NAMES.find((one) => one === word);
    if (name === undefined) throw new Error(`--only wants some of ${TARGET_NAMES.join(', ')}, not ${word}`);
    return name;
  });
  const shares = names.reduce((sum, name) => sum + TARGETS[name].share, 0);
  show(`seed ${seed}\n${row(['target', 'cases', 'taken', 'refused', 'sentences', 'slowest', 'grown'])}\n`);
  const all: Findings[] = [];
  for (const name of names) {
    const own = Math.ceil((cases * TARGETS[name].share) / shares);
    const found = await fuzzInChild(name as TargetName, own, seed, {
      onProgress: (done) => tell(`${name}: ${done} of ${own}`),
    });
    tell('');
    show(`${findingsRow(found)}\n`);
    if (found.failure !== null) show(`FAILED: ${found.failure}\n`);
    all.push(found);
  }
  const sum = (of: (found: Findings) => number): number => all.reduce((total, found) => total + of(found), 0);
  const failed = all.filter(({ failure, grownMb }) => failure !== null || grownMb > LARGEST_GROWTH_MB).length;
  show(`${sum(({ cases }) => cases)} cases, ${sum(({ refused }) => refused)} refused, ${failed} targets failed\n`);
  if (failed > 0) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  tell('');
  process.stderr.write(`nice19: ${(error as Error).message}. See "npm run fuzz -- --help".\n`);
  process.exitCode = 1;
}

/** `npm run fuzz`: random and spoilt input for everything that reads what comes from outside. */

import { endWrongUsage, readValues, show, tell, wholeNumber, words } from '../../build/lib/options.ts';
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
  const values = readValues(process.argv.slice(2), ['cases', 'seed', 'only']);
  if (values.help === true) {
    show(HELP);
    return;
  }
  const cases = wholeNumber('cases', values.cases ?? '100000', 1);
  const seed = values.seed === undefined ? Math.floor(Math.random() * 1e9) : wholeNumber('seed', values.seed, 0);
  const names = values.only === undefined ? TARGET_NAMES : words('only', values.only, TARGET_NAMES);
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
  endWrongUsage(error, 'npm run fuzz --');
}

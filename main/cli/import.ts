/** `nice19 import`: how far the testing is, and what was merged. */

import type { CollectJob, ImportJob, ImportReport } from '../contract/import.ts';
import type { CruncherEvent } from '../contract/messages.ts';
import { count, percent, plural } from './format.ts';
import { type Outcome, runJob } from './session.ts';
import type { Terminal } from './terminal.ts';

/** The share of one prime is worth telling only when it takes a while. */
const LONG_TEST = 0.02;

export async function importCommand(job: ImportJob, json: boolean, terminal: Terminal): Promise<Outcome> {
  return runMerge(job, terminal, (event) => {
    if (event.type !== 'imported') return null;
    return json ? [JSON.stringify(event.report)] : importLines(job, event.report);
  });
}

/**
 * Runs a job that tests primes again and merges them, and shows how far it is.
 * @param linesOf what is printed of an event; null: nothing
 */
export function runMerge(
  job: ImportJob | CollectJob,
  terminal: Terminal,
  linesOf: (event: CruncherEvent) => readonly string[] | null,
): Promise<Outcome> {
  return runJob(job, {
    onEvent(event) {
      if (event.type === 'importing') terminal.live(testingLine(event));
      if (event.type === 'warning') terminal.say(`Warning: ${event.sentence}.`);
      const lines = linesOf(event);
      if (lines === null) return;
      terminal.settle();
      for (const line of lines) terminal.print(line);
    },
  });
}

export function testingLine({ tested, of, fraction }: { tested: number; of: number; fraction: number }): string {
  if (of === 0) return 'nothing new to test';
  const within = fraction > LONG_TEST && fraction < 1 ? ` · ${percent(fraction)}` : '';
  return `testing again: prime ${count(Math.min(tested + 1, of))} of ${count(of)}${within}`;
}

export function importLines({ from, directory }: ImportJob, report: ImportReport): string[] {
  const { searches, primes, adopted, advanced, added } = report;
  const there = `${from} has ${plural(primes, 'prime')} of ${plural(searches, 'search', 'searches')}`;
  if (adopted + advanced + added === 0) return [`${there}; nothing of it is new in ${directory}.`];
  const merged = [
    adopted > 0 ? `${plural(adopted, 'search is', 'searches are')} new` : '',
    advanced > 0 ? `${plural(advanced, 'search goes', 'searches go')} on from there` : '',
  ].filter((part) => part !== '');
  const tested = added > 0 ? `, each tested again` : '';
  return [
    `${there}.`,
    `${plural(added, 'new prime')} in ${directory}${tested}${merged.length > 0 ? `; ${merged.join(', ')}` : ''}.`,
  ];
}

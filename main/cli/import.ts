/** `nice19 import`: how far the testing is, and what was merged. */

import type { ImportJob, ImportReport } from '../contract/import.ts';
import { count, percent, plural } from './format.ts';
import { type Outcome, runJob } from './session.ts';
import type { Terminal } from './terminal.ts';

/** The share of one prime is worth telling only when it takes a while. */
const LONG_TEST = 0.02;

export async function importCommand(job: ImportJob, json: boolean, terminal: Terminal): Promise<Outcome> {
  return runJob(job, {
    onEvent(event) {
      switch (event.type) {
        case 'importing':
          terminal.live(testingLine(event));
          return;
        case 'warning':
          terminal.say(`Warning: ${event.sentence}.`);
          return;
        case 'imported':
          terminal.settle();
          if (json) terminal.print(JSON.stringify(event.report));
          else for (const line of importLines(job, event.report)) terminal.print(line);
          return;
        default:
          return;
      }
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

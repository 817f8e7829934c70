/**
 * What a paused search costs in the terminal: the CPU time of all its processes, over some minutes. It is paused as a
 * user does it, by the signal of Ctrl-Z.
 *
 *   npm run bench:idle [-- --seconds 300 --pid PID]
 *
 * With `--pid` it measures what runs already: that process and all that it started, such as the desktop app.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endWrongUsage, readValues, show, tell, wholeNumber } from '../lib/options.ts';
import { type IdleCost, idleCost, idleRows } from './idle-cost.ts';
import { endSearch, startSearch } from './sessions.ts';

/** The goal, in percent of one core. */
const MOST = 0.1;
/** What is left to be done after a pause, saving above all, is done in this time. */
const SETTLING_MS = 30_000;

const HELP = `Usage: npm run bench:idle -- [options]

What a paused search costs, all its processes together. Linux only.

  --seconds N   how long to look (300)
  --pid PID     look at this process and all that it started, instead of starting a search
`;

async function costOfPausedSearch(seconds: number): Promise<IdleCost> {
  const directory = mkdtempSync(join(os.tmpdir(), 'nice19-idle-'));
  const search = await startSearch(directory, 1000, true);
  try {
    process.kill(-(search.child.pid as number), 'SIGTSTP');
    await sleep(SETTLING_MS);
    return await idleCost(search.child.pid as number, seconds);
  } finally {
    process.kill(-(search.child.pid as number), 'SIGCONT');
    await endSearch(search);
    rmSync(directory, { recursive: true, force: true });
  }
}

async function main(args: readonly string[]): Promise<void> {
  const values = readValues(args, ['seconds', 'pid']);
  if (values.help === true) return show(HELP);
  const seconds = wholeNumber('seconds', values.seconds ?? '300', 1, 86_400);
  tell(`looking for ${seconds} s`);
  const cost =
    values.pid === undefined
      ? await costOfPausedSearch(seconds)
      : await idleCost(wholeNumber('pid', values.pid, 1), seconds);
  tell('');
  show(idleRows(cost));
  show(`\nGoal: under ${MOST} %: ${cost.percent < MOST ? 'yes' : 'NO'}.\n`);
}

await main(process.argv.slice(2)).catch((error: unknown) => endWrongUsage(error, 'npm run bench:idle --'));

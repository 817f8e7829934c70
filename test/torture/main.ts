/** `npm run torture`: the campaign from the command line, what it says meanwhile, and the table at the end. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endWrongUsage } from '../../build/lib/options.ts';
import { Campaign } from './campaign.ts';
import { unmountAll } from './mounts.ts';
import { HELP, type Options, readOptions } from './options.ts';
import { marked } from './processes.ts';
import { isKept, reportText } from './table.ts';
import { findTools } from './tools.ts';

/** On a terminal a line that is written over; elsewhere a line now and then. */
const QUIET_MS = 30_000;

function teller(): (sentence: string) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (sentence) => {
    const isLive = process.stderr.isTTY && !sentence.includes('FAILED');
    if (isLive) process.stderr.write(`\r\x1b[K${sentence.slice(0, (process.stderr.columns ?? 80) - 1)}`);
    else if (sentence.includes('FAILED') || performance.now() - last > QUIET_MS) {
      process.stderr.write(`${sentence}\n`);
      last = performance.now();
    }
  };
}

async function torture(options: Options): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'nice19-torture-'));
  // However it ends, nothing that it started goes on.
  process.once('exit', () => {
    for (const left of marked(directory)) left.signal('SIGKILL');
    unmountAll();
  });
  let isStopped = false;
  const stop = (): void => {
    if (isStopped) process.exit(130);
    isStopped = true;
    process.stderr.write('\nnice19: ending the runs under way (again: at once) …\n');
  };
  process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop);
  const campaign = new Campaign(options, findTools(), directory, { tell: teller(), isStopped: () => isStopped });
  if (!options.json) process.stderr.write(`Seed ${options.seed}, in ${directory}\n`);
  await campaign.run();
  const { report } = campaign;
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : reportText(report));
  if (report.failed.length === 0 && !options.keep) rmSync(directory, { recursive: true, force: true });
  process.exitCode = isKept(report) ? 0 : 1;
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options === null) process.stdout.write(HELP);
  else await torture(options);
} catch (error) {
  endWrongUsage(error, 'npm run torture --');
}

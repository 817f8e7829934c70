/**
 * `npm run bench:idle`: what the app costs while it is paused and its window is closed, all its processes together, over five
 * minutes. On Electron where it can be had here, else on the stand-in; it says which.
 */

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { endWrongUsage, readValues, show, tell, wholeNumber } from '../../../build/lib/options.ts';
import { idleCost, idleRows } from '../../../build/manners/idle-cost.ts';
import { install } from './installed.ts';
import { homeOf, ON_ELECTRON, ON_STAND_IN } from './kinds.ts';
import { leaveSettings } from './left-settings.ts';

/** Percent of one core. */
const LIMIT = 0.1;
/** Node compiles and collects for a while after a start; what reads for the window goes a minute after it. */
const SETTLES_MS = 75_000;

const HELP = `Usage: npm run bench:idle [-- --seconds N]

Starts the app paused, closes its window, and measures its processes for N seconds (300).
`;

async function measure(seconds: number): Promise<void> {
  const { name, missing, open } = ON_ELECTRON.missing === null ? ON_ELECTRON : ON_STAND_IN;
  if (missing !== null) throw new Error(`It cannot be measured here: ${missing}.`);
  const home = await mkdtemp(join(tmpdir(), 'nice19-idle-'));
  const machine = await open(await install(join(home, 'nice19')), homeOf(home));
  try {
    const data = join(home, 'data');
    await mkdir(data);
    leaveSettings(data, {}, { pausedByUser: true });
    const app = await machine.start(['--data', data]);
    await app.page();
    await app.until('it is paused', ({ tooltip }) => tooltip === 'nice19: Paused by you');
    await app.closeWindow();
    tell(`settling, then measuring for ${seconds} s …`);
    await wait(SETTLES_MS);
    const cost = await idleCost(app.pid, seconds);
    tell('');
    show(`The app ${name}, paused, its window closed:\n\n${idleRows(cost)}\n`);
    if (cost.percent >= LIMIT) {
      show(`That is more than ${LIMIT} % of a core.\n`);
      process.exitCode = 1;
    }
  } finally {
    await machine.close();
    await rm(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}

try {
  const { seconds = '300', help } = readValues(process.argv.slice(2), ['seconds']);
  if (help) show(HELP);
  else await measure(wholeNumber('seconds', seconds, 1, 86_400));
} catch (error) {
  endWrongUsage(error, 'npm run bench:idle --');
}

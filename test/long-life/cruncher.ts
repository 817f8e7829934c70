/** The process that lives the week: `cruncher.ts DIRECTORY FINDS`. */

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort } from '../../main/cruncher/parent-port.ts';
import { footprint } from './footprint.ts';
import type { FromWeek } from './messages.ts';
import { liveAWeek } from './week.ts';

const [directory, finds] = process.argv.slice(2) as [string, string];
const port = parentPort<FromWeek, never>();
port.onClose(() => process.exit(1));

/** Of all files of the data directory. */
function bytes(): number {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce(
    (sum, { parentPath, name }) => sum + (statSync(join(parentPath, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}

const before = process.cpuUsage();
const week = await liveAWeek({
  directory,
  finds: Number(finds),
  emit: (event) => void port.send(event),
  tell: (sentence) => void port.send({ type: 'sentence', sentence }),
  onHundredth: async (found) => {
    // Events on their way to the parent are not the cruncher's.
    await new Promise((resolve) => setImmediate(resolve));
    port.send({ type: 'sample', sample: { ...footprint(), finds: found }, bytes: bytes() });
  },
});
const { user, system } = process.cpuUsage(before);
port.send({ type: 'lived', week, cpuSeconds: (user + system) / 1e6, last: footprint() });
port.close();

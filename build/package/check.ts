/**
 * `npm run dist:check`: packs the program on a stub of Electron and looks at what came of it. Needs no Electron and no
 * network, takes seconds, and ends with a table; exit code 1 if a line of it is not as it should be.
 *
 * `--keep` leaves what was packed in dist/check.
 */

import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundle, ROOT } from '../bundle/bundle.ts';
import { inspect, started, tableOf } from './findings.ts';
import { packOnStub } from './pack.ts';

await bundle();
const output = join(ROOT, 'dist', 'check');
rmSync(output, { recursive: true, force: true });
mkdirSync(output, { recursive: true });
const unpacked = await packOnStub(ROOT, output);
const findings = [
  ...(await inspect(unpacked)),
  await started(join(unpacked.folder, 'resources'), join(output, 'start')),
];
if (!process.argv.includes('--keep')) rmSync(output, { recursive: true, force: true });
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
process.stdout.write(`\nnice19 ${version}, packed for Linux x64 on a stub of Electron\n${tableOf(findings)}\n`);
process.exitCode = findings.every(({ problems }) => problems.length === 0) ? 0 : 1;

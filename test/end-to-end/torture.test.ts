/**
 * The short form of the torture campaign (`npm run torture`): every fault that needs neither root nor a tool, except
 * those that need Node's inspector, whose one port another program may have.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Campaign } from '../torture/campaign.ts';
import { FAULTS } from '../torture/faults/all.ts';
import type { Options } from '../torture/options.ts';
import { marked } from '../torture/processes.ts';
import { reportText } from '../torture/table.ts';
import type { Tools } from '../torture/tools.ts';

const KILLS = ['kill-cruncher', 'kill-parent', 'kill-both', 'kill-all'];
const DAMAGES = ['store-damaged', 'log-damaged', 'backup-damaged', 'journal-damaged', 'directory-removed'];
const OTHERS = ['suspend', 'copies', 'newer-store'];
const NO_TOOLS: Tools = { linux: true, root: false, strace: false, chattr: false, ext4: false, faketime: null };

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'nice19-torture-'));
});
afterAll(() => {
  for (const left of marked(directory)) left.signal('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

async function campaign(faults: readonly string[], times: number): Promise<Campaign['report']> {
  const options: Options = {
    until: { times },
    faults: FAULTS.filter(({ name }) => faults.includes(name)),
    counts: { 120: 40 },
    seed: '1988',
    sideBySide: 2,
    keep: false,
    json: false,
  };
  const course = new Campaign(options, NO_TOOLS, mkdtempSync(join(directory, 'part-')), {
    tell: () => {},
    isStopped: () => false,
  });
  await course.run();
  return course.report;
}

it.skipIf(process.platform !== 'linux').each([
  ['killed', KILLS, 3],
  ['damaged', DAMAGES, 1],
  ['put to sleep, doubled or made newer', OTHERS, 1],
])('a search that is %s loses no prime and finds none twice', async (_, faults, times) => {
  const report = await campaign(faults, times);
  expect(report.failed, reportText(report)).toEqual([]);
  expect(report.rows.map(({ fault }) => fault).sort()).toEqual([...faults].sort());
  for (const { fault, injected, runs, lost, doubled } of report.rows) {
    expect({ fault, lost, doubled }).toEqual({ fault, lost: 0, doubled: 0 });
    expect(injected, fault).toBeGreaterThanOrEqual(times);
    expect(runs, fault).toBeGreaterThanOrEqual(1);
  }
});

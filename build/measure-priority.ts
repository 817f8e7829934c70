/**
 * How much of their speed busy programs keep while a search runs, as docs/priority.md has it:
 *
 *   node build/measure-priority.ts [--pairs 9] [--milliseconds 1500] [--ways nice,autogroup,…] [--pid PID]
 *
 * The foreground: one program a core that only computes, or that computes now and then (manners/program.ts), each in a
 * session of its own, at nice 0. The background: one process with a computing thread a core, lowered in one of the ways
 * below; with `--pid` a process that runs already. `npm run bench:manners` measures the real search.
 */

import { execFileSync } from 'node:child_process';
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { Worker } from 'node:worker_threads';
import { lowerPriority } from '../main/cruncher/priority.ts';
import { endWrongUsage, readValues, show, wholeNumber, words } from './lib/options.ts';
import { framesAt, measure, slowdown, spread } from './manners/pairs.ts';
import { end, go, start, startForeground } from './manners/processes.ts';

const CORES = os.availableParallelism();
/** Version 1 hierarchy, which a privileged user may use for trying out: the group lasts as long as the run. */
const GROUP = '/sys/fs/cgroup/cpu/nice19-measurement';

type Step = 'nice' | 'autogroup' | 'policy-idle' | 'idle-group';

/** Name → what is done to the background, and the words of the table. */
const WAYS = {
  none: { does: 'nothing: nice 0', steps: [] },
  nice: { does: 'nice 19 on every thread', steps: ['nice'] },
  'nice-idle': { does: 'nice 19, SCHED_IDLE', steps: ['nice', 'policy-idle'] },
  autogroup: { does: 'nice 19, autogroup 19', steps: ['autogroup'] },
  'autogroup-idle': { does: 'nice 19, autogroup 19, SCHED_IDLE', steps: ['autogroup', 'policy-idle'] },
  group: { does: 'nice 19, idle CPU group (root only)', steps: ['nice', 'idle-group'] },
} as const satisfies Record<string, { does: string; steps: readonly Step[] }>;
const NAMES = Object.keys(WAYS) as (keyof typeof WAYS)[];

function background(steps: readonly Step[]): void {
  if (steps.includes('autogroup')) lowerPriority();
  else if (steps.includes('nice')) {
    os.setPriority(19);
    lowerPriority();
  }
  const code =
    'require("node:worker_threads").parentPort.postMessage(0); for (let x = 1; ; ) x = (x * 48271) % 2147483647';
  let running = 0;
  for (let core = 0; core < CORES; core++) {
    new Worker(code, { eval: true }).once('message', () => {
      running++;
      if (running < CORES) return;
      if (steps.includes('nice') || steps.includes('autogroup')) lowerPriority();
      if (steps.includes('policy-idle')) {
        execFileSync('chrt', ['--idle', '--all-tasks', '--pid', '0', String(process.pid)]);
      }
      if (steps.includes('idle-group')) {
        mkdirSync(GROUP, { recursive: true });
        writeFileSync(`${GROUP}/cgroup.procs`, String(process.pid));
        writeFileSync(`${GROUP}/cpu.idle`, '1');
      }
      process.send?.([]);
    });
  }
  process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
}

const HELP = `Usage: node build/measure-priority.ts [options]

Measures how much of their speed busy programs in other sessions keep beside a computing process: Linux only,
about a minute a way with the defaults.

  --ways A,B,…        what the process does to step back: ${NAMES.join(', ')}
  --pid PID           measure beside a process that runs already, such as the cruncher of a search
  --pairs N           pairs of runs without and with it (9)
  --milliseconds MS   length of a run (1500)
`;

async function main(args: readonly string[]): Promise<void> {
  const values = readValues(args, ['pairs', 'milliseconds', 'pid', 'ways']);
  if (values.help === true) return show(HELP);
  const pairs = wholeNumber('pairs', values.pairs ?? '9', 1, 10_000);
  const milliseconds = wholeNumber('milliseconds', values.milliseconds ?? '1500', 100, 60_000);
  const ways = words('ways', values.ways ?? NAMES.join(','), NAMES);
  const programs = await startForeground(CORES, true);
  await go(programs, { does: 'compute', milliseconds: 1000 });
  const print = (...cells: string[]): void => show(`| ${cells.join(' | ')} |\n`);
  print('background', 'keeps, % (range)', 'taken, % (range)', 'frame ms, 50th / 99th', 'without it', '99th, times');
  print('---', '---', '---', '---', '---', '---');
  const row = async (name: string, pid: number): Promise<void> => {
    const costs = await measure({ pid, busy: programs, waiting: programs, pairs, milliseconds });
    const both = (kind: 'with' | 'without') =>
      `${framesAt(costs, kind, 0.5).toFixed(1)} / ${framesAt(costs, kind, 0.99).toFixed(1)}`;
    const { value, low, high } = slowdown(costs, 0.99);
    const times = `${value.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;
    print(name, spread(costs.kept, 1), spread(costs.taken, 2), both('with'), both('without'), times);
  };
  if (values.pid !== undefined) await row(`process ${values.pid}`, Number(values.pid));
  for (const name of values.pid === undefined ? ways : []) {
    const { does, steps } = WAYS[name];
    const spinner = await start(new URL(import.meta.url), ['background', ...steps], true);
    await row(does, spinner.pid as number);
    await end(spinner);
    if (name === 'group') rmdirSync(GROUP);
  }
  for (const program of programs) await end(program);
}

const [role, ...args] = process.argv.slice(2);
if (role === 'background') background(args as Step[]);
else {
  await main(process.argv.slice(2)).catch((error: unknown) => endWrongUsage(error, 'node build/measure-priority.ts'));
}

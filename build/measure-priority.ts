/**
 * How much of their speed busy programs keep while a search runs, as docs/priority.md has it:
 *
 *   node build/measure-priority.ts [--pairs 9] [--milliseconds 1500] [--ways nice,autogroup,…] [--pid PID]
 *
 * The foreground: one program a core that only computes, each in a session of its own, at nice 0. The background:
 * one process with a computing thread a core, lowered in one of the ways below. It is stopped and continued by
 * signals, so that "without" and "with" alternate, and the two of a pair are seconds apart: what else runs on the
 * machine nearly cancels out of their ratio. What the background took, of the time that it and the foreground got
 * together, is read from the kernel (/proc/PID/task/TID/schedstat), and hardly depends on the rest of the machine.
 *
 * With `--pid` the background is a process that runs already: the cruncher of a real search.
 *
 * `frames` is the same for a program that is not always busy, but computes 4 ms every 16 ms, as a window does
 * that redraws: how long its frames take, in the median and the slowest of a hundred.
 */

import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { lowerPriority } from '../main/cruncher/priority.ts';

const CORES = os.availableParallelism();
/** Version 1 hierarchy, which a privileged user may use for trying out: the group lasts as long as the run. */
const GROUP = '/sys/fs/cgroup/cpu/nice19-measurement';

type Step = 'nice' | 'autogroup' | 'policy-idle' | 'idle-group';

/** Name → what is done to the background, and the words of the table. */
const WAYS: Readonly<Record<string, { readonly does: string; readonly steps: readonly Step[] }>> = {
  none: { does: 'nothing: nice 0', steps: [] },
  nice: { does: 'nice 19 on every thread', steps: ['nice'] },
  'nice-idle': { does: 'nice 19, SCHED_IDLE', steps: ['nice', 'policy-idle'] },
  autogroup: { does: 'nice 19, autogroup 19 (what `lowerPriority` does)', steps: ['autogroup'] },
  'autogroup-idle': { does: 'nice 19, autogroup 19, SCHED_IDLE', steps: ['autogroup', 'policy-idle'] },
  group: { does: 'nice 19, idle CPU group (root only)', steps: ['nice', 'idle-group'] },
};

/** Computes for so long and says how much it got done. */
function compute(milliseconds: number): number {
  const end = performance.now() + milliseconds;
  let x = 1;
  let rounds = 0;
  for (; performance.now() < end; rounds++) {
    for (let i = 0; i < 20_000; i++) x = (x * 48_271) % 2_147_483_647;
  }
  return x > 0 ? rounds : 0;
}

/** Computes a fixed amount, about 4 ms, every 16 ms; the time that each took, in milliseconds. */
async function drawFrames(milliseconds: number, roundsPerFrame: number): Promise<number[]> {
  const times: number[] = [];
  for (const end = performance.now() + milliseconds; performance.now() < end; ) {
    const due = performance.now() + 12;
    await new Promise((resolve) => setTimeout(resolve, 12));
    let x = 1;
    for (let i = 0; i < roundsPerFrame * 20_000; i++) x = (x * 48_271) % 2_147_483_647;
    // from when it should have woken to when it was ready: waiting for a core is what hurts
    if (x > 0) times.push(performance.now() - due);
  }
  return times;
}

type Order = { readonly milliseconds: number; readonly frames: boolean };

function foreground(): void {
  const roundsPerFrame = Math.max(1, Math.round(compute(200) / 50));
  process.on('message', async ({ milliseconds, frames }: Order) => {
    process.send?.(frames ? await drawFrames(milliseconds, roundsPerFrame) : [compute(milliseconds)]);
  });
  process.once('disconnect', () => process.exit());
  process.send?.([]);
}

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

async function start(...args: string[]): Promise<ChildProcess> {
  const options = { detached: true, execArgv: [] } as Parameters<typeof fork>[2];
  const child = fork(fileURLToPath(import.meta.url), args, options);
  await once(child, 'message');
  return child;
}

/** One go of all foreground programs, at the same time: what each answers. */
async function go(programs: readonly ChildProcess[], order: Order): Promise<number[]> {
  const answers = programs.map(async (program) => (await once(program, 'message'))[0] as number[]);
  for (const program of programs) program.send(order);
  return (await Promise.all(answers)).flat();
}

/** CPU time of a process so far, in milliseconds. */
function cpuTime(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const times = threads.map((thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
  return times.reduce((sum, nanoseconds) => sum + Number(nanoseconds) / 1e6, 0);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

const spread = (values: readonly number[], digits: number): string =>
  `${quantile(values, 0.5).toFixed(digits)} (${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)})`;

async function measure(pid: number, programs: ChildProcess[], pairs: number, milliseconds: number) {
  const kept: number[] = [];
  const taken: number[] = [];
  const frames: { without: number[]; with: number[] } = { without: [], with: [] };
  for (let pair = 0; pair < pairs; pair++) {
    process.kill(pid, 'SIGSTOP');
    const without = sum(await go(programs, { milliseconds, frames: false }));
    frames.without.push(...(await go(programs, { milliseconds: milliseconds / 2, frames: true })));
    process.kill(pid, 'SIGCONT');
    const [spinnerBefore, programsBefore] = [
      cpuTime(pid),
      sum(programs.map((program) => cpuTime(program.pid as number))),
    ];
    kept.push((100 * sum(await go(programs, { milliseconds, frames: false }))) / without);
    const took = cpuTime(pid) - spinnerBefore;
    const got = sum(programs.map((program) => cpuTime(program.pid as number))) - programsBefore;
    taken.push((100 * took) / (took + got));
    frames.with.push(...(await go(programs, { milliseconds: milliseconds / 2, frames: true })));
  }
  return { kept, taken, frames };
}

const HELP = `Usage: node build/measure-priority.ts [options]

Measures how much of their speed busy programs in other sessions keep beside a computing process: Linux only,
about a minute a way with the defaults.

  --ways A,B,…        what the process does to step back: ${Object.keys(WAYS).join(', ')}
  --pid PID           measure beside a process that runs already, such as the cruncher of a search
  --pairs N           pairs of runs without and with it (9)
  --milliseconds MS   length of a run (1500)
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', short: 'h' },
      pairs: { type: 'string', default: '9' },
      milliseconds: { type: 'string', default: '1500' },
      pid: { type: 'string' },
      ways: { type: 'string', default: 'none,nice,nice-idle,autogroup,autogroup-idle,group' },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const programs: ChildProcess[] = [];
  for (let core = 0; core < CORES; core++) programs.push(await start('foreground'));
  await go(programs, { milliseconds: 1000, frames: false });
  const print = (...cells: string[]): void => void process.stdout.write(`| ${cells.join(' | ')} |\n`);
  print('background', 'keeps, % (range)', 'taken, % (range)', 'frame ms, 50th / 99th', 'without it');
  print('---', '---', '---', '---', '---');
  const row = async (name: string, pid: number): Promise<void> => {
    const { kept, taken, frames } = await measure(pid, programs, Number(values.pairs), Number(values.milliseconds));
    const both = (times: number[]): string =>
      `${quantile(times, 0.5).toFixed(1)} / ${quantile(times, 0.99).toFixed(1)}`;
    print(name, spread(kept, 1), spread(taken, 2), both(frames.with), both(frames.without));
  };
  if (values.pid !== undefined) await row(`process ${values.pid}`, Number(values.pid));
  for (const name of values.pid === undefined ? values.ways.split(',') : []) {
    const way = WAYS[name];
    if (way === undefined) throw new Error(`no such way: ${name}; there are ${Object.keys(WAYS).join(', ')}`);
    const spinner = await start('background', ...way.steps);
    await row(way.does, spinner.pid as number);
    const gone = once(spinner, 'exit');
    spinner.kill('SIGKILL');
    await gone;
    if (way.steps.includes('idle-group')) rmdirSync(GROUP);
  }
  for (const program of programs) program.kill('SIGKILL');
}

const [role, ...args] = process.argv.slice(2);
if (role === 'foreground') foreground();
else if (role === 'background') background(args as Step[]);
else await main();

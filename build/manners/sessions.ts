/**
 * The real search, started as people start it, and the programs of the foreground beside it:
 * in a session of its own, in a session that it shares with them, or with them in a terminal (script(1) makes one).
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { readProcesses } from '../../main/cruncher/priority/autogroup.ts';
import { thisLinux } from '../../main/cruncher/priority/system.ts';
import { familyOf } from './processes.ts';

export const PLACES = ['own', 'shared', 'terminal'] as const;
export type Place = (typeof PLACES)[number];

export const PLACE_NAMES: Readonly<Record<Place, string>> = {
  own: 'a session of its own',
  shared: 'a session shared with the programs',
  terminal: 'a terminal, with the programs',
};

const PROGRAM = fileURLToPath(new URL('../nice19.mjs', import.meta.url));

export interface RunningSearch {
  /** What was started. */
  readonly child: ChildProcess;
  /** The process that computes. */
  readonly cruncher: number;
  /** What it says of its priority. */
  readonly priority: string;
}

interface SearchEvent {
  readonly event: string;
  readonly priority?: { readonly sentence: string };
  readonly workers?: readonly { readonly stage: string }[];
}

/** Starts a search and waits until all its workers compute. */
export async function startSearch(directory: string, digits: number, ownSession: boolean): Promise<RunningSearch> {
  const args = [PROGRAM, 'search', '--data', directory, '--digits', String(digits), '--json'];
  const child = spawn(process.execPath, args, { detached: ownSession, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const atWork = Promise.withResolvers<string>();
  let priority = '';
  lines.on('line', (line) => {
    const { event, priority: report, workers = [] } = JSON.parse(line) as SearchEvent;
    if (event === 'started') priority = report?.sentence ?? '';
    if (event === 'progress' && workers.every(({ stage }) => stage !== 'idle')) atWork.resolve(priority);
  });
  void once(child, 'exit').then(([code]) => atWork.reject(new Error(`the search ended with code ${code}`)));
  const sentence = await atWork.promise;
  return { child, cruncher: cruncherOf(child.pid as number), priority: sentence };
}

/** Of what was started, the process in a session of its own: it is forked into one. */
export function cruncherOf(pid: number): number {
  const processes = readProcesses(thisLinux());
  const leaders = familyOf(pid).filter((one) => one !== pid && processes.get(one)?.session === one);
  if (leaders.length !== 1) throw new Error(`expected one cruncher, found ${leaders.length}`);
  return leaders[0] as number;
}

/** Asks the search to save and end. */
export async function endSearch({ child, cruncher }: RunningSearch): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = once(child, 'exit');
  process.kill(cruncher, 'SIGCONT');
  child.kill('SIGTERM');
  await gone;
}

/** Runs a program of the checkout at such a place, to its end. @throws unless it ends with exit code 0 */
export async function runAt(place: Place, program: URL, args: readonly string[]): Promise<void> {
  const command = [process.execPath, fileURLToPath(program), ...args];
  const child =
    place === 'terminal'
      ? spawn('script', ['-q', '-e', '-c', command.map((word) => `'${word}'`).join(' '), '/dev/null'], {
          env: { ...process.env, SHELL: '/bin/sh' },
          stdio: ['pipe', 'ignore', 'inherit'],
          detached: true,
        })
      : spawn(command[0] as string, command.slice(1), { stdio: ['ignore', 'inherit', 'inherit'], detached: true });
  const ended = once(child, 'exit');
  const forward = (signal: NodeJS.Signals) => void child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, forward);
  const [code] = await ended;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, forward);
  if (code !== 0) throw new Error(`the measurement at ${PLACE_NAMES[place]} ended with code ${code}`);
}

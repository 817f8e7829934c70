/**
 * Errors and SIGKILL at the system calls of a checkpoint, one after the other. The calls of two checkpoints are listed
 * first; then each injection takes one of them. Also while the program opens its directory, where strace starts it.
 */

import { join } from 'node:path';
import { pause, until } from '../processes.ts';
import type { Random } from '../random.ts';
import { type Injection, injectionsIn, straced, type Target, Tracer } from '../strace.ts';
import type { Subject } from '../subject.ts';
import type { Fault, Scene } from './fault.ts';
import { caught } from './moments.ts';

const ERRORS = ['ENOSPC', 'EIO', 'EROFS', 'EDQUOT'];
const CHECKPOINTS_LISTED = 2;
/** How long an injection may take to come about, and a lasting one lasts at most. */
const PATIENCE_MS = 6000;
const LONGEST_FAULT_MS = 2500;
const WHILE_STARTING = 0.25;
/** Calls of a kind while a directory is opened, about. */
const OPENING: readonly Target[] = (['openat', 'pwrite64', 'write', 'fdatasync', 'fsync', 'unlink'] as const).flatMap(
  (call) => [1, 2, 3, 4, 5, 6].map((nth) => ({ call, nth })),
);

function scene(kills: boolean): () => Scene {
  return () => {
    let calls: readonly Target[] | null = null;
    let traces = 0;
    const logOf = (subject: Subject) => join(subject.options.directory, `strace-${++traces}`);

    // Kinds first: most calls are writes, and each other one matters as much.
    const draw = (
      random: Random,
      targets: readonly Target[],
      kind = random.pick([...new Set(targets.map(({ call }) => call))]),
    ) => ({
      target: random.pick(targets.filter(({ call }) => call === kind)),
      what: kills ? 'signal=KILL' : `error=${random.pick(ERRORS)}`,
      lasting: !kills && random.chance(0.5),
    });

    const whileStarting = async (subject: Subject, random: Random): Promise<number> => {
      const { data } = subject.options;
      const log = logOf(subject);
      const injection = draw(random, OPENING);
      subject.note(`started with ${describe(injection)}`);
      const life = subject.start(straced(data, log, injection));
      await Promise.race([life.next('started', 'done'), until(() => injectionsIn(log) > 0, PATIENCE_MS)]);
      if (injection.lasting) await pause(random.real() * LONGEST_FAULT_MS);
      const times = happened(subject, log, injection);
      // The next start is without strace.
      for (const process of subject.processes) process.signal('SIGKILL');
      await life.ended;
      return times;
    };

    const whileRunning = async (subject: Subject, random: Random): Promise<number> => {
      const life = await caught(subject, random);
      const pid = life?.cruncher?.pid;
      if (life === null || pid === undefined) return 0;
      const { data } = subject.options;
      calls ??= await listCalls(subject, pid, logOf(subject));
      if (calls.length === 0 || life.end !== null) return 0;
      const injection = draw(random, calls);
      const log = logOf(subject);
      subject.hit(describe(injection));
      const tracer = await Tracer.attach(pid, data, log, injection);
      if (tracer === null) return 0;
      await until(() => injectionsIn(log) > 0 || life.end !== null || !life.isSearching, PATIENCE_MS);
      if (injection.lasting) await pause(random.real() * LONGEST_FAULT_MS);
      await tracer.detach();
      const times = happened(subject, log, injection);
      // The parent would wait before it starts another: a user's patience, not the program, would be tested.
      if (kills && life.end === null) await life.kill();
      return times;
    };

    return {
      inject: (subject, random) => {
        const starting = subject.life === null && !subject.isComplete && random.chance(WHILE_STARTING);
        return (starting ? whileStarting : whileRunning)(subject, random);
      },
    };
  };
}

const describe = ({ target, what, lasting }: Injection): string =>
  `${what} at ${target.call} number ${target.nth}${lasting ? ' and after' : ''}`;

function happened(subject: Subject, log: string, { target }: Injection): number {
  if (injectionsIn(log) === 0) return 0;
  subject.covered.add(`${target.call} ${target.nth}`);
  return 1;
}

/** What a process does with its files during some checkpoints. */
async function listCalls(subject: Subject, pid: number, log: string): Promise<readonly Target[]> {
  const tracer = await Tracer.attach(pid, subject.options.data, log, null);
  for (let k = 0; k < CHECKPOINTS_LISTED; k++) await subject.life?.next('checkpoint', 'prime', 'done');
  await tracer?.detach();
  return tracer?.calls ?? [];
}

const missing: Fault['missing'] = ({ strace }) => (strace ? null : 'needs strace');

export const SYSTEM_CALLS: readonly Fault[] = [
  {
    name: 'call-fails',
    idea: 'a system call of a checkpoint says ENOSPC, EIO, EROFS or EDQUOT, once or for a while (strace)',
    perRun: 10,
    missing,
    scene: scene(false),
  },
  {
    name: 'call-kills',
    idea: 'SIGKILL of the cruncher at a system call of a checkpoint (strace)',
    perRun: 10,
    missing,
    scene: scene(true),
  },
];

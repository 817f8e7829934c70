/**
 * `nice19 selftest`: exercises with known answers on every core and every kernel, at the lowest priority, until the time
 * is over. Prime95 has the same under the name of torture test: a computer that fails must not be trusted with a search.
 */

import { availableParallelism } from 'node:os';
import type { SelfTestJob } from '../../contract/selftest.ts';
import { Kernels } from '../../search/kernel-names.ts';
import { allowedCores } from '../threads/affinity.ts';
import type { FromTester } from '../threads/tester.ts';
import { type StartTester, startTesterThread, type Tester } from '../threads/testers.ts';
import type { JobContext } from './context.ts';
import { SelfTestTally } from './selftest-tally.ts';

const TELL_MS = 500;
/** A slice takes some hundredths of a second, on a busy machine a hundred times that. */
const LONGEST_END_MS = 15_000;

export interface SelfTestHost {
  readonly start: StartTester;
  readonly cores: readonly number[];
  /** Seconds that only grow. */
  readonly seconds: () => number;
}

const thisComputer = (): SelfTestHost => ({
  start: startTesterThread,
  cores: allowedCores(),
  seconds: () => performance.now() / 1000,
});

export async function runSelfTest(
  job: SelfTestJob,
  context: Pick<JobContext, 'emit' | 'stopped' | 'isStopped' | 'lowerPriority'>,
  { start, cores, seconds }: SelfTestHost = thisComputer(),
): Promise<void> {
  context.lowerPriority();
  const count = job.workers ?? availableParallelism();
  const began = seconds();
  const ofSeconds = 60 * job.minutes;
  const tally = new SelfTestTally(new Kernels(), count);
  const gone = Promise.withResolvers<void>();
  let running = count;
  const unswept = new Set(Array.from({ length: count }, (_, thread) => thread));
  let ending = false;
  let complete = false;

  const receive = (thread: number, message: FromTester): void => {
    switch (message.type) {
      case 'ready':
        tally.bind(thread, message.bound ? (cores[thread % cores.length] ?? null) : null);
        return;
      case 'begun':
        tally.begin(thread, message.kernel, message.bits);
        return;
      case 'ended': {
        const fault = tally.book(thread, message);
        if (fault !== null) context.emit({ type: 'fault', fault });
        return;
      }
      case 'swept':
        unswept.delete(thread);
        look();
    }
  };
  const lose = (thread: number, why: string | null): void => {
    running--;
    unswept.delete(thread);
    if (why !== null || !ending) {
      context.emit({ type: 'fault', fault: tally.lose(thread, why ?? 'it ended by itself') });
    } else tally.leave(thread);
    if (running === 0) gone.resolve();
    else look();
  };
  const testers: Tester[] = Array.from({ length: count }, (_, thread) =>
    start(
      { core: cores.length === 0 ? null : (cores[thread % cores.length] as number) },
      {
        onMessage: (message) => receive(thread, message),
        onGone: (why) => lose(thread, why),
        onOnline: () => void context.lowerPriority(),
      },
    ),
  );
  const end = (): void => {
    if (ending) return;
    ending = true;
    for (const tester of testers) tester.end();
    setTimeout(gone.resolve, LONGEST_END_MS).unref();
  };
  const look = (): void => {
    if (ending || unswept.size > 0 || seconds() - began < ofSeconds) return;
    complete = true;
    end();
  };

  const tell = () => context.emit({ type: 'selftesting', progress: tally.progress(seconds() - began, ofSeconds) });
  const ticking = setInterval(() => {
    look();
    if (!ending) tell();
  }, TELL_MS);
  if (!ending) tell();
  void context.stopped.then(end);
  await gone.promise;
  clearInterval(ticking);
  if (running > 0) {
    for (const fault of tally.unanswered()) context.emit({ type: 'fault', fault });
  }
  context.emit({ type: 'selftested', report: tally.report(complete, seconds() - began) });
}

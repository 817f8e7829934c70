/** The self-test's job: what it counts, when it ends, and what becomes of threads that are lost. */

import { expect, test, vi } from 'vitest';
import type { CruncherEvent } from '../../main/contract/messages.ts';
import { runSelfTest, type SelfTestHost } from '../../main/cruncher/jobs/selftest.ts';
import { allowedCores, coreList } from '../../main/cruncher/threads/affinity.ts';
import { type FromTester, runTester } from '../../main/cruncher/threads/tester.ts';
import type { TesterListener } from '../../main/cruncher/threads/testers.ts';
import { type KernelName, Kernels } from '../../main/search/kernel-names.ts';
import { FaultyKernels } from '../support/faulty-kernels.ts';

type EventOf<T extends CruncherEvent['type']> = Extract<CruncherEvent, { type: T }>;

/** The job with threads that do as the test says. */
function paperSelfTest(minutes: number, workers: number, cores: readonly number[] = [4, 6]) {
  const events: CruncherEvent[] = [];
  const listeners: TesterListener[] = [];
  const ended: number[] = [];
  const stop = Promise.withResolvers<void>();
  const time = { seconds: 0 };
  const host: SelfTestHost = {
    cores,
    seconds: () => time.seconds,
    start(_, listener) {
      const thread = listeners.push(listener) - 1;
      return {
        end() {
          ended.push(thread);
          listener.onGone(null);
        },
      };
    },
  };
  const context = {
    emit: (event: CruncherEvent) => void events.push(event),
    stopped: stop.promise,
    isStopped: () => false,
    lowerPriority: () => ({}) as never,
  };
  const job = runSelfTest({ type: 'selftest', minutes, workers }, context, host);
  const of = <T extends CruncherEvent['type']>(type: T): EventOf<T>[] =>
    events.filter((event): event is EventOf<T> => event.type === type);
  return {
    job,
    listeners,
    ended,
    stop,
    time,
    of,
    say: (thread: number, m: FromTester) => listeners[thread]?.onMessage(m),
  };
}

const right = { type: 'ended', kernel: 'fft', bits: 64, fault: null } as const;
const wrong = { type: 'ended', kernel: 'schoolbook', bits: 128, fault: 'a power came out wrong' } as const;

test('it ends when the time is over and every thread has done the small sizes', async () => {
  const { job, say, time, ended, of } = paperSelfTest(1, 2);
  say(0, { type: 'ready', bound: true });
  say(1, { type: 'ready', bound: false });
  say(0, right);
  say(0, { type: 'swept' });
  time.seconds = 61;
  say(1, wrong);
  expect(ended).toEqual([]);
  say(1, { type: 'swept' });
  await job;
  expect(ended).toEqual([0, 1]);
  const [report] = of('selftested').map(({ report }) => report);
  expect(report).toMatchObject({ complete: true, seconds: 61, tests: 2, errors: 1 });
  expect(report?.threads).toEqual([
    { thread: 0, core: 4, tests: 1, errors: 0 },
    { thread: 1, core: null, tests: 1, errors: 1 },
  ]);
  expect(report?.kernels.find(({ kernel }) => kernel === 'schoolbook')).toMatchObject({
    tests: 1,
    errors: 1,
    smallestBits: 128,
    largestBits: 128,
  });
  expect(of('fault')).toEqual([
    {
      type: 'fault',
      fault: { thread: 1, core: null, kernel: 'schoolbook', bits: 128, what: 'a power came out wrong' },
    },
  ]);
});

test('time alone does not end it, nor a first pass alone', async () => {
  const { job, say, time, ended, stop } = paperSelfTest(1, 1);
  say(0, { type: 'swept' });
  expect(ended).toEqual([]);
  time.seconds = 100;
  // The clock is looked at twice a second.
  await vi.waitUntil(() => ended.length === 1);
  await job;
  stop.resolve();
});

test('stopped early, it reports what it has seen', async () => {
  const { job, say, stop, of } = paperSelfTest(10, 1);
  say(0, right);
  stop.resolve();
  await job;
  expect(of('selftested')[0]?.report).toMatchObject({ complete: false, tests: 1, errors: 0 });
});

test('a thread that is lost is an error, and the others go on', async () => {
  const { job, say, listeners, of } = paperSelfTest(0, 2);
  listeners[1]?.onGone('out of memory');
  say(0, right);
  say(0, { type: 'swept' });
  await job;
  expect(of('selftested')[0]?.report).toMatchObject({ complete: true, tests: 1, errors: 1 });
  expect(of('fault')[0]?.fault).toMatchObject({ thread: 1, kernel: null, what: 'the thread was lost: out of memory' });
});

test('when all threads are lost it is over, and not complete', async () => {
  const { job, listeners, of } = paperSelfTest(10, 1);
  listeners[0]?.onGone(null);
  await job;
  expect(of('selftested')[0]?.report).toMatchObject({ complete: false, errors: 1 });
});

test('a thread finds a kernel that lies, goes on, and has clean kernels afterwards', async () => {
  const told: FromTester[] = [];
  const asked: KernelName[] = [];
  let clock = 0;
  await runTester({
    tell: (message) => void told.push(message),
    turn: async () => !told.some(({ type }) => type === 'swept'),
    now: () => (clock += 4),
    random: () => 0.3,
    kernels(wanted) {
      asked.push(wanted);
      // The first kernel that is asked for lies once.
      return asked.length === 1
        ? new FaultyKernels((_, faults) => faults === 0, 3, { wanted })
        : new Kernels({ wanted });
    },
  });
  const ended = told.flatMap((message) => (message.type === 'ended' ? [message] : []));
  expect(ended.length).toBeGreaterThan(80);
  const faults = ended.filter(({ fault }) => fault !== null);
  expect(faults).toHaveLength(1);
  expect(faults[0]?.kernel).toBe(asked[0]);
  expect(asked).toHaveLength(4);
});

test('a list of cores is read as the system writes it', () => {
  expect(coreList('0-3,8,10-11')).toEqual([0, 1, 2, 3, 8, 10, 11]);
  expect(coreList('')).toEqual([]);
  expect(coreList('0-x')).toEqual([]);
  if (process.platform === 'linux') expect(allowedCores().length).toBeGreaterThan(0);
});

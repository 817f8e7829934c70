/**
 * A worker thread dies, hangs or runs out of memory. Node's inspector makes it do so from outside, so that the program
 * needs no hook for it.
 */

import { fileURLToPath } from 'node:url';
import { Inspector } from '../inspector.ts';
import type { Life } from '../life.ts';
import { until } from '../processes.ts';
import type { Random } from '../random.ts';
import type { Subject } from '../subject.ts';
import type { Fault, Scene } from './fault.ts';
import { caught } from './moments.ts';

const WATCHFUL = fileURLToPath(new URL('../watchful.ts', import.meta.url));
const WORKER = 'threads/worker.ts';
const PATIENCE_MS = 20_000;

/** Makes it happen in one worker. @returns whether it was sent on its way */
type Act = (inspector: Inspector, session: string, random: Random) => Promise<boolean>;

function actingOn(act: Act): () => Scene {
  return () => {
    /** The inspector shows a thread for a while that is about to end; what it ran then would be no fault of a worker. */
    const hit = new Set<string>();
    let open: { readonly life: Life; readonly pid: number; readonly inspector: Inspector } | null = null;

    const inspectorOf = async (life: Life): Promise<Inspector | null> => {
      const { cruncher } = life;
      if (cruncher === null) return null;
      if (open?.pid === cruncher.pid) return open.inspector;
      open?.inspector.close();
      const inspector = await Inspector.open(cruncher);
      // Sessions are numbered anew.
      hit.clear();
      open = inspector === null ? null : { life, pid: cruncher.pid, inspector };
      return inspector;
    };

    return {
      prepare(subject: Subject) {
        subject.program = WATCHFUL;
      },
      async inject(subject, random) {
        const life = await caught(subject, random);
        const inspector = life === null ? null : await inspectorOf(life);
        if (life === null || inspector === null) return 0;
        const whole = () => inspector.workers(WORKER).filter((session) => !hit.has(session));
        await until(() => whole().length > 0, PATIENCE_MS);
        const sessions = whole();
        if (sessions.length === 0 || life.end !== null) return 0;
        const session = random.pick(sessions);
        hit.add(session);
        subject.hitWithin('a worker thread is hit');
        // The search says that it lost a worker; should the process have died of it, it starts again.
        const told = life.next('warning', 'restarting', 'done');
        if (!(await act(inspector, session, random))) return 0;
        return (await told)?.event === 'done' ? 0 : 1;
      },
      tidy() {
        open?.inspector.close();
      },
    };
  };
}

const kill: Act = async (inspector, session, random) => {
  const ways = ['process.exit(9)', "setTimeout(() => { throw new Error('torture'); })"];
  inspector.evaluateIn(session, random.pick(ways));
  return true;
};

/** It computes for ever, or waits for ever for what never comes. */
const hang: Act = async (inspector, session, random) => {
  const ways = ['for (;;);', 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)'];
  inspector.evaluateIn(session, random.pick(ways));
  return true;
};

/** Threads started from now on have a small heap, and this one makes way for the first of them, which fills it. */
const outOfMemory: Act = async (inspector, session) => {
  await inspector.evaluate("process.getBuiltinModule('node:v8').setFlagsFromString('--max-old-space-size=64')");
  const before = inspector.workers(WORKER);
  inspector.evaluateIn(session, 'process.exit(9)');
  const fresh = () => inspector.workers(WORKER).find((other) => !before.includes(other));
  await until(() => fresh() !== undefined, PATIENCE_MS);
  const small = fresh();
  if (small === undefined) return false;
  inspector.evaluateIn(small, 'const hog = []; for (;;) hog.push(new Array(1e5).fill(0.5));');
  return until(() => !inspector.workers(WORKER).includes(small), PATIENCE_MS);
};

export const THREADS: readonly Fault[] = [
  {
    name: 'thread-killed',
    idea: 'a worker thread ends, by itself or by an exception',
    perRun: 8,
    scene: actingOn(kill),
  },
  {
    name: 'thread-hung',
    idea: 'a worker thread runs in circles, or waits for ever; the watchdog is set to 2 s',
    perRun: 6,
    scene: actingOn(hang),
  },
  {
    name: 'thread-memory',
    idea: 'a worker thread runs out of memory (its heap made small before)',
    perRun: 6,
    scene: actingOn(outOfMemory),
  },
];

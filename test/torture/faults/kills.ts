/**
 * SIGKILL: no process gets a last word. The parent is held still (SIGSTOP) where it must not act on another's death;
 * `kill-all` holds every process still first, so that they are gone at one instant, as when the power goes.
 */

import type { Life } from '../life.ts';
import { pause } from '../processes.ts';
import type { Random } from '../random.ts';
import type { Subject } from '../subject.ts';
import type { Fault, Scene } from './fault.ts';
import { caught } from './moments.ts';

/** How often it hits while the program is starting, and how late at most. */
const WHILE_STARTING = 0.2;
const LONGEST_START_MS = 400;
const PER_RUN = 12;
/** A SIGKILL is the commonest of the faults. */
const WEIGHT = 4;

/** How often the store is looked at as the dead have left it. */
const LOOKED_AT = 0.25;

type Kill = (subject: Subject, life: Life) => Promise<boolean>;

/** @param starting whether it may hit while the program starts */
function killing(kill: Kill, starting: boolean): () => Scene {
  return () => ({
    async inject(subject, random) {
      const life =
        starting && random.chance(WHILE_STARTING) ? await early(subject, random) : await caught(subject, random);
      const killed = life !== null && (await kill(subject, life));
      if (killed && random.chance(LOOKED_AT)) await subject.lookAtRest();
      return killed ? 1 : 0;
    },
  });
}

async function early(subject: Subject, random: Random): Promise<Life | null> {
  if (subject.isComplete || subject.life !== null) return null;
  const life = subject.start();
  await pause(random.real() * LONGEST_START_MS);
  return life.end === null ? life : null;
}

const killCruncher: Kill = async (subject, life) => {
  subject.hit('SIGKILL of the cruncher');
  const killed = life.cruncher?.signal('SIGKILL') ?? false;
  await life.next('started', 'done');
  // The second follower would come after 2 s, the third after 4: a user's patience, not the program, would be tested.
  if (life.end === null) await stopped(life);
  return killed;
};

/** Ctrl-C of an impatient user. */
async function stopped(life: Life): Promise<void> {
  life.parent.signal('SIGINT');
  await life.ended;
}

const killParent: Kill = async (subject, life) => {
  subject.hit('SIGKILL of the parent');
  const killed = life.parent.signal('SIGKILL');
  await life.ended;
  return killed;
};

const killBoth: Kill = async (subject, life) => {
  subject.hit('SIGKILL of cruncher and parent');
  const { cruncher } = life;
  const killed = life.parent.signal('SIGKILL');
  cruncher?.signal('SIGKILL');
  await life.ended;
  return killed;
};

const killAll: Kill = async (subject, life) => {
  subject.hit('SIGKILL of every process at once');
  life.parent.signal('SIGSTOP');
  const all = subject.processes;
  for (const process of all) process.signal('SIGSTOP');
  let killed = false;
  for (const process of all) killed = process.signal('SIGKILL') || killed;
  await life.ended;
  return killed;
};

export const KILLS: readonly Fault[] = [
  {
    name: 'kill-cruncher',
    idea: 'SIGKILL of the process that computes; its parent starts it again',
    perRun: PER_RUN,
    weight: WEIGHT,
    scene: killing(killCruncher, false),
  },
  {
    name: 'kill-parent',
    idea: 'SIGKILL of the terminal program; the cruncher has to notice',
    perRun: PER_RUN,
    weight: WEIGHT,
    scene: killing(killParent, true),
  },
  {
    name: 'kill-both',
    idea: 'SIGKILL of both, one right after the other',
    perRun: PER_RUN,
    weight: WEIGHT,
    scene: killing(killBoth, true),
  },
  {
    name: 'kill-all',
    idea: 'SIGKILL of every process of the run at one instant',
    perRun: PER_RUN,
    weight: WEIGHT,
    scene: killing(killAll, true),
  },
];

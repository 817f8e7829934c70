/** The moments at which faults hit: after a line that the search says, and a little later. */

import type { Life } from '../life.ts';
import { pause } from '../processes.ts';
import type { Random } from '../random.ts';
import type { Subject } from '../subject.ts';

const LONGEST_DELAY_MS = 30;
const LONGEST_PAUSE_MS = 250;

/** Waits for a moment of a search that runs. @returns false when it ended before */
export async function moment(life: Life, random: Random): Promise<boolean> {
  const kind = random.below(10);
  if (kind < 4) await life.next('checkpoint');
  else if (kind < 8) await life.next('prime');
  else if (kind < 9) await pause(random.real() * LONGEST_PAUSE_MS);
  else await life.next('progress', 'done');
  if (random.chance(0.7)) await pause(random.real() * LONGEST_DELAY_MS);
  return life.end === null;
}

/** The search at a moment at which something can happen to it; null when it is complete or ended just then. */
export async function caught(subject: Subject, random: Random): Promise<Life | null> {
  const life = await subject.running();
  if (life === null || !(await moment(life, random)) || subject.isComplete) return null;
  return life;
}
